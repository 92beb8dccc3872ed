using static Ark.Core.Sizing.SizedProducts;
using R = Ark.Core.Sizing.SizingRules;

namespace Ark.Core.Sizing;

/// <summary>Instances of every component that a mix brings.</summary>
internal static class InstanceRules
{
    /// <summary>Counts that the spec does not print; the reference catalogue has the same defaults.</summary>
    public static readonly IReadOnlyDictionary<string, int> CatalogueCounts = new Dictionary<string, int>
    {
        ["middleware-dncs"] = 2, ["tlog"] = 2, ["butler"] = 2, ["dauth-product"] = 2, ["edas-registry"] = 3, ["edas-config"] = 3, ["edas-hosting"] = 2, ["edas-hbase"] = 3,
        ["arms"] = 2, ["arms-elasticsearch"] = 3,
    };

    private static readonly string[] Base = ["middleware-dncs", "tlog", "butler", "dauth-product"];

    /// <summary>All components but those a published row prints, by rule; what it prints stands as printed.</summary>
    public static IReadOnlyList<SizedInstances> Of(Demand demand, IReadOnlyList<PublishedInstances> printed, SizingRule? row)
    {
        List<SizedInstances> all = [.. Base.Select(c => Chosen("", c)), new("minidbpaas-metadb", "", Sized.Published(1, "1 MySQL", R.VmMetadata, R.Brought))];
        foreach (var product in demand.Products)
            all.AddRange(product switch
            {
                Edas => [Chosen(Edas, "edas-registry"), Chosen(Edas, "edas-config"), Chosen(Edas, "edas-hosting"), HBase(demand)],
                Mq => [new("mq-broker", Mq, MachineRules.Brokers(demand))],
                Drds => DrdsOf(demand),
                Gts => [new("txc-server", Gts, Sized.Published(1, "1 × txc-server", R.SingleVm))],
                Csb => [new("csb-broker", Csb, Sized.Computed(2, "every published mix with CSB has 2", demand.IsPhysical ? R.MixPhysical : R.MixVm))],
                Arms => [Chosen(Arms, "arms"), new("arms-hbase", Arms, Hbases(demand)), Chosen(Arms, "arms-elasticsearch")],
                DbPaas => [Dbpaas(demand, DbPaas)],
                _ => Array.Empty<SizedInstances>(),
            });
        return [.. all.Select(i => printed.FirstOrDefault(p => p.Component == i.Component) is { } p ? i with { Count = Sized.Published(p.Count, "as the row prints", row!) } : i)];
    }

    private static SizedInstances Chosen(string product, string component) => new(component, product, Sized.Computed(CatalogueCounts[component], "no count is printed", R.CatalogueCount, R.Brought));

    private static SizedInstances HBase(Demand demand) => new("edas-hbase", Edas,
        demand.Request.FastLogs ? Sized.Computed(3, "on 3 machines of its own", R.EdasLogs) : Sized.Computed(CatalogueCounts["edas-hbase"], "shares the control nodes; no count is printed", R.EdasLogs, R.CatalogueCount));

    private static Sized Hbases(Demand demand) => demand.IsPhysical
        ? Sized.Computed(Demand.ArmsType(demand.Request.ArmsMachine ?? "") == MachineTypes.Ordinary ? 4 : 5, "one on each ARMS machine", R.SinglePhysical)
        : Sized.Published(4, "4 × HBase", R.SingleVm);

    private static IEnumerable<SizedInstances> DrdsOf(Demand demand) =>
    [
        new("drds-server", Drds, MachineRules.DrdsServers(demand)),
        new("jingwei", Drds, MachineRules.Replication(demand)),
        new("yugong", Drds, demand.IsPhysical
            ? Sized.Computed(2, "2, as §5.2 has beside jingwei", R.SingleVm)
            : Sized.Computed(MachineRules.Replication(demand).Value, "one beside each jingwei", R.SingleVm)),
        Dbpaas(demand, Drds),
    ];

    private static SizedInstances Dbpaas(Demand demand, string product)
    {
        var total = PublishedTables.Total(DbPaas, demand.Request.DisasterRecovery)!;
        var why = total.DisasterRecovery ? (Phrase)$"{total.Containers} nodes with disaster recovery" : $"{total.Containers} nodes without disaster recovery";
        return new("dbpaas", product, Sized.Published(total.Containers, why, R.VmTotals, R.Brought));
    }
}
