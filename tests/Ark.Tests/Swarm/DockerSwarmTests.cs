using System.Text;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.Swarm;
using Ark.Testing.Swarm;
using Docker.DotNet;
using Xunit;

namespace Ark.Tests.Swarm;

/// <summary>Against a real engine that is a Swarm of one machine.</summary>
[Collection(SwarmCollection.Name)]
public sealed class DockerSwarmTests(SwarmFixture fixture)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> FileLabels = new() { [ArkLabels.Kind] = "file", [ArkLabels.Task] = "527" };

    private PrivateSwarm Engine => fixture.Engine;

    private DockerSwarm Swarm => fixture.Swarm;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_instance_gets_its_files_and_becomes_healthy_and_is_read_back_as_written()
    {
        await Swarm.CreateConfigAsync("whole-conf", "port 6379"u8.ToArray(), FileLabels, Cancellation);
        await Swarm.CreateSecretAsync("whole-key", new Secret("k3y"), FileLabels, Cancellation);
        var spec = Engine.Spec("whole-1") with
        {
            Command = ["sh", "-c", "cat /etc/conf /run/key > /data/read && id > /data/id; touch /tmp/well; trap 'exit 0' TERM; while true; do sleep 1 & wait $!; done"],
            Configs = [new("whole-conf", "/etc/conf", Convert.ToInt32("440", 8), 0, 7)],
            Secrets = [new("whole-key", "/run/key", Convert.ToInt32("400", 8), 0, 0)],
            Volumes = [new("whole-data", "/data", false)],
            Tmpfs = ["/scratch:size=1m,mode=1777"],
            Ulimits = [new("nofile", 1024, 2048)],
            Sysctls = [],
            CapAdd = ["NET_ADMIN"],
            CapDrop = ["MKNOD"],
            Hostname = "whole",
            MemoryLimit = 32 << 20,
            CpuLimit = 0.5,
            PidsLimit = 50,
        };
        await CreateAsync(spec);

        var service = await FactsAsync(spec.Name);
        Assert.Equal(spec.Hash(), service.Spec.Hash());
        Assert.Equal(spec.Hash(), service.WrittenHash);
        Assert.Empty(service.Foreign);
        Assert.Equal(InstanceState.Running, service.State);
        Assert.Equal(("527", "cache"), (service.Task, service.Component));
        Assert.Equal("port 6379k3y", await Engine.DockerAsync("exec", service.Container!, "cat", "/data/read"));
        Assert.Contains("-r--r----- ", await Engine.DockerAsync("exec", service.Container!, "ls", "-ln", "/etc/conf"), StringComparison.Ordinal);
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task Creating_what_is_there_already_is_success_and_another_content_is_refused()
    {
        var spec = Engine.Spec("twice-1");
        await CreateAsync(spec);
        await Swarm.CreateServiceAsync(spec, Cancellation);
        await Assert.ThrowsAsync<WorldMovedException>(() => Swarm.CreateServiceAsync(spec with { User = "1" }, Cancellation));

        await Swarm.CreateConfigAsync("twice", "a"u8.ToArray(), FileLabels, Cancellation);
        await Swarm.CreateConfigAsync("twice", "a"u8.ToArray(), FileLabels, Cancellation);
        await Assert.ThrowsAsync<WorldMovedException>(() => Swarm.CreateConfigAsync("twice", "b"u8.ToArray(), FileLabels, Cancellation));
        await Swarm.CreateSecretAsync("twice", new Secret("a"), FileLabels, Cancellation);
        await Swarm.CreateSecretAsync("twice", new Secret("a"), FileLabels, Cancellation);
        Assert.Equal("a"u8.ToArray(), await Swarm.ReadConfigAsync("twice", Cancellation));
        Assert.Null(await Swarm.ReadConfigAsync("never", Cancellation));
        await Swarm.RemoveConfigAsync("never", Cancellation);
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task A_service_refers_to_a_config_that_was_made_anew_under_the_same_name()
    {
        await Swarm.CreateConfigAsync("anew", "a"u8.ToArray(), FileLabels, Cancellation);
        await Engine.DockerAsync("config", "rm", "anew");
        var other = new DockerSwarm(Engine.Client);
        await other.CreateConfigAsync("anew", "b"u8.ToArray(), FileLabels, Cancellation);
        var spec = Engine.Spec("anew-1") with { Configs = [new("anew", "/etc/anew", 0x120, 0, 0)] };
        await CreateAsync(spec);
        Assert.Empty((await FactsAsync(spec.Name)).Foreign);
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task What_administrators_change_by_hand_is_seen_and_mended()
    {
        var spec = Engine.Spec("drift-1") with { Volumes = [new("drift-b", "/a", false), new("drift-a", "/b", false)] };
        await CreateAsync(spec);
        await Engine.DockerAsync("service", "update", "-d", "--label-add", "mine=1", spec.Name);
        var labelled = await FactsAsync(spec.Name);
        Assert.Equal("1", labelled.Spec.Labels["mine"]);
        Assert.Empty(labelled.Foreign);
        Assert.Equal(spec.Hash(), (labelled.Spec with { Labels = spec.Labels }).Hash());

        await Engine.DockerAsync(
            "service", "update", "-d", "--env-add", "LEVEL=debug", "--limit-memory", "64m", "--cap-add", "SYS_ADMIN", "--replicas", "2",
            "--mount-add", "type=bind,src=/tmp,dst=/host", "--constraint-add", "node.role==manager", "--dns-add", "10.0.0.1", spec.Name);
        var drifted = await FactsAsync(spec.Name);
        Assert.Equal("debug", drifted.Spec.Environment["LEVEL"]);
        Assert.Equal(64 << 20, drifted.Spec.MemoryLimit);
        Assert.Equal(["CAP_SYS_ADMIN"], drifted.Spec.CapAdd);
        Assert.Equal(
            [
                "Mode.Replicated.Replicas=2",
                "TaskTemplate.ContainerSpec.DNSConfig.Nameservers[10.0.0.1]=yes",
                "TaskTemplate.ContainerSpec.Mounts[/host].Source=/tmp",
                "TaskTemplate.ContainerSpec.Mounts[/host].Target=/host",
                "TaskTemplate.ContainerSpec.Mounts[/host].Type=bind",
                "TaskTemplate.Placement.Constraints[node.role==manager]=yes",
            ],
            drifted.Foreign);
        Assert.NotEqual(drifted.WrittenHash, drifted.Spec.Hash());

        await Swarm.UpdateServiceAsync(spec, drifted.Spec.Hash(), Cancellation);
        await Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, Deadline, Cancellation);
        var mended = await FactsAsync(spec.Name);
        Assert.Equal((spec.Hash(), spec.Hash()), (mended.Spec.Hash(), mended.WrittenHash));
        Assert.Empty(mended.Foreign);
        Assert.Equal("info", (await Engine.DockerAsync("exec", mended.Container!, "sh", "-c", "echo $LEVEL")).Trim());
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task A_service_scaled_to_nothing_by_hand_comes_back()
    {
        var spec = Engine.Spec("zero-1");
        await CreateAsync(spec);
        await Engine.DockerAsync("service", "scale", "-d", $"{spec.Name}=0");
        await UntilAsync(async () => (await FactsAsync(spec.Name)).State == InstanceState.Gone);
        var none = await FactsAsync(spec.Name);
        Assert.Equal(["Mode.Replicated.Replicas=0"], none.Foreign);
        await Swarm.UpdateServiceAsync(spec, none.Spec.Hash(), Cancellation);
        await Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, Deadline, Cancellation);
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task An_update_replaces_the_instance_unless_the_world_moved()
    {
        var spec = Engine.Spec("update-1");
        await CreateAsync(spec);
        var before = (await FactsAsync(spec.Name)).Container;
        var next = spec with { Environment = new() { ["LEVEL"] = "warn" } };
        await Assert.ThrowsAsync<WorldMovedException>(() => Swarm.UpdateServiceAsync(next, "0123456789abcdef", Cancellation));
        await Swarm.UpdateServiceAsync(next, spec.Hash(), Cancellation);
        await Swarm.AwaitHealthyAsync(spec.Name, next.Hash(), null, Deadline, Cancellation);
        var after = await FactsAsync(spec.Name);
        Assert.NotEqual(before, after.Container);
        Assert.Equal("warn", after.Spec.Environment["LEVEL"]);
        await Swarm.UpdateServiceAsync(next, spec.Hash(), Cancellation);
        Assert.Equal(after.Version, (await FactsAsync(spec.Name)).Version);
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task An_update_that_fails_is_put_back_by_Swarm_and_told_with_its_reason_and_its_log()
    {
        var spec = Engine.Spec("broken-1");
        await CreateAsync(spec);
        var broken = spec with { Command = ["sh", "-c", "echo the port is taken; exit 3"] };
        await Swarm.UpdateServiceAsync(broken, spec.Hash(), Cancellation);
        var failure = await Assert.ThrowsAsync<InstanceFailedException>(
            () => Swarm.AwaitHealthyAsync(spec.Name, broken.Hash(), null, Deadline, Cancellation));
        Assert.Contains("put the previous one back", failure.Message, StringComparison.Ordinal);
        Assert.Contains("(3)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the port is taken", failure.Message, StringComparison.Ordinal);
        await Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, Deadline, Cancellation);
        var back = await FactsAsync(spec.Name);
        Assert.Equal((spec.Hash(), spec.Hash()), (back.Spec.Hash(), back.WrittenHash));
        Assert.Empty(back.Foreign);
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task A_new_instance_that_keeps_failing_is_told_before_its_deadline()
    {
        var spec = Engine.Spec("loop-1") with { Command = ["sh", "-c", "echo no licence; exit 7"] };
        await Swarm.CreateServiceAsync(spec, Cancellation);
        var failure = await Assert.ThrowsAsync<InstanceFailedException>(
            () => Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, TimeSpan.FromMinutes(5), Cancellation));
        Assert.Contains("3 tasks in a row ended", failure.Message, StringComparison.Ordinal);
        Assert.Contains("(7)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no licence", failure.Message, StringComparison.Ordinal);
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task A_service_that_somebody_removes_while_it_is_awaited_is_told()
    {
        var spec = Engine.Spec("stolen-1") with { Command = ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1 & wait $!; done"], Healthcheck = Engine.Spec("x").Healthcheck! with { StartPeriod = TimeSpan.FromMinutes(5) } };
        await Swarm.CreateServiceAsync(spec, Cancellation);
        var wait = Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, TimeSpan.FromMinutes(5), Cancellation);
        await UntilAsync(async () => (await FactsAsync(spec.Name)).State == InstanceState.Starting);
        await Engine.DockerAsync("service", "rm", spec.Name);
        Assert.Contains("gone", (await Assert.ThrowsAsync<InstanceFailedException>(() => wait)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_is_not_there_is_named_at_once_and_one_too_small_at_the_deadline()
    {
        var nowhere = Engine.Spec("nowhere-1") with { Machine = "10.0.0.99" };
        await Swarm.CreateServiceAsync(nowhere, Cancellation);
        var failure = await Assert.ThrowsAsync<InstanceFailedException>(
            () => Swarm.AwaitHealthyAsync(nowhere.Name, nowhere.Hash(), null, TimeSpan.FromMinutes(5), Cancellation));
        Assert.Contains("ark.machine=10.0.0.99", failure.Message, StringComparison.Ordinal);

        var huge = Engine.Spec("huge-1") with { MemoryReservation = 1L << 50 };
        await Swarm.CreateServiceAsync(huge, Cancellation);
        failure = await Assert.ThrowsAsync<InstanceFailedException>(
            () => Swarm.AwaitHealthyAsync(huge.Name, huge.Hash(), null, TimeSpan.FromSeconds(3), Cancellation));
        Assert.Contains("insufficient resources", failure.Message, StringComparison.Ordinal);
        Assert.Equal(InstanceState.Pending, (await FactsAsync(huge.Name)).State);
        await RemoveAsync(nowhere.Name);
        await RemoveAsync(huge.Name);
    }

    [Fact]
    public async Task A_restart_makes_a_new_container_of_the_same_spec()
    {
        var spec = Engine.Spec("restart-1");
        await CreateAsync(spec);
        var before = await FactsAsync(spec.Name);
        var number = await Swarm.RestartServiceAsync(spec.Name, Cancellation);
        await Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), number, Deadline, Cancellation);
        var after = await FactsAsync(spec.Name);
        Assert.NotEqual(before.Container, after.Container);
        Assert.Equal(spec.Hash(), after.Spec.Hash());
        Assert.Empty(after.Foreign);
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task Files_of_the_previous_spec_are_told_so_that_they_are_kept()
    {
        await Swarm.CreateConfigAsync("prev-1", "1"u8.ToArray(), FileLabels, Cancellation);
        await Swarm.CreateConfigAsync("prev-2", "2"u8.ToArray(), FileLabels, Cancellation);
        var spec = Engine.Spec("prev-x") with { Configs = [new("prev-1", "/etc/x", 0x120, 0, 0)] };
        await CreateAsync(spec);
        var next = spec with { Configs = [new("prev-2", "/etc/x", 0x120, 0, 0)] };
        await Swarm.UpdateServiceAsync(next, spec.Hash(), Cancellation);
        await Swarm.AwaitHealthyAsync(spec.Name, next.Hash(), null, Deadline, Cancellation);
        var facts = await Swarm.GatherAsync(Cancellation);
        Assert.Equal(["prev-1"], facts.Find(spec.Name)!.PreviousFiles);
        var config = Assert.Single(facts.Configs, c => c.Name == "prev-1");
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("1"u8))[..16], config.ContentHash);
        Assert.Equal("527", config.Labels[ArkLabels.Task]);

        await RemoveAsync(spec.Name);
        await Swarm.RemoveConfigAsync("prev-1", Cancellation);
        await Swarm.RemoveConfigAsync("prev-2", Cancellation);
        Assert.DoesNotContain((await Swarm.GatherAsync(Cancellation)).Configs, c => c.Name.StartsWith("prev-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_a_service_uses_is_not_removed()
    {
        await Swarm.CreateConfigAsync("used", "1"u8.ToArray(), FileLabels, Cancellation);
        await CreateAsync(Engine.Spec("uses-1") with { Configs = [new("used", "/etc/x", 0x120, 0, 0)] });
        var failure = await Assert.ThrowsAsync<SwarmException>(() => Swarm.RemoveConfigAsync("used", Cancellation));
        Assert.Contains("uses-1", failure.Message, StringComparison.Ordinal);
        await RemoveAsync("uses-1");
    }

    [Fact]
    public async Task Labels_of_a_config_are_replaced_only_by_who_knows_the_version()
    {
        await Swarm.CreateConfigAsync("labels", "1"u8.ToArray(), FileLabels, Cancellation);
        var version = (await Swarm.GatherAsync(Cancellation)).Configs.Single(c => c.Name == "labels").Version;
        await Swarm.LabelConfigAsync("labels", version, new Dictionary<string, string>(FileLabels) { ["at"] = "1" }, Cancellation);
        await Assert.ThrowsAsync<WorldMovedException>(() => Swarm.LabelConfigAsync("labels", version, FileLabels, Cancellation));
        var config = (await Swarm.GatherAsync(Cancellation)).Configs.Single(c => c.Name == "labels");
        Assert.Equal("1", config.Labels["at"]);
        Assert.Equal("1", Encoding.UTF8.GetString((await Swarm.ReadConfigAsync("labels", Cancellation))!));
    }

    [Fact]
    public async Task Many_are_awaited_together()
    {
        var specs = Enumerable.Range(1, 8).Select(i => Engine.Spec($"many-{i}")).ToList();
        await Task.WhenAll(specs.Select(CreateAsync));
        var facts = await Swarm.GatherAsync(Cancellation);
        Assert.All(specs, s => Assert.Equal(InstanceState.Running, facts.Find(s.Name)!.State));
        Assert.Equal(facts.Services.Select(s => s.Name).Order(StringComparer.Ordinal), facts.Services.Select(s => s.Name));
        await Task.WhenAll(specs.Select(s => RemoveAsync(s.Name)));
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_told_as_a_failure_of_the_Swarm()
    {
        using var client = new DockerClientBuilder().WithEndpoint(new Uri("unix:///nowhere/docker.sock")).Build();
        var swarm = new DockerSwarm(client);
        await Assert.ThrowsAsync<SwarmException>(() => swarm.GatherAsync(Cancellation));
        var failure = await Assert.ThrowsAsync<InstanceFailedException>(
            () => swarm.AwaitHealthyAsync("x-1", "hash", null, TimeSpan.FromSeconds(1), Cancellation));
        Assert.Contains("does not answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var spec = Engine.Spec("cancel-1") with { Machine = "", MemoryReservation = 1L << 50 };
        await Swarm.CreateServiceAsync(spec, Cancellation);
        var wait = Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, TimeSpan.FromMinutes(5), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await RemoveAsync(spec.Name);
    }

    [Fact]
    public async Task The_machine_is_told_with_its_label_role_and_size()
    {
        var node = Assert.Single((await Swarm.GatherAsync(Cancellation)).Nodes);
        Assert.Equal(PrivateSwarm.Machine, node.Machine);
        Assert.Equal("127.0.0.1", node.Address);
        Assert.True(node is { IsManager: true, IsLeader: true, IsReady: true, IsDrained: false, Cpus: > 0, MemoryBytes: > 0 });
    }

    private async Task CreateAsync(ServiceSpec spec)
    {
        await Swarm.CreateServiceAsync(spec, Cancellation);
        await Swarm.AwaitHealthyAsync(spec.Name, spec.Hash(), null, Deadline, Cancellation);
    }

    private async Task RemoveAsync(string service)
    {
        await Swarm.RemoveServiceAsync(service, Cancellation);
        await Swarm.AwaitGoneAsync(service, Deadline, Cancellation);
    }

    private async Task<ServiceFacts> FactsAsync(string service) => (await Swarm.GatherAsync(Cancellation)).Find(service) ?? throw new InvalidOperationException($"no {service}");

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
