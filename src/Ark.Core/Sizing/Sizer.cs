using R = Ark.Core.Sizing.SizingRules;

namespace Ark.Core.Sizing;

/// <summary>
/// Resource planning (spec §5). Mixes and single products that the spec's tables have, with no more load than they carry, come out as
/// published; everything else by the rules, with the difference to the nearest published row.
/// </summary>
public static class Sizer
{
    /// <summary>The plan, with warnings for products that §5 does not size; or every problem of the request.</summary>
    public static Outcome<SizingPlan> Plan(SizingRequest request)
    {
        var read = Demand.Read(request);
        if (!read.Ok)
            return Outcome<SizingPlan>.Fail(read.Problems);
        var demand = read.Value;
        var row = demand.IsTrial ? null : PublishedRow.For(demand);
        var groups = row?.Groups ?? MachineRules.Groups(demand);
        var instances = InstanceRules.Of(demand, row?.Printed ?? [], row?.Rule);
        groups = [.. groups.Select(g => WithRest(g, groups, instances, demand))];
        var total = row?.Total ?? Total(demand, groups);
        var plan = new SizingPlan
        {
            Products = demand.Products,
            Mode = demand.Mode,
            Edition = request.Edition,
            Purpose = request.Purpose,
            Origin = total.Origin,
            Row = row?.Name ?? (demand.IsTrial ? "trial edition" : null),
            Machines = total,
            MachineTypes = Types(groups),
            Groups = groups,
            Instances = instances,
            Carries = Amounts.Carries(demand, row, instances),
            Needs = Amounts.Needs(demand),
            Addresses = Amounts.Addresses(demand, total, instances),
            Disks = Amounts.Disks(groups),
            Outside = Surroundings.Machines(demand),
            People = Surroundings.People(demand, total),
            Nearest = row is null && !demand.IsTrial ? NearestMix.Of(demand, groups) : null,
            Notes = [.. SizingNotes.Of(demand, row, groups)],
            Rules = [],
            Warnings = read.Problems,
        };
        var cited = plan.Cited().ToHashSet();
        return Outcome<SizingPlan>.Of(plan with { Rules = [.. R.All.Where(r => cited.Contains(r.Id))] }, read.Problems);
    }

    private static Sized Total(Demand demand, IReadOnlyList<MachineGroup> groups)
    {
        if (demand.IsTrial)
            return groups[0].Count;
        var rules = groups.SelectMany(g => g.Count.Rules).Append((demand.IsPhysical ? R.StandardMachine : R.VmHostNetwork).Id).Distinct();
        return Sized.Of(groups.Sum(g => g.Count.Value), SizeOrigin.Computed, [.. rules], Parts(groups));
    }

    /// <summary>On control machines stands all that has no machines of its own.</summary>
    private static MachineGroup WithRest(MachineGroup group, IReadOnlyList<MachineGroup> groups, IReadOnlyList<SizedInstances> instances, Demand demand)
    {
        if (group.Role == GroupRole.Service)
            return group;
        var apart = groups.Where(g => g.Role == GroupRole.Service).SelectMany(g => g.Components).ToHashSet();
        return group with { Components = [.. instances.Select(i => i.Component).Where(c => !apart.Contains(c) || (c == "jingwei" && demand.IsPhysical))] };
    }

    private static List<SizedMachineType> Types(IReadOnlyList<MachineGroup> groups) =>
    [
        .. from type in MachineTypes.All
           let of = groups.Where(g => g.Type == type.Name && g.Count.Value > 0).ToList()
           where of.Count > 0
           let origin = of.All(g => g.Count.Origin == SizeOrigin.Published) ? SizeOrigin.Published : SizeOrigin.Computed
           select new SizedMachineType(type, Sized.Of(of.Sum(g => g.Count.Value), origin, [type.Rule, .. of.SelectMany(g => g.Count.Rules).Distinct()], Parts(of))),
    ];

    private static Phrase Parts(IReadOnlyList<MachineGroup> groups) => Phrase.Join(" + ", groups.Select(g => (Phrase)$"{g.Count.Value} {(Phrase)g.Id}"));
}

/// <summary>What a plan cites.</summary>
public static class SizingCitations
{
    /// <summary>Every number of a plan.</summary>
    public static IEnumerable<Sized> Numbers(this SizingPlan plan) =>
    [
        plan.Machines, .. plan.MachineTypes.Select(t => t.Count), .. plan.Groups.Select(g => g.Count), .. plan.Instances.Select(i => i.Count),
        .. plan.Carries.Concat(plan.Needs).Concat(plan.Addresses).Concat(plan.Disks).Select(a => a.Amount),
        .. plan.Outside.Select(o => o.Count).OfType<Sized>(), .. plan.People.Select(p => p.Days),
    ];

    /// <summary>Ids of the rules that numbers, notes and explanations name.</summary>
    public static IEnumerable<string> Cited(this SizingPlan plan) =>
        plan.Numbers().SelectMany(n => n.Rules)
            .Concat(plan.Outside.SelectMany(o => o.Rules))
            .Concat(plan.Notes.SelectMany(n => n.Rules))
            .Concat(plan.Nearest?.Lines.SelectMany(l => l.Rules) ?? []);
}
