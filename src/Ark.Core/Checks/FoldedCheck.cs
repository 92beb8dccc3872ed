using System.Text;
using Ark.Core.Addressing;

namespace Ark.Core.Checks;

/// <summary>One check of a report as people read it: machines of which it found the same stand together.</summary>
/// <param name="Verdict">The worst of its findings.</param>
/// <param name="Findings">The worst first, then in the order of the machines; empty where no machine was reached.</param>
public sealed record FoldedCheck(Check Check, Verdict Verdict, IReadOnlyList<FoldedFinding> Findings)
{
    /// <summary>What stands for the machine's own address in a text that holds for several machines.</summary>
    public const string AnyMachine = "<machine>";

    /// <summary>
    /// The checks of a report in its order. What machines that were not reached could not say is left out: they are named apart
    /// (<see cref="CheckReport.NotReached"/>).
    /// </summary>
    /// <param name="checks">Those that the report was made of.</param>
    public static IReadOnlyList<FoldedCheck> Of(CheckReport report, IReadOnlyList<Check> checks)
    {
        var silent = report.NotReached.Select(m => m.Machine).ToHashSet();
        var results = report.Results.Where(r => r.Result != Verdict.CouldNotCheck || !silent.Contains(r.Machine)).ToLookup(r => r.Id);
        return [.. checks.Select(check => Of(check, [.. results[check.Id]]))];
    }

    private static FoldedCheck Of(Check check, IReadOnlyList<CheckResult> results) => new(
        check,
        results.Count == 0 ? Verdict.CouldNotCheck : results.Min(r => r.Result),
        [.. results.GroupBy(r => (r.Result, Common(r.Wanted, r), Common(r.Cause, r), Common(r.Remedy, r), r.Machine.Length == 0)).Select(g => FoldedFinding.Of([.. g])).OrderBy(f => f.Verdict)]);

    /// <summary>A text without the machine that it is about, so that it can be the same for others. A longer address that holds the machine's is left.</summary>
    internal static string Common(string text, CheckResult result)
    {
        var machine = result.Machine;
        if (machine.Length == 0 || !text.Contains(machine, StringComparison.Ordinal)) return text;
        var common = new StringBuilder();
        for (var at = 0; ;)
        {
            var next = text.IndexOf(machine, at, StringComparison.Ordinal);
            if (next < 0) return common.Append(text, at, text.Length - at).ToString();
            var end = next + machine.Length;
            common.Append(text, at, next - at).Append(EndsBefore(text, next) && BeginsAfter(text, end) ? AnyMachine : machine);
            at = end;
        }
    }

    private static bool EndsBefore(string text, int at) => at == 0 || !(char.IsAsciiDigit(text[at - 1]) || text[at - 1] == '.');

    private static bool BeginsAfter(string text, int at) => at == text.Length || !char.IsAsciiDigit(text[text[at] == '.' && at + 1 < text.Length ? at + 1 : at]);
}

/// <summary>What a check found alike on some machines.</summary>
/// <param name="Machines">In the order of the properties; empty where it is about the site as a whole.</param>
/// <param name="Evidence">What was seen; one where all machines said the same.</param>
public sealed record FoldedFinding(Verdict Verdict, IReadOnlyList<string> Machines, IReadOnlyList<FoldedEvidence> Evidence, string Wanted, string Cause, string Remedy)
{
    internal static FoldedFinding Of(IReadOnlyList<CheckResult> same)
    {
        // A single machine keeps its address in what is to be done.
        string Text(Func<CheckResult, string> of) => same.Count == 1 ? of(same[0]) : FoldedCheck.Common(of(same[0]), same[0]);
        return new(
            same[0].Result,
            [.. same.Select(r => r.Machine).Where(m => m.Length > 0)],
            [.. same.GroupBy(r => FoldedCheck.Common(r.Evidence, r)).Select(g => new FoldedEvidence(g.Count() == 1 ? g.First().Evidence : g.Key, [.. g.Select(r => r.Machine).Where(m => m.Length > 0)]))],
            Text(r => r.Wanted), Text(r => r.Cause), Text(r => r.Remedy));
    }
}

/// <param name="Machines">Those that said so.</param>
public sealed record FoldedEvidence(string Text, IReadOnlyList<string> Machines);

/// <summary>How many checks ended how, each by its worst finding on machines that were reached.</summary>
public sealed record CheckTally(int Failed, int Warned, int NotChecked, int Passed, int NotApplicable)
{
    public static CheckTally Of(IReadOnlyList<FoldedCheck> checks)
    {
        int Count(Verdict verdict) => checks.Count(c => c.Verdict == verdict);
        return new(Count(Verdict.Fail), Count(Verdict.Warning), Count(Verdict.CouldNotCheck), Count(Verdict.Pass), Count(Verdict.NotApplicable));
    }
}

/// <summary>Lists of machines as people read them.</summary>
public static class MachineRuns
{
    private const int Shortest = 4;

    /// <summary>The addresses with commas; four or more that follow each other as <c>10.0.0.11–10.0.0.18</c>.</summary>
    public static string Text(IReadOnlyList<string> machines)
    {
        List<List<string>> runs = [];
        foreach (var machine in machines)
        {
            if (runs is [.., var run] && Follows(run[^1], machine)) run.Add(machine);
            else runs.Add([machine]);
        }

        return string.Join(", ", runs.SelectMany(r => r.Count < Shortest ? r : [$"{r[0]}–{r[^1]}"]));
    }

    private static bool Follows(string before, string machine) =>
        Ipv4.TryParse(before, out var first) && Ipv4.TryParse(machine, out var second) && Ipv4.ToNumber(second) == Ipv4.ToNumber(first) + 1;
}
