using System.Security.Cryptography;
using Ark.Core;
using Ark.Core.Secrets;
using Ark.Remote.State;
using Ark.Remote.Swarm;
using Ark.Tests.Swarm;
using Xunit;

namespace Ark.Tests.State;

/// <summary>Lock, state and proofs in a real cluster.</summary>
[Collection(SwarmCollection.Name)]
public sealed class RecordsInSwarmTests(SwarmFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_several_consoles_one_holds_the_lock_and_a_lease_that_is_over_is_taken_over()
    {
        var (one, two) = (new DockerSwarm(fixture.Engine.Client), new DockerSwarm(fixture.Engine.Client));
        var (ann, ben) = (LockHolder.Current(), new LockHolder("ben", "elsewhere", "2/2"));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            i => OperationLock.TakeAsync(i % 2 == 0 ? one : two, ann, "ark apply", TimeProvider.System, Cancellation)));
        var taken = Assert.Single(outcomes, o => o.Ok).Value!;
        var over = await OperationLock.TakeAsync(two, ben, "ark scale", new Later(), Cancellation);
        Assert.Equal("lock-taken-over", Assert.Single(over.Problems).Code);
        await taken.DisposeAsync();
        Assert.Equal("ben", (await one.FindConfigAsync(OperationLock.ConfigName, Cancellation))!.Labels["ark.lock.who"]);
        await over.Value!.DisposeAsync();
        Assert.Null(await one.FindConfigAsync(OperationLock.ConfigName, Cancellation));
    }

    [Fact]
    public async Task State_is_kept_in_the_cluster_for_whoever_has_the_passphrase()
    {
        var swarm = fixture.Swarm;
        var clear = RandomNumberGenerator.GetBytes(700_000);
        var state = await OpenAsync("correct horse battery");
        for (byte i = 0; i < 7; i++)
            await state.Value!.WriteAsync(SiteState.Task("9"), [i, .. clear], "9", Cancellation);

        var there = (await OpenAsync("correct horse battery")).Value!;
        Assert.Equal([7, 6, 5, 4, 3], there.Versions(SiteState.Task("9")).Select(v => v.Number));
        Assert.Equal([6, .. clear], (await there.ReadAsync(SiteState.Task("9"), Cancellation)).Value!.Bytes!);
        Assert.Equal("wrong-passphrase", Assert.Single((await OpenAsync("another one")).Problems).Code);
        Assert.Equal(10, (await swarm.GatherAsync(Cancellation)).Configs.Count(c => c.Name.StartsWith("ark.state.task-9.", StringComparison.Ordinal)));
        await there.ForgetAsync(SiteState.Task("9"), Cancellation);
        Assert.DoesNotContain((await swarm.GatherAsync(Cancellation)).Configs, c => c.Name.StartsWith("ark.state.task-9.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_config_that_is_made_again_takes_the_labels_wanted_now()
    {
        var swarm = fixture.Swarm;
        await swarm.CreateConfigAsync("ark.proof.x", "proof"u8.ToArray(), new Dictionary<string, string> { ["ark.proof.result"] = "failed" }, Cancellation);
        await swarm.CreateConfigAsync("ark.proof.x", "proof"u8.ToArray(), new Dictionary<string, string> { ["ark.proof.result"] = "passed" }, Cancellation);
        Assert.Equal("passed", (await swarm.FindConfigAsync("ark.proof.x", Cancellation))!.Labels["ark.proof.result"]);
        await swarm.RemoveConfigAsync("ark.proof.x", Cancellation);
    }

    private async Task<Outcome<SiteState>> OpenAsync(string passphrase) => await SiteState.CreateAsync(
        fixture.Swarm, new KeyRing(new Secret(passphrase)), TimeProvider.System, Cancellation);

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + OperationLock.Lease + OperationLock.Tolerance + TimeSpan.FromSeconds(5);
    }
}
