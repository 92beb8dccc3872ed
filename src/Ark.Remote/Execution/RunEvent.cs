namespace Ark.Remote.Execution;

/// <summary>What happens to a step while a plan runs.</summary>
public enum StepMoment { Started, Progress, Done, Failed, Skipped }

/// <param name="Detail">Progress, evidence, or the reason; never a secret.</param>
public sealed record RunEvent(DateTimeOffset At, string Step, StepMoment Moment, string Detail, TimeSpan Took = default);

/// <summary>The end of a run.</summary>
/// <param name="Failed">Steps that failed, with the reason.</param>
/// <param name="Skipped">Steps that were not begun because one that they need failed.</param>
public sealed record RunResult(int Done, IReadOnlyList<(string Step, string Reason)> Failed, IReadOnlyList<string> Skipped)
{
    public bool Ok => Failed.Count == 0 && Skipped.Count == 0;
}
