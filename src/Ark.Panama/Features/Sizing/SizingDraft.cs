using System.Globalization;
using Ark.Core;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Microsoft.AspNetCore.WebUtilities;
using static Ark.Core.Sizing.SizedProducts;

namespace Ark.Panama.Features.Sizing;

/// <summary>A variant as its form holds it and as the page's address keeps it: what was ticked and typed, right or wrong, by the fields of the request.</summary>
public sealed record SizingDraft(IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Letters of the variants, as many as there can be.</summary>
    public const string Letters = "abc";

    /// <summary>Fields of the load and the product that each is of.</summary>
    public static readonly IReadOnlyList<(string Field, string Product)> Loads =
        [("messages", Mq), ("qps", Drds), ("drdsCores", Drds), ("tps", Drds), ("indexTps", Drds), ("edasNodes", Edas)];

    private const int MaxValue = 100;

    private static readonly IReadOnlyList<string> Fields = ["products", "mode", "edition", "purpose", .. Loads.Select(l => l.Field), "fastLogs", "disasterRecovery", "armsMachine", "drdsTest"];

    public static SizingDraft Empty { get; } = new(new Dictionary<string, string>());

    public IReadOnlyList<string> Products => [.. All.Where(Of("products").Split(' ').Contains)];

    public SiteMode Mode => Word<SiteMode>("mode", SiteMode.Physical);

    public Edition Edition => Word("edition", Edition.Standard);

    public Purpose Purpose => Word("purpose", Purpose.Production);

    public string Of(string field) => Values.GetValueOrDefault(field, "");

    public SizingDraft With(string field, string? value) =>
        new(Values.Where(v => v.Key != field).Append(new(field, value?.Trim() ?? "")).Where(v => v.Value.Length > 0).ToDictionary());

    public SizingDraft Ticked(string product, bool there) =>
        With("products", string.Join(' ', All.Where(p => p == product ? there : Products.Contains(p))));

    /// <summary>A field is there only where the rest of the form has a use for it; what was typed into it before is then not asked for.</summary>
    public bool Asks(string field) => field switch
    {
        "fastLogs" => Products.Contains(Edas),
        "disasterRecovery" => Products.Contains(Drds) || Products.Contains(DbPaas),
        "armsMachine" => Products.Contains(Arms) && Mode == SiteMode.Physical,
        "drdsTest" => Products is [Drds] or [Drds, DbPaas] && Purpose == Purpose.Poc,
        _ => Loads.Any(l => l.Field == field && Products.Contains(l.Product)),
    };

    /// <summary>The request, and the loads that are no whole numbers.</summary>
    public (SizingRequest Request, IReadOnlyList<Problem> Problems) ToRequest()
    {
        List<Problem> problems = [];
        return (new()
        {
            Products = Products, Mode = Mode, Edition = Edition, Purpose = Purpose,
            Load = new() { Messages = Load("messages"), Qps = Load("qps"), DrdsCores = Load("drdsCores"), Tps = Load("tps"), IndexTps = Load("indexTps"), EdasNodes = Load("edasNodes") },
            FastLogs = Asks("fastLogs") && Of("fastLogs").Length > 0,
            DisasterRecovery = Asks("disasterRecovery") && Of("disasterRecovery").Length > 0,
            ArmsMachine = Asks("armsMachine") && Of("armsMachine") is { Length: > 0 } machine ? machine : null,
            DrdsTest = Word("drdsTest", DrdsTest.Normal),
        }, problems);

        long? Load(string field)
        {
            if (!Asks(field) || Of(field).Length == 0)
                return null;
            if (long.TryParse(Of(field), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var load))
                return load;
            problems.Add(new("bad-load", $"load.{field}", $"'{Of(field)}' is no whole number.", "write for example 20000, or leave it out"));
            return null;
        }
    }

    /// <summary>The page's address with all variants in it.</summary>
    public static string Address(IReadOnlyList<SizingDraft> variants) => QueryHelpers.AddQueryString("/sizing",
        variants.SelectMany((v, i) => v.Values.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new KeyValuePair<string, string?>($"{Letters[i]}.{f.Key}", f.Value))));

    /// <summary>The variants of an address; one empty one where there is none.</summary>
    public static IReadOnlyList<SizingDraft> Read(string address)
    {
        var given = QueryHelpers.ParseQuery(new Uri(address).Query);
        IReadOnlyList<SizingDraft> found =
        [
            .. Letters.Select(letter => Fields.Aggregate(Empty, (draft, field) =>
                given.TryGetValue($"{letter}.{field}", out var value) && value.ToString() is { Length: <= MaxValue } text ? draft.With(field, text) : draft)).Where(d => d.Values.Count > 0),
        ];
        return found.Count > 0 ? found : [Empty];
    }

    private T Word<T>(string field, T otherwise) where T : struct, Enum =>
        Enum.TryParse<T>(Of(field), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : otherwise;
}
