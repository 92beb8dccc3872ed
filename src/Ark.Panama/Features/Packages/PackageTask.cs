using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Tasks;
using Ark.Panama.Data;
using Ark.Panama.Features.Baselines;
using Ark.Panama.Features.Designs;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Channels;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Packages;

/// <summary>Makes the package of a confirmed task: archive, with the customer's alert channels for Butler, and properties, written together with the state.</summary>
public static class PackageTask
{
    public sealed record Request(int Version);

    public sealed record Made(ShowTask.View Task, ListPackages.Row Package);

    public static async Task<Answer<Made>> HandleAsync(
        ArkDb db, Actor actor, TimeProvider time, BaselineStore baselines, long id, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (await ShowTask.RowAsync(db, actor, id, cancellation) is not { } row)
            return Refusal.NotFound("task");
        var read = await ListComponents.OfTaskAsync(baselines, row.Task.Baseline, cancellation);
        if (!read.Ok)
            return Refusal.Invalid(read.Problems);
        TaskPackage? package = null;
        var moved = await ChangeTask.RunAsync(db, actor, time, id, new(request.Version, request, "task-packaged", async task =>
        {
            if (task.State != TaskState.Confirmed)
                return new Refusal(409, "not-confirmed", "Only a confirmed task is packaged: confirm it first.");
            var made = await PackAsync(db, actor, time, new(task, row.Customer), read.Value.Baseline, cancellation);
            if (!made.Ok)
                return made.Refusal;
            package = made.Value;
            await db.InsertAsync(package, token: cancellation);
            await AuditLog.AppendAsync(db, actor, time, "package-made", $"task:{id}", null, ListPackages.Of(package), cancellation);
            return task with { State = TaskState.Packaged };
        }), cancellation);
        return moved.Ok ? new Made(moved.Value, ListPackages.Of(package!)) : moved.Refusal;
    }

    private static async Task<Answer<TaskPackage>> PackAsync(ArkDb db, Actor actor, TimeProvider time, ShowTask.Row row, Baseline baseline, CancellationToken cancellation)
    {
        var view = ShowTask.Of(row.Task, row.Customer);
        var planned = PlannedTask.Of(view, baseline, await PlannedSite.NeighboursAsync(db, row.Task, cancellation), PlannedSite.TypeOf("")!);
        var problems = planned.Problems.Concat(planned.WithoutAddress()).ToList();
        if (problems.Any(p => p.Severity == Severity.Error))
            return Refusal.Invalid(problems);
        var archive = TaskTarball.Write(view.Id.ToString(CultureInfo.InvariantCulture),
            ("task.yaml", Encoding.UTF8.GetBytes(TaskWriter.Write(planned.Task))), (ChannelFile.Name, await ChannelFile.WriteAsync(db, row.Task.CustomerId, cancellation)));
        var number = await db.GetTable<TaskPackage>().Where(p => p.TaskId == view.Id).MaxAsync(p => (int?)p.Number, cancellation) ?? 0;
        return new TaskPackage
        {
            TaskId = view.Id, Number = number + 1, Sha256 = Convert.ToHexStringLower(SHA256.HashData(archive)), Archive = archive,
            Properties = TaskVariables.File(view.Id, view.Line, view.Domain, view.Variables), Content = PackageContent.Of(view).Write(),
            MadeAt = time.Now(), MadeBy = actor.Name,
        };
    }
}
