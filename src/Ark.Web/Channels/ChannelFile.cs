using System.Text.Json;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Channels;

/// <summary>
/// <c>channels.json</c> of a task's package: the channels that Butler begins with. Secrets are not in it; it lists whose are to be entered there.
/// </summary>
public sealed record ChannelFile
{
    public const string Name = "channels.json";

    public int Schema { get; init; } = 1;

    public required IReadOnlyList<Entry> Channels { get; init; }

    /// <summary>Names of the channels whose secret must be entered in Butler before they work.</summary>
    public required IReadOnlyList<string> SecretsToEnter { get; init; }

    public sealed record Entry(string Name, ChannelKind Kind, ChannelSettings Settings);

    /// <summary>The enabled channels of a customer and those for all, by name; the same channels give the same bytes.</summary>
    public static async Task<byte[]> WriteAsync(ArkDb db, long customerId, CancellationToken cancellation)
    {
        var channels = await db.GetTable<Channel>().Where(c => c.Enabled && (c.CustomerId == null || c.CustomerId == customerId)).OrderBy(c => c.Name).ToListAsync(cancellation);
        var file = new ChannelFile
        {
            Channels = [.. channels.Select(c => new Entry(c.Name, c.Kind, c.SettingsOf()))],
            SecretsToEnter = [.. channels.Where(c => c.Secret is not null).Select(c => c.Name)],
        };
        return JsonSerializer.SerializeToUtf8Bytes(file, new JsonSerializerOptions(Differences.Json) { WriteIndented = true });
    }

    public static ChannelFile Read(byte[] json) => JsonSerializer.Deserialize<ChannelFile>(json, Differences.Json)!;
}
