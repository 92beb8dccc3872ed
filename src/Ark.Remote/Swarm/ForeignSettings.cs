using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>Names every setting in which a service of Swarm differs from the one that Ark would write, whatever it is.</summary>
internal static class ForeignSettings
{
    private const string Container = "TaskTemplate.ContainerSpec.";

    /// <summary>What the engine or its command line fills in by itself, and what says nothing about the instance.</summary>
    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["TaskTemplate.Runtime"] = "container",
        [Container + "Isolation"] = "default",
        [Container + "StopGracePeriod"] = "00:00:10",
        ["RollbackConfig.Monitor"] = "00:00:05",
    };

    /// <summary>Lists whose order means something; all others are sets.</summary>
    private static readonly HashSet<string> Sequences = [Container + "Command", Container + "Args", Container + "Healthcheck.Test"];

    /// <summary>True for specs that are the same to the letter; false proves nothing.</summary>
    public static bool Same(Engine.ServiceSpec actual, Engine.ServiceSpec expected) =>
        JsonSerializer.SerializeToUtf8Bytes(actual, DockerSpecJson.Default.ServiceSpec).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(expected, DockerSpecJson.Default.ServiceSpec));

    /// <param name="networks">Name of each network by id: Swarm answers with ids where names were written.</param>
    /// <returns>Sorted, <c>path=value</c> as it is, or <c>path absent</c>.</returns>
    public static IReadOnlyList<string> Compare(Engine.ServiceSpec actual, Engine.ServiceSpec expected, IReadOnlyDictionary<string, string> networks)
    {
        var found = Flatten(actual, networks);
        var wanted = Flatten(expected, networks);
        List<string> differences = [];
        foreach (var (path, value) in found)
            if (!wanted.TryGetValue(path, out var other) || other != value)
                differences.Add($"{path}={value}");
        foreach (var path in wanted.Keys)
            if (!found.ContainsKey(path))
                differences.Add($"{path} absent");
        differences.Sort(StringComparer.Ordinal);
        return differences;
    }

    private static Dictionary<string, string> Flatten(Engine.ServiceSpec spec, IReadOnlyDictionary<string, string> networks)
    {
        var tree = JsonSerializer.SerializeToNode(spec, DockerSpecJson.Default.ServiceSpec)!.AsObject();
        var task = tree["TaskTemplate"]?.AsObject();
        task?.Remove("ForceUpdate");
        foreach (var network in task?["Networks"]?.AsArray() ?? [])
            if (network?["Target"]?.GetValue<string>() is { } target && networks.TryGetValue(target, out var name))
                network["Target"] = name;
        Dictionary<string, string> leaves = [];
        Walk(tree, "", leaves);
        foreach (var seen in leaves.Keys.Where(k => k[0] == '#').ToList())
            leaves.Remove(seen);
        return leaves;
    }

    private static void Walk(JsonNode? node, string path, Dictionary<string, string> leaves)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                    Walk(value, path.Length == 0 ? name : $"{path}.{name}", leaves);
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                    WalkItem(items[i], path, i, leaves);
                break;
            case JsonValue leaf when leaf.ToString() is var text && !MeansNothing(path, leaf, text):
                leaves[path] = text;
                break;
        }
    }

    private static void WalkItem(JsonNode? item, string path, int index, Dictionary<string, string> leaves)
    {
        if (item is not JsonObject fields)
        {
            var text = item?.ToString() ?? "";
            if (Sequences.Contains(path))
                leaves[$"{path}[{index}]"] = text;
            else if (path == Container + "Env" && text.IndexOf('=') is var i and > 0)
                leaves[Unique($"{path}[{text[..i]}]", leaves)] = text[(i + 1)..];
            else
                leaves[Unique($"{path}[{text}]", leaves)] = "yes";
            return;
        }

        var key = (fields["Target"] ?? fields["File"]?["Name"] ?? fields["Name"])?.ToString() ?? $"{index}";
        Walk(item, Unique($"{path}[{key}]", leaves), leaves);
    }

    /// <summary>The second item of the same key is not lost behind the first.</summary>
    private static string Unique(string path, Dictionary<string, string> leaves)
    {
        var unique = path;
        for (var n = 2; !leaves.TryAdd("#" + unique, ""); n++)
            unique = $"{path}#{n}";
        return unique;
    }

    private static bool MeansNothing(string path, JsonValue leaf, string text) =>
        leaf.GetValueKind() switch
        {
            JsonValueKind.Null or JsonValueKind.False => path != "TaskTemplate.ContainerSpec.Init",
            JsonValueKind.Number => text is "0" && path != "Mode.Replicated.Replicas",
            JsonValueKind.String => text.Length == 0 || text == "00:00:00" || (Defaults.TryGetValue(path, out var usual) && usual == text),
            _ => false,
        };
}

/// <summary>The JSON of Docker's service specs, for comparisons only (durations are texts).</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Engine.ServiceSpec))]
[JsonSerializable(typeof(Engine.TaskSpec))]
internal sealed partial class DockerSpecJson : JsonSerializerContext;
