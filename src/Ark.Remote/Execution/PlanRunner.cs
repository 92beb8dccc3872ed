using System.Threading.Channels;
using Ark.Core.Planning;

namespace Ark.Remote.Execution;

/// <summary>Does one step; returns its evidence. What people can mend is thrown as <see cref="StepException"/>.</summary>
public delegate Task<string> StepAction(Step step, CancellationToken cancellation);

/// <summary>A step failed; the message is one fact with its cause, fit for people.</summary>
public sealed class StepException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Where a test may end the process: around the journal's write and the effect.</summary>
public enum FailPoint { BeforeJournal, BeforeEffect, BeforeCompletion }

/// <summary>
/// Runs a plan: every step as soon as what it needs is done, up to <paramref name="parallel"/> at once. A failed step stops those that
/// need it and nothing else; a failed rollout is put back.
/// </summary>
public sealed class PlanRunner(StepAction act, Journal? journal, ChannelWriter<RunEvent> events, TimeProvider time, int parallel = PlanRunner.Parallel, Action<Step, FailPoint>? failPoint = null)
{
    /// <summary>Steps at once, where nobody says otherwise.</summary>
    public const int Parallel = 32;

    public async Task<RunResult> RunAsync(Plan plan, CancellationToken cancellation)
    {
        var run = new Progress(plan);
        var running = new Dictionary<Task<Exception?>, Step>();
        while (true)
        {
            foreach (var step in run.Ready().Take(Math.Max(0, parallel - running.Count)).ToList())
            {
                run.Touched.Add(step.Id);
                running.Add(TryAsync(step, cancellation), step);
            }

            if (running.Count == 0) break;
            var ended = await Task.WhenAny(running.Keys);
            running.Remove(ended, out var done);
            if (await ended is not { } failure)
            {
                run.Done.Add(done!.Id);
                continue;
            }

            run.Failed.Add(done!.Id, failure.Message);
            await UndoAsync(plan, done, run, cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
        foreach (var id in run.Skipped)
            Tell(id, StepMoment.Skipped, "a step that it needs failed");
        return new(run.Done.Count, [.. run.Failed.Select(f => (f.Key, f.Value))], run.Skipped);
    }

    private async Task UndoAsync(Plan plan, Step failed, Progress run, CancellationToken cancellation)
    {
        foreach (var step in Rollouts.Undo(plan, failed, run.Touched))
            if (await TryAsync(step, cancellation) is { } failure)
                run.Failed.Add(step.Id, failure.Message);
    }

    /// <summary>The one catch of a run: a step's failure becomes a value.</summary>
    private async Task<Exception?> TryAsync(Step step, CancellationToken cancellation)
    {
        await Task.Yield();
        var start = time.GetTimestamp();
        try
        {
            failPoint?.Invoke(step, FailPoint.BeforeJournal);
            await WriteAsync("begin", step.Id, step.After, cancellation);
            Tell(step.Id, StepMoment.Started, step.After);
            failPoint?.Invoke(step, FailPoint.BeforeEffect);
            var evidence = await act(step, cancellation);
            failPoint?.Invoke(step, FailPoint.BeforeCompletion);
            await WriteAsync("done", step.Id, evidence, cancellation);
            Tell(step.Id, StepMoment.Done, evidence, time.GetElapsedTime(start));
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await WriteAsync("failed", step.Id, failure.Message, CancellationToken.None);
            Tell(step.Id, StepMoment.Failed, failure.Message, time.GetElapsedTime(start));
            return failure;
        }
    }

    private Task WriteAsync(string moment, string step, string detail, CancellationToken cancellation) =>
        journal?.WriteAsync(time.GetUtcNow(), moment, step, detail, cancellation) ?? Task.CompletedTask;

    private void Tell(string step, StepMoment moment, string detail, TimeSpan took = default) =>
        events.TryWrite(new(time.GetUtcNow(), step, moment, detail, took));

    /// <summary>Which steps are done, failed, or wait.</summary>
    private sealed class Progress(Plan plan)
    {
        private readonly HashSet<string> _known = [.. plan.Steps.Select(s => s.Id)];

        public HashSet<string> Touched { get; } = [];

        public HashSet<string> Done { get; } = [];

        public Dictionary<string, string> Failed { get; } = [];

        public IReadOnlyList<string> Skipped => [.. plan.Steps.Select(s => s.Id).Where(id => !Touched.Contains(id))];

        public IEnumerable<Step> Ready() =>
            plan.Steps.Where(s => !Touched.Contains(s.Id) && s.Needs.All(n => Done.Contains(n) || !_known.Contains(n)));
    }
}
