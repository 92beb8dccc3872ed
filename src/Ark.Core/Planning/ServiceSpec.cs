using System.Security.Cryptography;
using System.Text.Json;
using Ark.Core.Catalog;

namespace Ark.Core.Planning;

/// <summary>
/// The whole of what Ark says about one instance to Swarm: a service of one replica. Equal specs have equal <see cref="Hash"/>es, so
/// what runs can be compared with what is wanted field by field. Lists and maps are sorted by name.
/// </summary>
public sealed record ServiceSpec
{
    /// <summary>The instance's name: <c>metadb-1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Pinned by digest: <c>registry.ark:5000/mariadb:3f2a…@sha256:…</c>.</summary>
    public required string Image { get; init; }

    /// <summary>Service labels, without <see cref="ArkLabels.Spec"/>.</summary>
    public required SortedDictionary<string, string> Labels { get; init; }

    /// <summary>Null: the image's.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public SortedDictionary<string, string> Environment { get; init; } = [];

    public Healthcheck? Healthcheck { get; init; }

    public IReadOnlyList<VolumeRef> Volumes { get; init; } = [];

    public IReadOnlyList<string> Tmpfs { get; init; } = [];

    /// <summary>Immutable, content-addressed Swarm configs.</summary>
    public IReadOnlyList<FileRef> Configs { get; init; } = [];

    /// <summary>Immutable Swarm secrets, named by HMAC.</summary>
    public IReadOnlyList<FileRef> Secrets { get; init; } = [];

    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    public SortedDictionary<string, string> Sysctls { get; init; } = [];

    public IReadOnlyList<string> CapAdd { get; init; } = [];

    public IReadOnlyList<string> CapDrop { get; init; } = [];

    public string? User { get; init; }

    public string? WorkingDir { get; init; }

    public string? Hostname { get; init; }

    public bool? Init { get; init; }

    public bool ReadOnly { get; init; }

    public string? StopSignal { get; init; }

    public TimeSpan? StopGracePeriod { get; init; }

    /// <summary>Cores set aside.</summary>
    public required double CpuReservation { get; init; }

    /// <summary>Bytes set aside.</summary>
    public required long MemoryReservation { get; init; }

    public double? CpuLimit { get; init; }

    /// <summary>Bytes.</summary>
    public long? MemoryLimit { get; init; }

    public long? PidsLimit { get; init; }

    /// <summary>Value of the node label <see cref="ArkLabels.Machine"/> that the instance is pinned to: the machine's address as planned.</summary>
    public required string Machine { get; init; }

    /// <summary><c>host</c> in VM mode.</summary>
    public required string Network { get; init; }

    /// <summary>How long Swarm watches an updated instance before it calls the update good: start period + retries × interval, and more.</summary>
    public required TimeSpan Monitor { get; init; }

    /// <summary>SHA-256 over the canonical JSON, 16 hex digits.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, PlanJson.Default.ServiceSpec)))[..16];
}

/// <summary>A named volume of the engine on the instance's machine.</summary>
public sealed record VolumeRef(string Volume, string Target, bool ReadOnly);

/// <summary>A config or secret mounted as a file. <paramref name="Mode"/> is the octal permission as a number.</summary>
public sealed record FileRef(string Name, string Target, int Mode, int User, int Group);

/// <summary>The labels in which the site's state lives.</summary>
public static class ArkLabels
{
    /// <summary>Version of this set of labels.</summary>
    public const string Schema = "ark.schema";

    public const string Task = "ark.task";

    public const string Component = "ark.component";

    public const string Instance = "ark.instance";

    /// <summary>Hash of the spec; on the service and on its containers.</summary>
    public const string Spec = "ark.spec";

    /// <summary>On nodes: the machine's address as in the properties. Instances are pinned by it.</summary>
    public const string Machine = "ark.machine";

    /// <summary>On nodes: bytes of the file system under Docker's data path, as measured by the base. On services: bytes of it set aside for the instance.</summary>
    public const string Disk = "ark.disk";

    /// <summary>On services: ports that the instance listens on, <c>tcp/5672 udp/53</c>.</summary>
    public const string Ports = "ark.ports";

    /// <summary>On services: <c>true</c> where nothing else may stand on the instance's machine.</summary>
    public const string Exclusive = "ark.exclusive";

    /// <summary>On services: the instance's address of the pool, in physical mode.</summary>
    public const string Address = "ark.address";

    /// <summary>On configs of Ark's own: what they are (<c>state</c>, <c>lock</c>, <c>proof</c>, <c>file</c>).</summary>
    public const string Kind = "ark.kind";
}
