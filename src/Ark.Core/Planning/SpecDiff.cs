using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ark.Core.Planning;

/// <summary>The difference between a service as it is and as it should be, field by field.</summary>
public static class SpecDiff
{
    public static bool Same(ServiceSpec wanted, ServiceFacts service) =>
        service.Foreign.Count == 0 && wanted.Hash() == service.Spec.Hash() && service.WrittenHash == wanted.Hash();

    /// <summary>What is and will go: <c>environment.LEVEL=debug</c>.</summary>
    public static IReadOnlyList<string> Before(ServiceFacts service, ServiceSpec wanted) =>
        [.. Lines(Fields(service.Spec), Fields(wanted)), .. service.Foreign.Select(f => f + " (set by hand)"),
         .. WrittenElsewhere(service, wanted) ? ["label ark.spec=" + service.WrittenHash] : Array.Empty<string>()];

    /// <summary>What will be.</summary>
    public static IReadOnlyList<string> After(ServiceFacts service, ServiceSpec wanted) =>
        [.. Lines(Fields(wanted), Fields(service.Spec)),
         .. WrittenElsewhere(service, wanted) ? ["label ark.spec=" + wanted.Hash()] : Array.Empty<string>()];

    /// <summary>Every property that differs: its path, what is, what should be; empty where there is nothing.</summary>
    public static IReadOnlyList<(string Property, string Is, string Wanted)> Changes(ServiceFacts service, ServiceSpec wanted)
    {
        var (these, those) = (Fields(service.Spec), Fields(wanted));
        return
        [
            .. these.Keys.Union(those.Keys).Order(StringComparer.Ordinal).Select(k => (k, these.GetValueOrDefault(k, ""), those.GetValueOrDefault(k, ""))).Where(f => f.Item2 != f.Item3),
            .. service.Foreign.Select(f => (f.Split('=')[0], f.Contains('=', StringComparison.Ordinal) ? f[(f.IndexOf('=', StringComparison.Ordinal) + 1)..] + " (set by hand)" : "set by hand", "")),
            .. WrittenElsewhere(service, wanted) ? [("labels." + ArkLabels.Spec, service.WrittenHash, wanted.Hash())] : Array.Empty<(string, string, string)>(),
        ];
    }

    /// <summary>True where only Ark's own label was changed by hand.</summary>
    private static bool WrittenElsewhere(ServiceFacts service, ServiceSpec wanted) =>
        service.WrittenHash != wanted.Hash() && service.Spec.Hash() == wanted.Hash();

    private static IEnumerable<string> Lines(SortedDictionary<string, string> these, SortedDictionary<string, string> those) =>
        these.Where(f => those.GetValueOrDefault(f.Key) != f.Value).Select(f => $"{f.Key}={f.Value}");

    /// <summary>The spec flattened to paths and texts.</summary>
    private static SortedDictionary<string, string> Fields(ServiceSpec spec)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Flatten("", JsonSerializer.SerializeToNode(spec, PlanJson.Default.ServiceSpec), fields);
        return fields;
    }

    private static void Flatten(string path, JsonNode? node, SortedDictionary<string, string> fields)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map)
                    Flatten(path.Length == 0 ? key : $"{path}.{key}", value, fields);
                break;
            case JsonArray list when list.All(e => e is JsonObject o && (o["target"] ?? o["name"]) is not null):
                foreach (var item in list)
                    Flatten($"{path}[{item!["target"] ?? item["name"]}]", item, fields);
                break;
            case JsonArray list:
                fields[path] = list.ToJsonString();
                break;
            case not null:
                fields[path] = node.ToString();
                break;
        }
    }
}
