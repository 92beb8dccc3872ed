using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.State;
using Ark.Remote.Swarm;

namespace Ark.Console.Sites;

/// <summary>One look at the machines, and what remains to be done there.</summary>
/// <param name="Swarm">Null where there was none yet when the round began.</param>
/// <param name="RunAsync">Runs the plan; returns an exit code.</param>
public sealed record BaseRound(ISwarm? Swarm, Plan Plan, Func<CancellationToken, Task<int>> RunAsync);

/// <summary>
/// Brings the base to what it should be. A part may bring to light what the next needs (the first Swarm, its node ids): what remains is planned
/// anew until nothing does. Every round is run under the site's lock as soon as there is a Swarm to hold it.
/// </summary>
public static class BaseRounds
{
    private const int Most = 3;

    /// <param name="next">Gathers and plans the round of this number, from 1.</param>
    /// <param name="ask">Shows the plan of a round and asks; an exit code ends the work without a change (a dry run, nobody said yes).</param>
    /// <returns>An exit code; <see cref="ExitCode.Done"/> when nothing remains.</returns>
    public static async Task<int> ConvergeAsync(
        Func<int, CancellationToken, Task<Outcome<BaseRound>>> next, Func<int, Plan, int?> ask, LockHolder holder, CancellationToken cancellation)
    {
        for (var round = 1; ; round++)
        {
            var found = await next(round, cancellation);
            if (!found.Ok) return Talk.Problems(found.Problems, ExitCode.Failed);
            if (ask(round, found.Value.Plan) is { } end) return end;
            if (found.Value.Plan.IsEmpty) return ExitCode.Done;
            if (round > Most) return Talk.Problems([new("not-converging", "base", $"After {Most} rounds there is still something to change.", "ark base --dry-run")], ExitCode.Failed);
            var code = await SiteLock.HoldAsync(found.Value.Swarm, holder, "ark base", found.Value.RunAsync, cancellation);
            if (code != ExitCode.Done) return code;
        }
    }
}
