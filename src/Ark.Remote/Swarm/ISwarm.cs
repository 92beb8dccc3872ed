using Ark.Core;
using Ark.Core.Planning;

namespace Ark.Remote.Swarm;

/// <summary>The cluster, through one of its managers. Failures of the cluster throw <see cref="SwarmException"/>.</summary>
public interface ISwarm
{
    /// <summary>Everything of Ark in the cluster, in a handful of calls made at once.</summary>
    Task<ClusterFacts> GatherAsync(CancellationToken cancellation);

    Task CreateConfigAsync(string name, ReadOnlyMemory<byte> data, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation);

    /// <summary>A config's labels and version; null where there is none.</summary>
    Task<ConfigFacts?> FindConfigAsync(string name, CancellationToken cancellation);

    /// <summary>Null where there is none.</summary>
    Task<byte[]?> ReadConfigAsync(string name, CancellationToken cancellation);

    /// <summary>Replaces the labels of a config (its data never changes) if it still has that version.</summary>
    Task LabelConfigAsync(string name, ulong version, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation);

    /// <summary>By name or id; nothing happens where there is none.</summary>
    Task RemoveConfigAsync(string name, CancellationToken cancellation);

    Task CreateSecretAsync(string name, Secret content, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation);

    Task RemoveSecretAsync(string name, CancellationToken cancellation);

    /// <summary>Configs and secrets are named in the spec and must exist.</summary>
    Task CreateServiceAsync(ServiceSpec spec, CancellationToken cancellation);

    /// <summary>Replaces the spec of a service whose spec still hashes to <paramref name="expectedHash"/>; throws <see cref="WorldMovedException"/> otherwise.</summary>
    Task UpdateServiceAsync(ServiceSpec spec, string expectedHash, CancellationToken cancellation);

    /// <summary>Restarts the instance with the spec it has; returns the number that its new task will bear (<c>ForceUpdate</c>).</summary>
    Task<ulong> RestartServiceAsync(string name, CancellationToken cancellation);

    Task RemoveServiceAsync(string name, CancellationToken cancellation);

    /// <summary>
    /// Waits until the newest task of the service runs the given spec (and restart number) and is healthy. All callers share one poll.
    /// </summary>
    /// <exception cref="InstanceFailedException">It did not within <paramref name="deadline"/>, or Swarm rolled it back; says why.</exception>
    Task AwaitHealthyAsync(string service, string specHash, ulong? restart, TimeSpan deadline, CancellationToken cancellation);

    /// <summary>Waits until no task of the service has a container any more.</summary>
    Task AwaitGoneAsync(string service, TimeSpan deadline, CancellationToken cancellation);
}

/// <summary>The Docker engine of one machine.</summary>
public interface IEngine
{
    /// <summary>Pulls by digest; nothing happens where the image is there already.</summary>
    Task PullAsync(string image, CancellationToken cancellation);

    /// <summary>Runs a command in the running container of a service. Exit code and output, standard error included.</summary>
    Task<CommandOutput> ExecAsync(string service, IReadOnlyList<string> command, TimeSpan deadline, CancellationToken cancellation);

    /// <summary>Runs a command in a throw-away container with the host's network.</summary>
    /// <param name="input">What it reads on stdin; null: nothing.</param>
    Task<CommandOutput> RunOnceAsync(string image, IReadOnlyList<string> command, Secret? input, TimeSpan deadline, CancellationToken cancellation);

    Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellation);

    Task RemoveVolumeAsync(string volume, CancellationToken cancellation);
}

public sealed record CommandOutput(int ExitCode, string Text);

/// <summary>The cluster or an engine refused or could not be reached; the message is fit for people.</summary>
public class SwarmException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What is there is not what was planned against.</summary>
public sealed class WorldMovedException(string message) : SwarmException(message);

/// <summary>An instance did not become healthy; the message holds Swarm's reason and the last lines of its log.</summary>
public sealed class InstanceFailedException(string message) : SwarmException(message);
