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
        new Check("ways-free", 5, CheckGroup.Network, "Every machine reaches every other on the ports that Ark needs",
            scope => scope.Machines.Select(m => From(scope, m) with { Machine = m.Machine })).Unless(Alone),
        new Check("latency", null, CheckGroup.Network, "Machines answer each other within 10 ms", scope => scope.Machines.Select(m => Latency(scope, m) with { Machine = m.Machine })).Unless(Alone),
        new Check("bandwidth", null, CheckGroup.Network, "At least 800 Mbit/s go from every machine to every other", scope => scope.Machines.Select(m => Bandwidth(scope, m) with { Machine = m.Machine }))
            .Unless(Alone).Unless(scope => scope.Bandwidth is null ? "not asked for: ark check --bandwidth" : null),
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

    private static string Ports(IEnumerable<PortProbe> probes) => string.Join(", ", probes.Select(p => p.Port).Distinct().Order());
}
