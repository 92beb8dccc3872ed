using System.Text.RegularExpressions;
using Ark.Core.Checks;

namespace Ark.Core.Fixes;

/// <summary>Names of the machine, and how it resolves names.</summary>
internal static partial class NameFixes
{
    private const string HostsFile = "/etc/hosts";

    public static IEnumerable<Change> Of(SetHostName fix, string address)
    {
        // First: from the new name on, sudo asks for its address, and name servers that do not answer would make each step wait.
        yield return Of(new SetHostsEntry(address, fix.Name));
        static string Call(string name) => $"{{ command -v hostname >/dev/null && hostname {ShellText.Quote(name)}; }} || sysctl -q -w {ShellText.Quote("kernel.hostname=" + name)}";
        yield return Change.OfFile("/etc/hostname", fix.Was.Length == 0 ? "no host name" : $"host name {fix.Was}{(fix.Was == fix.Name ? " for the moment" : "")}", $"host name {fix.Name}", _ => fix.Name + "\n") with
        {
            Do = Call(fix.Name),
            Undo = fix.Was.Length == 0 || fix.Was == fix.Name ? "" : $"[ \"$(cat /proc/sys/kernel/hostname)\" != {ShellText.Quote(fix.Name)} ] || {Call(fix.Was)}",
        };
    }

    public static Change Of(SetHostsEntry fix) =>
        Change.OfFile(HostsFile, $"no line that gives {fix.Name} the address {fix.Address}", $"{fix.Address} {fix.Name}", text => SettingText.Assign(text, fix.Address, fix.Name));

    public static Change Of(SetNameServers fix)
    {
        var servers = fix.Servers.Split(' ');
        return Change.OfFile("/etc/resolv.conf", "other name servers", string.Join(", ", servers.Select(s => "nameserver " + s)), text =>
        {
            var kept = string.Join('\n', text.Split('\n').Where(l => !NameServer().Match(l).Success || servers.Contains(NameServer().Match(l).Groups[1].Value)));
            var there = kept.Split('\n').Select(l => NameServer().Match(l).Groups[1].Value).ToHashSet();
            return servers.Where(s => !there.Contains(s)).Aggregate(kept, (all, server) => SettingText.Append(all, "nameserver " + server));
        });
    }

    /// <summary>Only a new value that nobody else has matters; what runs already keeps the old one until it is restarted.</summary>
    public static Change Of(RenewMachineId _) => new("/etc/machine-id", "the id of another machine", "a new machine id")
    {
        Tracked = ["/etc/machine-id", "/var/lib/dbus/machine-id"],
        Do = """
            id=$(tr -d - </proc/sys/kernel/random/uuid)
            echo "$id" > /etc/machine-id.ark-new; chmod 444 /etc/machine-id.ark-new; mv -f /etc/machine-id.ark-new /etc/machine-id
            if [ -e /var/lib/dbus/machine-id ] && [ ! -L /var/lib/dbus/machine-id ]; then echo "$id" > /var/lib/dbus/machine-id; fi
            """,
    };

    [GeneratedRegex(@"^\s*nameserver\s+(\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex NameServer();
}
