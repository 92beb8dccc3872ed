using Ark.Core.Sites;

namespace Ark.Core.Sizing;

/// <summary>Trial: few machines, shared by all. Standard: highly available, service and control apart (spec §5.1).</summary>
public enum Edition { Trial, Standard }

/// <summary>A proof of concept, or production.</summary>
public enum Purpose { Poc, Production }

/// <summary>How DRDS alone is tried: on one small machine, or on three databases (spec §5.1).</summary>
public enum DrdsTest { Simple, Normal }

/// <summary>What a customer wants, as written; <see cref="Sizer.Plan"/> judges it.</summary>
public sealed record SizingRequest
{
    /// <summary>Names of products as in <see cref="SizedProducts.All"/>, in any case; <c>TXC</c> is GTS. One text may join several: <c>EDAS+MQ+DRDS(DBPaaS)</c>.</summary>
    public required IReadOnlyList<string> Products { get; init; }

    public SiteMode Mode { get; init; } = SiteMode.Physical;

    public Edition Edition { get; init; } = Edition.Standard;

    public Purpose Purpose { get; init; } = Purpose.Production;

    public SizingLoad Load { get; init; } = new();

    /// <summary>EDAS log processing of high performance: HBase on machines of its own (spec §5.1).</summary>
    public bool FastLogs { get; init; }

    /// <summary>DBPaaS with disaster recovery (spec §5.2).</summary>
    public bool DisasterRecovery { get; init; }

    /// <summary>Physical machines of ARMS: <c>Q48</c> or <c>Q46.22</c>; null: Q48, the ARMS machine.</summary>
    public string? ArmsMachine { get; init; }

    public DrdsTest DrdsTest { get; init; } = DrdsTest.Normal;
}

/// <summary>What must be carried; null: what the smallest arrangement carries is enough.</summary>
public sealed record SizingLoad
{
    /// <summary>Messages a second through MQ.</summary>
    public long? Messages { get; init; }

    /// <summary>Queries a second to DRDS.</summary>
    public long? Qps { get; init; }

    /// <summary>Cores of all DRDS instances together.</summary>
    public long? DrdsCores { get; init; }

    /// <summary>Transactions a second that jingwei moves for database expansion and import.</summary>
    public long? Tps { get; init; }

    /// <summary>Transactions a second that jingwei moves for heterogeneous indexes and small-table broadcast.</summary>
    public long? IndexTps { get; init; }

    /// <summary>EDAS service nodes; the customer brings them.</summary>
    public long? EdasNodes { get; init; }
}

/// <summary>The products that §4 of the spec knows.</summary>
public static class SizedProducts
{
    public const string Edas = "EDAS", Drds = "DRDS", Mq = "MQ", Csb = "CSB", Arms = "ARMS", Gts = "GTS", HiTsdb = "HiTSDB", DbPaas = "DBPaaS";

    /// <summary>In the order in which mixes are written.</summary>
    public static readonly IReadOnlyList<string> All = [Edas, Mq, Drds, Gts, Csb, Arms, HiTsdb, DbPaas];
}
