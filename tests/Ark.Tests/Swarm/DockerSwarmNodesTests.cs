using Ark.Core.Planning;
using Ark.Remote.Swarm;
using Ark.Testing.Swarm;
using Xunit;

namespace Ark.Tests.Swarm;

/// <summary>Two real engines: a manager, and a worker that comes and goes.</summary>
public sealed class DockerSwarmNodesTests : IAsyncLifetime
{
    private PrivateSwarm _manager = null!;
    private PrivateSwarm _worker = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _manager = await PrivateSwarm.StartAsync();
        _worker = await _manager.JoinAsync("127.0.0.2");
    }

    [Fact]
    public async Task A_machine_is_labelled_drained_promoted_and_forgotten()
    {
        var nodes = new DockerSwarmNodes(_manager.Client);
        var member = await SwarmMembership.ReadAsync(_worker.Client, Cancellation);
        Assert.Equal(("active", "127.0.0.2", false, ""), (member.State, member.Address, member.IsManager, member.Error));

        await nodes.LabelNodeAsync(member.NodeId, new Dictionary<string, string?> { [ArkLabels.Machine] = "10.0.0.12", ["room"] = "a" }, Cancellation);
        await nodes.LabelNodeAsync(member.NodeId, new Dictionary<string, string?> { ["room"] = null }, Cancellation);
        var labelled = await NodeAsync(member.NodeId);
        Assert.Equal("10.0.0.12", labelled.Machine);
        Assert.Equal([ArkLabels.Machine], labelled.Labels.Keys);

        var swarm = new DockerSwarm(_manager.Client);
        var spec = _worker.Spec("moved-1") with { Machine = "10.0.0.12" };
        await swarm.CreateServiceAsync(spec, Cancellation);
        await swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, TimeSpan.FromMinutes(2), Cancellation);
        await nodes.DrainNodeAsync(member.NodeId, true, Cancellation);
        Assert.True((await NodeAsync(member.NodeId)).IsDrained);
        await UntilAsync(async () => (await swarm.GatherAsync(Cancellation)).Find(spec.Name) is { State: InstanceState.Pending } waits
            && waits.Message.Contains("no suitable node", StringComparison.Ordinal));
        await nodes.DrainNodeAsync(member.NodeId, false, Cancellation);
        await swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, TimeSpan.FromMinutes(2), Cancellation);

        await nodes.SetManagerAsync(member.NodeId, true, Cancellation);
        await UntilAsync(async () => (await SwarmMembership.ReadAsync(_worker.Client, Cancellation)).IsManager);
        await nodes.SetManagerAsync(member.NodeId, false, Cancellation);
        await UntilAsync(async () => !(await SwarmMembership.ReadAsync(_worker.Client, Cancellation)).IsManager);

        await swarm.RemoveServiceAsync(spec.Name, Cancellation);
        await swarm.AwaitGoneAsync(spec.Name, TimeSpan.FromMinutes(2), Cancellation);
        await SwarmMembership.LeaveAsync(_worker.Client, Cancellation);
        await SwarmMembership.LeaveAsync(_worker.Client, Cancellation);
        Assert.Equal("inactive", (await SwarmMembership.ReadAsync(_worker.Client, Cancellation)).State);
        await nodes.RemoveNodeAsync(member.NodeId, Cancellation);
        await nodes.RemoveNodeAsync(member.NodeId, Cancellation);
        Assert.Single((await swarm.GatherAsync(Cancellation)).Nodes);

        // Both may be done again after a crash.
        for (var time = 1; time <= 2; time++)
        {
            await SwarmMembership.InitAsync(_manager.Client, "127.0.0.1", "10.201.0.0/16", Cancellation);
            await SwarmMembership.JoinAsync(_worker.Client, "127.0.0.2", _manager.Client, "127.0.0.1", asManager: false, Cancellation);
        }

        Assert.Equal(TimeSpan.FromSeconds(20), (await _manager.Client.Swarm.InspectSwarmAsync(Cancellation)).Spec.Dispatcher!.HeartbeatPeriod);
        Assert.Equal(("active", false), await SwarmMembership.ReadAsync(_worker.Client, Cancellation) is var again ? (again.State, again.IsManager) : default);
        Assert.Equal(2, (await swarm.GatherAsync(Cancellation)).Nodes.Count);
        await Assert.ThrowsAsync<SwarmException>(() => nodes.DrainNodeAsync(member.NodeId, true, Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
            await _worker.DisposeAsync();
        if (_manager is not null)
            await _manager.DisposeAsync();
    }

    private async Task<NodeFacts> NodeAsync(string id) => (await new DockerSwarm(_manager.Client).GatherAsync(Cancellation)).Nodes.Single(n => n.Id == id);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(3), "It did not happen within three minutes.");
            await Task.Delay(100, Cancellation);
        }
    }
}
