using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;

namespace Ark.Web.Channels;

/// <summary>Sends a test alert, really, and tells what the other side said. What was sent is on record; what was answered is not.</summary>
public static class TestChannel
{
    public static async Task<Answer<Delivery>> HandleAsync(ArkDb db, Actor actor, TimeProvider time, ChannelSender sender, long id, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (await db.ChannelAsync(actor, id, cancellation) is not { } channel)
            return Refusal.NotFound("channel");
        if (SaveChannel.NotForAll(actor, channel) is { } others)
            return others;
        var delivery = await sender.SendAsync(channel, ChannelSender.TestAlert(channel.Name, time.Now()), time.Now(), cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await AuditLog.AppendAsync(db, actor, time, "channel-tested", $"channel:{id}", null, new { channel.Name, delivery.Sent, delivery.Status, delivery.Problem?.Code }, cancellation);
        await transaction.CommitAsync(cancellation);
        return delivery;
    }
}
