using System.CommandLine;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Base;
using Ark.Core.Catalog;
using Ark.Core.Planning;

namespace Ark.Console.Commands;

/// <summary><c>ark plan</c>, <c>ark diff</c>, <c>ark apply</c>, <c>ark status</c>: a task against the site.</summary>
public static class ApplyCommand
{
    private const string Images = "images";
    private static readonly Option<string?> Task = new("--task") { Description = "Id of the task; by default the properties' task_id, or the only one." };
    private static readonly Option<string[]> Components = new("--component") { Description = "Only these components.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> Adopt = new("--adopt") { Description = "Take over components that belong to another task of the site." };
    private static readonly Option<bool> Prune = new("--prune") { Description = "Remove components that the task no longer names; their data stays." };
    private static readonly Option<string?> StageOption = CreateStage();

    public static Command CreatePlan()
    {
        var code = new Option<bool>("--exit-code") { Description = "End with 4 where there is something to change." };
        var file = new Option<string?>("--out") { Description = "Write the plan as JSON, for ark apply FILE." };
        var command = new Command("plan", "Show what apply would do; nothing is changed.") { Task, Components, StageOption, Adopt, Prune, code, file };
        command.SetAction((parsed, cancel) => parsed.GetValue(file) is { } to && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(to)))
            ? System.Threading.Tasks.Task.FromResult(Talk.Problems([new("no-folder", "--out", $"The folder of {to} is not there.", $"mkdir -p {Path.GetDirectoryName(Path.GetFullPath(to))}")], ExitCode.Usage))
            : WithPlanAsync(parsed, Options(parsed), async (world, plan, machines) =>
        {
            if (parsed.GetValue(file) is { } path) await File.WriteAllTextAsync(path, PlanFile.Write(plan), cancel);
            if (parsed.WantsJson()) System.Console.Out.WriteLine(PlanFile.Write(plan));
            else PlanView.Show(plan, Terminal.Out);
            await TellDriftAsync(world, machines, cancel);
            return !plan.IsEmpty && parsed.GetValue(code) ? ExitCode.Changes : ExitCode.Done;
        }, cancel));
        return command;
    }

    public static Command CreateApply()
    {
        var file = new Argument<string?>("plan") { Description = "A plan that ark plan --out wrote, with the options that it was made with; refused when the site has changed since.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("apply", "Bring the site to what the task says: shows the plan, asks, pulls images, deploys, waits for health, proves.") { file, Task, Components, StageOption, Adopt, Prune, GlobalOptions.DryRun };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(file) is not { } path) return await ApplyAsync(parsed, Options(parsed), null, cancel);
            if (Options(parsed) is not { Task: null, Components.Count: 0, Stage: null, Adopt: false, Prune: false })
                return Talk.Problems([new("two-wishes", path, "The plan says itself which task, components and stage it is for.", "ark apply " + path)], ExitCode.Usage);
            if (!File.Exists(path)) return Talk.Problems([new("no-plan", path, "There is no such file.", "ark plan --out " + path)], ExitCode.Usage);
            var saved = PlanFile.Read(await File.ReadAllTextAsync(path, cancel), path);
            if (!saved.Ok) return Talk.Problems(saved.Problems, ExitCode.Usage);
            return await ApplyAsync(parsed, saved.Value.Options ?? Options(parsed), (path, saved.Value), cancel);
        });
        return command;
    }

    private static Task<int> ApplyAsync(ParseResult parsed, PlanOptions options, (string Path, Plan Plan)? saved, CancellationToken cancellation) =>
        WithPlanAsync(parsed, options, async (world, plan, machines) =>
        {
            if (saved is { } file && Moved(file.Path, file.Plan, plan) is { } problem) return Talk.Problems([problem], ExitCode.Refused);
            await TellDriftAsync(world, machines, cancellation);
            if (parsed.IsDry()) return TaskOperation.Preview(parsed, plan);
            var code = await TaskOperation.RunAsync(parsed, world, plan, new("apply", parsed.Ask), cancellation);
            if (code != ExitCode.Done || plan.IsEmpty) return code;
            var shown = await TaskOperation.ShowStatusAsync(parsed, world, cancellation);
            return options is { Stage: null, Components.Count: 0 } ? shown : code;
        }, cancellation);

    /// <summary>Null where the plan of the file is what would be planned now; why it is refused otherwise.</summary>
    /// <param name="path">As problems name it.</param>
    public static Problem? Moved(string path, Plan saved, Plan now) => PlanFile.Differences(saved, now) is { Count: > 0 } differences
        ? new("world-moved", path, $"The site or the task is not what it was when this plan was made: {string.Join("; ", differences.Take(5))}{(differences.Count > 5 ? $"; and {differences.Count - 5} more" : "")}.", "ark plan --out " + path)
        : null;

    public static Command CreateDiff()
    {
        var command = new Command("diff", "Show in which properties the site is not what the task says; no steps, nothing is changed.") { Task };
        command.SetAction((parsed, cancel) => TaskOperation.WithWorldAsync(parsed, parsed.GetValue(Task), null, null, world =>
        {
            var differences = TaskDiff.Of(world.Desired, world.Facts, world.Recorded?.Text);
            DiffView.Show(new(world.Session.Site.Domain, world.Task.Id, differences), parsed.WantsJson());
            return System.Threading.Tasks.Task.FromResult(ExitCode.Done);
        }, cancel));
        return command;
    }

    public static Command CreateStatus()
    {
        var command = new Command("status", "Show every instance of a task with address, health and proof.") { Task };
        command.SetAction((parsed, cancel) => TaskOperation.WithWorldAsync(parsed, parsed.GetValue(Task), null, null, world => TaskOperation.ShowStatusAsync(parsed, world, cancel), cancel));
        return command;
    }

    /// <summary>Plans. The machines tell of themselves while the cluster's facts are gathered.</summary>
    private static Task<int> WithPlanAsync(ParseResult parsed, PlanOptions options, Func<TaskWorld, Plan, Task<GatheredMachines>, Task<int>> work, CancellationToken cancellation)
    {
        Task<GatheredMachines>? machines = null;
        return TaskOperation.WithWorldAsync(parsed, options.Task, null, null, async world =>
        {
            var plan = TaskPlanner.Plan(world.Desired, world.Facts, world.Recorded?.Text, Scope(options));
            if (!plan.Ok) return Talk.Problems(plan.Problems, ExitCode.Usage);
            Talk.Problems(plan.Problems, ExitCode.Done);
            return await work(world, (options.Stage == Images ? OnlyImages(plan.Value) : plan.Value) with { Options = options with { Task = world.Task.Id } }, machines!);
        }, cancellation, session => machines = BaseWorld.GatherMachinesAsync(session, cancellation));
    }

    private static PlanOptions Options(ParseResult parsed) =>
        new(parsed.GetValue(Task), parsed.GetValue(Components) ?? [], parsed.GetValue(StageOption), parsed.GetValue(Adopt), parsed.GetValue(Prune));

    private static PlanScope Scope(PlanOptions options) => new()
    {
        Components = options.Components.Count > 0 ? options.Components.ToHashSet() : null,
        Stage = Enum.TryParse<Stage>(options.Stage, ignoreCase: true, out var stage) ? stage : null,
        Adopt = options.Adopt,
        Prune = options.Prune,
    };

    /// <summary>The menu's "download images": nothing but pulls.</summary>
    private static Plan OnlyImages(Plan plan) => plan with { Steps = [.. plan.Steps.Where(s => s.Work is PullImage)] };

    /// <summary>What somebody changed by hand under the middleware is told here too; <c>ark base</c> mends it.</summary>
    private static async Task TellDriftAsync(TaskWorld world, Task<GatheredMachines> machines, CancellationToken cancellation)
    {
        var request = await BaseWorld.RequestAsync(world.Session, machines, world.Store, cancellation);
        if (!request.Ok || BasePlanner.Plan(request.Value) is not { Ok: true, Value: { IsEmpty: false } plan }) return;
        Talk.Problems(plan.Steps.Select(s => new Problem("base-drift", s.Target, $"The base is not as it should be: {s.Id} ({s.Before} → {s.After}).", "ark base", Severity.Warning)), ExitCode.Done);
    }

    private static Option<string?> CreateStage()
    {
        var stage = new Option<string?>("--stage") { Description = "Only one step of the deploy menu: images, metadb, names, middleware." };
        stage.AcceptOnlyFromAmong(Images, "metadb", "names", "middleware");
        return stage;
    }
}
