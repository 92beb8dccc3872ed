using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ark.Core;
using Ark.Web.Accounts;
using Ark.Web.Answers;

namespace Ark.Panama.Features.Baselines;

/// <summary>What changed from one baseline to another.</summary>
public static class CompareBaselines
{
    /// <summary>One field that differs: <c>count.default</c>, <c>parameters.memory.max</c>.</summary>
    /// <param name="From">Null where it was not.</param>
    /// <param name="To">Null where it is no more.</param>
    public sealed record Change(string Field, string? From, string? To);

    public sealed record ComponentChange(string Component, IReadOnlyList<Change> Changes);

    /// <param name="Baseline">What differs in title, line, products and built images.</param>
    /// <param name="Added">Components that only the second has.</param>
    /// <param name="Removed">Components that only the first has.</param>
    /// <param name="Changed">Components of both that differ, field by field.</param>
    public sealed record Comparison(
        BaselineBranch From, BaselineBranch To, IReadOnlyList<Change> Baseline, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<ComponentChange> Changed);

    /// <summary>Texts longer than this, or of several lines, are told by their number of lines and their hash.</summary>
    private const int MaxText = 300;

    public static async Task<Answer<Comparison>> HandleAsync(Actor actor, BaselineStore store, string from, string to, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var (first, second) = (await store.ReadAsync(from, cancellation), await store.ReadAsync(to, cancellation));
        if (!first.Ok || !second.Ok)
            return Refusal.Invalid([.. At("from", first), .. At("to", second)]);
        var (before, after) = (first.Value.Baseline, second.Value.Baseline);
        var shared = before.Components.Select(c => c.Name).Intersect(after.Components.Select(c => c.Name)).ToList();
        return new Comparison(
            first.Value.Branch, second.Value.Branch,
            Between(new { before.Title, before.Line, before.Products, before.Images, before.SuppliedImages }, new { after.Title, after.Line, after.Products, after.Images, after.SuppliedImages }),
            [.. after.Components.Select(c => c.Name).Except(shared)],
            [.. before.Components.Select(c => c.Name).Except(shared)],
            [.. shared.Select(n => new ComponentChange(n, Between(before.Find(n)!, after.Find(n)!))).Where(c => c.Changes.Count > 0)]);
    }

    private static IEnumerable<Problem> At(string field, Outcome<BaselineVersion> read) => read.Ok ? [] : read.Problems.Select(p => p with { Place = field, Message = p.Place.Length > 0 ? $"{p.Place}: {p.Message}" : p.Message });

    private static List<Change> Between(object before, object after)
    {
        var (mine, theirs) = (Flat(before), Flat(after));
        return [.. mine.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal).Where(k => mine.GetValueOrDefault(k) != theirs.GetValueOrDefault(k))
            .Select(k => new Change(k, mine.GetValueOrDefault(k), theirs.GetValueOrDefault(k)))];
    }

    private static Dictionary<string, string> Flat(object value)
    {
        Dictionary<string, string> fields = [];
        Walk("", JsonSerializer.SerializeToNode(value, value.GetType(), Differences.Json), fields);
        return fields;
    }

    private static void Walk(string path, JsonNode? node, Dictionary<string, string> fields)
    {
        if (node is JsonObject map)
        {
            foreach (var (key, value) in map)
                Walk(path.Length == 0 ? key : $"{path}.{key}", value, fields);
        }
        else if (node is JsonArray list && list.All(i => i is JsonObject) && list.Select(NameOf).Distinct().Count() == list.Count)
        {
            foreach (var item in list)
                Walk($"{path}.{NameOf(item)}", item, fields);
        }
        else if (node is not null)
        {
            fields[path] = Show(node is JsonArray texts && texts.All(t => t is JsonValue) ? string.Join(", ", texts.Select(Text)) : Text(node));
        }
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node!.ToJsonString(Differences.Json);

    /// <summary>What an item of a list is called by; what has no name is called by its place.</summary>
    private static string NameOf(JsonNode? item) =>
        ((item as JsonObject)?["name"] ?? (item as JsonObject)?["source"])?.ToString() ?? (item!.Parent as JsonArray)!.IndexOf(item).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Show(string text) => text.Length <= MaxText && !text.Contains('\n', StringComparison.Ordinal)
        ? text
        : $"{text.Split('\n').Length} lines, {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}";
}
