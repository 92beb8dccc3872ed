using System.Globalization;
using System.Text;
using System.Text.Json;
using Ark.Core;
using Ark.Core.Secrets;
using Ark.Core.Sites;
using Ark.Web.Answers;

namespace Ark.Panama.Features.Tasks;

/// <summary>
/// The environment variables of a task: the keys of <c>ark.properties</c>, checked by the console's own reader. Line, domain and id are the
/// task's own and stand in its form.
/// </summary>
public static class TaskVariables
{
    /// <summary>Keys that follow from the task itself.</summary>
    private static readonly IReadOnlyList<string> FromTask = ["schema", "aliware_version", "domain", "task_id"];

    private const int MaxValue = 20_000;

    /// <summary>In the order in which the form shows them.</summary>
    public static IReadOnlyList<SiteProperty> All { get; } = [.. SiteProperty.All.Where(p => !FromTask.Contains(p.Key))];

    /// <summary>
    /// Everything that is wrong or worth a warning, each at its field: <c>variables.vlan_id</c>, <c>domain</c>. A task passes when none is an error.
    /// </summary>
    public static IReadOnlyList<Problem> Check(string line, string domain, IReadOnlyDictionary<string, string> variables)
    {
        var problems = Refused(variables).ToList();
        var (text, keys) = Properties(line, domain, variables);
        problems.AddRange(SiteReader.Read(text, "ark.properties").Problems.Select(p => p with { Place = FieldOf(p.Place, keys) }));
        return problems;
    }

    /// <summary>What is not even kept: keys that do not exist, values without end, and secrets in clear.</summary>
    public static IEnumerable<Problem> Refused(IReadOnlyDictionary<string, string> variables)
    {
        foreach (var (key, value) in variables)
        {
            if (All.All(p => p.Key != key))
                yield return new("unknown-key", "variables", "There is no environment variable of that name.", Nearest.Hint(key, [.. All.Select(p => p.Key)]));
            else if (value.Length > MaxValue)
                yield return new("too-long", $"variables.{key}", $"{key} is longer than {MaxValue} characters.");
            else if (SiteProperty.Secrets.Contains(key) && value.Trim() is { Length: > 0 } secret && !Vault.IsEncrypted(secret))
                yield return new("clear-secret", $"variables.{key}", $"{key} stands in clear, and Panama keeps no secret.", "leave it empty: the console asks for it; or write what `ark secret encrypt` gives");
        }
    }

    /// <summary>The text of <c>ark.properties</c>: what has a value, in the order in which a file is best written; the same for the same task.</summary>
    public static string File(long id, string line, string domain, IReadOnlyDictionary<string, string> variables)
    {
        var text = new StringBuilder();
        foreach (var key in SiteProperty.All.Select(p => p.Key))
        {
            var value = key == "task_id" ? id.ToString(CultureInfo.InvariantCulture) : ValueOf(key, line, domain, variables);
            if (value.Length > 0)
                text.Append(PropertiesWriter.Line(key, value)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Without empty values.</summary>
    public static Dictionary<string, string> Clean(IReadOnlyDictionary<string, string> variables) =>
        variables.Where(v => !string.IsNullOrWhiteSpace(v.Value)).OrderBy(v => v.Key, StringComparer.Ordinal).ToDictionary(v => v.Key, v => v.Value.Trim());

    public static string Write(IReadOnlyDictionary<string, string> variables) => JsonSerializer.Serialize(variables, Differences.Json);

    public static Dictionary<string, string> Read(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json, Differences.Json)!;

    /// <summary>One key a line, those without a value too, so that what is missing is told at its line; what physical mode alone knows stays out elsewhere.</summary>
    private static (string Text, IReadOnlyList<string> Keys) Properties(string line, string domain, IReadOnlyDictionary<string, string> variables)
    {
        var physical = variables.GetValueOrDefault("mode")?.Trim().Equals("physical", StringComparison.OrdinalIgnoreCase) == true;
        List<string> keys = [];
        var text = new StringBuilder();
        foreach (var key in SiteProperty.All.Select(p => p.Key))
        {
            var value = ValueOf(key, line, domain, variables);
            var secret = SiteProperty.Secrets.Contains(key) && !Vault.IsEncrypted(value);
            if (secret || (value.Length == 0 && !physical && SiteProperty.PhysicalOnly.Contains(key)))
                continue;
            keys.Add(key);
            text.Append(PropertiesWriter.Line(key, value)).Append('\n');
        }

        return (text.ToString(), keys);
    }

    private static string ValueOf(string key, string line, string domain, IReadOnlyDictionary<string, string> variables) => key switch
    {
        "schema" => SiteProperty.Schema.ToString(CultureInfo.InvariantCulture),
        "aliware_version" => $"{line}.x",
        "domain" => domain,
        _ => variables.GetValueOrDefault(key, "").Trim(),
    };

    private static string FieldOf(string place, IReadOnlyList<string> keys)
    {
        var colon = place.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line) || line > keys.Count)
            return "variables";
        return keys[line - 1] switch { "aliware_version" => "line", "domain" => "domain", var key => $"variables.{key}" };
    }
}
