using System.Threading.Channels;
using Ark.Console.Output;
using Ark.Core.Planning;
using Ark.Remote.Execution;

namespace Ark.Console.Sites;

/// <summary>Runs a plan before a person's eyes, with its journal.</summary>
public static class Execution
{
    public static async Task<RunResult> RunAsync(Plan plan, StepAction act, SiteFolder folder, string verb, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        await using var journal = Journal.Open(folder.Journal, verb, time);
        var events = Channel.CreateUnbounded<RunEvent>(new() { SingleReader = true });
        var shown = new RunView(plan.Steps.Count, time).ShowAsync(events.Reader, Terminal.Error);
        try
        {
            return await new PlanRunner(act, journal, events.Writer, time, failPoint: FailPoints.FromEnvironment()).RunAsync(plan, cancellation);
        }
        finally
        {
            events.Writer.Complete();
            await shown;
        }
    }

    /// <summary>Says how a run ended.</summary>
    /// <param name="again">The command that goes on after mending.</param>
    public static int Tell(RunResult result, string again)
    {
        if (result.Ok) return ExitCode.Done;
        Talk.Say($"{result.Done} steps done, {result.Failed.Count} failed, {result.Skipped.Count} not begun:");
        foreach (var (step, reason) in result.Failed) Talk.Say($"  {step}: {reason}");
        Talk.Say($"Mend what is named above, then run again: {again}");
        return ExitCode.Failed;
    }
}
