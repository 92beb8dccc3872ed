using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A whole site of line 3.1 on three machines, and what happens to it in its life.</summary>
[Trait("campaign", "site")]
[TestCaseOrderer(typeof(InOrder))]
[Collection("labs")] // One kernel for all labs: what one puts back would look like drift to another.
public sealed class SiteTests(Site31 site) : IClassFixture<Site31>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task The_demo_ends_with_every_component_healthy_and_proven()
    {
        var status = await site.StatusAsync();
        Assert.Equal(
            ["cache-1", "cache-2", "cache-3", "csb-broker-1", "csb-broker-2", "dncs-1", "dncs-2", "edas-registry-1", "edas-registry-2", "edas-registry-3", "metadb-1", "metadb-2", "metadb-3", "mq-broker-1", "mq-broker-2", "mq-broker-3"],
            status.Keys.Order(StringComparer.Ordinal));
        Assert.All(status, i => Assert.Equal(("healthy", "passed"), (i.Value.Health, i.Value.Proof)));
    }

    [Fact]
    public async Task A_second_apply_has_nothing_to_change()
    {
        Assert.Contains("nothing to change", (await site.ArkAsync("apply --yes")).Error);
        Assert.Equal(0, (await site.TryArkAsync("plan --exit-code")).ExitCode);
    }

    [Fact]
    public async Task The_base_too_has_nothing_to_change() => Assert.Contains("nothing to change", (await site.ArkAsync("base --yes")).Error);

    [Fact]
    public async Task Machines_resolve_the_names_of_instances() =>
        Assert.Contains("10.88.0.1", await site.Lab.InsideAsync("m3", "getent hosts metadb-1.demo.example"));

    [Fact]
    public async Task What_was_changed_by_hand_is_found_named_and_mended()
    {
        await site.Lab.InsideAsync("m1", "docker service update --detach --env-add DEBUG=1 --limit-pids 77 csb-broker-1 >/dev/null && docker service update --detach --label-add ark.task=other dncs-2 >/dev/null");
        await site.Lab.InsideAsync("m2", "echo '{}' > /etc/docker/daemon.json");
        var plan = await site.TryArkAsync("plan --exit-code");
        Assert.Equal(4, plan.ExitCode);
        Assert.Contains("environment.DEBUG=1", plan.Output);
        Assert.Contains("77", plan.Output);
        Assert.Contains("dncs-2", plan.Output);
        Assert.Contains("/etc/docker/daemon.json", plan.Error);
        await site.ArkAsync("base --yes");
        await site.ArkAsync("apply --yes");
        Assert.Equal(0, (await site.TryArkAsync("plan --exit-code")).ExitCode);
    }

    [Fact]
    public async Task A_component_grows_and_shrinks_and_what_runs_stays_where_it_is()
    {
        var before = await site.StatusAsync();
        await site.ArkAsync("scale dncs 3 --yes");
        var grown = await site.StatusAsync();
        Assert.Equal("healthy", grown["dncs-3"].Health);
        Assert.All(before, i => Assert.Equal(i.Value.Machine, grown[i.Key].Machine));
        await site.ArkAsync("scale dncs 2 --yes");
        Assert.DoesNotContain("dncs-3", (await site.StatusAsync()).Keys);
    }

    [Fact]
    public async Task A_restart_goes_instance_by_instance_and_proves_each()
    {
        var answer = await site.ArkAsync("restart csb-broker --yes");
        Assert.Contains("prove:csb-broker:after-csb-broker-1", answer.Error);
    }

    [Fact]
    public async Task A_killed_container_comes_back_by_itself()
    {
        var machine = DemoSite.MachineOf((await site.StatusAsync())["cache-2"].Machine);
        await site.Lab.InsideAsync(machine, "docker kill $(docker ps -q -f label=com.docker.swarm.service.name=cache-2)");
        await site.AllHealthyAsync(Patience);
    }

    [Theory]
    [InlineData("record-task:BeforeJournal")]
    [InlineData("create-service:BeforeEffect")]
    [InlineData("create-service:BeforeCompletion")]
    [InlineData("prove:BeforeEffect")]
    public async Task A_console_that_is_killed_leaves_nothing_that_the_next_run_does_not_finish(string point)
    {
        var killed = await site.TryArkAsync("scale dncs 3 --yes", "ARK_FAIL_POINT=" + point);
        Assert.Equal(137, killed.ExitCode);
        await site.ArkAsync("apply --yes");
        Assert.Equal(("healthy", "passed"), ((await site.StatusAsync())["dncs-3"].Health, (await site.StatusAsync())["dncs-3"].Proof));
        await site.ArkAsync("scale dncs 2 --yes");
    }

    [Fact]
    public async Task A_machine_that_restarts_brings_its_instances_back()
    {
        await site.Lab.RunAsync("reboot", "m3");
        await site.AllHealthyAsync(Patience);
    }
}
