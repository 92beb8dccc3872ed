using System.CommandLine;
using Ark.Console.Commands;
using Ark.Console.Output;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.Execution;
using Ark.Remote.State;

namespace Ark.Console.Sites;

/// <summary>A command that runs a task's plan.</summary>
/// <param name="Verb">Its name, for the journal and the lock: <c>scale</c>.</param>
/// <param name="Ask">Asks whether to go on.</param>
public sealed record TaskRun(string Verb, Func<bool> Ask)
{
    /// <summary>Done first, under the lock.</summary>
    public Action? Begin { get; init; }

    /// <summary>Done under the lock when every step succeeded, also where there was none.</summary>
    public Func<CancellationToken, Task>? Finish { get; init; }
}

/// <summary>What every command on a task does: gather, plan, show, ask, lock, run, tell.</summary>
public static class TaskOperation
{
    /// <summary>Opens the site and the task and hands them over; problems end the command with the right exit code.</summary>
    /// <param name="change">Makes another text of the task's before it is planned; given its text and its path. Null: as it was carried along.</param>
    /// <param name="connected">Called as soon as the machines are connected, for what can go on beside the gathering of the cluster's facts.</param>
    public static async Task<int> WithWorldAsync(
        ParseResult parsed, string? task, Func<string, string, Outcome<string>>? change, IReadOnlySet<string>? drained, Func<TaskWorld, Task<int>> work, CancellationToken cancellation,
        Action<Session>? connected = null)
    {
        var folder = parsed.SiteFolder();
        var input = await TaskFiles.CheckAsync(folder, task, change, cancellation);
        if (!input.Ok) return Talk.Problems(input.Problems, ExitCode.Usage);
        var keys = Passphrase.Find(parsed);
        if (!keys.Ok) return Talk.Problems(keys.Problems, ExitCode.Usage);
        var unpacked = await TaskFiles.UnpackAsync(folder, input.Value, task, cancellation);
        if (unpacked.Any(p => p.Severity == Severity.Error)) return Talk.Problems(unpacked, ExitCode.Usage);
        Passphrase.Stretch(folder, keys.Value);
        var opened = await Session.OpenAsync(folder, cancellation);
        if (!opened.Ok) return Talk.Problems(opened.Problems, Session.ExitCodeOf(opened));
        await using var session = opened.Value;
        Talk.Problems([.. opened.Problems, .. session.Unreached], ExitCode.Done);
        connected?.Invoke(session);
        var world = await TaskWorld.GatherAsync(session, keys.Value, task, change, drained ?? new HashSet<string>(), cancellation);
        Talk.Problems(world.Problems, ExitCode.Done);
        if (world.Value?.Store.Key is { } key) Passphrase.Remember(folder, key);
        return world.Ok ? await work(world.Value) : ExitCode.Usage;
    }

    /// <summary>Shows the plan, asks, takes the site's lock, runs it.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, TaskWorld world, Plan plan, TaskRun run, CancellationToken cancellation)
    {
        PlanView.Show(plan, Terminal.Error);
        if (plan.IsEmpty && run.Finish is null)
        {
            await SiteLock.TidyAsync(world.Swarm, world.Facts, LockHolder.Current(), cancellation);
            return ExitCode.Done;
        }

        if (!run.Ask()) return ExitCode.Failed;
        return await SiteLock.HoldAsync(world.Swarm, LockHolder.Current(), $"ark {run.Verb}", async stop =>
        {
            // Between the plan and the lock somebody may have been here, while a person thought about the answer.
            if ((await world.Swarm.GatherAsync(stop)).HasMovedSince(world.Facts))
                return Talk.Problems([new("world-moved", $"task {world.Task.Id}", "The site was changed by somebody else since it was looked at; nothing was done.", $"look again: ark {run.Verb}")], ExitCode.Refused);
            run.Begin?.Invoke();
            var steps = new TaskSteps(world.Swarm, world.Session.Engines, world.Desired.Secrets, (record, cancel) => world.Store.WriteTaskAsync(record.Task, record.Text, world.Secrets, world.Addresses, cancel), TimeProvider.System);
            if (!plan.IsEmpty)
            {
                var result = await Execution.RunAsync(plan, steps.RunAsync, world.Session.Folder, run.Verb, stop);
                if (!result.Ok) return Execution.Tell(result, $"ark {run.Verb}{(parsed.Tokens.Count > 1 ? " …" : "")}");
            }

            if (run.Finish is { } finish) await finish(stop);
            return ExitCode.Done;
        }, cancellation);
    }

    /// <summary>What <c>--dry-run</c> ends with: the plan, on stdout where JSON is wanted.</summary>
    public static int Preview(ParseResult parsed, Plan plan)
    {
        PlanView.Show(plan, Terminal.Error);
        if (parsed.WantsJson()) System.Console.Out.WriteLine(PlanFile.Write(plan));
        return ExitCode.Done;
    }

    public static bool IsDry(this ParseResult parsed) => parsed.GetValue(GlobalOptions.DryRun);

    public static bool Ask(this ParseResult parsed) => Terminal.Confirm("Go on?", parsed.GetValue(GlobalOptions.Yes));

    /// <summary>The instances with address, health and proof, as a table or as JSON on stdout.</summary>
    public static async Task<int> ShowStatusAsync(ParseResult parsed, TaskWorld world, CancellationToken cancellation)
    {
        var facts = await world.Swarm.GatherAsync(cancellation);
        var status = StatusReport.Of(world.Session.Site.Domain, world.Task.Id, world.Desired, world.Baseline, facts);
        StatusView.Show(status, parsed.WantsJson());
        return status.Instances.All(i => i.Health == "healthy" && i.Proof.Result == "passed") ? ExitCode.Done : ExitCode.Failed;
    }
}
