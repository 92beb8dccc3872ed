using Ark.Core;
using Ark.Panama.Data;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;

namespace Ark.Panama.Features.Tasks;

/// <summary>Takes a task from one state to another, and copies it.</summary>
public static class MoveTask
{
    public sealed record Request(TaskState State, int Version);

    public sealed record CopyRequest(string? Name, long? CustomerId = null);

    /// <summary>Where people may take it from each state. A task becomes packaged only by being packaged.</summary>
    public static IReadOnlyList<TaskState> NextOf(TaskState state) => state switch
    {
        TaskState.Draft => [TaskState.Confirmed, TaskState.Archived],
        TaskState.Confirmed => [TaskState.Draft, TaskState.Archived],
        TaskState.Packaged => [TaskState.Deployed, TaskState.Draft, TaskState.Archived],
        TaskState.Deployed => [TaskState.Draft, TaskState.Archived],
        _ => [TaskState.Draft],
    };

    public static async Task<Answer<ShowTask.View>> HandleAsync(ArkDb db, Actor actor, TimeProvider time, long id, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await ShowTask.RowAsync(db, actor, id, cancellation) is not { } row)
            return Refusal.NotFound("task");
        var before = ShowTask.Of(row.Task, row.Customer);
        if (before.Version == request.Version && !NextOf(before.State).Contains(request.State))
            return new Refusal(409, "no-such-step", $"A task that is {Word(before.State)} does not become {Word(request.State)}.");
        if (request.State == TaskState.Confirmed && TaskVariables.Check(before.Line, before.Domain, before.Variables) is var problems && problems.Any(p => p.Severity == Severity.Error))
            return Refusal.Invalid(problems);

        var after = before with { State = request.State, Version = request.Version + 1, UpdatedAt = time.Now(), UpdatedBy = actor.Name };
        var written = await db.GetTable<DeploymentTask>().Where(t => t.Id == id && t.Version == request.Version)
            .Set(t => t.State, after.State).Set(t => t.Version, after.Version).Set(t => t.UpdatedAt, after.UpdatedAt).Set(t => t.UpdatedBy, after.UpdatedBy)
            .UpdateAsync(cancellation);
        if (written == 0)
            return Refusal.Conflict(Differences.Between(request, (await ShowTask.ViewAsync(db, actor, id, cancellation))!));
        await AuditLog.AppendAsync(db, actor, time, "task-moved", $"task:{id}", before, after, cancellation);
        await transaction.CommitAsync(cancellation);
        return after;
    }

    public static async Task<Answer<ShowTask.View>> CopyAsync(ArkDb db, Actor actor, TimeProvider time, long id, CopyRequest request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (await ShowTask.ViewAsync(db, actor, id, cancellation) is not { } task)
            return Refusal.NotFound("task");
        return await SaveTask.CreateAsync(db, actor, time, new()
        {
            CustomerId = request.CustomerId ?? task.CustomerId, Name = request.Name, Domain = task.Domain, Line = task.Line, Baseline = task.Baseline,
            Variables = task.Variables,
        }, cancellation);
    }

    private static string Word(TaskState state) => state.ToString().ToLowerInvariant();
}
