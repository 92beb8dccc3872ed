using Ark.Core;
using Ark.Core.Checks;

namespace Ark.Console.Texts;

/// <summary>What reports of checks say in the person's language.</summary>
public static class CheckWords
{
    public static bool IsChinese => Text.Language.Name == "zh-CN";

    /// <summary>The check's title; its English one where no other is known.</summary>
    public static string Title(Check check) => IsChinese ? CheckTitles.Chinese.GetValueOrDefault(check.Id, check.Title) : check.Title;

    /// <summary>Evidence, what is wanted, a cause or a remedy, as the check wrote it.</summary>
    public static string Say(Check check, string text) => !IsChinese ? text : text == check.Title ? Title(check) : AnyMachine(CheckSentences.Chinese(check.Group, text));

    /// <summary>Why a machine was not reached, what else is wrong, or what mends it.</summary>
    public static string Say(string text) => IsChinese ? CheckSentences.Chinese(text) : text;

    public static Problem Say(Problem problem)
    {
        if (!IsChinese) return problem;
        Func<string, string> say = problem.Code == "no-machine" ? CheckSentences.OfPlacement : CheckSentences.Chinese;
        return problem with { Message = say(problem.Message), Remedy = say(problem.Remedy) };
    }

    /// <summary>Why a fix cannot be planned: where a check's own remedy stands in it, that is said as the check says it.</summary>
    /// <param name="results">What the fixes are for.</param>
    public static Problem Say(Problem problem, IReadOnlyList<CheckResult> results, IReadOnlyList<Check> checks) =>
        results.FirstOrDefault(r => r.Remedy == problem.Remedy) is { } result && checks.FirstOrDefault(c => c.Id == result.Id) is { } check ? problem with { Remedy = Say(check, problem.Remedy) } : problem;

    /// <summary>What a fix changes, what is there before or will be after it, as the fix wrote it.</summary>
    public static string Fix(string words) => IsChinese ? CheckSentences.OfFix(words) : words;

    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Fail => Text.Fail,
        Verdict.CouldNotCheck => Text.CouldNotCheck,
        Verdict.Warning => Text.Warning,
        Verdict.Pass => Text.Pass,
        _ => Text.NotApplicable,
    };

    public static string Of(CheckGroup group) => group switch
    {
        CheckGroup.Access => Text.GroupAccess,
        CheckGroup.System => Text.GroupSystem,
        CheckGroup.Hardware => Text.GroupHardware,
        CheckGroup.Clock => Text.GroupClock,
        CheckGroup.Names => Text.GroupNames,
        CheckGroup.Network => Text.GroupNetwork,
        CheckGroup.Security => Text.GroupSecurity,
        CheckGroup.Kernel => Text.GroupKernel,
        CheckGroup.Limits => Text.GroupLimits,
        CheckGroup.Storage => Text.GroupStorage,
        CheckGroup.Software => Text.GroupSoftware,
        CheckGroup.Ports => Text.GroupPorts,
        CheckGroup.Plan => Text.GroupPlan,
        CheckGroup.Database => Text.GroupDatabase,
        _ => Text.GroupPeople,
    };

    /// <summary><c>3 of 20 machines: 10.0.0.11, 10.0.0.12, 10.0.0.15</c>.</summary>
    /// <param name="machines">None: it is about the site as a whole.</param>
    /// <param name="all">How many machines the site has.</param>
    public static string Machines(IReadOnlyList<string> machines, int all) =>
        machines.Count == 0 ? Text.WholeSite
        : all == 1 ? machines[0]
        : machines.Count == all ? string.Format(null, Text.AllMachines, all)
        : string.Format(null, Text.SomeMachines, machines.Count, all, MachineRuns.Text(machines));

    private static string AnyMachine(string text) => text.Replace(FoldedCheck.AnyMachine, "<机器>", StringComparison.Ordinal);

    /// <summary><c>ip-forwarding, requirement 9</c>.</summary>
    public static string Name(Check check) => check.Requirement is { } number ? $"{check.Id}, {string.Format(null, Text.Requirement, number)}" : check.Id;

    /// <summary><c>3 checks failed, 1 warned, 2 could not be checked; 58 passed on 20 machines</c>.</summary>
    public static string Summary(CheckReport report, CheckTally tally)
    {
        var failed = tally.Failed == 1 ? Text.OneCheckFailed : string.Format(null, Text.ChecksFailed, tally.Failed);
        return string.Format(null, Text.CheckTally, failed, tally.Warned, tally.NotChecked, tally.Passed, Reached(report));
    }

    /// <summary><c>20 machines</c>, <c>19 of 20 machines</c>.</summary>
    public static string Reached(CheckReport report)
    {
        var all = report.Summary.Machines;
        return report.NotReached.Count > 0 ? string.Format(null, Text.ReachedMachines, all - report.NotReached.Count, all)
            : all == 1 ? Text.OneMachine
            : string.Format(null, Text.CountedMachines, all);
    }
}
