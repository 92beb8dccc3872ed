using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Ports that must be free before something of Ark's can listen there.</summary>
public static class PortChecks
{
    /// <summary>Names of processes that hold ports for the base once it runs; the kernel's own sockets have none.</summary>
    private static readonly HashSet<string> OfBase = ["dockerd", "docker-registry", "registry", ""];

    public static readonly IReadOnlyList<Check> All =
    [
        Of("base-ports-free", null, CheckGroup.Ports, "The ports of Swarm and of the image registry are free", m => m.Listeners, Base),
        Of("task-ports-free", null, CheckGroup.Ports, "The ports of what will be placed are free", m => m.Listeners, Task),
    ];

    private static Finding Base(CheckScope scope, HostFacts machine, IReadOnlyList<ListenerFacts> listeners)
    {
        var ports = NeededPorts.OfBase(scope, machine.Machine).ToList();
        var runs = machine.Engine is { Swarm: "active" };
        var holders = listeners.Where(l => ports.Any(p => p.Number == l.Port && p.Protocol == l.Protocol)).ToList();
        var taken = Sorted(holders.Where(l => !runs || !OfBase.Contains(l.Process)));
        var wanted = string.Join(", ", ports.Select(p => $"{p.Protocol}/{p.Number}"));
        if (taken.Count == 0)
            return Pass(holders.Count == 0 ? $"{wanted} free" : $"{wanted} free, or held by the base itself");
        return Fail(Held(taken), $"{wanted} free", "Something else listens there; the base cannot.", Stop(taken[0]));
    }

    /// <summary>On a site that runs, an instance may hold its own port: the process tells.</summary>
    private static Finding Task(CheckScope scope, HostFacts machine, IReadOnlyList<ListenerFacts> listeners)
    {
        if (scope.Needs.GetValueOrDefault(machine.Machine) ?.AllPorts().ToList() is not { Count: > 0 } needs)
            return NotApplicable("nothing that listens on the machine's ports will be placed on it");
        var wanted = string.Join(", ", needs.Select(n => $"{n.Port.Protocol}/{n.Port.Number} free for {n.Instance}"));
        var taken = Sorted(listeners.Where(l => needs.Any(n => n.Port.Number == l.Port && n.Port.Protocol == l.Protocol)));
        if (taken.Count == 0)
            return Pass(string.Join(", ", needs.Select(n => $"{n.Port.Protocol}/{n.Port.Number}")) + " free");
        if (machine.Engine is { Swarm: "active" })
            return Warn(Held(taken), wanted, "Either the instance itself runs already, or something else stands in its way.", "ark status");
        return taken.All(l => l.Address.StartsWith("127.", StringComparison.Ordinal))
            ? Warn(Held(taken), wanted, "Something listens on the loopback address: an instance that binds to its own address starts, one that binds to all does not.", Stop(taken[0]))
            : Fail(Held(taken), wanted, "Something else listens there; the instance cannot.", Stop(taken[0]));
    }

    private static List<ListenerFacts> Sorted(IEnumerable<ListenerFacts> listeners) =>
        [.. listeners.DistinctBy(l => (l.Protocol, l.Port, l.Process)).OrderBy(l => l.Port).ThenBy(l => l.Protocol, StringComparer.Ordinal).ThenBy(l => l.Process, StringComparer.Ordinal)];

    private static string Held(IEnumerable<ListenerFacts> listeners) =>
        string.Join(", ", listeners.Select(l => $"{l.Protocol}/{l.Port} held by {(l.Process.Length == 0 ? "an unknown process" : l.Process)} on {l.Address}"));

    private static string Stop(ListenerFacts listener) => listener.Process.Length == 0
        ? $"ss -l{(listener.Protocol == "udp" ? "u" : "t")}np 'sport = :{listener.Port}'"
        : $"systemctl disable --now \"$(ps -o unit= -C {listener.Process} | head -n 1)\"";
}
