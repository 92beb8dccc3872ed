using Ark.Remote.Swarm;
using Ark.Testing.Swarm;
using Xunit;

namespace Ark.Tests.Swarm;

[Collection(SwarmCollection.Name)]
public sealed class DockerEngineTests(SwarmFixture fixture)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PrivateSwarm Engine => fixture.Engine;

    private DockerEngine Docker => new(fixture.Engine.Client, PrivateSwarm.Machine);

    [Fact]
    public async Task A_command_in_an_instance_gives_its_exit_code_and_both_its_outputs()
    {
        var spec = Engine.Spec("exec-1");
        await fixture.Swarm.CreateServiceAsync(spec, Cancellation);
        await fixture.Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, Deadline, Cancellation);
        var output = await Docker.ExecAsync(spec.Name, ["sh", "-c", "echo out; echo err >&2; exit 4"], Deadline, Cancellation);
        Assert.Equal(4, output.ExitCode);
        Assert.Equal(["err", "out"], output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());

        var late = await Assert.ThrowsAsync<SwarmException>(() => Docker.ExecAsync(spec.Name, ["sh", "-c", "echo so far; sleep 60"], TimeSpan.FromSeconds(8), Cancellation));
        Assert.Contains("within 8 s", late.Message, StringComparison.Ordinal);
        Assert.Contains("so far", late.Message, StringComparison.Ordinal);
        var missing = await Docker.ExecAsync(spec.Name, ["nothing-like-it"], Deadline, Cancellation);
        Assert.NotEqual(0, missing.ExitCode);
        await fixture.Swarm.RemoveServiceAsync(spec.Name, Cancellation);
        await fixture.Swarm.AwaitGoneAsync(spec.Name, Deadline, Cancellation);
        var gone = await Assert.ThrowsAsync<SwarmException>(() => Docker.ExecAsync(spec.Name, ["true"], Deadline, Cancellation));
        Assert.Contains("exec-1", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_throw_away_container_is_gone_afterwards_whatever_happens()
    {
        var output = await Docker.RunOnceAsync(Engine.Image, ["sh", "-c", "echo from here; exit 3"], null, Deadline, Cancellation);
        Assert.Equal((3, "from here\n"), (output.ExitCode, output.Text));
        var said = await Docker.RunOnceAsync(Engine.Image, ["sh", "-c", "read -r first; read -r second; echo $second-$first"], new("one\ntwo\n"), Deadline, Cancellation);
        Assert.Equal("two-one", said.Text.Trim());
        await Assert.ThrowsAsync<SwarmException>(() => Docker.RunOnceAsync(Engine.Image, ["sleep", "60"], null, TimeSpan.FromSeconds(1), Cancellation));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Docker.RunOnceAsync(Engine.Image, ["sleep", "60"], null, Deadline, stop.Token));
        await Assert.ThrowsAsync<SwarmException>(() => Docker.RunOnceAsync(Engine.Image, ["no-such-program"], null, Deadline, Cancellation));
        Assert.Equal("", await Engine.DockerAsync("ps", "-aq", "--filter", "label=ark.once"));
    }

    [Fact]
    public async Task Volumes_are_listed_and_removed_once_nothing_uses_them()
    {
        var spec = Engine.Spec("volume-1") with { Volumes = [new("volume-1-data", "/data", false)] };
        await fixture.Swarm.CreateServiceAsync(spec, Cancellation);
        await fixture.Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, Deadline, Cancellation);
        Assert.Contains("volume-1-data", await Docker.ListVolumesAsync(Cancellation));
        await fixture.Swarm.RemoveServiceAsync(spec.Name, Cancellation);
        await fixture.Swarm.AwaitGoneAsync(spec.Name, Deadline, Cancellation);
        await Docker.RemoveVolumeAsync("volume-1-data", Cancellation);
        Assert.DoesNotContain("volume-1-data", await Docker.ListVolumesAsync(Cancellation));
        await Docker.RemoveVolumeAsync("volume-1-data", Cancellation);
    }

    [Fact]
    public async Task An_image_that_is_there_needs_no_registry_and_one_that_is_nowhere_is_named()
    {
        await Docker.PullAsync(Engine.Image, Cancellation);
        await Docker.PullAsync("ark/busybox:1", Cancellation);
        var nowhere = $"127.0.0.1:1/nothing:7@sha256:{new string('a', 64)}";
        var failure = await Assert.ThrowsAsync<SwarmException>(() => Docker.PullAsync(nowhere, Cancellation));
        Assert.Contains(nowhere, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_comes_from_the_registry_that_its_name_tells_by_its_digest()
    {
        await using var registry = await PrivateRegistry.StartAsync(Engine);
        var digest = await registry.PushAsync("ark/busybox:1", "busybox:1");
        var image = $"{registry.Address}/busybox:1@{digest}";
        await Engine.DockerAsync("rmi", $"{registry.Address}/busybox:1");
        await Docker.PullAsync(image, Cancellation);
        await registry.DisposeAsync();
        await Docker.PullAsync(image, Cancellation);

        var spec = Engine.Spec("pulled-1") with { Image = image };
        await fixture.Swarm.CreateServiceAsync(spec, Cancellation);
        await fixture.Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, Deadline, Cancellation);
        Assert.Equal(spec.Hash(), (await fixture.Swarm.GatherAsync(Cancellation)).Find(spec.Name)!.Spec.Hash());
        await fixture.Swarm.RemoveServiceAsync(spec.Name, Cancellation);
        await fixture.Swarm.AwaitGoneAsync(spec.Name, Deadline, Cancellation);
    }
}
