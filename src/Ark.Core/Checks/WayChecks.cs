using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Whether machines reach each other, by connections that were tried.</summary>
public static class WayChecks
{
    /// <summary>Milliseconds within one data centre; beyond, clusters hold elections and writes wait.</summary>
    private const double MostMilliseconds = 10;

    public static readonly IReadOnlyList<Check> All =
    [
        new Check("ways-free", 5, CheckGroup.Network, "Every machine reaches every other on the ports that Ark needs",
            scope => scope.Machines.Select(m => From(scope, m) with { Machine = m.Machine })).Unless(Alone),
        new Check("latency", null, CheckGroup.Network, "Machines answer each other within 10 ms", scope => scope.Machines.Select(m => Latency(scope, m) with { Machine = m.Machine })).Unless(Alone),
    ];

    /// <summary>Nothing gets through. A refusal is a free way: the machine itself answered.</summary>
    internal static bool Blocks(ProbeResult result) => result is ProbeResult.Filtered or ProbeResult.TimedOut;

    private static string? Alone(CheckScope scope) => scope.Machines.Count < 2 ? "there is one machine only" : null;

    private static Finding From(CheckScope scope, HostFacts machine)
    {
        if (machine.Unreached is not null)
            return Unknown(machine);
        var probes = scope.ProbesFrom(machine.Machine).OrderBy(p => p.To, StringComparer.Ordinal).ThenBy(p => p.Port).ToList();
        var blocked = probes.Where(p => Blocks(p.Result)).ToList();
        if (blocked.Count > 0)
            return Blocked(scope, blocked);
        var tried = probes.Select(p => p.To).ToHashSet();
        var untried = scope.OthersOf(machine).Where(m => m.Unreached is null && !tried.Contains(m.Machine)).Select(m => m.Machine).Order(StringComparer.Ordinal).ToList();
        if (untried.Count > 0 || probes.Count == 0)
            return Unknown($"no connection was tried to {(untried.Count == 0 ? "any machine" : string.Join(", ", untried))}",
                "The round of connections between machines did not take place here.", "ark check --only ways-free");
        var open = probes.Count(p => p.Result == ProbeResult.Open);
        return Pass($"{tried.Count} machines on ports {Ports(probes)}: {open} answered, {probes.Count - open} refused, which is a free way where nothing listens yet{Share(scope)}");
    }

    private static Finding Blocked(CheckScope scope, List<PortProbe> blocked)
    {
        var evidence = string.Join("; ", blocked.GroupBy(p => (p.To, p.Result)).Select(g => $"{g.Key.To} ports {Ports(g)} {(g.Key.Result == ProbeResult.Filtered ? "filtered" : "timed out")}")) + Share(scope);
        var kinds = blocked.Select(p => p.Result).Distinct().ToList();
        var cause = kinds switch
        {
            [ProbeResult.Filtered] => "A firewall on the way, or on that machine, rejects.",
            [ProbeResult.TimedOut] => "A firewall on the way, or on that machine, drops; or there is no route.",
            _ => "Firewalls on the way, or on that machine, reject and drop.",
        };
        var target = blocked[0].To;
        var ports = blocked.Where(p => p.To == target).Select(p => p.Port).Distinct().Order().ToList();
        return Fail(evidence, "answered or refused", cause, $"{Firewalls.Open(scope.Find(target), ports)} on {target}");
    }

    private static Finding Latency(CheckScope scope, HostFacts machine)
    {
        if (machine.Unreached is not null)
            return Unknown(machine);
        var fastest = scope.ProbesFrom(machine.Machine).Where(p => p.Milliseconds is not null).GroupBy(p => p.To)
            .Select(g => (To: g.Key, Milliseconds: g.Min(p => p.Milliseconds!.Value))).OrderByDescending(p => p.Milliseconds).ThenBy(p => p.To, StringComparer.Ordinal).ToList();
        if (fastest.Count == 0)
            return Unknown("no connection was answered", "The round of connections between machines did not take place here, or was answered by nobody.", "ark check --only ways-free");
        var slow = fastest.Where(p => p.Milliseconds > MostMilliseconds).ToList();
        return slow.Count == 0
            ? Pass(FormattableString.Invariant($"at most {fastest[0].Milliseconds:0.0} ms, to {fastest[0].To}{Share(scope)}"), "at most 10 ms")
            : Warn(string.Join("; ", slow.Select(p => FormattableString.Invariant($"{p.Milliseconds:0.0} ms to {p.To}"))) + Share(scope), "at most 10 ms",
                "The machines stand far apart, or the network between them is busy.", $"ping -c 20 {slow[0].To}");
    }

    private static string Share(CheckScope scope) => ProbeRound.Share(scope.Machines.Count);

    private static string Ports(IEnumerable<PortProbe> probes) => string.Join(", ", probes.Select(p => p.Port).Distinct().Order());
}
