using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ark.Core.Planning;
using Docker.DotNet;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>What a manager answers, all at once, and what Ark makes of it.</summary>
internal sealed record SwarmSight(
    IList<Engine.NodeListResponse> Nodes, IList<Engine.SwarmService> Services, IReadOnlyList<Engine.TaskResponse> Tasks,
    IList<Engine.SwarmConfig> Configs, IList<Engine.Secret> Secrets, IReadOnlyDictionary<string, string> Networks)
{
    private const string Mark = "ark.";

    public static async Task<SwarmSight> TakeAsync(IDockerClient client, ConcurrentDictionary<string, string> networks, CancellationToken cancellation)
    {
        var nodes = EngineCalls.AskAsync("Listing the nodes", () => client.Swarm.ListNodesAsync(cancellation), cancellation);
        var services = EngineCalls.AskAsync("Listing the services", () => client.Swarm.ListServicesAsync(new(), cancellation), cancellation);
        var running = ListTasksAsync(client, "desired-state", ["running"], cancellation);
        var configs = EngineCalls.AskAsync("Listing the configs", () => client.Configs.ListConfigsAsync(cancellation), cancellation);
        var secrets = EngineCalls.AskAsync("Listing the secrets", () => client.Secrets.ListAsync(cancellation), cancellation);
        await Task.WhenAll(nodes, services, running, configs, secrets);

        List<Engine.SwarmService> ours = [.. services.Result.Where(s => IsOurs(s.Spec?.Labels) || IsOurs(s.Spec?.TaskTemplate?.ContainerSpec?.Labels))];
        var well = running.Result.Where(t => t.Status?.State == Engine.TaskState.Running).Select(t => t.ServiceID).ToHashSet();
        var named = NameNetworksAsync(client, ours, networks, cancellation);
        // A service that does not run has a history that tells why; the others' need not be fetched.
        var ill = ours.Where(s => !well.Contains(s.ID)).Select(s => s.Spec!.Name + ".").ToList();
        var history = ill.Count == 0 ? [] : await ListTasksAsync(client, "name", ill, cancellation);
        await named;
        return new(nodes.Result, ours, [.. running.Result.Where(t => well.Contains(t.ServiceID)), .. history.Where(t => !well.Contains(t.ServiceID))],
            configs.Result, secrets.Result, networks);
    }

    public static Task<IList<Engine.TaskResponse>> ListTasksAsync(IDockerClient client, string filter, IEnumerable<string> values, CancellationToken cancellation) =>
        EngineCalls.AskAsync(
            "Listing the tasks",
            () => client.Tasks.ListAsync(
                new() { Filters = new Dictionary<string, IDictionary<string, bool>> { [filter] = values.ToDictionary(v => v, _ => true) } }, cancellation),
            cancellation);

    /// <summary>Looks up the names of networks that services refer to by ids not met before.</summary>
    public static async Task NameNetworksAsync(
        IDockerClient client, IEnumerable<Engine.SwarmService> services, ConcurrentDictionary<string, string> networks, CancellationToken cancellation)
    {
        var unknown = services.SelectMany(s => s.Spec?.TaskTemplate?.Networks ?? []).Select(n => n.Target).OfType<string>().Distinct().Where(id => !networks.ContainsKey(id));
        await Task.WhenAll(unknown.ToList().Select(async id =>
        {
            var network = await EngineCalls.FindAsync("Reading a network", () => client.Networks.InspectNetworkAsync(id, cancellation), cancellation);
            if (network?.Name is { } name)
                networks[id] = name;
        }));
    }

    public ClusterFacts ToFacts(DateTimeOffset at)
    {
        var ids = new SwarmIds(ByName(Configs.Select(c => (c.Spec?.Name, (string?)c.ID))), ByName(Secrets.Select(s => (s.Spec?.Name, (string?)s.ID))), Networks);
        var tasks = Tasks.ToLookup(t => t.ServiceID);
        var services = Services.Select(s => ToService(s, tasks[s.ID], ids)).ToList();
        var used = services.SelectMany(s => s.Spec.Configs.Concat(s.Spec.Secrets).Select(f => f.Name).Concat(s.PreviousFiles)).ToHashSet();
        return new()
        {
            At = at,
            Nodes = [.. Nodes.Select(ToNode).OrderBy(n => n.Hostname, StringComparer.Ordinal).ThenBy(n => n.Id, StringComparer.Ordinal)],
            Services = [.. services.OrderBy(s => s.Name, StringComparer.Ordinal)],
            Configs =
            [
                .. Configs.Where(c => IsOurs(c.Spec?.Labels) || used.Contains(c.Spec?.Name ?? "")).Select(ToConfig).OrderBy(c => c.Name, StringComparer.Ordinal),
            ],
            Secrets =
            [
                .. Secrets.Where(s => IsOurs(s.Spec?.Labels) || used.Contains(s.Spec?.Name ?? ""))
                    .Select(s => new SecretFacts(s.ID ?? "", s.Spec?.Name ?? "", Labels(s.Spec?.Labels))).OrderBy(s => s.Name, StringComparer.Ordinal),
            ],
        };
    }

    public static NodeFacts ToNode(Engine.NodeListResponse node)
    {
        var labels = Labels(node.Spec?.Labels);
        return new(
            node.ID ?? "", node.Description?.Hostname ?? "", Address(node), labels.GetValueOrDefault(ArkLabels.Machine),
            IsManager: node.ManagerStatus is not null, IsLeader: node.ManagerStatus?.Leader ?? false,
            IsReady: node.Status?.State == "ready", IsDrained: node.Spec?.Availability == "drain",
            Cpus: (node.Description?.Resources?.NanoCPUs ?? 0) / 1e9, MemoryBytes: node.Description?.Resources?.MemoryBytes ?? 0, labels);
    }

    /// <summary>A manager that has just become one reports 0.0.0.0; its address stands with its role.</summary>
    private static string Address(Engine.NodeListResponse node)
    {
        if (node.Status?.Addr is { Length: > 0 } address && address is not ("0.0.0.0" or "127.0.0.1"))
            return address;
        var manager = node.ManagerStatus?.Addr ?? node.Status?.Addr ?? "";
        return manager.LastIndexOf(':') is var colon and > 0 ? manager[..colon] : manager;
    }

    private static ServiceFacts ToService(Engine.SwarmService service, IEnumerable<Engine.TaskResponse> tasks, SwarmIds ids)
    {
        var reading = SwarmMapping.FromDocker(service.Spec!, ids);
        var written = service.Spec?.TaskTemplate?.ContainerSpec?.Labels ?? new Dictionary<string, string>();
        var (state, message, container) = TaskStates.Of([.. tasks]);
        return new()
        {
            Id = service.ID ?? "",
            Name = reading.Spec.Name,
            Version = service.Version?.Index ?? 0,
            Task = Label(ArkLabels.Task),
            Component = Label(ArkLabels.Component),
            Spec = reading.Spec,
            WrittenHash = reading.WrittenHash,
            Foreign = reading.Foreign,
            PreviousFiles = [.. SwarmMapping.Files(service.PreviousSpec).Distinct().Order(StringComparer.Ordinal)],
            State = state,
            Message = message,
            Container = container,
        };

        // Labels of a service are easily changed by hand, and that is drift; whose it is, the container says.
        string Label(string key) => written.TryGetValue(key, out var value) ? value : reading.Spec.Labels.GetValueOrDefault(key, "");
    }

    public static ConfigFacts ToConfig(Engine.SwarmConfig config) => new(
        config.ID ?? "", config.Spec?.Name ?? "", config.Version?.Index ?? 0, Labels(config.Spec?.Labels),
        Convert.ToHexStringLower(SHA256.HashData(config.Spec?.Data ?? []))[..16]);

    private static bool IsOurs(IDictionary<string, string>? labels) => labels?.Keys.Any(k => k.StartsWith(Mark, StringComparison.Ordinal)) ?? false;

    private static Dictionary<string, string> Labels(IDictionary<string, string>? labels) => labels is null ? [] : new(labels);

    private static Dictionary<string, string> ByName(IEnumerable<(string? Name, string? Id)> items) =>
        items.Where(i => i.Name is not null && i.Id is not null).ToDictionary(i => i.Name!, i => i.Id!);
}
