using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ark.Core.Catalog;
using Ark.Core.Planning;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>What ids stand for in one cluster: configs and secrets by name, networks by id.</summary>
/// <param name="Configs">Id of each config by name.</param>
/// <param name="Secrets">Id of each secret by name.</param>
/// <param name="Networks">Name of each network by id.</param>
public sealed record SwarmIds(
    IReadOnlyDictionary<string, string> Configs, IReadOnlyDictionary<string, string> Secrets, IReadOnlyDictionary<string, string> Networks)
{
    public static SwarmIds None { get; } =
        new(new Dictionary<string, string>(), new Dictionary<string, string>(), new Dictionary<string, string>());
}

/// <summary>A service as read from Swarm.</summary>
/// <param name="Spec">As it stands now, whoever wrote it.</param>
/// <param name="WrittenHash">As Ark labelled it; empty if it did not.</param>
/// <param name="Foreign">Settings that a <see cref="ServiceSpec"/> cannot say and that differ from what Ark writes: <c>path=value</c>.</param>
public sealed record ServiceReading(ServiceSpec Spec, string WrittenHash, IReadOnlyList<string> Foreign);

/// <summary>
/// <see cref="ServiceSpec"/> to Docker's service spec and back. A spec that was written and that nobody touched is read back with the
/// same hash: its text stands in the label <see cref="Written"/>, and each field keeps its wording there as long as Swarm says the same.
/// </summary>
public static partial class SwarmMapping
{
    /// <summary>Service label with the JSON of the spec as Ark wrote it.</summary>
    public const string Written = "ark.written";

    /// <summary>What Docker takes where no grace period is given.</summary>
    private static readonly TimeSpan DefaultGracePeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(2);

    [GeneratedRegex(@"^\s*node\.labels\.ark\.machine\s*==\s*(\S+)\s*$")]
    private static partial Regex MachineConstraint { get; }

    /// <summary>The constraint that pins an instance to its machine.</summary>
    public static string Constraint(string machine) => $"node.labels.{ArkLabels.Machine} == {machine}";

    /// <param name="forceUpdate">Swarm's restart counter, to be kept over updates.</param>
    /// <exception cref="SwarmException">A config or secret of the spec does not exist, or Swarm cannot express a setting.</exception>
    public static Engine.ServiceSpec ToDocker(ServiceSpec spec, SwarmIds ids, ulong forceUpdate = 0)
    {
        var text = JsonSerializer.Serialize(spec, PlanJson.Default.ServiceSpec);
        return Write(spec, new(
            spec.Hash(), text, forceUpdate, name => Id(ids.Configs, name, "config", spec), name => Id(ids.Secrets, name, "secret", spec), name => name));
    }

    public static ServiceReading FromDocker(Engine.ServiceSpec docker, SwarmIds ids)
    {
        var hash = docker.Labels?.TryGetValue(ArkLabels.Spec, out var h) == true ? h : "";
        var text = docker.Labels?.TryGetValue(Written, out var w) == true ? w : "";
        var files = docker.TaskTemplate?.ContainerSpec;
        var network = docker.TaskTemplate?.Networks?.FirstOrDefault()?.Target;
        var asFound = new Wording(
            hash, text, docker.TaskTemplate?.ForceUpdate ?? 0,
            name => ids.Configs.GetValueOrDefault(name) ?? files?.Configs?.FirstOrDefault(c => c.ConfigName == name)?.ConfigID ?? "",
            name => ids.Secrets.GetValueOrDefault(name) ?? files?.Secrets?.FirstOrDefault(c => c.SecretName == name)?.SecretID ?? "",
            name => network is not null && ids.Networks.GetValueOrDefault(network) == name ? network : name);

        // As good as always: nobody touched it.
        var written = ParseWritten(text, hash);
        if (written is not null && ForeignSettings.Same(docker, Write(written, asFound)))
            return new(written, hash, []);
        var read = Read(docker, ids);
        var spec = written is null ? read : Reword(read, written, asFound);
        return new(spec, hash, ForeignSettings.Compare(docker, Write(spec, asFound), ids.Networks));
    }

    /// <summary>Names of the configs and secrets that a spec mounts.</summary>
    public static IEnumerable<string> Files(Engine.ServiceSpec? docker) =>
        (docker?.TaskTemplate?.ContainerSpec?.Configs ?? []).Select(c => c.ConfigName)
        .Concat((docker?.TaskTemplate?.ContainerSpec?.Secrets ?? []).Select(s => s.SecretName))
        .OfType<string>();

    private static string Id(IReadOnlyDictionary<string, string> ids, string name, string kind, ServiceSpec spec) =>
        ids.GetValueOrDefault(name) ?? throw new SwarmException($"The {kind} {name}, which {spec.Name} mounts, does not exist in the cluster.");

    /// <summary>What a written spec holds beside the spec itself.</summary>
    private sealed record Wording(
        string Hash, string Text, ulong ForceUpdate, Func<string, string> Config, Func<string, string> Secret, Func<string, string> Network);

    private static Engine.ServiceSpec Write(ServiceSpec spec, Wording wording) => new()
    {
        Name = spec.Name,
        Labels = With(spec.Labels, (ArkLabels.Spec, wording.Hash), (Written, wording.Text)),
        TaskTemplate = new()
        {
            ContainerSpec = WriteContainer(spec, wording),
            Resources = WriteResources(spec),
            RestartPolicy = new() { Condition = "any", Delay = RestartDelay, MaxAttempts = 0 },
            Placement = new() { Constraints = spec.Machine.Length == 0 ? null : [Constraint(spec.Machine)] },
            Networks = spec.Network.Length == 0 ? null : [new() { Target = wording.Network(spec.Network) }],
            ForceUpdate = wording.ForceUpdate,
            Runtime = "container",
        },
        Mode = new() { Replicated = new() { Replicas = 1 } },
        UpdateConfig = new() { Parallelism = 1, FailureAction = "rollback", Monitor = spec.Monitor, Order = "stop-first" },
        RollbackConfig = new() { Parallelism = 1, FailureAction = "pause", Monitor = TimeSpan.FromSeconds(5), Order = "stop-first" },
        EndpointSpec = new() { Mode = "dnsrr" },
    };

    private static Engine.ContainerSpec WriteContainer(ServiceSpec spec, Wording wording) => new()
    {
        Image = spec.Image,
        Labels = With(
            spec.Labels.Where(l => l.Key is ArkLabels.Task or ArkLabels.Component), (ArkLabels.Instance, spec.Name), (ArkLabels.Spec, wording.Hash)),
        Command = List(spec.Entrypoint),
        Args = List(spec.Command),
        Env = List(spec.Environment.Select(e => $"{e.Key}={e.Value}")),
        Healthcheck = spec.Healthcheck is not { } h ? null : new()
        {
            Test = List(h.Test), Interval = NotZero(h.Interval), Timeout = NotZero(h.Timeout), StartPeriod = NotZero(h.StartPeriod), Retries = h.Retries,
        },
        Mounts = List(spec.Volumes.Select(v => new Engine.Mount { Type = "volume", Source = v.Volume, Target = v.Target, ReadOnly = v.ReadOnly ? true : null })
            .Concat(spec.Tmpfs.Select(TmpfsMount.Parse))),
        Configs = List(spec.Configs.Select(f => new Engine.SwarmConfigReference
        {
            ConfigID = wording.Config(f.Name), ConfigName = f.Name, File = new() { Name = f.Target, UID = Text(f.User), GID = Text(f.Group), Mode = (uint)f.Mode },
        })),
        Secrets = List(spec.Secrets.Select(f => new Engine.SecretReference
        {
            SecretID = wording.Secret(f.Name), SecretName = f.Name, File = new() { Name = f.Target, UID = Text(f.User), GID = Text(f.Group), Mode = (uint)f.Mode },
        })),
        Ulimits = List(spec.Ulimits.Select(u => new Engine.Ulimit { Name = u.Name, Soft = u.Soft, Hard = u.Hard })),
        Sysctls = spec.Sysctls.Count == 0 ? null : Sorted(spec.Sysctls),
        CapabilityAdd = List(spec.CapAdd),
        CapabilityDrop = List(spec.CapDrop),
        User = spec.User,
        Dir = spec.WorkingDir,
        Hostname = spec.Hostname,
        Init = spec.Init,
        ReadOnly = spec.ReadOnly ? true : null,
        StopSignal = spec.StopSignal,
        StopGracePeriod = spec.StopGracePeriod ?? DefaultGracePeriod,
        Isolation = "default",
    };

    private static Engine.ResourceRequirements WriteResources(ServiceSpec spec) => new()
    {
        Reservations = new() { NanoCPUs = NotZero(Nano(spec.CpuReservation)), MemoryBytes = NotZero(spec.MemoryReservation) },
        Limits = new() { NanoCPUs = spec.CpuLimit is { } c ? Nano(c) : null, MemoryBytes = spec.MemoryLimit, Pids = spec.PidsLimit },
    };

    private static ServiceSpec Read(Engine.ServiceSpec docker, SwarmIds ids)
    {
        var task = docker.TaskTemplate ?? new();
        var c = task.ContainerSpec ?? new();
        var mounts = c.Mounts ?? [];
        return new()
        {
            Name = docker.Name ?? "",
            Image = c.Image ?? "",
            Labels = Sorted((docker.Labels ?? new Dictionary<string, string>()).Where(l => l.Key is not (ArkLabels.Spec or Written))),
            Entrypoint = c.Command is { Count: > 0 } entrypoint ? [.. entrypoint] : null,
            Command = c.Args is { Count: > 0 } command ? [.. command] : null,
            Environment = Sorted((c.Env ?? []).Select(SplitVariable)),
            Healthcheck = ReadHealthcheck(c.Healthcheck),
            Volumes = Ordered(mounts.Where(m => m.Type == "volume").Select(m => new VolumeRef(m.Source ?? "", m.Target ?? "", m.ReadOnly ?? false)), v => (v.Volume, v.Target)),
            Tmpfs = Ordered(mounts.Where(m => m.Type == "tmpfs").Select(TmpfsMount.Write), t => (t, "")),
            Configs = Ordered((c.Configs ?? []).Select(ReadFile).OfType<FileRef>(), f => (f.Name, f.Target)),
            Secrets = Ordered((c.Secrets ?? []).Select(ReadFile).OfType<FileRef>(), f => (f.Name, f.Target)),
            Ulimits = Ordered((c.Ulimits ?? []).Select(u => new Ulimit(u.Name, u.Soft, u.Hard)), u => (u.Name, "")),
            Sysctls = Sorted(c.Sysctls ?? new Dictionary<string, string>()),
            CapAdd = Ordered(c.CapabilityAdd ?? [], t => (t, "")),
            CapDrop = Ordered(c.CapabilityDrop ?? [], t => (t, "")),
            User = NotEmpty(c.User),
            WorkingDir = NotEmpty(c.Dir),
            Hostname = NotEmpty(c.Hostname),
            Init = c.Init,
            ReadOnly = c.ReadOnly ?? false,
            StopSignal = NotEmpty(c.StopSignal),
            StopGracePeriod = c.StopGracePeriod == DefaultGracePeriod ? null : c.StopGracePeriod,
            CpuReservation = Cores(task.Resources?.Reservations?.NanoCPUs) ?? 0,
            MemoryReservation = task.Resources?.Reservations?.MemoryBytes ?? 0,
            CpuLimit = Cores(task.Resources?.Limits?.NanoCPUs),
            MemoryLimit = NotZero(task.Resources?.Limits?.MemoryBytes),
            PidsLimit = NotZero(task.Resources?.Limits?.Pids),
            Machine = (task.Placement?.Constraints ?? []).Select(x => MachineConstraint.Match(x)).FirstOrDefault(m => m.Success)?.Groups[1].Value ?? "",
            Network = task.Networks is [{ Target: { } network }, ..] ? ids.Networks.GetValueOrDefault(network, network) : "",
            Monitor = docker.UpdateConfig?.Monitor ?? TimeSpan.Zero,
        };
    }

    /// <summary>
    /// Gives each field the wording in which Ark wrote it (the order of a list, <c>64m</c> for 67108864, an explicit default), unless what
    /// it means has changed since.
    /// </summary>
    private static ServiceSpec Reword(ServiceSpec read, ServiceSpec written, Wording wording)
    {
        var meant = Read(Write(written, wording with { Network = name => name }), SwarmIds.None);
        if (meant.Hash() == read.Hash())
            return written;
        var now = Fields(read);
        var then = Fields(meant);
        var words = Fields(written);
        foreach (var name in now.Select(p => p.Key).Concat(words.Select(p => p.Key)).Distinct().ToList())
        {
            if (!JsonNode.DeepEquals(now[name], then[name]))
                continue;
            if (words[name] is { } value)
                now[name] = value.DeepClone();
            else
                now.Remove(name);
        }

        return now.Deserialize(PlanJson.Default.ServiceSpec)!;
    }

    private static JsonObject Fields(ServiceSpec spec) => JsonSerializer.SerializeToNode(spec, PlanJson.Default.ServiceSpec)!.AsObject();

    /// <summary>Null where Ark did not write it, or where the label was changed since.</summary>
    private static ServiceSpec? ParseWritten(string text, string hash)
    {
        try
        {
            return text.Length > 0 && JsonSerializer.Deserialize(text, PlanJson.Default.ServiceSpec) is { } spec && spec.Hash() == hash ? spec : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Healthcheck? ReadHealthcheck(Engine.HealthcheckConfig? h) => h is null ? null : new(
        [.. h.Test ?? []], h.Interval ?? TimeSpan.Zero, h.Timeout ?? TimeSpan.Zero, (int)(h.Retries ?? 0), h.StartPeriod ?? TimeSpan.Zero);

    private static FileRef? ReadFile(Engine.SwarmConfigReference f) =>
        f.File is { } file ? new(f.ConfigName ?? "", file.Name ?? "", (int)file.Mode, Number(file.UID), Number(file.GID)) : null;

    private static FileRef? ReadFile(Engine.SecretReference f) =>
        f.File is { } file ? new(f.SecretName ?? "", file.Name ?? "", (int)file.Mode, Number(file.UID), Number(file.GID)) : null;

    private static KeyValuePair<string, string> SplitVariable(string text) =>
        text.IndexOf('=') is var i and > 0 ? new(text[..i], text[(i + 1)..]) : new(text, "");

    /// <summary>Sorted as the engine gives them back.</summary>
    private static SortedDictionary<string, string> With(IEnumerable<KeyValuePair<string, string>> labels, params ReadOnlySpan<(string Key, string Value)> more)
    {
        var all = Sorted(labels);
        foreach (var (key, value) in more)
            if (value.Length > 0)
                all[key] = value;
        return all;
    }

    private static SortedDictionary<string, string> Sorted(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
            sorted[key] = value;
        return sorted;
    }

    private static IReadOnlyList<T> Ordered<T>(IEnumerable<T> items, Func<T, (string, string)> key) =>
        [.. items.OrderBy(i => key(i).Item1, StringComparer.Ordinal).ThenBy(i => key(i).Item2, StringComparer.Ordinal)];

    private static List<T>? List<T>(IEnumerable<T>? items) => items?.ToList() is { Count: > 0 } list ? list : null;

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static long? NotZero(long? number) => number is 0 ? null : number;

    private static TimeSpan? NotZero(TimeSpan span) => span == TimeSpan.Zero ? null : span;

    private static long Nano(double cores) => (long)Math.Round(cores * 1e9);

    private static double? Cores(long? nano) => nano is null or 0 ? null : nano.Value / 1e9;

    private static int Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
