using System.CommandLine;
using System.Globalization;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Console.Texts;
using Ark.Core;
using Ark.Core.Checks;
using Ark.Core.Fixes;
using Ark.Core.Planning;
using Ark.Remote.Fixes;
using Ark.Remote.State;
using Ark.Remote.Swarm;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Commands;

/// <summary>Mends what <c>ark check</c> found, and takes it back: shown beforehand, run after a yes, under the site's lock, on record.</summary>
public static class FixRun
{
    /// <summary>No exit code: the machines were changed, and are to be judged again.</summary>
    public const int Judged = -1;

    /// <param name="stopFirewall">Switch firewalls off instead of opening ports.</param>
    /// <returns>An exit code, or <see cref="Judged"/>.</returns>
    public static async Task<int> ApplyAsync(ParseResult parsed, FactsFile facts, IReadOnlyList<Check> checks, bool stopFirewall, CancellationToken cancellation)
    {
        var scope = CheckWorld.Scope(facts);
        var results = CheckReport.Of(scope, checks).Results;
        if (stopFirewall) results = FixPlanner.WithFirewallsOff(results);
        if (results.All(r => r.Fix is null))
        {
            Talk.Say(Text.NothingToMend);
            return Judged;
        }

        var folder = parsed.SiteFolder();
        var opened = await Session.OpenAsync(folder, cancellation);
        if (!opened.Ok) return Talk.Problems(opened.Problems, Session.ExitCodeOf(opened));
        await using var session = opened.Value;
        var steps = new FixSteps(session.Shells);
        var (files, unread) = await steps.ReadAsync(FixPlanner.Reads(results, scope.Machines), cancellation);
        var run = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var (plan, unplanned) = FixPlanner.Plan(run, results, scope.Machines, files);
        Talk.Problems([.. unread, .. unplanned.Select(p => CheckWords.Say(p, results, checks))], ExitCode.Done);
        var swarm = scope.Machines.Any(m => m.Engine is { Swarm: "active" }) ? await session.FindSwarmAsync(cancellation) : null;
        var code = await RunAsync(parsed, plan, scope.Machines.Count, "ark check --apply", swarm, steps, cancellation);
        if (code != Judged) return code;
        Talk.Say(string.Format(null, Text.UndoneBy, $"ark check --undo {run}"));
        return Judged;
    }

    /// <param name="run">Null: only show what there is.</param>
    public static async Task<int> UndoAsync(ParseResult parsed, string? run, CancellationToken cancellation)
    {
        var opened = await Session.OpenAsync(parsed.SiteFolder(), cancellation);
        if (!opened.Ok) return Talk.Problems(opened.Problems, Session.ExitCodeOf(opened));
        await using var session = opened.Value;
        var steps = new FixSteps(session.Shells);
        var (records, unread) = await steps.ListAsync(cancellation);
        Talk.Problems([.. session.Unreached, .. unread], ExitCode.Done);
        if (run is null)
        {
            FixView.Runs(records, parsed.WantsJson());
            return ExitCode.Done;
        }

        if (records.All(r => r.Run != run))
            return Talk.Problems([new("unknown-run", $"--undo {run}", "No machine that answered has a run of that id on record.", "ark check --undo")], ExitCode.Usage);
        var (plan, moved) = UndoPlanner.Plan(run, records);
        Talk.Problems(moved, ExitCode.Done);
        if (!plan.IsEmpty)
        {
            var swarm = await session.FindSwarmAsync(cancellation);
            var code = await RunAsync(parsed, plan, session.Machines.All.Count, $"ark check --undo {run}", swarm, steps, cancellation);
            if (code != Judged) return code;
        }

        return moved.Count > 0 ? ExitCode.Refused : session.Unreached.Any(p => p.Severity == Severity.Error) || unread.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    /// <param name="verb">The command that goes on after mending.</param>
    /// <param name="swarm">Holds the site's lock; null where there is none yet.</param>
    private static async Task<int> RunAsync(ParseResult parsed, Plan plan, int machines, string verb, ISwarm? swarm, FixSteps steps, CancellationToken cancellation)
    {
        if (parsed.IsDry() && parsed.WantsJson()) System.Console.Out.WriteLine(PlanFile.Write(plan));
        FixView.Show(plan, machines, Terminal.Error);
        if (parsed.IsDry()) return ExitCode.Done;
        if (plan.IsEmpty) return Judged;
        if (!Terminal.Confirm(Text.GoOn, parsed.GetValue(GlobalOptions.Yes))) return ExitCode.Failed;
        return await SiteLock.HoldAsync(swarm, LockHolder.Current(), verb, async stop =>
        {
            var result = await Execution.RunAsync(plan, steps.RunAsync, parsed.SiteFolder(), "check", stop);
            return result.Ok ? Judged : Execution.Tell(result, verb);
        }, cancellation);
    }
}
