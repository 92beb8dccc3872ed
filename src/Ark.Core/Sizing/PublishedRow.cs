using static Ark.Core.Sizing.SizedProducts;
using R = Ark.Core.Sizing.SizingRules;

namespace Ark.Core.Sizing;

/// <summary>A published row that fits a demand, with its machines told apart as far as the tables say.</summary>
internal sealed record PublishedRow(string Name, SizingRule Rule, Sized Total, IReadOnlyList<MachineGroup> Groups, IReadOnlyList<PublishedInstances> Printed, bool Disagrees)
{
    /// <summary>Most that the rows carry: the standard edition's numbers.</summary>
    private static readonly PublishedEdition Standard = PublishedTables.Editions.Single(e => e.Edition == Edition.Standard);

    /// <summary>The row of just these products, unless more is asked than it carries; null: it must be computed.</summary>
    public static PublishedRow? For(Demand demand)
    {
        var request = demand.Request;
        if (request.FastLogs || request.DisasterRecovery || demand.Messages > Standard.Messages || MachineRules.Replication(demand).Value > 2)
            return null;
        if (demand.Products.Count == 1)
            return PublishedTables.Single(demand.Mode, demand.Products[0]) is { } single && demand.Cores <= CoresOf(single) ? Of(single, demand) : null;
        var mix = PublishedTables.Mixes.FirstOrDefault(m => m.Mode == demand.Mode && demand.Products.Count == m.Products.Count && m.Products.All(demand.Has));
        var arms = Demand.ArmsType(request.ArmsMachine ?? "Q48");
        return mix is null || demand.Cores > Standard.DrdsCores || (demand.IsPhysical && demand.Has(Arms) && arms != MachineTypes.Arms) ? null : Of(mix, demand);
    }

    /// <summary>Cores of DRDS instances that a row carries; the physical row of DRDS alone has only 2 nodes.</summary>
    public static int CoresOf(PublishedSingle single) =>
        single.Product == Drds && single.Mode == Sites.SiteMode.Physical ? single.Exclusive[0].Count * Standard.DrdsCores / 3 : Standard.DrdsCores;

    /// <summary>A single product's machines as printed, or the sum of the printed parts.</summary>
    public static int MachinesOf(PublishedSingle single) => single.Machines ?? (single.Exclusive.Sum(e => e.Count) + (single.Shared ?? 0));

    private static PublishedRow Of(PublishedMix mix, Demand demand)
    {
        var rule = demand.IsPhysical ? R.MixPhysical : R.MixVm;
        var total = Sized.Published(mix.Machines, $"row {mix.Name}", rule) with { Or = mix.Or };
        if (mix.Or is not null)
        {
            total = total.Because($"row {mix.Name} prints {mix.Machines}; its machine types together are {mix.Or}") with { Rules = [rule.Id, R.MixDisagrees.Id] };
            IReadOnlyList<MachineGroup> parts = [.. mix.Types!.Select(t => t.Type == MachineTypes.Arms.Name
                ? new MachineGroup("arms", GroupRole.Service, t.Type, Sized.Published(t.Count, $"{t.Count} × {t.Type} as printed", R.MixDisagrees), ["arms-hbase", "arms-elasticsearch"])
                : new MachineGroup("services", GroupRole.Shared, t.Type, Sized.Published(t.Count, $"{t.Count} × {t.Type} as printed; how they are shared is not", R.MixDisagrees), []))];
            return new(mix.Name, rule, total, parts, mix.Instances, true);
        }

        List<MachineGroup> groups = [.. MachineRules.Groups(demand).Where(g => g.Role == GroupRole.Service).Select(g => AsPrinted(g, mix, rule, demand))];
        var rest = mix.Machines - groups.Sum(g => g.Count.Value);
        groups.Add(new("control", GroupRole.Control, demand.IsPhysical ? MachineTypes.Ordinary.Name : MachineTypes.Vm.Name,
            Sized.Computed(rest, $"what the row's {mix.Machines} leave", rule, demand.IsPhysical ? R.ServiceApart : R.VmApart), []));
        return new(mix.Name, rule, total, groups, mix.Instances, false);
    }

    /// <summary>On VMs every printed instance has a VM of its own, and the tables of mixes count all VMs as standard ones.</summary>
    private static MachineGroup AsPrinted(MachineGroup group, PublishedMix mix, SizingRule rule, Demand demand)
    {
        if (demand.IsPhysical)
            return group;
        var printed = mix.Instances.FirstOrDefault(i => i.Component == group.Components[0]);
        return group with { Type = MachineTypes.Vm.Name, Count = printed is null ? group.Count : Sized.Published(printed.Count, "one on each VM", rule, R.VmHostNetwork) };
    }

    private static PublishedRow Of(PublishedSingle single, Demand demand)
    {
        var rule = demand.IsPhysical ? R.SinglePhysical : R.SingleVm;
        var q46 = demand.Request.ArmsMachine is { } named && Demand.ArmsType(named) == MachineTypes.Ordinary;
        var (machines, or) = single.Product == Arms && q46 ? (single.Or!.Value, single.Machines) : (MachinesOf(single), single.Or);
        var why = single.Machines is null
            ? Phrase.Join(" + ", [.. single.Exclusive.Select(e => (Phrase)$"{e.Count} {e.Component}"), $"{single.Shared} {(Phrase)"control"}"])
            : $"row {single.Product} prints {Numbers(single)}";
        var total = Sized.Published(machines, why, rule) with { Or = or };
        List<MachineGroup> groups = [.. MachineRules.Groups(demand).Where(g => g.Role == GroupRole.Service).Select(g => AsPrinted(g, single, rule, demand))];
        if (machines - groups.Sum(g => g.Count.Value) is > 0 and var rest)
            groups.Add(new("control", GroupRole.Control, demand.IsPhysical ? MachineTypes.Ordinary.Name : MachineTypes.Vm.Name,
                single.Shared is null ? Sized.Published(rest, "the product's own machines", rule) with { Or = or } : Sized.Published(rest, "shared control nodes", rule, demand.IsPhysical ? R.ServiceApart : R.VmApart), []));
        else
            groups = [.. groups.Select(g => g with { Role = GroupRole.Shared })]; // no control machines are printed
        return new(single.Product, rule, total, groups, [], false);
    }

    private static MachineGroup AsPrinted(MachineGroup group, PublishedSingle single, SizingRule rule, Demand demand)
    {
        var printed = single.Product == Arms && demand.IsPhysical ? null : single.Exclusive.FirstOrDefault(e => e.Component == group.Components[0]);
        return group with { Count = printed is null ? group.Count : Sized.Published(printed.Count, "exclusive", rule) };
    }

    private static Phrase Numbers(PublishedSingle single) => single.Or is null ? (Phrase)$"{single.Machines}" : "4/5, without saying when which";
}
