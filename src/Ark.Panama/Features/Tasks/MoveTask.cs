using Ark.Core;
using Ark.Panama.Data;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;

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

    public static Task<Answer<ShowTask.View>> HandleAsync(ArkDb db, Actor actor, TimeProvider time, long id, Request request, CancellationToken cancellation) =>
        ChangeTask.RunAsync(db, actor, time, id, new(request.Version, request, "task-moved", task => Task.FromResult(To(task, request.State))), cancellation);

    public static async Task<Answer<ShowTask.View>> CopyAsync(ArkDb db, Actor actor, TimeProvider time, long id, CopyRequest request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (await ShowTask.ViewAsync(db, actor, id, cancellation) is not { } task)
            return Refusal.NotFound("task");
        return await SaveTask.CreateWithAsync(db, actor, time, new()
        {
            CustomerId = request.CustomerId ?? task.CustomerId, Name = request.Name, Domain = task.Domain, Line = task.Line, Baseline = task.Baseline,
            Variables = task.Variables,
        }, task.Design.WithoutAddresses(), cancellation);
    }

    private static Answer<DeploymentTask> To(DeploymentTask task, TaskState state)
    {
        if (!NextOf(task.State).Contains(state))
            return new Refusal(409, "no-such-step", $"A task that is {Word(task.State)} does not become {Word(state)}.");
        if (state == TaskState.Confirmed && TaskVariables.Check(task.Line, task.Domain, TaskVariables.Read(task.Variables)) is var problems && problems.Any(p => p.Severity == Severity.Error))
            return Refusal.Invalid(problems);
        return task with { State = state };
    }

    private static string Word(TaskState state) => state.ToString().ToLowerInvariant();
}
