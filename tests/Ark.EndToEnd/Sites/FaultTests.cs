using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A site of line 3.1 that meets with accidents.</summary>
public sealed class AccidentSite() : PlannedSite("3.1", "-accidents", ("machine_dns", "dncs"), "metadb", "dncs", "edas-registry", "mq-broker", "csb-broker", "cache");

/// <summary>Beside <see cref="Operations"/>: most of their time such tests wait.</summary>
[CollectionDefinition("accidents")]
public sealed class Accidents : ICollectionFixture<AccidentSite>;

/// <summary>What happens to a site of line 3.1 by itself, while applications write and read. Each test leaves it as it found it.</summary>
[TestMethodOrderer(typeof(InOrder))]
[Collection("accidents")]
public sealed class FaultTests(AccidentSite site)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private static readonly string[] All = ["m1", "m2", "m3"];

    [Fact]
    public async Task What_was_planned_in_Panama_runs_and_is_proven()
    {
        await site.AssertProvenAsync();
        await site.ArkAsync("plan --exit-code");
    }

    [Fact]
    public async Task Killed_containers_come_back_by_themselves()
    {
        await using var writers = await Writers.StartAsync(site, "metadb", "cache", "mq-broker", "edas-registry", "csb-broker");
        foreach (var instance in (string[])["metadb-1", "cache-1", "mq-broker-1", "edas-registry-1", "csb-broker-1"])
            await site.Lab.InsideAsync(CarriedSite.MachineOf((await site.StatusAsync())[instance].Machine), $"docker kill $(docker ps -q -f label=com.docker.swarm.service.name={instance})");
        await site.AllHealthyAsync(Patience);
        await writers.AssertNothingLostAsync();
    }

    [Fact]
    public async Task A_machine_that_is_off_the_network_for_ten_seconds_keeps_all_its_containers()
    {
        var before = await site.ContainersAsync(All);
        await using var writers = await Writers.StartAsync(site, "metadb", "mq-broker", "edas-registry");
        await site.Lab.RunAsync("cut", "m3");
        await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await site.Lab.RunAsync("heal", "m3");
        await site.AllHealthyAsync(Patience);
        await writers.AssertNothingLostAsync();
        Assert.Equal(before, await site.ContainersAsync(All));
    }

    [Fact]
    public async Task A_machine_that_is_off_the_network_for_two_minutes_joins_again()
    {
        await using var writers = await Writers.StartAsync(site, "metadb", "cache", "mq-broker", "edas-registry");
        await site.Lab.RunAsync("cut", "m2");
        await Task.Delay(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        var meanwhile = await site.StatusAsync();
        Assert.Contains(meanwhile.Values, i => i.Machine == "10.88.0.12" && i.Health != "healthy");
        await site.Lab.RunAsync("heal", "m2");
        await site.AllHealthyAsync(Patience);
        await writers.AssertNothingLostAsync();
        await site.ArkAsync("plan --exit-code");
    }

    [Fact]
    public async Task A_machine_that_restarts_brings_its_instances_back()
    {
        await using var writers = await Writers.StartAsync(site, "metadb", "cache", "mq-broker", "edas-registry");
        await site.Lab.RunAsync("reboot", "m3");
        await site.AllHealthyAsync(Patience);
        await writers.AssertNothingLostAsync();
    }

    [Fact]
    public async Task All_machines_restart_and_everything_comes_back()
    {
        await using var writers = await Writers.StartAsync(site, "metadb", "mq-broker", "edas-registry");
        await site.Lab.RunAsync("reboot", "--all", "--hard");
        await site.AllHealthyAsync(Patience);
        await writers.AssertNothingLostAsync(gaps: false);
        await site.ArkAsync("base --yes");
        await site.ArkAsync("plan --exit-code");
    }
}
