using System.CommandLine;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Planning;

namespace Ark.Console.Commands;

/// <summary><c>ark plan</c>, <c>ark diff</c>, <c>ark apply</c>, <c>ark status</c>: a task against the site.</summary>
public static class ApplyCommand
{
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
        command.SetAction((parsed, cancel) => WithPlanAsync(parsed, async (world, plan) =>
        {
            if (parsed.GetValue(file) is { } path) await File.WriteAllTextAsync(path, PlanView.Json(plan), cancel);
            if (parsed.WantsJson()) System.Console.Out.WriteLine(PlanView.Json(plan));
            else PlanView.Show(plan, Terminal.Out);
            await TellDriftAsync(world, cancel);
            return !plan.IsEmpty && parsed.GetValue(code) ? ExitCode.Changes : ExitCode.Done;
        }, cancel));
        return command;
    }

    public static Command CreateApply()
    {
        var file = new Argument<string?>("plan") { Description = "A plan that ark plan --out wrote; refused when the site has changed since.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("apply", "Bring the site to what the task says: shows the plan, asks, pulls images, deploys, waits for health, proves.") { file, Task, Components, StageOption, Adopt, Prune };
        command.SetAction((parsed, cancel) => WithPlanAsync(parsed, async (world, plan) =>
        {
            if (parsed.GetValue(file) is { } path && await File.ReadAllTextAsync(path, cancel) != PlanView.Json(plan))
                return Talk.Problems([new("world-moved", path, "The site or the task is not what it was when this plan was made.", "ark plan --out " + path)], ExitCode.Refused);
            await TellDriftAsync(world, cancel);
            var code = await TaskOperation.RunAsync(parsed, world, plan, new("apply", parsed.Ask), cancel);
            if (code != ExitCode.Done || plan.IsEmpty) return code;
            return await TaskOperation.ShowStatusAsync(parsed, world, cancel) is var shown && parsed.GetValue(StageOption) is null && parsed.GetValue(Components) is not { Length: > 0 } ? shown : code;
        }, cancel));
        return command;
    }

    public static Command CreateStatus()
    {
        var command = new Command("status", "Show every instance of a task with address, health and proof.") { Task };
        command.SetAction((parsed, cancel) => TaskOperation.WithWorldAsync(parsed, parsed.GetValue(Task), null, null, world => TaskOperation.ShowStatusAsync(parsed, world, cancel), cancel));
        return command;
    }

    private static Task<int> WithPlanAsync(ParseResult parsed, Func<TaskWorld, Plan, Task<int>> work, CancellationToken cancellation) =>
        TaskOperation.WithWorldAsync(parsed, parsed.GetValue(Task), null, null, async world =>
        {
            var plan = TaskPlanner.Plan(world.Desired, world.Facts, world.Recorded?.Text, Scope(parsed));
            if (!plan.Ok) return Talk.Problems(plan.Problems, ExitCode.Usage);
            Talk.Problems(plan.Problems, ExitCode.Done);
            return await work(world, parsed.GetValue(StageOption) == "images" ? OnlyImages(plan.Value) : plan.Value);
        }, cancellation);

    private static PlanScope Scope(ParseResult parsed) => new()
    {
        Components = parsed.GetValue(Components) is { Length: > 0 } names ? names.ToHashSet() : null,
        Stage = Enum.TryParse<Stage>(parsed.GetValue(StageOption), ignoreCase: true, out var stage) ? stage : null,
        Adopt = parsed.GetValue(Adopt),
        Prune = parsed.GetValue(Prune),
    };

    /// <summary>The menu's "download images": nothing but pulls.</summary>
    private static Plan OnlyImages(Plan plan) => plan with { Steps = [.. plan.Steps.Where(s => s.Work is PullImage)] };

    /// <summary>What somebody changed by hand under the middleware is told here too; <c>ark base</c> mends it.</summary>
    private static async Task TellDriftAsync(TaskWorld world, CancellationToken cancellation)
    {
        var request = await BaseWorld.RequestAsync(world.Session, world.Store, cancellation);
        if (!request.Ok || Core.Base.BasePlanner.Plan(request.Value) is not { Ok: true, Value: { IsEmpty: false } plan }) return;
        Talk.Problems(plan.Steps.Select(s => new Problem("base-drift", s.Target, $"The base is not as it should be: {s.Id} ({s.Before} → {s.After}).", "ark base", Severity.Warning)), ExitCode.Done);
    }

    private static Option<string?> CreateStage()
    {
        var stage = new Option<string?>("--stage") { Description = "Only one step of the deploy menu: images, metadb, names, middleware." };
        stage.AcceptOnlyFromAmong("images", "metadb", "names", "middleware");
        return stage;
    }
}
