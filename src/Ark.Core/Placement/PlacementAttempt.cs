namespace Ark.Core.Placement;

/// <summary>A board after one try, and the instances that found no machine, sorted by kind and number.</summary>
internal sealed record PlacementAttempt(PlacementBoard Board, IReadOnlyList<(int Kind, int Index)> Missing)
{
    public static PlacementAttempt Run(PlacementModel model, IReadOnlyList<Kind> order, Aim aim)
    {
        var (board, missing) = Begin(model);
        var pass = new PlacementPass(model, board, aim);
        foreach (var kind in order)
            missing.AddRange(pass.Fill(kind).Select(index => (kind.Number, index)));
        return new(board, [.. missing.Order()]);
    }

    /// <summary>What stands and what is pinned; pins that break a rule are missing.</summary>
    public static (PlacementBoard Board, List<(int Kind, int Index)> Missing) Begin(PlacementModel model)
    {
        var board = new PlacementBoard(model);
        List<(int, int)> missing = [];
        foreach (var (kind, index, machine) in model.Kept)
            board.Place(model.Kinds[kind], index, machine);
        foreach (var kind in model.Kinds)
        {
            foreach (var (index, machine) in kind.Pinned)
            {
                if (!model.Machines[machine].Drained && PlacementModel.Bears(model.Machines[machine], kind.Component) && board.CanHold(kind, machine))
                    board.Place(kind, index, machine);
                else
                    missing.Add((kind.Number, index));
            }
        }

        return (board, missing);
    }

    /// <summary>
    /// Kinds of which some instance has no machine even if no other kind is placed beside what stands and is pinned: whatever is tried, they fail.
    /// </summary>
    public static HashSet<int> Impossible(PlacementModel model)
    {
        var (board, missing) = Begin(model);
        var impossible = missing.Select(m => m.Kind).ToHashSet();
        foreach (var kind in model.Kinds.Where(k => k.Wanted.Count > 0))
        {
            long places = 0;
            foreach (var machine in kind.Candidates.SelectMany(r => r))
            {
                if (board.CanHold(kind, machine))
                    places += kind.OnePerMachine ? 1 : Fit(kind.Needs, board[machine].Free, kind.Wanted.Count);
                if (places >= kind.Wanted.Count)
                    break;
            }

            if (places < kind.Wanted.Count)
                impossible.Add(kind.Number);
        }

        return impossible;
    }

    public bool OnlyMissing(HashSet<int> kinds) => Missing.All(m => kinds.Contains(m.Kind));

    private static long Fit(in Needs needs, in Needs free, long atMost)
    {
        var fit = atMost;
        if (needs.Cpu > 0)
            fit = Math.Min(fit, free.Cpu / needs.Cpu);
        if (needs.Memory > 0)
            fit = Math.Min(fit, free.Memory / needs.Memory);
        return needs.Disk > 0 ? Math.Min(fit, free.Disk / needs.Disk) : fit;
    }
}
