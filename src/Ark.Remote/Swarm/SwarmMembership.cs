using Docker.DotNet;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>What one engine says of its place in a Swarm.</summary>
/// <param name="State"><c>inactive</c>, <c>pending</c>, <c>active</c>, <c>error</c>, <c>locked</c>.</param>
/// <param name="NodeId">Empty where it is no member.</param>
/// <param name="IsManager">A manager that answers for the cluster.</param>
/// <param name="Error">Why it is not what it should be; empty otherwise.</param>
public sealed record MembershipFacts(string State, string NodeId, string Address, bool IsManager, string Error);

/// <summary>
/// An engine's membership, as seen and changed on that engine itself; <see cref="ISwarmNodes"/> is the managers' view. Join tokens go from engine
/// to engine through memory only. Failures throw <see cref="SwarmException"/>.
/// </summary>
public static class SwarmMembership
{
    private const int Port = 2377;

    /// <summary>A short cut of the network restarts nothing: Swarm waits three of these before it calls a node lost.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    /// <summary>Leaving takes an engine about 11 s.</summary>
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(60);

    /// <summary>An engine learns its new role, and takes part in Raft or leaves it, some seconds after the cluster was told.</summary>
    private static readonly TimeSpan RoleDeadline = TimeSpan.FromSeconds(60);

    public static async Task<MembershipFacts> ReadAsync(IDockerClient engine, CancellationToken cancellation)
    {
        var swarm = (await EngineCalls.AskAsync("Asking the engine", () => engine.System.GetSystemInfoAsync(cancellation), cancellation)).Swarm;
        return new(swarm?.LocalNodeState ?? "inactive", swarm?.NodeID ?? "", swarm?.NodeAddr ?? "", swarm?.ControlAvailable ?? false, swarm?.Error ?? "");
    }

    /// <summary>Makes the engine the first manager; it may be one already.</summary>
    /// <param name="address">The machine's, for the other members.</param>
    /// <param name="pool">Range for the Swarm's own networks.</param>
    public static async Task InitAsync(IDockerClient engine, string address, string pool, CancellationToken cancellation)
    {
        if ((await ReadAsync(engine, cancellation)).State != "active")
            await EngineCalls.AskAsync("Starting the Swarm", () => engine.Swarm.InitSwarmAsync(new()
            {
                AdvertiseAddr = address,
                DataPathAddr = address,
                ListenAddr = $"{address}:{Port}",
                DefaultAddrPool = [pool],
                SubnetSize = 24,
                Spec = new() { Labels = new Dictionary<string, string>(), TaskDefaults = new(), Dispatcher = new() { HeartbeatPeriod = Heartbeat } },
            }, cancellation), cancellation);
        await SlowHeartbeatAsync(engine, cancellation);
    }

    /// <summary>Joins the Swarm through one of its managers. Nothing happens where the engine is a member already.</summary>
    public static async Task JoinAsync(IDockerClient engine, string address, IDockerClient manager, string managerAddress, bool asManager, CancellationToken cancellation)
    {
        if ((await ReadAsync(engine, cancellation)).State == "active") return;
        var tokens = (await InspectAsync(manager, cancellation)).JoinTokens;
        await EngineCalls.AskAsync("Joining the Swarm", () => engine.Swarm.JoinSwarmAsync(new()
        {
            AdvertiseAddr = address,
            DataPathAddr = address,
            ListenAddr = $"{address}:{Port}",
            RemoteAddrs = [$"{managerAddress}:{Port}"],
            JoinToken = asManager ? tokens.Manager : tokens.Worker,
        }, cancellation), cancellation);
    }

    /// <summary>Leaves the Swarm, by force, since a last manager takes the Swarm with it: that nothing is lost was asked before. Nothing happens where it is no member.</summary>
    public static async Task LeaveAsync(IDockerClient engine, CancellationToken cancellation)
    {
        if ((await ReadAsync(engine, cancellation)).State == "inactive")
            return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LeaveDeadline);
        await EngineCalls.AskAsync("Leaving the Swarm", () => engine.Swarm.LeaveSwarmAsync(new() { Force = true }, limit.Token), cancellation);
    }

    /// <summary>Waits until the engine has taken a role that the cluster gave it.</summary>
    public static async Task AwaitRoleAsync(IDockerClient engine, bool manager, TimeProvider time, CancellationToken cancellation)
    {
        for (var start = time.GetTimestamp(); (await ReadAsync(engine, cancellation)).IsManager != manager; await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellation))
            if (time.GetElapsedTime(start) > RoleDeadline)
                throw new SwarmException($"The engine was told to be a {(manager ? "manager" : "worker")} and is none after {RoleDeadline.TotalSeconds:0} s. See: docker info");
    }

    private static async Task SlowHeartbeatAsync(IDockerClient manager, CancellationToken cancellation)
    {
        var swarm = await InspectAsync(manager, cancellation);
        if (swarm.Spec.Dispatcher?.HeartbeatPeriod == Heartbeat) return;
        swarm.Spec.Dispatcher = new() { HeartbeatPeriod = Heartbeat };
        await EngineCalls.AskAsync("Changing the Swarm", () => manager.Swarm.UpdateSwarmAsync(new() { Version = (long)swarm.Version!.Index!.Value, Spec = swarm.Spec }, cancellation), cancellation);
    }

    private static Task<Engine.SwarmInspectResponse> InspectAsync(IDockerClient manager, CancellationToken cancellation) =>
        EngineCalls.AskAsync("Reading the Swarm", () => manager.Swarm.InspectSwarmAsync(cancellation), cancellation);
}
