namespace Ark.Core.Catalog;

/// <summary>
/// The container of a component: a closed list of the Compose specification's keys with their meanings. Texts of <see cref="Command"/>,
/// <see cref="Environment"/>, <see cref="Healthcheck"/> and <see cref="Hostname"/> are Liquid templates.
/// </summary>
public sealed record ContainerPart
{
    /// <summary>A name of the baseline's <c>images.yaml</c>, or a full reference <c>name:tag</c>.</summary>
    public required string Image { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public Healthcheck? Healthcheck { get; init; }

    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    public IReadOnlyList<string> Tmpfs { get; init; } = [];

    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> CapAdd { get; init; } = [];

    public IReadOnlyList<string> CapDrop { get; init; } = [];

    public string? User { get; init; }

    public string? WorkingDir { get; init; }

    public string? Hostname { get; init; }

    public bool? Init { get; init; }

    public bool ReadOnly { get; init; }

    public string? StopSignal { get; init; }

    public TimeSpan? StopGracePeriod { get; init; }

    /// <summary><c>deploy.resources.limits</c>.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>Bytes.</summary>
    public long? MemoryLimit { get; init; }

    public long? PidsLimit { get; init; }
}

/// <summary>As in Compose: <paramref name="Test"/> begins with <c>CMD</c>, <c>CMD-SHELL</c> or <c>NONE</c>.</summary>
public sealed record Healthcheck(IReadOnlyList<string> Test, TimeSpan Interval, TimeSpan Timeout, int Retries, TimeSpan StartPeriod);

/// <summary>A named volume of the instance, kept on its machine over restarts and upgrades.</summary>
public sealed record VolumeMount(string Name, string Target, bool ReadOnly = false);

public sealed record Ulimit(string Name, long Soft, long Hard);
