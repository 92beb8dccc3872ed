using System.Text.Json;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Channels;

/// <summary>The channels that the actor may see: those for all customers, and those of the actor's.</summary>
public static class ListChannels
{
    /// <summary>A channel as it is shown: of its secret, only whether there is one.</summary>
    public sealed record View
    {
        public required long Id { get; init; }
        public required string Name { get; init; }
        public required ChannelKind Kind { get; init; }
        public required long? CustomerId { get; init; }
        public required bool Enabled { get; init; }
        public required ChannelSettings Settings { get; init; }
        public required bool HasSecret { get; init; }
        public required int Version { get; init; }
        public required DateTimeOffset UpdatedAt { get; init; }
        public required string UpdatedBy { get; init; }
    }

    public sealed record Listing(IReadOnlyList<View> Channels);

    public static async Task<Answer<Listing>> HandleAsync(ArkDb db, Actor actor, CancellationToken cancellation)
    {
        var channels = await db.Channels(actor).OrderBy(c => c.Name).ToListAsync(cancellation);
        return new Listing([.. channels.Select(Show)]);
    }

    public static async Task<Answer<View>> OneAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        await db.ChannelAsync(actor, id, cancellation) is { } channel ? Show(channel) : Refusal.NotFound("channel");

    /// <summary>Every query of channels begins here.</summary>
    public static IQueryable<Channel> Channels(this ArkDb db, Actor actor)
    {
        var all = db.GetTable<Channel>();
        return actor.Customers is { } seen ? all.Where(c => c.CustomerId == null || seen.Contains(c.CustomerId.Value)) : all;
    }

    public static Task<Channel?> ChannelAsync(this ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        db.Channels(actor).FirstOrDefaultAsync(c => c.Id == id, cancellation);

    public static ChannelSettings SettingsOf(this Channel channel) => JsonSerializer.Deserialize<ChannelSettings>(channel.Settings, Differences.Json)!;

    internal static View Show(Channel channel) => new()
    {
        Id = channel.Id, Name = channel.Name, Kind = channel.Kind, CustomerId = channel.CustomerId, Enabled = channel.Enabled, Settings = channel.SettingsOf(),
        HasSecret = channel.Secret is not null, Version = channel.Version, UpdatedAt = channel.UpdatedAt, UpdatedBy = channel.UpdatedBy,
    };
}
