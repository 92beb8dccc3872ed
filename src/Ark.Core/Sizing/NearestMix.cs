using R = Ark.Core.Sizing.SizingRules;

namespace Ark.Core.Sizing;

/// <summary>Explains a computed plan by the published row that has the most products in common with it.</summary>
internal static class NearestMix
{
    public static NearestRow? Of(Demand demand, IReadOnlyList<MachineGroup> groups)
    {
        var rows = PublishedTables.Mixes.Where(m => m.Mode == demand.Mode).Select(m => (m.Name, m.Products, m.Machines))
            .Concat(PublishedTables.Singles.Where(s => s.Mode == demand.Mode && s.Product != SizedProducts.Gts)
                .Select(s => (Name: s.Product, Products: (IReadOnlyList<string>)[s.Product], Machines: PublishedRow.MachinesOf(s))))
            .Where(r => r.Products.Any(demand.Has)).ToList();
        if (rows.Count == 0)
            return null;
        var row = rows.MinBy(r => r.Products.Count(p => !demand.Has(p)) + demand.Products.Count(p => !r.Products.Contains(p)));
        var theirs = MachineRules.Groups(Demand.Of(demand.Mode, row.Products));
        List<DifferenceLine> lines = [.. Products(demand, row.Products)];
        foreach (var id in groups.Concat(theirs).Select(g => g.Id).Distinct())
        {
            var (mine, other) = (groups.FirstOrDefault(g => g.Id == id), theirs.FirstOrDefault(g => g.Id == id));
            var more = (mine?.Count.Value ?? 0) - (other?.Count.Value ?? 0);
            if (more != 0)
                lines.Add(DifferenceLine.Of(
                    mine is null ? (Phrase)$"{(Phrase)id}: none instead of {other!.Count.Value}" : $"{(Phrase)id}: {mine.Count.Value} instead of {other?.Count.Value ?? 0}, {mine.Count.Said}",
                    more, (mine ?? other)!.Count.Rules));
        }

        var byRule = theirs.Sum(g => g.Count.Value);
        if (byRule != row.Machines)
            lines.Add(DifferenceLine.Of($"the row prints {row.Machines} where the rules give {byRule}; published rows are exempt from the rules", byRule - row.Machines, [Rule(demand, row.Products).Id]));
        if (lines.Count == 0)
            lines.Add(new("what is asked for more needs no further machine", 0, [Rule(demand, row.Products).Id]));
        return new(row.Name, row.Machines, groups.Sum(g => g.Count.Value) - row.Machines, lines);
    }

    private static IEnumerable<DifferenceLine> Products(Demand demand, IReadOnlyList<string> row)
    {
        var more = demand.Products.Where(p => !row.Contains(p)).ToList();
        var fewer = row.Where(p => !demand.Has(p)).ToList();
        IReadOnlyList<string> rules = [Rule(demand, row).Id];
        if (more.Count > 0 && fewer.Count > 0)
            yield return DifferenceLine.Of($"with {string.Join(", ", more)}; without {string.Join(", ", fewer)}", 0, rules);
        else if (more.Count > 0)
            yield return DifferenceLine.Of($"with {string.Join(", ", more)}", 0, rules);
        else if (fewer.Count > 0)
            yield return DifferenceLine.Of($"without {string.Join(", ", fewer)}", 0, rules);
    }

    private static SizingRule Rule(Demand demand, IReadOnlyList<string> row) => (demand.IsPhysical, row.Count) switch
    {
        (true, 1) => R.SinglePhysical,
        (true, _) => R.MixPhysical,
        (false, 1) => R.SingleVm,
        _ => R.MixVm,
    };
}
