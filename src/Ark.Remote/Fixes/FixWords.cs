using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Core.Fixes;
using Ark.Core.Planning;

namespace Ark.Remote.Fixes;

/// <summary>What a machine keeps of a change in words.</summary>
internal static partial class FixWords
{
    public static string Write(Step step) => JsonSerializer.Serialize(new Kept(step.Id[(step.Id.IndexOf(':', step.Id.IndexOf(':') + 1) + 1)..], step.Before, step.After, ((ApplyFix)step.Work).Checks), KeptJson.Default.Kept);

    /// <summary>Reads what <see cref="FixScripts.List"/> printed.</summary>
    public static IReadOnlyList<FixRecord> Records(string machine, IReadOnlyList<string[]> lines)
    {
        List<FixRecord> records = [];
        foreach (var line in lines)
        {
            if (line is ["change", var step, var whole, var words] && step.Split('/') is [var run, var number])
            {
                var kept = JsonSerializer.Deserialize(Encoding.UTF8.GetString(Convert.FromBase64String(words)), KeptJson.Default.Kept)!;
                records.Add(new(machine, run, int.Parse(number, System.Globalization.CultureInfo.InvariantCulture), kept.Target, kept.Before, kept.After, [], whole == "yes"));
            }
            else if (line is ["moved", var path, var there] && records.Count > 0)
            {
                records[^1] = records[^1] with { Moved = [.. records[^1].Moved, new(path, there)] };
            }
        }

        return records;
    }

    internal sealed record Kept(string Target, string Before, string After, IReadOnlyList<string> Checks);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Kept))]
    internal sealed partial class KeptJson : JsonSerializerContext;
}
