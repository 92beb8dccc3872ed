namespace Ark.Core.Planning;

/// <summary>What was observed in the cluster, with the time.</summary>
public sealed record ClusterFacts
{
    public required DateTimeOffset At { get; init; }

    public required IReadOnlyList<NodeFacts> Nodes { get; init; }

    /// <summary>Services that bear Ark's labels, sorted by name.</summary>
    public required IReadOnlyList<ServiceFacts> Services { get; init; }

    public required IReadOnlyList<ConfigFacts> Configs { get; init; }

    public required IReadOnlyList<SecretFacts> Secrets { get; init; }

    public ServiceFacts? Find(string service) => Services.FirstOrDefault(s => s.Name == service);

    /// <summary>
    /// True where somebody changed since what a task is planned against: a service came, went or was changed, or a task was put on record. How
    /// instances fare and what was proven are no changes.
    /// </summary>
    public bool HasMovedSince(ClusterFacts then) => !Substance().SequenceEqual(then.Substance());

    private IEnumerable<string> Substance() =>
        Services.Select(s => $"{s.Name} {s.Spec.Hash()} {s.WrittenHash} {string.Join(' ', s.Foreign)}").Order(StringComparer.Ordinal)
            .Concat(Configs.Where(c => c.Labels.GetValueOrDefault(ArkLabels.Kind) == "state").Select(c => c.Name).Order(StringComparer.Ordinal));
}

/// <summary>One member of the Swarm.</summary>
/// <param name="Machine">Value of the label <see cref="ArkLabels.Machine"/>; null where Ark did not label it.</param>
/// <param name="Cpus">Cores.</param>
/// <param name="MemoryBytes">Bytes.</param>
public sealed record NodeFacts(
    string Id, string Hostname, string Address, string? Machine, bool IsManager, bool IsLeader, bool IsReady, bool IsDrained,
    double Cpus, long MemoryBytes, IReadOnlyDictionary<string, string> Labels);

public enum InstanceState { Pending, Starting, Running, Failed, Gone }

/// <summary>One service as it is.</summary>
public sealed record ServiceFacts
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Swarm's object version, for optimistic writes.</summary>
    public required ulong Version { get; init; }

    public required string Task { get; init; }

    public required string Component { get; init; }

    /// <summary>The spec as it stands in Swarm now, whoever wrote it.</summary>
    public required ServiceSpec Spec { get; init; }

    /// <summary>The hash that Ark wrote when it applied the service; differs from <c>Spec.Hash()</c> where somebody changed it by hand.</summary>
    public required string WrittenHash { get; init; }

    /// <summary>Settings that Ark never writes, in words: <c>HostConfig.Privileges=…</c>. Somebody else made them.</summary>
    public IReadOnlyList<string> Foreign { get; init; } = [];

    /// <summary>Names of configs and secrets that Swarm's own previous spec refers to: not to be collected.</summary>
    public IReadOnlyList<string> PreviousFiles { get; init; } = [];

    public required InstanceState State { get; init; }

    /// <summary>Why it is not running, from Swarm; empty if it is.</summary>
    public string Message { get; init; } = "";

    /// <summary>Id of the newest task's container, if there is one.</summary>
    public string? Container { get; init; }
}

/// <param name="ContentHash">16 hex digits of SHA-256 over the data as it is.</param>
public sealed record ConfigFacts(string Id, string Name, ulong Version, IReadOnlyDictionary<string, string> Labels, string ContentHash);

public sealed record SecretFacts(string Id, string Name, IReadOnlyDictionary<string, string> Labels);
