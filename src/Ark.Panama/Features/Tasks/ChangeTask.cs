using Ark.Panama.Data;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;

namespace Ark.Panama.Features.Tasks;

/// <summary>One change of a task.</summary>
/// <param name="Version">That it was made from.</param>
/// <param name="Sent">What was asked for: where somebody else was first, the answer tells what differs.</param>
/// <param name="Action">As the audit calls it.</param>
/// <param name="Make">From the task as it is to the task as it shall be, or why not. Version, time and person are set here.</param>
public sealed record TaskChange(int Version, object Sent, string Action, Func<DeploymentTask, Task<Answer<DeploymentTask>>> Make);

/// <summary>Reads a task, changes, writes and records it, in one transaction; refuses what was made from an older version.</summary>
public static class ChangeTask
{
    public static async Task<Answer<ShowTask.View>> RunAsync(ArkDb db, Actor actor, TimeProvider time, long id, TaskChange change, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await ShowTask.RowAsync(db, actor, id, cancellation) is not { } row)
            return Refusal.NotFound("task");
        var before = ShowTask.Of(row.Task, row.Customer);
        if (before.Version != change.Version)
            return Refusal.Conflict(Differences.Between(change.Sent, before));
        var made = await change.Make(row.Task);
        if (!made.Ok)
            return made.Refusal;
        await db.UpdateAsync(made.Value with { Version = change.Version + 1, UpdatedAt = time.Now(), UpdatedBy = actor.Name }, token: cancellation);
        var after = (await ShowTask.ViewAsync(db, actor, id, cancellation))!;
        await AuditLog.AppendAsync(db, actor, time, change.Action, $"task:{id}", before, after, cancellation);
        await transaction.CommitAsync(cancellation);
        return after;
    }
}
