using System.Globalization;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.Swarm;

namespace Ark.Remote.State;

/// <summary>
/// One operation at a time on a site: a config with a fixed name, whose labels say who, what, since when, and until when the lease runs.
/// A console that was killed leaves it behind; the next one takes it over when the lease is over.
/// </summary>
public sealed class OperationLock : IAsyncDisposable
{
    private const string Name = "ark.lock";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(8);

    private readonly ISwarm _swarm;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, string> _labels;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _renewing;

    private OperationLock(ISwarm swarm, TimeProvider time, Dictionary<string, string> labels)
    {
        (_swarm, _time, _labels) = (swarm, time, labels);
        _renewing = RenewAsync();
    }

    /// <summary>Takes the lock; waits for a lease that ends within half a minute, so that a run after a crash just goes on.</summary>
    /// <param name="holder">Who: <c>ops@m1, process 4711</c>.</param>
    /// <param name="told">Told once when it waits.</param>
    /// <returns>The lock, or who holds it since when and for what.</returns>
    public static async Task<Outcome<OperationLock>> TakeAsync(ISwarm swarm, string holder, string purpose, TimeProvider time, Action<string> told, CancellationToken cancellation)
    {
        var since = time.GetUtcNow();
        Dictionary<string, string> labels = new()
        {
            [ArkLabels.Kind] = "lock",
            ["ark.lock.holder"] = holder,
            ["ark.lock.purpose"] = purpose,
            ["ark.lock.since"] = Stamp(since),
            ["ark.lock.until"] = Stamp(since + Lease),
        };
        var first = true;
        while (true)
        {
            var held = (await swarm.GatherAsync(cancellation)).Configs.FirstOrDefault(c => c.Name == Name);
            if (held is not null && Until(held) <= time.GetUtcNow())
            {
                await swarm.RemoveConfigAsync(Name, cancellation);
                held = null;
            }

            if (held is null)
            {
                try
                {
                    labels["ark.lock.until"] = Stamp(time.GetUtcNow() + Lease);
                    await swarm.CreateConfigAsync(Name, System.Text.Encoding.UTF8.GetBytes(Guid.NewGuid().ToString()), labels, cancellation);
                    return Outcome<OperationLock>.Of(new(swarm, time, labels));
                }
                catch (SwarmException)
                {
                    // Somebody else was quicker: the next look says who.
                    continue;
                }
            }

            if (time.GetUtcNow() - since > Lease + Renewal)
                return Outcome<OperationLock>.Fail(new Problem("locked", "site",
                    $"{held.Labels.GetValueOrDefault("ark.lock.holder")} has been working on the site since {held.Labels.GetValueOrDefault("ark.lock.since")}: {held.Labels.GetValueOrDefault("ark.lock.purpose")}.",
                    "wait until that is done"));
            if (first) told($"{held.Labels.GetValueOrDefault("ark.lock.holder")} holds the site's lock ({held.Labels.GetValueOrDefault("ark.lock.purpose")}, since {held.Labels.GetValueOrDefault("ark.lock.since")}); waiting until its lease ends.");
            first = false;
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing;
        _end.Dispose();
        try
        {
            await _swarm.RemoveConfigAsync(Name, CancellationToken.None);
        }
        catch (SwarmException)
        {
            // The cluster cannot be reached: the lease ends by itself.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, _time, _end.Token);
                try
                {
                    var mine = (await _swarm.GatherAsync(_end.Token)).Configs.FirstOrDefault(c => c.Name == Name);
                    if (mine is null) continue;
                    _labels["ark.lock.until"] = Stamp(_time.GetUtcNow() + Lease);
                    await _swarm.LabelConfigAsync(Name, mine.Version, _labels, _end.Token);
                }
                catch (SwarmException)
                {
                    // A short loss of the cluster: the next renewal comes before the lease is over.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
    }

    private static DateTimeOffset Until(ConfigFacts config) =>
        DateTimeOffset.TryParse(config.Labels.GetValueOrDefault("ark.lock.until"), CultureInfo.InvariantCulture, out var until) ? until : DateTimeOffset.MinValue;

    private static string Stamp(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
