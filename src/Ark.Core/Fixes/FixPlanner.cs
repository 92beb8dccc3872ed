using Ark.Core.Checks;
using Ark.Core.Planning;

namespace Ark.Core.Fixes;

/// <summary>A file of a machine as it was read, for a change of its text.</summary>
/// <param name="State">What its path is, as <c>stat</c> tells: <c>none</c>, <c>link TARGET</c>, <c>file MODE UID:GID SHA256</c>.</param>
/// <param name="Text">Its bytes as Latin-1, a character a byte; empty where there is none.</param>
public sealed record ReadFile(string Machine, string Path, string State, string Text);

/// <summary>
/// Plans what <c>ark check --apply</c> does: of what checks found, whatever software may mend. Changes of one file become one step, so that it is
/// written once and undone once.
/// </summary>
public static class FixPlanner
{
    /// <summary>Files whose text must be known before the changes can be planned, by machine.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Reads(IReadOnlyList<CheckResult> results, IReadOnlyList<HostFacts> machines) =>
        Changes(results, machines, "").GroupBy(c => c.Machine.Machine).ToDictionary(
            g => g.Key, g => (IReadOnlyList<string>)[.. g.Where(c => c.Change.Edit is not null).Select(c => c.Change.Target).Distinct()]);

    /// <summary>The plan, with a problem for each change that cannot be made; the others are in it all the same. Where people have to make it, the remedy is the check's own.</summary>
    /// <param name="run">Names this run; <c>--undo</c> finds by it what was there: <c>20261125-185530</c>.</param>
    public static (Plan Plan, IReadOnlyList<Problem> Problems) Plan(string run, IReadOnlyList<CheckResult> results, IReadOnlyList<HostFacts> machines, IReadOnlyList<ReadFile> files)
    {
        var read = files.ToDictionary(f => (f.Machine, f.Path));
        List<Problem> problems = [];
        List<Step> steps = [];
        foreach (var machine in Changes(results, machines, run).GroupBy(c => c.Machine.Machine))
        {
            var number = 0;
            foreach (var target in machine.GroupBy(c => c.Change.Target))
            {
                var step = Step(run, machine.Key, number + 1, [.. target], read);
                if (step.Ok) number++;
                steps.AddRange(step.Ok ? [step.Value] : []);
                problems.AddRange(step.Problems);
            }
        }

        return (new("fixes of ark check", steps), problems);
    }

    /// <summary>The same findings, where firewalls are to be switched off instead of opened. Rules that somebody made by hand are opened all the same.</summary>
    public static IReadOnlyList<CheckResult> WithFirewallsOff(IReadOnlyList<CheckResult> results) =>
        [.. results.Select(r => r.Fix is OpenPorts { Unit: { Length: > 0 } unit } ? r with { Fix = new SetUnit(unit, false, false) } : r)];

    private static Outcome<Step> Step(string run, string machine, int number, List<PlannedChange> changes, Dictionary<(string, string), ReadFile> read)
    {
        var target = changes[0].Change.Target;
        FileText? file = null;
        if (changes.Select(c => c.Change.Edit).OfType<FileEdit>().Aggregate((FileEdit?)null, (all, next) => all?.Then(next) ?? next) is { } edit)
        {
            if (!read.TryGetValue((machine, target), out var there))
                return Outcome<Step>.Fail(new Problem("fix-not-read", $"{machine}: {target}", "The file could not be read.", "ark check --apply, once more"));
            if (there.State.StartsWith("link ", StringComparison.Ordinal))
                return Outcome<Step>.Fail(new Problem("fix-link", $"{machine}: {target}", $"It is a link to {there.State[5..]}: another program keeps what it says, and it has to be changed there.", changes[0].Result.Remedy));
            if (edit.Edit(there.Text) is not { } text)
                return Outcome<Step>.Fail(new Problem("fix-unclear", $"{machine}: {target}", "It is written in a way that leaves open where the change belongs.", changes[0].Result.Remedy));
            file = new(target, there.State, text, edit.Mode);
        }

        static string Joined(IEnumerable<string> words) => string.Join("; ", words.Where(w => w.Length > 0).Distinct());
        static string Script(IEnumerable<string> scripts) => string.Join('\n', scripts.Where(s => s.Length > 0).Distinct());
        return Outcome<Step>.Of(new()
        {
            Id = $"fix:{machine}:{target}",
            Target = machine,
            Before = Joined(changes.Select(c => c.Change.Before)),
            After = Joined(changes.Select(c => c.Change.After)),
            Work = new ApplyFix(machine, run, number, [.. changes.Select(c => c.Result.Id).Distinct()])
            {
                File = file,
                Tracked = [.. changes.SelectMany(c => c.Change.Tracked).Distinct()],
                Do = Script(changes.Select(c => c.Change.Do)),
                Undo = Script(changes.Select(c => c.Change.Undo).Reverse()),
            },
        });
    }

    private static IEnumerable<PlannedChange> Changes(IReadOnlyList<CheckResult> results, IReadOnlyList<HostFacts> machines, string run) =>
        from machine in machines
        from result in Agreed([.. results.Where(r => r.Machine == machine.Machine && r.Fix is not null)])
        from change in Of(result.Fix!, machine, run)
        select new PlannedChange(machine, result, change);

    /// <summary>Several checks may each want a name for the machine: the first is given, and no line for another.</summary>
    private static IEnumerable<CheckResult> Agreed(IReadOnlyList<CheckResult> results)
    {
        var naming = results.FirstOrDefault(r => r.Fix is SetHostName);
        return naming is null ? results : results.Where(r => r == naming || r.Fix is not (SetHostName or SetHostsEntry));
    }

    private static IEnumerable<Change> Of(Fix fix, HostFacts machine, string run) => fix switch
    {
        SetSysctl f => [KernelFixes.Of(f)],
        LoadModule f => [KernelFixes.Of(f)],
        SetKernelFile f => [KernelFixes.Of(f)],
        DropSwap f => [KernelFixes.Of(f)],
        PermitSelinux f => [KernelFixes.Of(f)],
        SetHostName f => NameFixes.Of(f, machine.Machine),
        SetHostsEntry f => [NameFixes.Of(f)],
        SetNameServers f => [NameFixes.Of(f)],
        RenewMachineId f => [NameFixes.Of(f)],
        OpenPorts f => [FirewallFixes.Of(f, machine, "ark-" + run)],
        SetUnit f => [FirewallFixes.Off(f, machine, "ark-" + run) ?? AccountFixes.Of(f)],
        SetLimit f => [AccountFixes.Of(f)],
        SetUmask f => AccountFixes.Of(f),
        SetAccess f => [AccountFixes.Of(f)],
        SetSshd f => [AccountFixes.Of(f, machine)],
        FollowClock f => [ClockFixes.Of(f, machine)],
        SetTimeZone f => [ClockFixes.Of(f)],
        InstallPackages f => [PackageFixes.Of(f, machine)],
        _ => throw new InvalidOperationException($"No way to do {fix.GetType().Name}."),
    };

    private sealed record PlannedChange(HostFacts Machine, CheckResult Result, Change Change);
}
