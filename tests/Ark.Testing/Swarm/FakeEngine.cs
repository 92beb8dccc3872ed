using Ark.Core;
using Ark.Remote.Swarm;

namespace Ark.Testing.Swarm;

/// <summary>An engine in memory. Commands are answered by a script; without one they succeed and say nothing. Safe for several threads.</summary>
public sealed class FakeEngine : IEngine
{
    private readonly Lock _lock = new();
    private readonly List<string> _calls = [];

    /// <summary>Answers a command; the place is the service, or the image of a throw-away container. Throw <see cref="SwarmException"/> for one that cannot run.</summary>
    public Func<string, IReadOnlyList<string>, CommandOutput> Answer { get; set; } = (_, _) => new(0, "");

    public HashSet<string> Images { get; } = [];

    public SortedSet<string> Volumes { get; } = new(StringComparer.Ordinal);

    /// <summary>Images that no registry has.</summary>
    public HashSet<string> Missing { get; } = [];

    /// <summary>In the order in which they came: <c>pull redis</c>, <c>exec cache-1 redis-cli ping</c>, <c>run redis id</c>, <c>remove-volume data</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    public Task PullAsync(string image, CancellationToken cancellation) => Do($"pull {image}", cancellation, () =>
    {
        if (Missing.Contains(image))
            throw new SwarmException($"Pulling {image} failed: not found.");
        return Images.Add(image);
    });

    public Task<CommandOutput> ExecAsync(string service, IReadOnlyList<string> command, TimeSpan deadline, CancellationToken cancellation) =>
        Do($"exec {service} {string.Join(' ', command)}", cancellation, () => Answer(service, command));

    public Task<CommandOutput> RunOnceAsync(string image, IReadOnlyList<string> command, Secret? input, TimeSpan deadline, CancellationToken cancellation) =>
        Do($"run {image} {string.Join(' ', command)}", cancellation, () => Answer(image, command));

    public Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellation)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<string>>([.. Volumes]);
    }

    public Task RemoveVolumeAsync(string volume, CancellationToken cancellation) => Do($"remove-volume {volume}", cancellation, () => Volumes.Remove(volume));

    private Task<T> Do<T>(string call, CancellationToken cancellation, Func<T> action)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            lock (_lock)
            {
                _calls.Add(call);
                return Task.FromResult(action());
            }
        }
        catch (Exception failure)
        {
            return Task.FromException<T>(failure);
        }
    }
}
