using Ark.Core.Sites;
using static Ark.Core.Sizing.SizedProducts;

namespace Ark.Core.Sizing;

/// <summary>Instances as a published row prints them.</summary>
public sealed record PublishedInstances(string Component, int Count);

/// <summary>A row of a table of mixes.</summary>
/// <param name="Name">As printed: <c>EDAS+MQ</c>.</param>
/// <param name="Or">A second number where the source disagrees with itself.</param>
/// <param name="Types">Machines by type as printed, where one type is not all.</param>
public sealed record PublishedMix(
    SiteMode Mode, string Name, IReadOnlyList<string> Products, int Machines, IReadOnlyList<PublishedInstances> Instances, int? Or = null, IReadOnlyList<(string Type, int Count)>? Types = null);

/// <summary>A row of a table of single products.</summary>
/// <param name="Exclusive">Machines by what stands on them alone; null: not stated.</param>
/// <param name="Shared">Control nodes; null: not stated.</param>
/// <param name="Machines">The product's own machines as printed; null: not printed.</param>
/// <param name="Or">The second number of "4/5".</param>
/// <param name="Test">Test machines as printed.</param>
public sealed record PublishedSingle(SiteMode Mode, string Product, IReadOnlyList<PublishedInstances> Exclusive, int? Shared, int? Machines, int? Or, string Test);

/// <summary>What all containers of a product take together on VMs.</summary>
public sealed record PublishedTotal(string Product, bool DisasterRecovery, int Containers, int Cores, int MemoryGb, int DiskGb);

/// <summary>An edition's row.</summary>
public sealed record PublishedEdition(Edition Edition, int Machines, int DrdsCores, int Messages, int Brokers, int? EdasNodes);

/// <summary>The tables of spec §5, as printed.</summary>
public static class PublishedTables
{
    private const SiteMode P = SiteMode.Physical, V = SiteMode.Vm;

    private static readonly PublishedInstances Brokers = new("mq-broker", 4), Drds6 = new("drds-server", 6), Drds12 = new("drds-server", 12), Jingwei = new("jingwei", 2), Yugong = new("yugong", 2), CsbBroker = new("csb-broker", 2);

    public static readonly IReadOnlyList<PublishedEdition> Editions =
    [
        new(Edition.Trial, 5, 32, 10_000, 1, 50),
        new(Edition.Standard, 16, 96, 20_000, 4, null),
    ];

    public static readonly IReadOnlyList<PublishedMix> Mixes =
    [
        new(P, "EDAS+MQ", [Edas, Mq], 8, [Brokers]),
        new(P, "EDAS+DRDS(DBPaaS)", [Edas, Drds], 7, [Drds12, Jingwei]),
        new(P, "EDAS+MQ+DRDS(DBPaaS)", [Edas, Mq, Drds], 11, [Brokers, Drds12, Jingwei]),
        new(P, "EDAS+MQ+DRDS(DBPaaS)+GTS", [Edas, Mq, Drds, Gts], 11, [Brokers, Drds6, Jingwei, Yugong]),
        new(P, "EDAS+MQ+DRDS(DBPaaS)+GTS+CSB", [Edas, Mq, Drds, Gts, Csb], 11, [Brokers, Drds12, Jingwei, CsbBroker]),
        new(P, "EDAS+MQ+DRDS(DBPaaS)+CSB+ARMS", [Edas, Mq, Drds, Csb, Arms], 11, [Brokers, Drds12, Jingwei, CsbBroker], Or: 14, Types: [("Q46.22", 9), ("Q48", 5)]),

        new(V, "EDAS+MQ", [Edas, Mq], 24, [Brokers]),
        new(V, "EDAS+DRDS(DBPaaS)", [Edas, Drds], 29, [Drds6, Jingwei, Yugong]),
        new(V, "EDAS+MQ+DRDS(DBPaaS)", [Edas, Mq, Drds], 40, [Brokers, Drds6, Jingwei]),
        new(V, "EDAS+MQ+DRDS(DBPaaS)+GTS", [Edas, Mq, Drds, Gts], 43, [Brokers, Drds6, Jingwei]),
        new(V, "EDAS+MQ+DRDS(DBPaaS)+GTS+CSB", [Edas, Mq, Drds, Gts, Csb], 46, [Brokers, Drds6, Jingwei, CsbBroker]),
        new(V, "EDAS+MQ+DRDS(DBPaaS)+GTS+CSB+ARMS", [Edas, Mq, Drds, Gts, Csb, Arms], 49, [Brokers, Drds12, Jingwei, CsbBroker]),
    ];

    public static readonly IReadOnlyList<PublishedSingle> Singles =
    [
        new(P, Edas, [], null, 4, 5, "5 × 2c4g80G"),
        new(P, Csb, [], null, 4, 5, "1 × 2c4g80G"),
        new(P, Arms, [new("arms-hbase", 5)], null, 5, 4, "1 × the customer's application"),
        new(P, Drds, [new("drds-server", 2)], 5, 7, null, "simple: 1 × 2c4g80G; normal: 3 × 8c16g500G; production: sized with the customer"),
        new(P, Mq, [new("mq-broker", 4)], 4, 8, null, "1 × 2c4g80G"),
        new(P, Gts, [], 4, null, null, "not delivered alone"),

        new(V, Edas, [], 9, null, null, "5 × 2c4g80G"),
        new(V, Csb, [], 3, null, null, "1 × 2c4g80G"),
        new(V, Arms, [new("arms-hbase", 4)], 3, null, null, "1 × the customer's application"),
        new(V, Mq, [new("mq-broker", 4)], 11, null, null, "1 × 2c4g80G"),
        new(V, Drds, [new("drds-server", 6), new("jingwei", 2)], 14, null, null, "simple 1 × 2c4g80G; normal 3 databases 8c16g500G; production with the customer"),
        new(V, Gts, [new("txc-server", 1)], 0, null, null, "delivered only with other products"),
    ];

    public static readonly IReadOnlyList<PublishedTotal> Totals =
    [
        new(Edas, false, 49, 64, 396, 2_350),
        new(Drds, false, 46, 190, 270, 2_100),
        new(Mq, false, 48, 143, 383, 2_100),
        new(DbPaas, false, 12, 64, 128, 3_600),
        new(DbPaas, true, 21, 108, 216, 6_000),
    ];

    /// <summary>The products that a mode's table of single products has.</summary>
    public static PublishedSingle? Single(SiteMode mode, string product) => Singles.FirstOrDefault(s => s.Mode == mode && s.Product == product);

    public static PublishedTotal? Total(string product, bool disasterRecovery) => Totals.FirstOrDefault(t => t.Product == product && t.DisasterRecovery == disasterRecovery);
}
