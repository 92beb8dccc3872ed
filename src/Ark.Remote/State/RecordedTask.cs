using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Core;

namespace Ark.Remote.State;

/// <summary>A task as it was applied, and the secrets that were generated for it.</summary>
/// <param name="Version">Counts up with every record.</param>
/// <param name="Secrets">Component to parameter to value.</param>
public sealed record RecordedTask(string Task, int Version, string Text, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>> Secrets)
{
    /// <summary>Instance to its address of the pool, as it was given; empty in VM mode.</summary>
    public IReadOnlyDictionary<string, IPAddress> Addresses { get; init; } = new Dictionary<string, IPAddress>();

    /// <summary>Clear bytes, to be encrypted at once.</summary>
    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        new TaskContent(
            Text,
            Secrets.ToDictionary(c => c.Key, c => c.Value.ToDictionary(p => p.Key, p => p.Value.Reveal())),
            Addresses.Count == 0 ? null : Addresses.OrderBy(a => a.Key, StringComparer.Ordinal).ToDictionary(a => a.Key, a => a.Value.ToString())),
        StateJson.Default.TaskContent);

    internal static RecordedTask FromBytes(string task, int version, byte[] clear)
    {
        var content = JsonSerializer.Deserialize(clear, StateJson.Default.TaskContent)!;
        return new(task, version, content.Text, content.Secrets.ToDictionary(
            c => c.Key, IReadOnlyDictionary<string, Secret> (c) => c.Value.ToDictionary(p => p.Key, p => new Secret(p.Value))))
        {
            Addresses = (content.Addresses ?? []).ToDictionary(a => a.Key, a => IPAddress.Parse(a.Value)),
        };
    }
}

internal sealed record TaskContent(string Text, Dictionary<string, Dictionary<string, string>> Secrets, Dictionary<string, string>? Addresses = null);

internal sealed record SiteContent(string AuthorityCertificate, string AuthorityKey);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskContent))]
[JsonSerializable(typeof(SiteContent))]
internal sealed partial class StateJson : JsonSerializerContext;
