using System.Globalization;
using System.Security.Cryptography;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.Swarm;

namespace Ark.Remote.State;

/// <summary>
/// One operation at a time on a site: a config of a fixed name, which only one console can create, with the holder and a lease in its
/// labels. The lease is renewed in the background; whoever finds it over, or its process dead on the same machine, takes the lock over.
/// </summary>
public sealed class OperationLock : IAsyncDisposable
{
    public const string ConfigName = "ark.lock";

    /// <summary>A console that was killed elsewhere is waited for as long as this, at most, and <see cref="Tolerance"/>.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(45);

    /// <summary>By how much the clocks of two consoles may differ.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    private readonly ISwarm _swarm;
    private readonly TimeProvider _time;
    private readonly Claim _claim;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _renewing;

    private OperationLock(ISwarm swarm, TimeProvider time, Claim claim)
    {
        (_swarm, _time, _claim) = (swarm, time, claim);
        _renewing = Task.Run(RenewAsync);
    }

    /// <summary>Cancelled when the lease could not be renewed in time, or another console took the lock: stop what it guards.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Takes the lock. Problem <c>locked</c> where another operation runs; a warning <c>lock-taken-over</c> where one ended without releasing it.</summary>
    /// <param name="purpose">What is to be done, in words: <c>ark apply 527</c>.</param>
    public static async Task<Outcome<OperationLock>> TakeAsync(
        ISwarm swarm, LockHolder holder, string purpose, TimeProvider time, CancellationToken cancellation)
    {
        var claim = new Claim(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), holder, purpose, time.GetUtcNow());
        List<Problem> told = [];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await swarm.FindConfigAsync(ConfigName, cancellation) is not { } found)
                {
                    // The data is the claim's own, so that nobody's create can pass for another's.
                    await swarm.CreateConfigAsync(ConfigName, Convert.FromHexString(claim.Id), claim.ToLabels(time.GetUtcNow() + Lease), cancellation);
                    return Outcome<OperationLock>.Of(new(swarm, time, claim), told);
                }

                var (held, until) = Claim.FromLabels(found.Labels);
                if (Standing(held, until, holder, time.GetUtcNow()) is { } reason)
                {
                    await swarm.LabelConfigAsync(ConfigName, found.Version, claim.ToLabels(time.GetUtcNow() + Lease), cancellation);
                    told.Add(new("lock-taken-over", ConfigName, $"{held} did not release the site: {reason}. This operation goes on.", "ark journal", Severity.Warning));
                    return Outcome<OperationLock>.Of(new(swarm, time, claim), told);
                }

                return Outcome<OperationLock>.Fail(new Problem(
                    "locked", ConfigName, $"{held}.", $"wait for it; if it died, the site is free at {Text(until + Tolerance)} at the latest"));
            }
            catch (WorldMovedException) when (attempt < 5)
            {
                // Somebody took, renewed or released it at this moment: look again.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_released.IsCancellationRequested)
            return;
        await _released.CancelAsync();
        await _renewing;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), _time);
        try
        {
            // By id: a lock that was taken over meanwhile is another's, and stays.
            if (await FindOwnAsync(limit.Token) is { } own)
                await _swarm.RemoveConfigAsync(own.Id, limit.Token);
        }
        catch (Exception failure) when (failure is SwarmException or OperationCanceledException)
        {
            // The cluster cannot be reached: the lease ends by itself.
        }

        _lost.Dispose();
        _released.Dispose();
    }

    /// <summary>Null while the claim stands; why it may be taken over otherwise.</summary>
    private static string? Standing(Claim held, DateTimeOffset until, LockHolder asking, DateTimeOffset now)
    {
        if (asking.KnowsDead(held.Holder))
            return "its process does not run any more";
        return now > until + Tolerance ? $"its lease was over at {Text(until)}" : null;
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private async Task RenewAsync()
    {
        var until = _time.GetUtcNow() + Lease;
        while (true)
        {
            await Task.Delay(Renewal, _time, _released.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_released.IsCancellationRequested)
                return;
            try
            {
                using var limit = new CancellationTokenSource(Renewal, _time);
                if (await FindOwnAsync(limit.Token) is not { } own)
                {
                    await _lost.CancelAsync();
                    return;
                }

                var next = _time.GetUtcNow() + Lease;
                await _swarm.LabelConfigAsync(ConfigName, own.Version, _claim.ToLabels(next), limit.Token);
                until = next;
            }
            catch (Exception failure) when (failure is SwarmException or OperationCanceledException)
            {
                if (_time.GetUtcNow() <= until)
                    continue;
                await _lost.CancelAsync();
                return;
            }
        }
    }

    private async Task<ConfigFacts?> FindOwnAsync(CancellationToken cancellation) =>
        await _swarm.FindConfigAsync(ConfigName, cancellation) is { } found && Claim.FromLabels(found.Labels).Claim.Id == _claim.Id ? found : null;

    private sealed record Claim(string Id, LockHolder Holder, string Purpose, DateTimeOffset Since)
    {
        public Dictionary<string, string> ToLabels(DateTimeOffset until) => new()
        {
            [ArkLabels.Kind] = "lock",
            [ArkLabels.Schema] = "1",
            ["ark.lock.id"] = Id,
            ["ark.lock.who"] = Holder.Who,
            ["ark.lock.host"] = Holder.Host,
            ["ark.lock.process"] = Holder.Process,
            ["ark.lock.purpose"] = Purpose,
            ["ark.lock.since"] = Since.ToString("O", CultureInfo.InvariantCulture),
            ["ark.lock.until"] = until.ToString("O", CultureInfo.InvariantCulture),
        };

        public static (Claim Claim, DateTimeOffset Until) FromLabels(IReadOnlyDictionary<string, string> labels)
        {
            string Get(string name) => labels.GetValueOrDefault("ark.lock." + name, "");
            DateTimeOffset At(string name) => DateTimeOffset.TryParse(Get(name), CultureInfo.InvariantCulture, out var at) ? at : default;
            return (new(Get("id"), new(Get("who"), Get("host"), Get("process")), Get("purpose"), At("since")), At("until"));
        }

        public override string ToString() => $"{Holder.Who} has been running \"{Purpose}\" since {Text(Since)}";
    }
}
