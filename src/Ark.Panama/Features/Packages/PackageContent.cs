using System.Text.Json;
using System.Text.Json.Nodes;
using Ark.Panama.Features.Tasks;
using Ark.Web.Answers;

namespace Ark.Panama.Features.Packages;

/// <summary>What a package is made of, so that two of them can be compared.</summary>
public sealed record PackageContent(string Domain, string Line, string Baseline, TaskDesign Design, IReadOnlyDictionary<string, string> Variables)
{
    public static PackageContent Of(ShowTask.View task) => new(task.Domain, task.Line, task.Baseline, task.Design.Clean(), task.Variables);

    public static PackageContent Read(string json) => JsonSerializer.Deserialize<PackageContent>(json, Differences.Json)!;

    public string Write() => JsonSerializer.Serialize(this, Differences.Json);

    /// <summary>Field to value, down to the single parameter: <c>design.components.cache.parameters.maxmemory</c>. A component that says nothing has one too.</summary>
    public IReadOnlyDictionary<string, string> Fields()
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Flatten("", JsonSerializer.SerializeToNode(this, Differences.Json)!.AsObject(), fields);
        return fields;
    }

    private static void Flatten(string prefix, JsonObject node, SortedDictionary<string, string> fields)
    {
        foreach (var (key, value) in node)
        {
            var path = prefix.Length == 0 ? key : $"{prefix}.{key}";
            if (value is JsonObject inner)
            {
                if (prefix == "design.components")
                    fields[path] = "";
                Flatten(path, inner, fields);
            }
            else if (value is not null)
            {
                fields[path] = value.ToString();
            }
        }
    }
}
