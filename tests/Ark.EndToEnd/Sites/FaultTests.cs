using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A site of line 3.1 that meets with accidents.</summary>
public sealed class AccidentSite() : PlannedSite("3.1", "-accidents", ("machine_dns", "dncs"), "metadb", "dncs", "edas-registry", "mq-broker", "csb-broker", "cache");

/// <summary>Beside <see cref="Operations"/>: most of their time such tests wait.</summary>
[CollectionDefinition("accidents")]
public sealed class Accidents : ICollectionFixture<AccidentSite>;

/// <summary>What happens to a site of line 3.1, while applications write and read, and to the console. Each test leaves it as it found it.</summary>
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

    /// <summary>One kill after the other, each where the one before left off; <c>./test campaign kills</c> does it at every kind of step.</summary>
    [Fact]
    public async Task A_console_that_is_killed_leaves_nothing_that_the_next_run_does_not_finish()
    {
        foreach (var point in (string[])["record-task:BeforeJournal", "create-service:BeforeEffect", "create-service:BeforeCompletion", "prove:BeforeEffect"])
            Assert.Equal(137, (await site.TryArkAsync("scale csb-broker 3 --yes", "ARK_FAIL_POINT=" + point)).ExitCode);
        await site.ArkAsync("apply --yes");
        var status = await site.StatusAsync();
        Assert.Equal(("healthy", "passed"), (status["csb-broker-3"].Health, status["csb-broker-3"].Proof));
        await site.ArkAsync("scale csb-broker 2 --yes");
        await site.ArkAsync("plan --exit-code");
    }

    /// <summary>The console moves to a machine of its own; that is lost; another goes on with the package, the key and the passphrase.</summary>
    [Fact]
    public async Task A_client_that_is_lost_for_good_is_replaced_by_another_machine()
    {
        await site.Lab.RunAsync("up", "--machines", "5");
        await site.MoveConsoleAsync("m1", "m5", "10.88.0.15");
        await site.PrepareAsync("m5");
        await site.ArkAsync("base --yes", "m5");
        await site.MoveConsoleAsync("m5", "m2", "10.88.0.12");
        await site.Lab.RunAsync("stop", "m5");

        await site.ArkAsync("status", "m2");
        await site.ArkAsync("plan --exit-code", "m2");
        await site.ArkAsync("scale csb-broker 3 --yes", "m2");
        await site.Lab.InsideAsync("m3", "docker kill $(docker ps -q -f label=com.docker.swarm.service.name | head -n 1)");
        await site.ArkAsync("base --yes", "m2");
        await site.ArkAsync("base --part certificates --renew --yes", "m2");
        await site.ArkAsync("scale csb-broker 2 --yes", "m2");
        await site.AllHealthyAsync(TimeSpan.FromMinutes(6));

        await site.ArkAsync("machine remove 10.88.0.15 --yes --confirm 10.88.0.15", "m2");
        await site.ArkAsync("plan --exit-code", "m2");
        await site.MoveConsoleAsync("m2", "m1", "10.88.0.11");
        await site.ArkAsync("base --yes");
        await site.ArkAsync("plan --exit-code");
    }
}
