using Ark.Core.Placement;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Whether machines reach each other, by connections that were tried.</summary>
public static class WayChecks
{
    /// <summary>Milliseconds within one data centre; beyond, clusters hold elections and writes wait.</summary>
    private const double MostMilliseconds = 10;

    /// <summary>A link of 1 Gbit/s carries 940 Mbit/s of TCP; what is left of it below is a sign of a slower or busy one.</summary>
    private const long LeastBitsPerSecond = 800_000_000;

    public static readonly IReadOnlyList<Check> All =
    [
        new Check("ways-free", 5, CheckGroup.Network, "Every machine reaches every other on the ports that Ark needs", Free).Unless(Alone),
        new Check("latency", null, CheckGroup.Network, "Machines answer each other within 10 ms", scope => scope.Machines.Select(m => Latency(scope, m) with { Machine = m.Machine })).Unless(Alone),
        new Check("bandwidth", null, CheckGroup.Network, "At least 800 Mbit/s go from every machine to every other", scope => scope.Machines.Select(m => Bandwidth(scope, m) with { Machine = m.Machine }))
            .Unless(Alone).Unless(scope => scope.Bandwidth is null ? "not asked for: ark check --bandwidth" : null),
    ];

    private static string? Alone(CheckScope scope) => scope.Machines.Count < 2 ? "there is one machine only" : null;

    private static IEnumerable<Finding> Free(CheckScope scope)
    {
        var targets = scope.Machines.ToDictionary(m => m.Machine, m => NeededPorts.Targets(scope, m.Machine));
        return scope.Machines.Select(m => From(scope, targets, m) with { Machine = m.Machine });
    }

    private static Finding From(CheckScope scope, Dictionary<string, IReadOnlyList<PortTarget>> targets, HostFacts machine)
    {
        if (machine.Unreached is not null)
            return Unknown(machine);
        var ways = scope.ProbesFrom(machine.Machine).OrderBy(p => p.To, StringComparer.Ordinal).ThenBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Port).ToLookup(p => Ways.Of(scope, p));
        var probes = ways.SelectMany(w => w).ToList();
        if (ways.Contains(WayState.Blocked))
            return Blocked(scope, [.. ways[WayState.Blocked]]);
        var tried = probes.Select(p => (p.To, p.Protocol, p.Port)).ToHashSet();
        var others = scope.OthersOf(machine).Where(m => m.Unreached is null).OrderBy(m => m.Machine, StringComparer.Ordinal).SelectMany(m => targets[m.Machine]).ToList();
        var untried = others.Where(t => t.Tried && !tried.Contains((t.To, t.Protocol, t.Port))).ToLookup(t => t.To);
        if (untried.Count > 0 || probes.Count == 0)
        {
            var to = untried.Select(g => probes.Any(p => p.To == g.Key) ? $"{g.Key} ({Ways.Ports(g.Select(t => new PortUse(t.Port, t.Protocol)))})" : g.Key);
            return Unknown($"no connection was tried to {(untried.Count == 0 ? "any machine" : string.Join(", ", to))}", "The round of connections between machines did not take place here.", "ark check --only ways-free");
        }

        if (ways.Contains(WayState.Unknown))
        {
            var silent = ways[WayState.Unknown].ToList();
            return Unknown(Of(silent, _ => "kept silent") + Share(scope), "Whether something listens there, which need not answer, is not known.", $"ark check --save facts.json, and look at {silent[0].To} in it");
        }

        return ways.Contains(WayState.Denied) ? Denied(scope, [.. ways[WayState.Denied]]) : Passed(scope, probes, ways[WayState.Untold].Select(Port).Concat(others.Where(t => !t.Tried).Select(t => new PortUse(t.Port, t.Protocol))).ToList());
    }

    /// <param name="untold">A port as often as there are machines on which it cannot be told.</param>
    private static Finding Passed(CheckScope scope, List<PortProbe> probes, List<PortUse> untold)
    {
        var (open, refused) = (probes.Count(p => p.Result == ProbeResult.Open), probes.Count(p => p.Result == ProbeResult.Refused));
        var silent = untold.Count == 0 ? "" : $"; {untold.Count} listen and need not answer ({Ways.Ports(untold)}): whether datagrams reach them cannot be told";
        return Pass($"{probes.Select(p => p.To).Distinct().Count()} machines on ports {Ways.Ports(probes.Select(Port))}: {open} answered, {refused} refused, which is a free way where nothing listens yet{silent}{Share(scope)}");
    }

    private static Finding Blocked(CheckScope scope, List<PortProbe> blocked)
    {
        var kinds = blocked.Select(p => p.Result).Distinct().ToList();
        var cause = kinds switch
        {
            [ProbeResult.Filtered] => "A firewall on the way, or on that machine, rejects.",
            [ProbeResult.TimedOut] when blocked.All(p => p.Protocol == "udp") => "A firewall on the way, or on that machine, drops datagrams, or the ICMP messages that tell of closed ports.",
            [ProbeResult.TimedOut] => "A firewall on the way, or on that machine, drops; or there is no route.",
            _ => "Firewalls on the way, or on that machine, reject and drop.",
        };
        return Fail(Of(blocked, result => result == ProbeResult.Filtered ? "filtered" : "timed out") + Share(scope), "answered or refused", cause, Open(scope, blocked));
    }

    /// <summary>A service that stopped between the two rounds looks the same: it need not stand against a deployment.</summary>
    private static Finding Denied(CheckScope scope, List<PortProbe> denied) => Warn(
        Of(denied, _ => "refused, though something listens there") + Share(scope), "answered", "A firewall on the way, or on that machine, rejects as if the port were closed; or what listened there has just stopped.", Open(scope, denied));

    /// <summary>To the first machine; the others follow when it is mended.</summary>
    private static string Open(CheckScope scope, List<PortProbe> closed)
    {
        var target = closed[0].To;
        return $"{Firewalls.Open(scope.Find(target), [.. closed.Where(p => p.To == target).Select(Port).Distinct()])} on {target}";
    }

    private static string Of(IEnumerable<PortProbe> probes, Func<ProbeResult, string> what) =>
        string.Join("; ", probes.GroupBy(p => (p.To, p.Result)).Select(g => $"{g.Key.To} ports {Ways.Ports(g.Select(Port))} {what(g.Key.Result)}"));

    private static PortUse Port(PortProbe probe) => new(probe.Port, probe.Protocol);

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

    private static Finding Bandwidth(CheckScope scope, HostFacts machine)
    {
        if (machine.Unreached is not null)
            return Unknown(machine);
        var probes = scope.Bandwidth!.Where(p => p.From == machine.Machine).ToList();
        var slow = probes.Where(p => p.BitsPerSecond < LeastBitsPerSecond).OrderBy(p => p.BitsPerSecond).ToList();
        var unknown = probes.Where(p => p.BitsPerSecond is null).ToList();
        var tried = probes.Select(p => p.To).ToHashSet();
        if (scope.Machines.Count <= ProbeRound.Whole)
            unknown.AddRange(scope.OthersOf(machine).Where(m => m.Unreached is null && !tried.Contains(m.Machine)).Select(m => new BandwidthProbe(machine.Machine, m.Machine, null, $"it was not tried to {m.Machine}")));
        var seen = slow.Select(p => $"{Speed(p.BitsPerSecond!.Value)} to {p.To}").ToList();
        if (probes.Count == 0)
            return Unknown("nothing was measured", "No other machine was there to measure with, or the measuring did not take place.", "ark check --bandwidth --only bandwidth");
        if (unknown.Count > 0)
            return Unknown(string.Join("; ", [.. seen, .. unknown.Select(p => $"not measured to {p.To}")]), string.Join("; ", unknown.Select(p => p.Why).Distinct()) + ".",
                "open that port between the machines while it is measured, or install python3 there; then: ark check --bandwidth --only bandwidth");
        var least = probes.MinBy(p => p.BitsPerSecond)!;
        return slow.Count == 0
            ? Pass($"at least {Speed(least.BitsPerSecond!.Value)}, to {least.To}{Share(scope)}", "at least 800 Mbit/s")
            : Warn(string.Join("; ", seen) + Share(scope), "at least 800 Mbit/s", "A link is slower than 1 Gbit/s, did not negotiate its full speed, or others use it.", $"ethtool on both machines, and look at the switch's ports; then again: ark check --bandwidth --only bandwidth");
    }

    /// <summary><c>9.4 Gbit/s</c>, <c>941 Mbit/s</c>.</summary>
    public static string Speed(long bitsPerSecond) =>
        bitsPerSecond >= 1_000_000_000 ? FormattableString.Invariant($"{bitsPerSecond / 1e9:0.0} Gbit/s") : FormattableString.Invariant($"{bitsPerSecond / 1e6:0} Mbit/s");

    private static string Share(CheckScope scope) => ProbeRound.Share(scope.Machines.Count);
}
