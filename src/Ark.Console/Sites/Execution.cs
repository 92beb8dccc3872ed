using System.Threading.Channels;
using Ark.Console.Output;
using Ark.Console.Texts;
using Ark.Core.Planning;
using Ark.Remote.Execution;
using Ark.Remote.State;

namespace Ark.Console.Sites;

/// <summary>Runs a plan before a person's eyes, with its journal.</summary>
public static class Execution
{
    public static async Task<RunResult> RunAsync(Plan plan, StepAction act, SiteFolder folder, string verb, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        await using var journal = await Journal.OpenAsync(folder.Journal, verb, LockHolder.Current(), time, cancellation);
        var events = Channel.CreateUnbounded<RunEvent>(new() { SingleReader = true });
        var shown = new RunView(plan.Steps.Count, time).ShowAsync(events.Reader, Terminal.Error);
        var end = "interrupted";
        try
        {
            var result = await new PlanRunner(act, journal, events.Writer, time, FailPoints.Parallel, FailPoints.FromEnvironment()).RunAsync(plan, cancellation);
            end = result.Ok ? "done" : $"{result.Failed.Count} failed, {result.Skipped.Count} not begun";
            return result;
        }
        finally
        {
            events.Writer.Complete();
            await shown;
            await journal.CloseAsync(time.GetUtcNow(), end);
        }
    }

    /// <summary>Does one thing that stands in no plan, with its lines in the journal.</summary>
    /// <param name="step">As it is to be called there: <c>remove-node:10.0.0.13</c>.</param>
    public static async Task RecordAsync(SiteFolder folder, string verb, string step, Func<CancellationToken, Task> act, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        await using var journal = await Journal.OpenAsync(folder.Journal, verb, LockHolder.Current(), time, cancellation);
        await journal.WriteAsync(time.GetUtcNow(), "begin", step, "", cancellation);
        try
        {
            await act(cancellation);
        }
        catch (Exception failure)
        {
            await journal.WriteAsync(time.GetUtcNow(), "failed", step, failure.Message, CancellationToken.None);
            await journal.CloseAsync(time.GetUtcNow(), "1 failed");
            throw;
        }

        await journal.WriteAsync(time.GetUtcNow(), "done", step, "", CancellationToken.None);
        await journal.CloseAsync(time.GetUtcNow(), "done");
    }

    /// <summary>Says how a run ended.</summary>
    /// <param name="again">The command that goes on after mending.</param>
    public static int Tell(RunResult result, string again)
    {
        if (result.Ok) return ExitCode.Done;
        Talk.Say(string.Format(null, Text.StepsEnded, result.Done, result.Failed.Count, result.Skipped.Count));
        foreach (var (step, reason) in result.Failed) Talk.Say($"  {step}: {Talk.PlainLines(CheckWords.Say(reason))}");
        Talk.Say(string.Format(null, Text.RunAgain, again));
        return ExitCode.Failed;
    }
}
