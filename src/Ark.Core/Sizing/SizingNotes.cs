using static Ark.Core.Sizing.SizedProducts;
using R = Ark.Core.Sizing.SizingRules;

namespace Ark.Core.Sizing;

/// <summary>What a reader of the plan must know beside the numbers.</summary>
internal static class SizingNotes
{
    public static IEnumerable<SizingNote> Of(Demand demand, PublishedRow? row, IReadOnlyList<MachineGroup> groups)
    {
        if (demand.IsTrial)
            yield return Note("For development, test and functional PoC, not for high performance or availability.", R.EditionTrial);
        if (row is not null)
        {
            foreach (var note in OfRow(demand, row, groups)) yield return note;
        }

        if (!demand.IsTrial && demand.IsPhysical)
            yield return Note("The standard edition is printed with 16 machines: what the rules give for all products, 4 control, 4 MQ, 3 DRDS and 5 ARMS. A mix takes its part.", R.EditionStandard);
        if (Need.Of(demand).Unknown is { Count: > 0 } unknown)
            yield return Note($"§5.2 prints no totals for {string.Join(", ", unknown)}: needs of memory, disk and cores are without them.", R.VmTotals);
        if (demand.IsPoc && demand.Products.Count > 1 && !demand.Has(Drds))
            yield return Note("§5.1 prints 3 business databases for the PoC of every mix, §2 only where DRDS is in it; they are left out here.", R.TestsPhysical, R.BusinessDatabases);
    }

    private static IEnumerable<SizingNote> OfRow(Demand demand, PublishedRow row, IReadOnlyList<MachineGroup> groups)
    {
        var byRule = MachineRules.Groups(demand).Sum(g => g.Count.Value);
        if (byRule != row.Total.Value)
            yield return Note($"The row stands as published; by the rules it would be {byRule}.", row.Rule);
        if (row.Disagrees)
            yield return Note($"The source disagrees with itself: {row.Total.Value} machines in the row, {row.Total.Or} by its machine types.", R.MixDisagrees);
        if (demand.IsPhysical && demand.Products is [Drds])
            yield return Note("Published with 2 service nodes, though the rule says at least 3; published rows are exempt.", R.SinglePhysical, R.DrdsService);
        if (!demand.IsPhysical && demand.Has(Drds) && demand.Products.Count > 1)
            yield return Note("The mixes count all VMs as 8c32g; DRDS alone is printed with drds-server on 16c32g.", R.MixVm, R.SingleVm);
        var memory = groups.Sum(g => g.Count.Value) * 32;
        if (!demand.IsPhysical && Need.Of(demand).MemoryGb > memory)
            yield return Note($"The totals need {Need.Of(demand).MemoryGb} GB of memory, the published VMs have {memory} GB.", R.VmFit, R.VmTotals);
    }

    private static SizingNote Note(Phrase text, params SizingRule[] rules) => new(text.ToString(), [.. rules.Select(r => r.Id)]) { Said = text };
}
