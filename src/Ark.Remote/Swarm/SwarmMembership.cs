using Docker.DotNet;

namespace Ark.Remote.Swarm;

/// <summary>What one engine says of its place in a Swarm.</summary>
/// <param name="State"><c>inactive</c>, <c>pending</c>, <c>active</c>, <c>error</c>, <c>locked</c>.</param>
/// <param name="NodeId">Empty where it is no member.</param>
/// <param name="IsManager">A manager that answers for the cluster.</param>
/// <param name="Error">Why it is not what it should be; empty otherwise.</param>
public sealed record MembershipFacts(string State, string NodeId, string Address, bool IsManager, string Error);

/// <summary>An engine's membership, as seen and changed on that engine itself.</summary>
public static class SwarmMembership
{
    /// <summary>Leaving takes an engine about 11 s.</summary>
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(60);

    public static async Task<MembershipFacts> ReadAsync(IDockerClient engine, CancellationToken cancellation)
    {
        var swarm = (await EngineCalls.AskAsync("Asking the engine", () => engine.System.GetSystemInfoAsync(cancellation), cancellation)).Swarm;
        return new(swarm?.LocalNodeState ?? "inactive", swarm?.NodeID ?? "", swarm?.NodeAddr ?? "", swarm?.ControlAvailable ?? false, swarm?.Error ?? "");
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
}
