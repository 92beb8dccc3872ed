using Ark.Core;
using Ark.Panama.Data;
using Ark.Panama.Features.Baselines;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;

namespace Ark.Panama.Features.Designs;

/// <summary>Changes what a task deploys. It may be unfinished; what is in it fits the baseline all the same.</summary>
public static class SaveDesign
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request(TaskDesign Design, int Version);

    public static async Task<Answer<ShowTask.View>> HandleAsync(
        ArkDb db, Actor actor, TimeProvider time, BaselineStore baselines, long id, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (await ShowTask.ViewAsync(db, actor, id, cancellation) is not { } task)
            return Refusal.NotFound("task");
        var design = (request.Design ?? new()).Clean();
        var problems = await RefusedAsync(baselines, task, design, cancellation);
        // What was judged above is what is changed below: the version is the same.
        return await ChangeTask.RunAsync(db, actor, time, id, new(request.Version, request with { Design = design }, "task-designed", row => Task.FromResult(
            Closed(row) is { } closed ? (Answer<DeploymentTask>)closed : problems.Count > 0 ? Refusal.Invalid(problems) : row with { Design = design.Write() })), cancellation);
    }

    /// <summary>Nothing is kept: forms ask while somebody types.</summary>
    public static async Task<Answer<ShowTask.CheckResult>> CheckAsync(ArkDb db, Actor actor, BaselineStore baselines, long id, TaskDesign design, CancellationToken cancellation)
    {
        if (await ShowTask.ViewAsync(db, actor, id, cancellation) is not { } task)
            return Refusal.NotFound("task");
        var read = await ListComponents.OfTaskAsync(baselines, task.Baseline, cancellation);
        var site = PlannedSite.Of(task);
        var problems = !read.Ok ? read.Problems
            : site.Ok ? DesignCheck.All(design.Clean(), read.Value.Baseline, site.Value)
            : DesignCheck.Refused(design.Clean(), task.Line, read.Value.Baseline);
        return new ShowTask.CheckResult(problems.All(p => p.Severity != Severity.Error), problems);
    }

    /// <summary>Null while the design can be changed.</summary>
    public static Refusal? Closed(DeploymentTask task) => task.State is TaskState.Draft or TaskState.Confirmed
        ? null
        : new(409, "design-closed", "Components can be changed in a draft and in a confirmed task: take it back to draft, or copy it.");

    private static async Task<IReadOnlyList<Problem>> RefusedAsync(BaselineStore baselines, ShowTask.View task, TaskDesign design, CancellationToken cancellation)
    {
        var read = await ListComponents.OfTaskAsync(baselines, task.Baseline, cancellation);
        return read.Ok ? DesignCheck.Refused(design, task.Line, read.Value.Baseline) : read.Problems;
    }
}
