using Ark.Core.Sites;
using static Ark.Core.Sizing.SizedProducts;

namespace Ark.Core.Sizing;

/// <summary>A request that was judged: products known and in order, loads as numbers (0: nothing asked).</summary>
internal sealed record Demand(
    IReadOnlyList<string> Products, SizingRequest Request, long Messages, long Cores, long Tps, long IndexTps, long EdasNodes)
{
    /// <summary>Above it a number is a slip of the pen; it also keeps sums within bounds.</summary>
    public const long MostLoad = 100_000_000;

    private static readonly string[] Parts = ["(", ")", "+", ",", " "];

    public SiteMode Mode => Request.Mode;

    public bool IsPhysical => Mode == SiteMode.Physical;

    public bool IsTrial => Request.Edition == Edition.Trial;

    public bool IsPoc => Request.Purpose == Purpose.Poc;

    public bool Has(string product) => Products.Contains(product);

    /// <summary>The products of a published row, with nothing asked of them but that they are there.</summary>
    public static Demand Of(SiteMode mode, IReadOnlyList<string> products) =>
        new([.. All.Where(products.Contains)], new() { Products = products, Mode = mode }, 0, 0, 0, 0, 0);

    /// <summary>The demand, or every problem of the request; warnings for products that §5 has no rule for.</summary>
    public static Outcome<Demand> Read(SizingRequest request)
    {
        List<Problem> problems = [];
        var products = ReadProducts(request.Products, problems);
        var load = request.Load;
        CheckEdition(request, products, problems);
        CheckUnsized(request, products, problems);
        if (request.ArmsMachine is { } arms && ArmsType(arms) is null)
            problems.Add(new("unknown-machine", "armsMachine", $"ARMS does not stand on '{arms}'.", "Q48 or Q46.22"));
        else if (request.ArmsMachine is not null && request.Mode == SiteMode.Vm)
            problems.Add(new("physical-only", "armsMachine", "In VM mode machines are VMs of 8 cores and 32 GB.", "leave it out"));
        else if (request.ArmsMachine is not null)
            Of(Arms, "armsMachine");
        if (request.FastLogs) Of(Edas, "fastLogs");
        if (request.DisasterRecovery && !products.Contains(Drds)) Of(DbPaas, "disasterRecovery");

        Loaded(Mq, "messages", load.Messages);
        Loaded(Drds, "qps", load.Qps);
        Loaded(Drds, "drdsCores", load.DrdsCores);
        Loaded(Drds, "tps", load.Tps);
        Loaded(Drds, "indexTps", load.IndexTps);
        Loaded(Edas, "edasNodes", load.EdasNodes);
        var cores = Math.Max(load.DrdsCores ?? 0, Ceiling(load.Qps ?? 0, 2_000));
        if (request.Edition == Edition.Trial) CheckTrial(request, cores, problems);
        if (problems.Any(p => p.Severity == Severity.Error))
            return Outcome<Demand>.Fail(problems);
        var sized = products.Where(p => IsSized(p, request.Mode, products) && (p != DbPaas || !products.Contains(Drds)));
        return Outcome<Demand>.Of(new([.. sized], request, load.Messages ?? 0, cores, load.Tps ?? 0, load.IndexTps ?? 0, load.EdasNodes ?? 0), problems);

        void Loaded(string product, string place, long? value)
        {
            if (value is null) return;
            if (value is < 1 or > MostLoad)
                problems.Add(new("bad-load", place, $"{value} is no load.", $"a whole number from 1 to {MostLoad}, or leave it out"));
            Of(product, place);
        }

        void Of(string product, string place)
        {
            if (!products.Contains(product))
                problems.Add(new("no-such-product-in-mix", place, $"It is {product}'s, which is not among the products.", $"add {product}, or leave it out"));
        }
    }

    public static long Ceiling(long value, long per) => (value + per - 1) / per;

    /// <summary>The machine of ARMS by name, or null.</summary>
    public static MachineType? ArmsType(string name) => name.ToUpperInvariant() switch
    {
        "Q48" => MachineTypes.Arms,
        "Q46" or "Q46.22" => MachineTypes.Ordinary,
        _ => null,
    };

    private static List<string> ReadProducts(IReadOnlyList<string> texts, List<Problem> problems)
    {
        HashSet<string> found = [];
        foreach (var word in texts.SelectMany(t => t.Split(Parts, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var name = word.Equals("TXC", StringComparison.OrdinalIgnoreCase) ? Gts : All.FirstOrDefault(p => p.Equals(word, StringComparison.OrdinalIgnoreCase));
            if (name is not null)
            {
                found.Add(name);
                continue;
            }

            var hint = Nearest.Hint(word, All);
            var shown = word.Length > 40 ? word[..40] + "…" : word;
            problems.Add(new("unknown-product", "products", $"There is no product '{shown}'.", hint.Length > 0 ? hint : $"there are {string.Join(", ", All)}; TXC is GTS"));
        }

        if (found.Count == 0 && problems.Count == 0)
            problems.Add(new("no-products", "products", "No product is named.", "name some of " + string.Join(", ", All)));
        if (found.Count == 1 && found.Contains(Gts))
            problems.Add(new("not-alone", "products", "GTS is delivered only with other products (§5).", "add the products that use it"));
        return [.. All.Where(found.Contains)];
    }

    private static void CheckEdition(SizingRequest request, List<string> products, List<Problem> problems)
    {
        if (request.Edition != Edition.Trial)
            return;
        if (request.Mode == SiteMode.Vm)
            problems.Add(new("trial-in-vm", "edition", "The trial edition is described for physical machines only (§5.1).", "take the standard edition, or physical mode"));
        if (request.Purpose == Purpose.Production)
            problems.Add(new("trial-in-production", "purpose", "The trial edition is not for high performance or availability (§5.1).", "take the standard edition, or purpose poc"));
        foreach (var product in products.Where(p => p is Arms or HiTsdb || (p == DbPaas && !products.Contains(Drds))))
            problems.Add(new("not-in-trial", "products", $"The trial edition has no {product} (§5.1).", "take the standard edition, or leave it out"));
        if (request.FastLogs)
            problems.Add(new("not-in-trial", "fastLogs", "HBase on machines of its own is the standard edition's (§5.1).", "take the standard edition"));
        if (request.DisasterRecovery)
            problems.Add(new("not-in-trial", "disasterRecovery", "Disaster recovery is not the trial edition's, which promises no availability (§5.1).", "take the standard edition"));
    }

    private static void CheckTrial(SizingRequest request, long cores, List<Problem> problems)
    {
        Most("messages", request.Load.Messages, PublishedTables.Editions[0].Messages, "messages/s");
        Most(request.Load.DrdsCores >= cores ? "drdsCores" : "qps", cores, PublishedTables.Editions[0].DrdsCores, "cores of DRDS instances");
        Most("edasNodes", request.Load.EdasNodes, PublishedTables.Editions[0].EdasNodes!.Value, "EDAS service nodes");
        if (request.Load.Tps is not null) problems.Add(new("not-in-trial", "tps", "Expansion and import at a given rate is the standard edition's (§5.1).", "take the standard edition"));
        if (request.Load.IndexTps is not null) problems.Add(new("not-in-trial", "indexTps", "Heterogeneous indexes and small-table broadcast are the standard edition's (§5.1).", "take the standard edition"));

        void Most(string place, long? value, int most, string what)
        {
            if (value > most)
                problems.Add(new("beyond-trial", place, $"{value} {what}: the trial edition carries up to {most} (§5.1).", "take the standard edition"));
        }
    }

    /// <summary>§5 has no row for HiTSDB, and for DBPaaS without DRDS only the VMs' totals.</summary>
    private static void CheckUnsized(SizingRequest request, List<string> products, List<Problem> problems)
    {
        var unsized = products.Where(p => !IsSized(p, request.Mode, products)).ToList();
        if (unsized.Count == 0)
            return;
        var (ending, severity) = unsized.Count == products.Count ? (".", Severity.Error) : (": the plan holds the rest only.", Severity.Warning);
        foreach (var product in unsized)
        {
            var what = product == DbPaas ? "DBPaaS without DRDS on physical machines" : product;
            problems.Add(new("no-rule", "products", $"§5 has no size for {what}{ending}", "ask its owner for machines", severity));
        }
    }

    private static bool IsSized(string product, SiteMode mode, List<string> products) => product switch
    {
        HiTsdb => false,
        DbPaas => mode == SiteMode.Vm || products.Contains(Drds),
        _ => true,
    };
}
