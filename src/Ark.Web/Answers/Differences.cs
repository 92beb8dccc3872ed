using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ark.Web.Answers;

/// <summary>Compares what was sent with what stands there now, field by field, in the words of the API.</summary>
public static class Differences
{
    /// <summary>How the API writes JSON; the audit writes the same.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Fields that both have and that differ; those of an object one by one: <c>variables.vlan_id</c>.</summary>
    public static IReadOnlyList<Difference> Between(object yours, object theirs)
    {
        List<Difference> found = [];
        Compare("", JsonSerializer.SerializeToNode(yours, Json)!.AsObject(), JsonSerializer.SerializeToNode(theirs, Json)!.AsObject(), found, both: true);
        return found;
    }

    private static void Compare(string prefix, JsonObject yours, JsonObject theirs, List<Difference> found, bool both)
    {
        foreach (var field in yours.Select(f => f.Key).Union(theirs.Select(f => f.Key)))
        {
            if (field == "version" || (both && !(yours.ContainsKey(field) && theirs.ContainsKey(field))))
                continue;
            var (mine, other) = (yours[field], theirs[field]);
            if (mine is JsonObject a && other is JsonObject b)
                Compare($"{prefix}{field}.", a, b, found, both: false);
            else if (!JsonNode.DeepEquals(mine, other))
                found.Add(new(prefix + field, Text(mine), Text(other)));
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString(Json);
}
