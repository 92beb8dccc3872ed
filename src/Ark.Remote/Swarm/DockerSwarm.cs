using System.Collections.Concurrent;
using System.Net;
using Ark.Core;
using Ark.Core.Planning;
using Docker.DotNet;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>
/// The cluster through the Docker API of one of its managers. Creating what is there already with the same content is success, so that a
/// run that was cut off between an effect and its record can be repeated.
/// </summary>
public sealed class DockerSwarm : ISwarm
{
    /// <summary>How often a write is tried again when Swarm itself touched the object meanwhile.</summary>
    private const int Attempts = 10;

    private readonly ConcurrentDictionary<string, string> _configs = [];
    private readonly ConcurrentDictionary<string, string> _secrets = [];
    private readonly ConcurrentDictionary<string, string> _networks = [];
    private readonly IDockerClient _client;
    private readonly TimeProvider _time;
    private readonly TaskWatch _watch;

    /// <param name="client">Of a manager; stays the caller's.</param>
    public DockerSwarm(IDockerClient client, TimeProvider? time = null)
    {
        _client = client;
        _time = time ?? TimeProvider.System;
        _watch = new(client, _networks, _time);
    }

    public async Task<ClusterFacts> GatherAsync(CancellationToken cancellation)
    {
        var sight = await SwarmSight.TakeAsync(_client, _networks, cancellation);
        Remember(_configs, sight.Configs.Select(c => (c.Spec?.Name, (string?)c.ID)));
        Remember(_secrets, sight.Secrets.Select(c => (c.Spec?.Name, (string?)c.ID)));
        return sight.ToFacts(_time.GetUtcNow());
    }

    public async Task CreateConfigAsync(
        string name, ReadOnlyMemory<byte> data, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation)
    {
        var spec = new Engine.SwarmConfigSpec { Name = name, Data = data.ToArray(), Labels = new Dictionary<string, string>(labels) };
        try
        {
            _configs[name] = (await EngineCalls.AskAsync(
                $"Creating the config {name}", () => _client.Configs.CreateConfigAsync(new() { Config = spec }, cancellation), cancellation)).ID;
        }
        catch (SwarmException failure) when (EngineCalls.Is(failure, HttpStatusCode.Conflict))
        {
            await AcceptConfigAsync(spec, failure, cancellation);
        }
    }

    public async Task<ConfigFacts?> FindConfigAsync(string name, CancellationToken cancellation) =>
        await InspectConfigAsync(name, cancellation) is { } config ? SwarmSight.ToConfig(config) : null;

    public async Task<byte[]?> ReadConfigAsync(string name, CancellationToken cancellation) =>
        await InspectConfigAsync(name, cancellation) is { } config ? config.Spec?.Data ?? [] : null;

    public async Task LabelConfigAsync(string name, ulong version, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation)
    {
        var config = await InspectConfigAsync(name, cancellation) ?? throw new WorldMovedException($"The config {name} is gone.");
        if (config.Version?.Index != version)
            throw new WorldMovedException($"The labels of the config {name} were changed by somebody else.");
        await WriteLabelsAsync(config, labels, cancellation);
    }

    public async Task RemoveConfigAsync(string name, CancellationToken cancellation)
    {
        _configs.TryRemove(name, out _);
        await EngineCalls.FindAsync(
            $"Removing the config {name}", async () => { await _client.Configs.RemoveConfigAsync(name, cancellation); return name; }, cancellation);
    }

    public async Task CreateSecretAsync(string name, Secret content, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation)
    {
        var data = System.Text.Encoding.UTF8.GetBytes(content.Reveal());
        var spec = new Engine.SwarmSecretSpec { Name = name, Data = data, Labels = new Dictionary<string, string>(labels) };
        try
        {
            _secrets[name] = (await EngineCalls.AskAsync(
                $"Creating the secret {name}", () => _client.Secrets.CreateAsync(spec, cancellation), cancellation)).ID;
        }
        catch (SwarmException failure) when (EngineCalls.Is(failure, HttpStatusCode.Conflict))
        {
            // A secret cannot be read back; its name is a keyed hash of its content, so the same name is the same content.
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(data);
        }
    }

    public async Task RemoveSecretAsync(string name, CancellationToken cancellation)
    {
        _secrets.TryRemove(name, out _);
        await EngineCalls.FindAsync(
            $"Removing the secret {name}", async () => { await _client.Secrets.DeleteAsync(name, cancellation); return name; }, cancellation);
    }

    public async Task CreateServiceAsync(ServiceSpec spec, CancellationToken cancellation)
    {
        try
        {
            await WithIdsAsync(
                spec,
                ids => EngineCalls.AskAsync(
                    $"Creating the service {spec.Name}",
                    () => _client.Swarm.CreateServiceAsync(new() { Service = SwarmMapping.ToDocker(spec, ids) }, cancellation), cancellation),
                cancellation);
        }
        catch (SwarmException failure) when (EngineCalls.Is(failure, HttpStatusCode.Conflict))
        {
            var (_, reading) = await ReadServiceAsync(spec.Name, cancellation);
            if (!IsAs(reading, spec))
                throw new WorldMovedException($"A service {spec.Name} exists already, and it is not the one that was planned: plan again.");
        }
    }

    public async Task UpdateServiceAsync(ServiceSpec spec, string expectedHash, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (service, reading) = await ReadServiceAsync(spec.Name, cancellation);
            if (IsAs(reading, spec))
                return;
            if (reading.Spec.Hash() != expectedHash)
                throw new WorldMovedException($"{spec.Name} was changed since the plan was made: plan again.");
            try
            {
                await WithIdsAsync(
                    spec, ids => WriteServiceAsync(service, SwarmMapping.ToDocker(spec, ids, service.Spec?.TaskTemplate?.ForceUpdate ?? 0), cancellation), cancellation);
                return;
            }
            catch (SwarmException failure) when (EngineCalls.IsOutOfSequence(failure) && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), cancellation);
            }
        }
    }

    public async Task<ulong> RestartServiceAsync(string name, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (service, _) = await ReadServiceAsync(name, cancellation);
            var task = service.Spec!.TaskTemplate!;
            task.ForceUpdate++;
            try
            {
                await WriteServiceAsync(service, service.Spec, cancellation);
                return task.ForceUpdate;
            }
            catch (SwarmException failure) when (EngineCalls.IsOutOfSequence(failure) && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), cancellation);
            }
        }
    }

    public Task RemoveServiceAsync(string name, CancellationToken cancellation) =>
        EngineCalls.FindAsync(
            $"Removing the service {name}", async () => { await _client.Swarm.RemoveServiceAsync(name, cancellation); return name; }, cancellation);

    public Task AwaitHealthyAsync(string service, string specHash, ulong? restart, TimeSpan deadline, CancellationToken cancellation) =>
        _watch.AwaitHealthyAsync(service, specHash, restart, deadline, cancellation);

    public Task AwaitGoneAsync(string service, TimeSpan deadline, CancellationToken cancellation) =>
        _watch.AwaitGoneAsync(service, deadline, cancellation);

    private static bool IsAs(ServiceReading reading, ServiceSpec spec) =>
        reading.Foreign.Count == 0 && reading.WrittenHash == spec.Hash() && reading.Spec.Hash() == spec.Hash();

    private async Task<(Engine.SwarmService Service, ServiceReading Reading)> ReadServiceAsync(string name, CancellationToken cancellation)
    {
        var service = await EngineCalls.FindAsync($"Reading the service {name}", () => _client.Swarm.InspectServiceAsync(name, cancellation), cancellation)
            ?? throw new WorldMovedException($"The service {name} is gone: plan again.");
        await SwarmSight.NameNetworksAsync(_client, [service], _networks, cancellation);
        return (service, SwarmMapping.FromDocker(service.Spec!, SwarmIds.None with { Networks = _networks }));
    }

    private Task WriteServiceAsync(Engine.SwarmService service, Engine.ServiceSpec spec, CancellationToken cancellation) =>
        EngineCalls.AskAsync(
            $"Updating the service {spec.Name}",
            () => _client.Swarm.UpdateServiceAsync(
                service.ID!, new() { Service = spec, Version = (long)(service.Version?.Index ?? 0), RegistryAuthFrom = "spec" }, cancellation),
            cancellation);

    /// <summary>Runs a write that needs the ids of a spec's files. An id that went stale is looked up again once.</summary>
    private async Task WithIdsAsync(ServiceSpec spec, Func<SwarmIds, Task> write, CancellationToken cancellation)
    {
        try
        {
            await write(await IdsAsync(spec, cancellation));
        }
        catch (SwarmException failure) when (spec.Configs.Count + spec.Secrets.Count > 0 && failure.InnerException is DockerApiException { StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.NotFound })
        {
            foreach (var file in spec.Configs) _configs.TryRemove(file.Name, out _);
            foreach (var file in spec.Secrets) _secrets.TryRemove(file.Name, out _);
            await write(await IdsAsync(spec, cancellation));
        }
    }

    private async Task<SwarmIds> IdsAsync(ServiceSpec spec, CancellationToken cancellation)
    {
        var configs = spec.Configs.Select(f => f.Name).Where(n => !_configs.ContainsKey(n)).Distinct()
            .Select(async n => ((string?)n, (await InspectConfigAsync(n, cancellation))?.ID));
        var secrets = spec.Secrets.Select(f => f.Name).Where(n => !_secrets.ContainsKey(n)).Distinct()
            .Select(async n => ((string?)n, (await EngineCalls.FindAsync($"Reading the secret {n}", () => _client.Secrets.InspectAsync(n, cancellation), cancellation))?.ID));
        Remember(_configs, await Task.WhenAll(configs));
        Remember(_secrets, await Task.WhenAll(secrets));
        return new(_configs, _secrets, _networks);
    }

    private static void Remember(ConcurrentDictionary<string, string> ids, IEnumerable<(string? Name, string? Id)> found)
    {
        foreach (var (name, id) in found)
            if (name is not null && id is not null)
                ids[name] = id;
    }

    private Task<Engine.SwarmConfig?> InspectConfigAsync(string name, CancellationToken cancellation) =>
        EngineCalls.FindAsync($"Reading the config {name}", () => _client.Configs.InspectConfigAsync(name, cancellation), cancellation);

    /// <summary>A config of that name exists: the same data is taken, with the labels wanted now.</summary>
    private async Task AcceptConfigAsync(Engine.SwarmConfigSpec spec, SwarmException conflict, CancellationToken cancellation)
    {
        var config = await InspectConfigAsync(spec.Name!, cancellation) ?? throw conflict;
        if (!(config.Spec?.Data ?? []).AsSpan().SequenceEqual(spec.Data))
            throw new WorldMovedException($"A config {spec.Name} exists already with another content. See: docker config inspect {spec.Name}");
        _configs[spec.Name!] = config.ID!;
        var labels = config.Spec?.Labels ?? new Dictionary<string, string>();
        if (labels.Count != spec.Labels!.Count || labels.Any(l => spec.Labels.TryGetValue(l.Key, out var value) is false || value != l.Value))
            await WriteLabelsAsync(config, new Dictionary<string, string>(spec.Labels), cancellation);
    }

    private async Task WriteLabelsAsync(Engine.SwarmConfig config, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation)
    {
        try
        {
            // The library has no call for a config's labels. A node's update has the same shape on the wire: name, labels, version.
            await EngineCalls.AskAsync(
                $"Labelling the config {config.Spec?.Name}",
                () => _client.Swarm.UpdateNodeAsync(
                    $"../configs/{config.ID}", config.Version?.Index ?? 0,
                    new() { Name = config.Spec?.Name, Labels = new Dictionary<string, string>(labels) }, cancellation),
                cancellation);
        }
        catch (SwarmException failure) when (EngineCalls.IsOutOfSequence(failure) || EngineCalls.Is(failure, HttpStatusCode.NotFound))
        {
            throw new WorldMovedException($"The labels of the config {config.Spec?.Name} were changed by somebody else.");
        }
    }
}
