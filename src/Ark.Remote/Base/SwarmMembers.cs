using Docker.DotNet;
using Docker.DotNet.Models;

namespace Ark.Remote.Base;

/// <summary>Makes machines members of the Swarm. Join tokens go from engine to engine through memory only.</summary>
internal static class SwarmMembers
{
    private const int Port = 2377;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    /// <summary>Makes the engine the first manager; it may be one already.</summary>
    /// <param name="pool">Range for the Swarm's own networks.</param>
    public static async Task InitAsync(DockerClient engine, string machine, string pool, CancellationToken cancellation)
    {
        if (await StateAsync(engine, cancellation) != "active")
            await engine.Swarm.InitSwarmAsync(new()
            {
                AdvertiseAddr = machine,
                DataPathAddr = machine,
                ListenAddr = $"{machine}:{Port}",
                DefaultAddrPool = [pool],
                SubnetSize = 24,
                Spec = new() { Labels = new Dictionary<string, string>(), TaskDefaults = new(), Dispatcher = new() { HeartbeatPeriod = Heartbeat } },
            }, cancellation);
        await SlowHeartbeatAsync(engine, cancellation);
    }

    /// <summary>A short cut of the network restarts nothing: Swarm waits three of these before it calls a node lost.</summary>
    private static async Task SlowHeartbeatAsync(DockerClient manager, CancellationToken cancellation)
    {
        var swarm = await manager.Swarm.InspectSwarmAsync(cancellation);
        if (swarm.Spec.Dispatcher?.HeartbeatPeriod == Heartbeat) return;
        swarm.Spec.Dispatcher = new() { HeartbeatPeriod = Heartbeat };
        await manager.Swarm.UpdateSwarmAsync(new() { Version = (long)swarm.Version!.Index!.Value, Spec = swarm.Spec }, cancellation);
    }

    public static async Task JoinAsync(DockerClient engine, string machine, DockerClient manager, string managerAddress, bool asManager, CancellationToken cancellation)
    {
        if (await StateAsync(engine, cancellation) == "active") return;
        var tokens = (await manager.Swarm.InspectSwarmAsync(cancellation)).JoinTokens;
        await engine.Swarm.JoinSwarmAsync(new()
        {
            AdvertiseAddr = machine,
            DataPathAddr = machine,
            ListenAddr = $"{machine}:{Port}",
            RemoteAddrs = [$"{managerAddress}:{Port}"],
            JoinToken = asManager ? tokens.Manager : tokens.Worker,
        }, cancellation);
    }

    /// <summary>Changes the node's spec as <paramref name="change"/> says; tried again when somebody else wrote meanwhile.</summary>
    public static async Task UpdateNodeAsync(DockerClient manager, string node, Action<NodeUpdateParameters> change, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var seen = await manager.Swarm.InspectNodeAsync(node, cancellation);
            NodeUpdateParameters spec = new()
            {
                Name = seen.Spec!.Name,
                Availability = seen.Spec.Availability,
                Role = seen.Spec.Role,
                Labels = new Dictionary<string, string>(seen.Spec.Labels ?? new Dictionary<string, string>()),
            };
            change(spec);
            try
            {
                await manager.Swarm.UpdateNodeAsync(node, seen.Version!.Index!.Value, spec, cancellation);
                return;
            }
            catch (DockerApiException moved) when (attempt < 5 && moved.Message.Contains("update out of sequence", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
        }
    }

    /// <summary>The engine's own id in the Swarm; empty where it is no member.</summary>
    public static async Task<string> NodeIdAsync(DockerClient engine, CancellationToken cancellation) =>
        (await engine.System.GetSystemInfoAsync(cancellation)).Swarm?.NodeID ?? "";

    private static async Task<string> StateAsync(DockerClient engine, CancellationToken cancellation) =>
        (await engine.System.GetSystemInfoAsync(cancellation)).Swarm?.LocalNodeState ?? "inactive";
}
