using Ark.Core.Planning;
using Ark.Remote.State;
using Ark.Remote.Swarm;

namespace Ark.Console.Sites;

/// <summary>One operation at a time on a site, for every verb that changes it.</summary>
public static class SiteLock
{
    /// <summary>Takes away what a killed console left of the lock, where there is nothing else to do. One that is held stays.</summary>
    public static async Task TidyAsync(ISwarm swarm, ClusterFacts facts, LockHolder holder, CancellationToken cancellation)
    {
        if (facts.Configs.All(c => c.Name != OperationLock.ConfigName)) return;
        var taken = await OperationLock.TakeAsync(swarm, holder, "ark", TimeProvider.System, cancellation);
        if (taken.Ok) await taken.Value.DisposeAsync();
    }

    /// <summary>Does the work under the site's lock. Before there is a Swarm there is nothing that could be locked: the work is done all the same.</summary>
    /// <param name="swarm">Null where no machine is a manager yet.</param>
    /// <param name="purpose">What is to be done, in words: <c>ark base</c>.</param>
    /// <param name="work">Gets a token that is cancelled when the lock is lost too; returns an exit code.</param>
    /// <returns>The work's exit code; <see cref="ExitCode.Refused"/> where another operation holds the site, or took it meanwhile.</returns>
    public static async Task<int> HoldAsync(ISwarm? swarm, LockHolder holder, string purpose, Func<CancellationToken, Task<int>> work, CancellationToken cancellation)
    {
        if (swarm is null) return await work(cancellation);
        var taken = await OperationLock.TakeAsync(swarm, holder, purpose, TimeProvider.System, cancellation);
        if (!taken.Ok) return Talk.Problems(taken.Problems, ExitCode.Refused);
        Talk.Problems(taken.Problems, ExitCode.Done);
        await using var held = taken.Value;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, held.Lost);
        try
        {
            return await work(stop.Token);
        }
        catch (OperationCanceledException) when (held.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return Talk.Problems([new("lock-lost", OperationLock.ConfigName, "The site's lock could not be kept: no manager answered in time, or another console took it.", $"look whether another operation runs: ark journal; then again: {purpose}")], ExitCode.Refused);
        }
    }
}
