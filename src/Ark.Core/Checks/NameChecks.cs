using System.Net;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>What machines are called, and how names are resolved there.</summary>
public static class NameChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        Of("host-name-set", 7, CheckGroup.Names, "The machine has a host name of its own",
            m => m.Names, (_, machine, names) => IsOwn(names.Hostname)
            ? Pass(names.Hostname)
            : Fail(names.Hostname.Length == 0 ? "no host name" : names.Hostname, "a name of its own", "The system was installed without one, or cloned.", "hostnamectl set-hostname NAME") with { Fix = Named(machine) }),
        Of("host-name-valid", null, CheckGroup.Names, "The host name is one that programs accept", m => m.Names, (_, machine, names) => names.Hostname.Length == 0 ? NotApplicable("the machine has no host name")
            : Fault(names.Hostname) is { } fault
            ? Warn($"{names.Hostname}: {fault}", "letters, digits and dashes, at most 63", "Clusters that name their members by host name refuse it.", "hostnamectl set-hostname NAME") with { Fix = Named(machine) }
            : Pass(names.Hostname)),
        Agreement.Unique("host-names-unique", 7, CheckGroup.Names, "No two machines share a host name", m => m.Names is { } names ? names.Hostname.Length == 0 ? [] : [names.Hostname] : null,
            "host name", "The machines were cloned, or named alike.", (machine, _) => $"hostnamectl set-hostname NAME on {machine.Machine}", Named),
        Of("host-name-after-reboot", 7, CheckGroup.Names, "The host name stays over a reboot", m => m.Names, (_, machine, names) => names.Static == names.Hostname
            ? Pass($"/etc/hostname: {names.Static}")
            : Warn($"/etc/hostname: {(names.Static.Length == 0 ? "nothing" : names.Static)}", $"/etc/hostname: {names.Hostname}", "The name was set for the moment only, or comes from DHCP.",
                $"hostnamectl set-hostname {(names.Hostname.Length == 0 ? "NAME" : names.Hostname)}") with { Fix = IsOwn(names.Hostname) ? new SetHostName(names.Hostname, names.Hostname) : Named(machine) }),
        Of("host-name-resolves", null, CheckGroup.Names, "The machine resolves its own name to its address", m => m.Names, Resolves),
        Agreement.Unique("machine-ids-unique", null, CheckGroup.Names, "No two machines share a machine id", m => m.Names is { MachineId.Length: > 0 } names ? [names.MachineId] : null,
            "machine id", "The machines were cloned with the id inside: DHCP and logs take them for one.",
            (machine, _) => $"rm -f /etc/machine-id && systemd-machine-id-setup && systemctl reboot on {machine.Machine}", _ => new RenewMachineId()),
        Of("name-servers", null, CheckGroup.Names, "The machine knows a name server", m => m.Names, (scope, _, names) => names.Nameservers.Count switch
        {
            0 => Warn("no name server in resolv.conf", "1 to 3", "Names outside /etc/hosts are not resolved.",
                $"echo 'nameserver {(scope.Site.DnsForwarders.Count > 0 ? scope.Site.DnsForwarders[0].ToString() : "ADDRESS")}' >> /etc/resolv.conf") with { Fix = scope.Site.DnsForwarders.Count > 0 ? new SetNameServers(string.Join(' ', scope.Site.DnsForwarders.Take(3))) : null },
            > 3 => Warn($"{names.Nameservers.Count} name servers: {string.Join(", ", names.Nameservers)}", "1 to 3", "The resolver uses the first three; the others are never asked.",
                "take the surplus lines out of /etc/resolv.conf") with { Fix = new SetNameServers(string.Join(' ', names.Nameservers.Take(3))) },
            _ => Pass($"asks {string.Join(", ", names.Nameservers)}"),
        }),
        Of("no-wildcard-names", null, CheckGroup.Names, "A name that does not exist is not resolved", m => m.Names, (_, machine, names) => names.WildcardAddresses switch
        {
            null => Untold(machine, "what a name that cannot exist resolves to"),
            { Count: 0 } => Pass("a name that cannot exist is not resolved"),
            { } found => Warn($"a name that cannot exist resolves to {string.Join(", ", found)}", "no address",
                "A wildcard stands in a search domain or the name server invents answers: a mistyped name leads somewhere instead of failing.",
                names.Search.Count == 0 ? "ask whoever keeps the name servers to take the wildcard out" : $"take the domain with the wildcard out of 'search {string.Join(' ', names.Search)}' in /etc/resolv.conf"),
        }),
    ];

    private static bool IsOwn(string name) => name is not "" and not "localhost" && !name.StartsWith("localhost.", StringComparison.Ordinal);

    /// <summary>A name that is the machine's own and says which it is: <c>node-10-0-0-11</c>.</summary>
    private static SetHostName Named(HostFacts machine) => new("node-" + machine.Machine.Replace('.', '-').Replace(':', '-'), machine.Names!.Hostname);

    private static string? Fault(string name)
    {
        var first = name.Split('.')[0];
        if (name.Length > 63)
            return $"{name.Length} characters";
        if (first.StartsWith('-') || first.EndsWith('-'))
            return "a dash at its end";
        var bad = name.Where(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')).Distinct().ToArray();
        return bad.Length > 0 ? $"the character {bad[0]}" : null;
    }

    private static Finding Resolves(CheckScope scope, HostFacts machine, NameFacts names)
    {
        var remedy = $"echo '{machine.Machine} {names.Hostname}' >> /etc/hosts";
        var fix = new SetHostsEntry(machine.Machine, names.Hostname);
        if (names.Addresses.Contains(machine.Machine))
            return Pass($"{names.Hostname} is {string.Join(", ", names.Addresses)}");
        if (names.Addresses.Count == 0)
            return Warn($"{names.Hostname} is not resolved", machine.Machine, "Neither /etc/hosts nor the name server knows it: sudo and Java programs wait for an answer.", remedy) with { Fix = fix };
        var loopback = names.Addresses.All(a => IPAddress.TryParse(a, out var address) && IPAddress.IsLoopback(address));
        return Warn($"{names.Hostname} is {string.Join(", ", names.Addresses)}", machine.Machine,
            loopback
                ? "/etc/hosts gives the name a loopback address: a program that tells others its own address tells them that."
                : "The name belongs to another address: the machine was moved, or the name server is behind.",
            $@"sed -ri.before 's/^\S+(\s+.*\b{names.Hostname}\b)/# &/' /etc/hosts && {remedy}") with { Fix = fix };
    }
}
