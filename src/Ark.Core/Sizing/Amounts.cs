using static Ark.Core.Sizing.SizedProducts;
using R = Ark.Core.Sizing.SizingRules;

namespace Ark.Core.Sizing;

/// <summary>What an arrangement carries, what its containers need, addresses and disks.</summary>
internal static class Amounts
{
    public static IReadOnlyList<SizedAmount> Carries(Demand demand, PublishedRow? row, IReadOnlyList<SizedInstances> instances)
    {
        List<SizedAmount> all = [];
        if (demand.Has(Mq))
            all.Add(new("messages", demand.IsTrial
                ? Sized.Published(10_000, "a single-master broker", R.EditionTrial)
                : Sized.Computed(Count(instances, "mq-broker") / 4 * 20_000, "every 4 brokers", R.MqBrokers, R.EditionStandard), "messages/s"));
        if (demand.Has(Drds))
        {
            var cores = Cores(demand, row);
            all.Add(new("drdsCores", cores, "cores"));
            all.Add(new("qps", Sized.Computed(cores.Value * 2_000, "2,000 a core", R.DrdsService), "queries/s"));
            if (!demand.IsTrial)
            {
                var jingwei = Count(instances, "jingwei");
                all.Add(new("tps", Sized.Computed(jingwei * 10_000, "expansion and import, 10,000 a process", R.DrdsReplication), "tps"));
                all.Add(new("indexTps", Sized.Computed(jingwei * 5_000, "indexes and broadcast instead, 5,000 a process", R.DrdsReplication), "tps"));
            }
        }

        if (demand.IsTrial && demand.Has(Edas))
            all.Add(new("edasNodes", Sized.Published(50, "brought by the customer", R.EditionTrial), "nodes"));
        return all;
    }

    private static Sized Cores(Demand demand, PublishedRow? row)
    {
        if (demand.IsTrial)
            return Sized.Published(32, "DRDS instances up to 32 cores", R.EditionTrial);
        if (row is not null && demand.Products is [Drds])
            return Sized.Computed(PublishedRow.CoresOf(PublishedTables.Single(demand.Mode, Drds)!), "32 a service node; on VMs 6 × 16", R.DrdsService, R.SingleVm);
        if (row is not null)
            return Sized.Published(96, "96-core DRDS", R.EditionStandard, R.DrdsService);
        return demand.IsPhysical
            ? Sized.Computed(MachineRules.DrdsNodes(demand).Value * 32, "3 nodes together 96", R.DrdsService)
            : Sized.Computed(MachineRules.DrdsServers(demand).Value * 16, "16 a drds-server", R.DrdsService, R.DrdsPerNode);
    }

    public static IReadOnlyList<SizedAmount> Needs(Demand demand)
    {
        var need = Need.Of(demand);
        if (need.Containers == 0)
            return [];
        var of = need.Unknown.Count == 0
            ? (Phrase)$"together: {string.Join(", ", need.Products)}"
            : $"together: {string.Join(", ", need.Products)}; not printed for {string.Join(", ", need.Unknown)}";
        return
        [
            new("containers", Sized.Published(need.Containers, of, R.VmTotals), "containers"),
            new("cores", Sized.Published(need.Cores, of, R.VmTotals), "cores"),
            new("memory", Sized.Published(need.MemoryGb * MachineTypes.G, of, R.VmTotals), "bytes"),
            new("disk", Sized.Published(need.DiskGb * MachineTypes.G, of, R.VmTotals), "bytes"),
        ];
    }

    public static IReadOnlyList<SizedAmount> Addresses(Demand demand, Sized machines, IReadOnlyList<SizedInstances> instances)
    {
        var all = new SizedAmount("machines", machines.Because(demand.IsPhysical ? "one a machine" : "one a VM; its containers have the same") with { Rules = [R.ContainerAddresses.Id, .. machines.Rules] }, "addresses");
        if (!demand.IsPhysical)
            return [all];
        var need = Need.Of(demand);
        var more = Math.Max(0, Count(instances, "mq-broker") - 4) + Math.Max(0, Count(instances, "drds-server") - 12) + Math.Max(0, Count(instances, "jingwei") - 2);
        var others = instances.Where(i => need.Unknown.Contains(i.Product) || (need.Containers == 0 && i.Product.Length == 0)).Sum(i => i.Count.Value);
        return
        [
            all,
            new("containers", Sized.Computed(need.Containers + more + others, $"{need.Containers} by the totals of §5.2, {more + others} instances beside them", R.ContainerAddresses, R.VmTotals), "addresses"),
            new("gateway", Sized.Computed(1, "the VLAN's gateway", R.ContainerAddresses), "addresses"),
        ];
    }

    public static IReadOnlyList<SizedAmount> Disks(IReadOnlyList<MachineGroup> groups) =>
    [
        .. from type in MachineTypes.All
           let count = groups.Where(g => g.Type == type.Name).Sum(g => g.Count.Value)
           where count > 0
           select new SizedAmount(type.Name, Sized.Computed(count * type.UsableDiskBytes, $"{count} × {(Phrase)type.Storage}", R.All.First(r => r.Id == type.Rule)), "bytes"),
    ];

    private static long Count(IReadOnlyList<SizedInstances> instances, string component) => instances.FirstOrDefault(i => i.Component == component)?.Count.Value ?? 0;
}
