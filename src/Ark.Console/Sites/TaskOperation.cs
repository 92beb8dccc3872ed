using System.CommandLine;
using Ark.Console.Commands;
using Ark.Console.Output;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.Execution;
using Ark.Remote.State;

namespace Ark.Console.Sites;

/// <summary>What every command on a task does: gather, plan, show, ask, lock, run, tell.</summary>
public static class TaskOperation
{
    /// <summary>Opens the site and the task and hands them over; problems end the command with the right exit code.</summary>
    /// <param name="change">Makes another text of the task's (session, id, text) before it is planned; null: as it was carried along.</param>
    public static async Task<int> WithWorldAsync(
        ParseResult parsed, string? task, Func<Session, string, string, string?>? change, IReadOnlySet<string>? drained, Func<TaskWorld, Task<int>> work, CancellationToken cancellation)
    {
        var folder = parsed.SiteFolder();
        var site = Session.ReadSite(folder);
        if (!site.Ok) return Talk.Problems(site.Problems, ExitCode.Usage);
        var wrong = await TaskFiles.CheckAsync(folder, site.Value, task, cancellation);
        if (wrong.Any(p => p.Severity == Severity.Error)) return Talk.Problems(wrong, ExitCode.Usage);
        var keys = Passphrase.Find(parsed);
        if (!keys.Ok) return Talk.Problems(keys.Problems, ExitCode.Usage);
        var opened = await Session.OpenAsync(folder, cancellation);
        if (!opened.Ok) return Talk.Problems(opened.Problems, ExitCode.Failed);
        await using var session = opened.Value;
        Talk.Problems([.. opened.Problems, .. session.Unreached], ExitCode.Done);
        var world = await TaskWorld.GatherAsync(session, keys.Value, task, change, drained ?? new HashSet<string>(), cancellation);
        return world.Ok ? await work(world.Value) : Talk.Problems(world.Problems, ExitCode.Usage);
    }

    /// <summary>Shows the plan, asks, takes the site's lock, runs it.</summary>
    /// <param name="verb">The command's name, for the journal and the lock.</param>
    /// <param name="ask">Asks whether to go on.</param>
    public static async Task<int> RunAsync(ParseResult parsed, TaskWorld world, Plan plan, string verb, Func<bool> ask, CancellationToken cancellation)
    {
        PlanView.Show(plan, Terminal.Error);
        if (plan.IsEmpty) return ExitCode.Done;
        if (!ask()) return ExitCode.Failed;
        var taken = await OperationLock.TakeAsync(world.Swarm, LockHolder.Current(), $"ark {verb}", TimeProvider.System, cancellation);
        if (!taken.Ok) return Talk.Problems(taken.Problems, ExitCode.Refused);
        Talk.Problems(taken.Problems, ExitCode.Done);
        await using var held = taken.Value;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, held.Lost);
        var steps = new TaskSteps(world.Swarm, world.Session.Engines, world.Desired.Secrets, (record, cancel) => world.Store.WriteTaskAsync(record.Task, record.Text, world.Secrets, cancel), TimeProvider.System);
        var result = await Execution.RunAsync(plan, steps.RunAsync, world.Session.Folder, verb, stop.Token);
        return Execution.Tell(result, $"ark {verb}{(parsed.Tokens.Count > 1 ? " …" : "")}");
    }

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
