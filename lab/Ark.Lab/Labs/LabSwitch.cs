using System.Text.RegularExpressions;
using Ark.Lab.Computer;

namespace Ark.Lab.Labs;

/// <summary>
/// What the machines are plugged into: a network namespace with two bridges. <c>lan</c> carries the machines' own network and has the gateway's address;
/// <c>trunk</c> passes frames of any VLAN. There is no way out of it.
/// </summary>
internal static class LabSwitch
{
    /// <summary>A machine's two ports, named from the switch's side.</summary>
    public static IEnumerable<string> Ports(Machine machine) => [$"{machine.Name}-lan", $"{machine.Name}-trunk"];

    /// <summary>Makes the namespace, its bridges and the site's clock, or what is missing of them.</summary>
    public static async Task EnsureAsync(LabDefinition lab, CancellationToken cancellation)
    {
        if (!await IsWholeAsync(lab, cancellation))
        {
            await RemoveNamespaceAsync(lab.Switch, cancellation);
            await Programs.MustAsync(cancellation, "ip", "netns", "add", lab.Switch);
            await InsideAsync(lab, cancellation, "link set lo up", "link add lan type bridge", "link add trunk type bridge", "link set lan up", "link set trunk up",
                $"address add {lab.Gateway}/{lab.Subnet.Split('/')[1]} dev lan");
        }
        if (!HasClock(lab))
            await Detached.StartAsync(["unshare", "--mount", "--propagation", "slave", "sh", Path.Combine(lab.Folder, "clock.sh"), lab.Folder], Path.Combine(lab.Folder, "clock.log"), cancellation);
    }

    /// <summary>Both cables of a machine out of (or into) the switch. They stay so over the machine's reboots.</summary>
    public static async Task PlugAsync(Machine machine, bool plugged, CancellationToken cancellation)
    {
        if (plugged)
            File.Delete(machine.CutFile);
        else
            await File.WriteAllTextAsync(machine.CutFile, "", cancellation);
        foreach (var port in Ports(machine))
            // A machine that is off has no port: its supervisor reads the file when it plugs it in.
            await Programs.RunAsync(["ip", "-n", machine.Lab.Switch, "link", "set", "dev", port, plugged ? "up" : "down"], cancellation);
    }

    /// <summary>The beginning of a command line that runs the rest of it on this computer, in the switch's network.</summary>
    public static IReadOnlyList<string> Enter(LabDefinition lab) => ["nsenter", $"--net=/run/netns/{lab.Switch}"];

    /// <summary>The namespaces on this computer that belong to a lab of this name.</summary>
    public static IReadOnlyList<string> Namespaces(string lab)
    {
        var own = new Regex($"^ark-{Regex.Escape(lab)}-(sw|m[0-9]+)$", RegexOptions.CultureInvariant);
        return !Directory.Exists("/run/netns") ? [] : [.. Directory.EnumerateFiles("/run/netns").Select(f => Path.GetFileName(f)).Where(n => own.IsMatch(n)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Namespaces by the names that <see cref="Processes.Network"/> gives.</summary>
    public static async Task<IReadOnlySet<string>> NetworksAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        if (names.Count == 0)
            return new HashSet<string>();
        var answer = await Programs.RunAsync(["stat", "-c", "net:[%i]", .. names.Select(n => "/run/netns/" + n)], cancellation);
        return answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
    }

    /// <summary>Removes a namespace, also one of which a restart of the computer left only the name. Where there was never a namespace there is no folder either.</summary>
    public static async Task RemoveNamespaceAsync(string name, CancellationToken cancellation)
    {
        await Programs.RunAsync(["ip", "netns", "delete", name], cancellation);
        var left = "/run/netns/" + name;
        if (File.Exists(left))
            File.Delete(left);
    }

    private static bool HasClock(LabDefinition lab) =>
        ControlGroups.Processes($"{ControlGroups.All}/{lab.Name}/supervisors").Any(p => Processes.Arguments(p).Contains("/usr/sbin/chronyd"));

    private static async Task<bool> IsWholeAsync(LabDefinition lab, CancellationToken cancellation) =>
        (await Programs.RunAsync(["ip", "-n", lab.Switch, "address", "show", "dev", "lan"], cancellation)).Output.Contains($"inet {lab.Gateway}/", StringComparison.Ordinal);

    private static async Task InsideAsync(LabDefinition lab, CancellationToken cancellation, params string[] commands)
    {
        foreach (var command in commands)
            await Programs.MustAsync(cancellation, ["ip", "-n", lab.Switch, .. command.Split(' ')]);
    }
}
