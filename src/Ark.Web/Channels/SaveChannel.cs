using System.Text.Json;
using Ark.Core;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Channels;

/// <summary>Makes, changes and removes a channel. One for all customers takes an engineer who sees all of them.</summary>
public static class SaveChannel
{
    public sealed record Request
    {
        public string? Name { get; init; }

        public ChannelKind Kind { get; init; }

        /// <summary>Null: for all customers.</summary>
        public long? CustomerId { get; init; }

        public bool Enabled { get; init; } = true;

        /// <summary>What belongs to other kinds is not kept.</summary>
        public ChannelSettings? Settings { get; init; }

        /// <summary>SMS: the token; mail: the password; webhook: the key of the signature. Null or empty keeps the one that is there.</summary>
        public string? Secret { get; init; }

        /// <summary>Takes the secret away.</summary>
        public bool WithoutSecret { get; init; }

        /// <summary>The version that was read; 0 for a new channel.</summary>
        public int Version { get; init; }
    }

    public static async Task<Answer<ListChannels.View>> CreateAsync(
        ArkDb db, Actor actor, TimeProvider time, ChannelRules rules, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var (channel, problems) = await ReadAsync(db, actor, time, rules, null, request, cancellation);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        channel = channel with { Id = await db.InsertWithInt64IdentityAsync(channel, token: cancellation) };
        var view = ListChannels.Show(channel);
        await AuditLog.AppendAsync(db, actor, time, "channel-made", $"channel:{channel.Id}", null, view, cancellation);
        await transaction.CommitAsync(cancellation);
        return view;
    }

    public static async Task<Answer<ListChannels.View>> UpdateAsync(
        ArkDb db, Actor actor, TimeProvider time, ChannelRules rules, long id, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.ChannelAsync(actor, id, cancellation) is not { } before)
            return Refusal.NotFound("channel");
        if (NotForAll(actor, before) is { } others)
            return others;
        var (after, problems) = await ReadAsync(db, actor, time, rules, before, request, cancellation);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        var written = await db.GetTable<Channel>().Where(c => c.Id == id && c.Version == request.Version)
            .Set(c => c.Name, after.Name).Set(c => c.Kind, after.Kind).Set(c => c.CustomerId, after.CustomerId).Set(c => c.Enabled, after.Enabled)
            .Set(c => c.Settings, after.Settings).Set(c => c.Secret, after.Secret)
            .Set(c => c.Version, after.Version).Set(c => c.UpdatedAt, after.UpdatedAt).Set(c => c.UpdatedBy, after.UpdatedBy)
            .UpdateAsync(cancellation);
        if (written == 0)
            return Refusal.Conflict(Differences.Between(ListChannels.Show(after) with { UpdatedAt = before.UpdatedAt, UpdatedBy = before.UpdatedBy }, ListChannels.Show(before)));
        var (was, view) = (ListChannels.Show(before), ListChannels.Show(after));
        var renewed = !string.IsNullOrEmpty(request.Secret);
        await AuditLog.AppendAsync(db, actor, time, renewed ? "channel-secret-changed" : "channel-changed", $"channel:{id}", was, view, cancellation);
        await transaction.CommitAsync(cancellation);
        return view;
    }

    public static async Task<Answer<Done>> DeleteAsync(ArkDb db, Actor actor, TimeProvider time, long id, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.ChannelAsync(actor, id, cancellation) is not { } channel)
            return Refusal.NotFound("channel");
        if (NotForAll(actor, channel) is { } others)
            return others;
        await db.GetTable<Channel>().DeleteAsync(c => c.Id == id, cancellation);
        await AuditLog.AppendAsync(db, actor, time, "channel-removed", $"channel:{id}", ListChannels.Show(channel), null, cancellation);
        await transaction.CommitAsync(cancellation);
        return Done.Yes;
    }

    /// <summary>Whoever sees some customers only reads the channels that are for all.</summary>
    internal static Refusal? NotForAll(Actor actor, Channel channel) =>
        channel.CustomerId is null && actor.Customers is not null ? Refusal.Forbidden("The channel is for all customers, and you see some.") : null;

    private static async Task<(Channel Channel, IReadOnlyList<Problem> Problems)> ReadAsync(
        ArkDb db, Actor actor, TimeProvider time, ChannelRules rules, Channel? before, Request request, CancellationToken cancellation)
    {
        var fields = new Fields();
        var name = fields.Line("name", request.Name, 100);
        if (await db.GetTable<Channel>().AnyAsync(c => c.Name == name && c.Id != (before == null ? 0 : before.Id), cancellation))
            fields.Add("name", "name-taken", "There is a channel of that name.");
        if (request.CustomerId is null && actor.Customers is not null)
            fields.Add("customerId", "not-all-customers", "A channel for all customers takes somebody who sees all.", "choose a customer");
        else if (request.CustomerId is { } customer && !(await rules.CustomersAsync(db, actor, cancellation)).Any(c => c.Id == customer))
            fields.Add("customerId", "not-found", "There is no such customer, or it is not yours to see.");

        var secret = SecretOf(fields, rules, before, request);
        var settings = rules.Read(fields, request.Kind, request.Settings ?? new(), secret);
        var kept = before?.Secret is not null && string.IsNullOrEmpty(request.Secret) && !request.WithoutSecret;
        if (kept && (before!.Kind != request.Kind || before.SettingsOf().Peer != settings.Peer))
            fields.Add("secret", "secret-elsewhere", "The secret was given for another destination: it is not sent to a new one.", "enter it again");
        return (new Channel
        {
            Id = before?.Id ?? 0, Name = name, Kind = request.Kind, CustomerId = request.CustomerId, Enabled = request.Enabled,
            Settings = JsonSerializer.Serialize(settings, Differences.Json),
            Secret = kept ? before!.Secret : secret is null ? null : rules.Secrets.Seal(secret),
            Version = request.Version + 1, UpdatedAt = time.Now(), UpdatedBy = actor.Name,
        }, fields.Problems);
    }

    private static Secret? SecretOf(Fields fields, ChannelRules rules, Channel? before, Request request)
    {
        if (request.WithoutSecret)
            return null;
        if (string.IsNullOrEmpty(request.Secret))
            return rules.Secrets.Open(before?.Secret);
        if (request.Secret.Length > 500 || request.Secret.Any(char.IsControl))
            fields.Add("secret", "bad-value", "A secret has at most 500 characters, none of them a control character.");
        return new(request.Secret);
    }
}
