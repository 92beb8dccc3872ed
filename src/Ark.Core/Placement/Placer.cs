namespace Ark.Core.Placement;

/// <summary>
/// Chooses a machine for every instance. Hard rules: labels; cores, memory, disk; in VM mode one user a port; spread; apart; exclusive machines;
/// pins; what stands stays. Soft: a component's instances spread over rooms, then over machines; then loads are even.
/// <para>
/// How: what is hardest to place goes first (fewest machines with its labels, exclusive, largest), component by component, each instance to the best
/// machine left: for n machines and k instances about n + k·log n steps a component. Where that leaves something without a machine, it is tried again with
/// what failed moved ahead, then filling machines up instead of evening them out, and for small sites by a complete search within a bound of steps.
/// The problem is NP-hard: on a large and nearly full site a placement may exist that is not found.
/// </para>
/// Pure; the same request in any order gives the same result.
/// </summary>
public static class Placer
{
    /// <summary>Looks at a machine for a component that retries may take in all.</summary>
    private const long RetryLooks = 40_000_000;

    /// <summary>The placement with warnings, or for each component that found no machine what each machine lacked.</summary>
    /// <exception cref="ArgumentException">Two machines or components bear one name, or something stands whose component is unknown.</exception>
    public static Outcome<PlacementResult> Place(PlacementRequest request)
    {
        var model = new PlacementModel(request);
        if (model.Problems.Any(p => p.Severity == Severity.Error))
            return Outcome<PlacementResult>.Fail(model.Problems);

        var order = Ordered(model.Kinds);
        var best = PlacementAttempt.Run(model, order, Aim.Balance);
        if (best.Missing.Count > 0)
            best = TryAgain(model, order, best);
        return best.Missing.Count == 0
            ? Outcome<PlacementResult>.Of(Result(model, best.Board), model.Problems)
            : Outcome<PlacementResult>.Fail([.. model.Problems, .. PlacementFailure.Explain(model, best)]);
    }

    /// <summary>The hardest first; names decide where nothing else does.</summary>
    private static Kind[] Ordered(IEnumerable<Kind> kinds) =>
    [
        .. kinds.OrderBy(k => k.CandidateCount)
            .ThenByDescending(k => k.Exclusive)
            .ThenByDescending(k => (double)k.Needs.Memory)
            .ThenByDescending(k => k.Needs.Cpu)
            .ThenByDescending(k => k.Wanted.Count)
            .ThenBy(k => k.Number),
    ];

    private static PlacementAttempt TryAgain(PlacementModel model, Kind[] order, PlacementAttempt first)
    {
        var impossible = PlacementAttempt.Impossible(model);
        if (first.OnlyMissing(impossible))
            return first;
        var best = first;
        var looks = model.Kinds.Sum(k => (long)k.CandidateCount + k.Wanted.Count) + 1;
        var rounds = (int)Math.Clamp(RetryLooks / looks, 2, 24);
        foreach (var aim in (Aim[])[Aim.Balance, Aim.Pack])
        {
            var pushed = new int[model.Kinds.Length];
            var last = first;
            for (var round = 0; round < rounds / 2; round++)
            {
                foreach (var (kind, _) in last.Missing)
                    pushed[kind]++;
                last = PlacementAttempt.Run(model, [.. order.OrderByDescending(k => pushed[k.Number])], aim);
                if (last.Missing.Count < best.Missing.Count)
                    best = last;
                if (best.OnlyMissing(impossible))
                    return best;
            }
        }

        return PlacementSearch.Find(model, impossible) ?? best;
    }

    private static PlacementResult Result(PlacementModel model, PlacementBoard board)
    {
        var kept = model.Kept.Select(k => (k.Kind, k.Index)).ToHashSet();
        List<PlacedInstance> instances = new(board.Of.Sum(o => o.Count));
        foreach (var kind in model.Kinds)
        {
            foreach (var (index, number) in board.Of[kind.Number].OrderBy(i => i.Index))
            {
                var machine = model.Machines[number];
                instances.Add(new(kind.Name, index, $"{kind.Name}-{index}", machine.Address, machine.Room,
                    !kept.Contains((kind.Number, index)), model.Leaving.GetValueOrDefault((kind.Number, index))));
            }
        }

        return new() { Instances = instances, Balance = board.Balance() };
    }
}
