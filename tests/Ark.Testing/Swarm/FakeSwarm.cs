using System.Security.Cryptography;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.Swarm;

namespace Ark.Testing.Swarm;

/// <summary>How an instance of the <see cref="FakeSwarm"/> behaves each time it is started.</summary>
/// <param name="Polls">Looks until it is healthy, or until it fails.</param>
/// <param name="Failure">Null for an instance that becomes healthy.</param>
/// <param name="RollsBack">Swarm puts the previous spec back when it fails.</param>
public sealed record Health(int Polls, string? Failure = null, bool RollsBack = true)
{
    public static Health Good { get; } = new(1);

    public static Health After(int polls) => new(polls);

    public static Health Fails(string reason, bool rollsBack = true) => new(1, reason, rollsBack);

    /// <summary>Neither healthy nor failed before any deadline.</summary>
    public static Health Never { get; } = new(int.MaxValue);
}

/// <summary>A cluster in memory that keeps the promises of <see cref="ISwarm"/>: versions, idempotent creation, conflicts. Safe for several threads.</summary>
public sealed class FakeSwarm(TimeProvider? time = null) : ISwarm
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Service> _services = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Config> _configs = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SecretFacts> _secrets = new(StringComparer.Ordinal);
    private readonly List<(string Call, Exception Failure)> _failures = [];
    private readonly List<string> _calls = [];
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private ulong _version;

    /// <summary>From one look to the next; zero only yields.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.Zero;

    public IReadOnlyList<NodeFacts> Nodes { get; set; } = [];

    /// <summary>How an instance with this spec behaves.</summary>
    public Func<ServiceSpec, Health> Behaviour { get; set; } = _ => Health.Good;

    /// <summary>Every write and wait so far: <c>create-service metadb-1</c>, <c>await-healthy metadb-1</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>Secrets' contents, which a real cluster would not tell.</summary>
    public Dictionary<string, Secret> SecretContents { get; } = [];

    /// <summary>The next call of this text (<c>create-config a</c>) throws instead of doing anything.</summary>
    public void FailNext(string call, Exception failure)
    {
        lock (_lock)
            _failures.Add((call, failure));
    }

    /// <summary>A change that somebody makes past Ark.</summary>
    public void ChangeByHand(string service, Func<ServiceSpec, ServiceSpec> change, params string[] foreign)
    {
        lock (_lock)
        {
            var found = _services[service];
            _services[service] = found with { Previous = found.Spec, Spec = change(found.Spec), Foreign = [.. found.Foreign, .. foreign], Version = ++_version };
        }
    }

    public void SetState(string service, InstanceState state, string message = "")
    {
        lock (_lock)
            _services[service] = _services[service] with { State = state, Message = message };
    }

    public Task<ClusterFacts> GatherAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ThrowScripted("gather");
            return Task.FromResult(new ClusterFacts
            {
                At = _time.GetUtcNow(),
                Nodes = Nodes,
                Services = [.. _services.Values.Select(ToFacts)],
                Configs = [.. _configs.Values.Select(c => c.Facts)],
                Secrets = [.. _secrets.Values],
            });
        }
    }

    public Task CreateConfigAsync(string name, ReadOnlyMemory<byte> data, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation) =>
        Do($"create-config {name}", cancellation, () =>
        {
            if (_configs.TryGetValue(name, out var there) && !there.Data.AsSpan().SequenceEqual(data.Span))
                throw new WorldMovedException($"A config {name} exists already with another content.");
            var id = there?.Facts.Id ?? "config-" + ++_version;
            _configs[name] = new(new(id, name, ++_version, new Dictionary<string, string>(labels), Convert.ToHexStringLower(SHA256.HashData(data.Span))[..16]), data.ToArray());
        });

    public Task<ConfigFacts?> FindConfigAsync(string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ThrowScripted($"find-config {name}");
            return Task.FromResult(_configs.GetValueOrDefault(name)?.Facts);
        }
    }

    public Task<byte[]?> ReadConfigAsync(string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ThrowScripted($"read-config {name}");
            return Task.FromResult(_configs.GetValueOrDefault(name)?.Data);
        }
    }

    public Task LabelConfigAsync(string name, ulong version, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation) =>
        Do($"label-config {name}", cancellation, () =>
        {
            if (!_configs.TryGetValue(name, out var there) || there.Facts.Version != version)
                throw new WorldMovedException($"The labels of the config {name} were changed by somebody else.");
            _configs[name] = there with { Facts = there.Facts with { Version = ++_version, Labels = new Dictionary<string, string>(labels) } };
        });

    public Task RemoveConfigAsync(string name, CancellationToken cancellation) => Do($"remove-config {name}", cancellation, () =>
    {
        var key = _configs.Values.FirstOrDefault(c => c.Facts.Name == name || c.Facts.Id == name)?.Facts.Name ?? name;
        RefuseUsed(key, s => s.Configs);
        _configs.Remove(key);
    });

    public Task CreateSecretAsync(string name, Secret content, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation) =>
        Do($"create-secret {name}", cancellation, () =>
        {
            if (_secrets.TryAdd(name, new("secret-" + ++_version, name, new Dictionary<string, string>(labels))))
                SecretContents[name] = content;
        });

    public Task RemoveSecretAsync(string name, CancellationToken cancellation) => Do($"remove-secret {name}", cancellation, () =>
    {
        RefuseUsed(name, s => s.Secrets);
        _secrets.Remove(name);
        SecretContents.Remove(name);
    });

    public Task CreateServiceAsync(ServiceSpec spec, CancellationToken cancellation) => Do($"create-service {spec.Name}", cancellation, () =>
    {
        RequireFiles(spec);
        if (!_services.TryGetValue(spec.Name, out var there))
            _services[spec.Name] = new(spec, spec.Hash(), ++_version);
        else if (!there.IsAs(spec))
            throw new WorldMovedException($"A service {spec.Name} exists already, and it is not the one that was planned.");
    });

    public Task UpdateServiceAsync(ServiceSpec spec, string expectedHash, CancellationToken cancellation) =>
        Do($"update-service {spec.Name}", cancellation, () =>
        {
            RequireFiles(spec);
            var there = Require(spec.Name);
            if (there.IsAs(spec))
                return;
            if (there.Spec.Hash() != expectedHash)
                throw new WorldMovedException($"{spec.Name} was changed since the plan was made.");
            _services[spec.Name] = new(spec, spec.Hash(), ++_version) { Previous = there.Spec, PreviousHash = there.WrittenHash, Restarts = there.Restarts };
        });

    public Task<ulong> RestartServiceAsync(string name, CancellationToken cancellation)
    {
        ulong restarts = 0;
        return Do($"restart-service {name}", cancellation, () =>
        {
            var there = Require(name);
            restarts = there.Restarts + 1;
            _services[name] = there with { Restarts = restarts, Version = ++_version, State = InstanceState.Starting, Looks = 0, Previous = there.Spec, PreviousHash = there.WrittenHash };
        }).ContinueWith(t => { t.GetAwaiter().GetResult(); return restarts; }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public Task RemoveServiceAsync(string name, CancellationToken cancellation) => Do($"remove-service {name}", cancellation, () => _services.Remove(name));

    public async Task AwaitHealthyAsync(string service, string specHash, ulong? restart, TimeSpan deadline, CancellationToken cancellation)
    {
        await Do($"await-healthy {service}", cancellation, () => { });
        var start = _time.GetTimestamp();
        while (!Look(service, specHash, restart))
        {
            if (_time.GetElapsedTime(start) >= deadline)
                throw new InstanceFailedException($"{service} did not become healthy within {deadline.TotalSeconds:0} s.");
            if (Period > TimeSpan.Zero)
                await Task.Delay(Period, _time, cancellation);
            else
                await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    public Task AwaitGoneAsync(string service, TimeSpan deadline, CancellationToken cancellation) => Do($"await-gone {service}", cancellation, () =>
    {
        if (_services.ContainsKey(service))
            throw new SwarmException($"{service} was not gone within {deadline.TotalSeconds:0} s.");
    });

    private bool Look(string name, string specHash, ulong? restart)
    {
        lock (_lock)
        {
            if (!_services.TryGetValue(name, out var there))
                throw new InstanceFailedException($"{name} failed: the service is gone from the Swarm.");
            if (there.Spec.Hash() != specHash || there.Restarts < restart)
                throw new InstanceFailedException($"{name} failed: somebody else changed the service meanwhile.");
            if (there.State == InstanceState.Running)
                return true;
            var health = Behaviour(there.Spec);
            if (there.Looks + 1 < health.Polls)
            {
                _services[name] = there with { Looks = there.Looks + 1 };
                return false;
            }

            if (health.Failure is not { } reason)
            {
                _services[name] = there with { State = InstanceState.Running, Message = "" };
                return true;
            }

            _services[name] = health.RollsBack && there.Previous is { } previous
                ? new(previous, there.PreviousHash, ++_version) { State = InstanceState.Running, Previous = there.Spec, Restarts = there.Restarts }
                : there with { State = InstanceState.Failed, Message = reason };
            throw new InstanceFailedException($"{name} failed: {reason}.");
        }
    }

    private Task Do(string call, CancellationToken cancellation, Action action)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            lock (_lock)
            {
                _calls.Add(call);
                ThrowScripted(call);
                action();
            }

            return Task.CompletedTask;
        }
        catch (Exception failure)
        {
            return Task.FromException(failure);
        }
    }

    private void ThrowScripted(string call)
    {
        if (_failures.FindIndex(f => f.Call == call) is var i and >= 0)
        {
            var failure = _failures[i].Failure;
            _failures.RemoveAt(i);
            throw failure;
        }
    }

    private Service Require(string name) => _services.GetValueOrDefault(name) ?? throw new WorldMovedException($"The service {name} is gone.");

    private void RequireFiles(ServiceSpec spec)
    {
        foreach (var file in spec.Configs.Where(f => !_configs.ContainsKey(f.Name)))
            throw new SwarmException($"The config {file.Name}, which {spec.Name} mounts, does not exist in the cluster.");
        foreach (var file in spec.Secrets.Where(f => !_secrets.ContainsKey(f.Name)))
            throw new SwarmException($"The secret {file.Name}, which {spec.Name} mounts, does not exist in the cluster.");
    }

    private void RefuseUsed(string name, Func<ServiceSpec, IReadOnlyList<FileRef>> files)
    {
        if (_services.Values.FirstOrDefault(s => files(s.Spec).Any(f => f.Name == name)) is { } user)
            throw new SwarmException($"{name} is in use by {user.Spec.Name}.");
    }

    private static ServiceFacts ToFacts(Service service) => new()
    {
        Id = "id-" + service.Spec.Name,
        Name = service.Spec.Name,
        Version = service.Version,
        Task = service.Spec.Labels.GetValueOrDefault(ArkLabels.Task, ""),
        Component = service.Spec.Labels.GetValueOrDefault(ArkLabels.Component, ""),
        Spec = service.Spec,
        WrittenHash = service.WrittenHash,
        Foreign = service.Foreign,
        PreviousFiles = service.Previous is { } p ? [.. p.Configs.Concat(p.Secrets).Select(f => f.Name)] : [],
        State = service.State,
        Message = service.Message,
        Container = service.State == InstanceState.Running ? $"{service.Spec.Name}-{service.Version}" : null,
    };

    private sealed record Config(ConfigFacts Facts, byte[] Data);

    private sealed record Service(ServiceSpec Spec, string WrittenHash, ulong Version)
    {
        public IReadOnlyList<string> Foreign { get; init; } = [];

        public ServiceSpec? Previous { get; init; }

        public string PreviousHash { get; init; } = "";

        public ulong Restarts { get; init; }

        public InstanceState State { get; init; } = InstanceState.Starting;

        public string Message { get; init; } = "";

        public int Looks { get; init; }

        public bool IsAs(ServiceSpec spec) => Foreign.Count == 0 && WrittenHash == spec.Hash() && Spec.Hash() == spec.Hash();
    }
}
