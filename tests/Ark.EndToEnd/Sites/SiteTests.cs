using System.Text.Json.Nodes;
using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A whole site of line 3.1 on three machines, and what its operators do to it. Each test leaves it as it found it.</summary>
[TestMethodOrderer(typeof(InOrder))]
[Collection("operations")]
public sealed class SiteTests(DemoSite site)
{
    private const string DemoTask = "tasks/task_demo/task.yaml";

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
        Assert.Contains("nothing to change", (await site.ArkAsync("base --yes")).Error);
        await site.ArkAsync("plan --exit-code");
    }

    [Fact]
    public async Task Machines_resolve_the_names_of_instances() =>
        Assert.Contains("10.88.0.1", await site.Lab.InsideAsync("m3", "getent hosts metadb-1.demo.example"));

    [Fact]
    public async Task The_console_needs_nothing_of_the_machine_that_it_stands_on()
    {
        // An empty root directory: no libraries, no programs, no settings; a source of randomness.
        var status = await site.Lab.InsideAsync("m1", """
            root=/tmp/empty; mkdir -p $root/dev $root/tmp && touch $root/dev/urandom && mount --bind /dev/urandom $root/dev/urandom
            cp -r /home/ops/ark /home/ops/.ark/passphrase $root/
            chroot $root /ark/bin/ark status --site /ark --passphrase-file /passphrase; code=$?
            umount $root/dev/urandom; rm -rf $root; exit $code
            """);
        Assert.Contains("mq-broker-3", status);
    }

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
        await site.ArkAsync("plan --exit-code");
    }

    [Fact]
    public async Task A_component_grows_and_shrinks_and_what_runs_stays_where_it_is()
    {
        var before = await site.StatusAsync();
        await site.ArkAsync("scale csb-broker 3 --yes");
        var grown = await site.StatusAsync();
        Assert.Equal(("healthy", "passed"), (grown["csb-broker-3"].Health, grown["csb-broker-3"].Proof));
        Assert.All(before, i => Assert.Equal(i.Value.Machine, grown[i.Key].Machine));
        await site.ArkAsync("plan --exit-code"); // The name service knows the new one.
        await site.ArkAsync("scale csb-broker 2 --yes");
        Assert.DoesNotContain("csb-broker-3", (await site.StatusAsync()).Keys);
        await site.ArkAsync("plan --exit-code");
    }

    [Fact]
    public async Task A_restart_goes_instance_by_instance_and_proves_each()
    {
        await using var writers = await Writers.StartAsync(site, "cache");
        var answer = await site.ArkAsync("restart cache --yes");
        Assert.Contains("prove:cache:after-cache-1", answer.Error);
        await writers.AssertNothingLostAsync();
    }

    [Fact]
    public async Task An_upgrade_replaces_one_instance_after_the_other_and_loses_no_write()
    {
        var before = await ImagesAsync("edas-registry");
        await site.ImportAsync("etcd", "next", config => config["Labels"] = new JsonObject { ["version"] = "next" });
        await using (var writers = await Writers.StartAsync(site, "edas-registry"))
        {
            await site.ArkAsync("upgrade edas-registry --image next --yes");
            await writers.AssertNothingLostAsync();
        }

        Assert.All(await ImagesAsync("edas-registry"), image => Assert.StartsWith("etcd:next", image, StringComparison.Ordinal));
        await site.ArkAsync("rollback --yes");
        Assert.Equal(before, await ImagesAsync("edas-registry"));
        await site.ArkAsync("plan --exit-code");
    }

    [Fact]
    public async Task An_upgrade_that_fails_at_the_last_instance_puts_all_of_them_back()
    {
        var before = await ImagesAsync("csb-broker");
        var last = (await site.StatusAsync())["csb-broker-2"].Machine;
        await site.ImportAsync("nginx", "broken", config =>
        {
            var entrypoint = config["Entrypoint"]?.AsArray() ?? [];
            config["Entrypoint"] = new JsonArray(["sh", "-c", $"grep -qw {last} /proc/net/fib_trie && exit 7; exec \"$@\"", "--", .. entrypoint.Select(e => e!.DeepClone())]);
        });
        var answer = await site.TryArkAsync("upgrade csb-broker --image broken --yes");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("update-service:csb-broker-2", answer.Error);
        Assert.Contains("undo-update:csb-broker-1", answer.Error);
        Assert.Equal(before, await ImagesAsync("csb-broker"));
        await site.AllHealthyAsync(TimeSpan.FromMinutes(2), proven: false);
        await site.ArkAsync("rollback --yes");
        await site.ArkAsync("plan --exit-code");
        await site.AllHealthyAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task What_a_task_no_longer_names_goes_with_prune_and_another_task_takes_over_with_adopt()
    {
        var whole = (await site.Lab.TryAsync(["exec", "m1", "--user", "ops", "--", "cat", "ark/" + DemoTask])).Output + "\n";
        var without = string.Concat(whole.Split('\n').Where(l => !l.Contains("csb-broker", StringComparison.Ordinal)).Select(l => l + "\n"));
        await site.WriteAsync(DemoTask, without);
        await site.ArkAsync("apply --task demo --yes");
        Assert.Contains("csb-broker-1", await site.Lab.InsideAsync("m1", "docker service ls"));
        await site.ArkAsync("apply --task demo --prune --yes");
        Assert.DoesNotContain("csb-broker", await site.Lab.InsideAsync("m1", "docker service ls"));

        await site.WriteAsync("tasks/task_second/task.yaml", "schema: 1\nid: second\nbaseline: open-3.1\npurpose: poc\ncomponents:\n  csb-broker: {}\n");
        await site.ArkAsync("apply --task second --yes");
        await site.ArkAsync("status --task second");
        await site.ArkAsync("plan --task demo --exit-code");

        await site.WriteAsync(DemoTask, whole);
        var refused = await site.TryArkAsync("apply --task demo --yes");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("belongs to task second", refused.Error);
        await site.ArkAsync("apply --task demo --adopt --yes");
        await site.ArkAsync("remove --task second --all --purge --confirm second --yes"); // It owns nothing any more, and is forgotten.
        await site.Lab.InsideAsync("m1", "rm -r /home/ops/ark/tasks/task_second");
        await site.AllHealthyAsync(TimeSpan.FromMinutes(2));
        await site.ArkAsync("plan --task demo --exit-code");
    }

    [Fact]
    public async Task Data_outlives_a_removal_unless_it_is_purged()
    {
        const string get = "docker exec $(docker ps -qf label=com.docker.swarm.service.name=edas-registry-1) etcdctl --endpoints 10.88.0.11:2379,10.88.0.12:2379,10.88.0.13:2379 get kept --print-value-only";
        var machine = CarriedSite.MachineOf((await site.StatusAsync())["edas-registry-1"].Machine);
        await site.Lab.InsideAsync(machine, get.Replace("get kept --print-value-only", "put kept yes", StringComparison.Ordinal));
        await site.ArkAsync("remove edas-registry --yes");
        Assert.DoesNotContain("edas-registry", await site.Lab.InsideAsync("m1", "docker service ls"));
        await site.ArkAsync("apply --yes");
        Assert.Equal("yes", await site.Lab.InsideAsync(machine, get));

        Assert.NotEqual(0, (await site.TryArkAsync("remove edas-registry --purge --confirm other --yes")).ExitCode);
        await site.ArkAsync("remove edas-registry --purge --confirm demo --yes");
        Assert.DoesNotContain("edas-registry", await site.Lab.InsideAsync(machine, "docker volume ls"));
        await site.ArkAsync("apply --yes");
        machine = CarriedSite.MachineOf((await site.StatusAsync())["edas-registry-1"].Machine); // Without data it may stand elsewhere.
        Assert.Equal("", await site.Lab.InsideAsync(machine, get));
        await site.AllHealthyAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>The images of a component's instances, in their order.</summary>
    private async Task<IReadOnlyList<string>> ImagesAsync(string component)
    {
        var status = JsonNode.Parse((await site.TryArkAsync("status --format json")).Output)!;
        return [.. status["instances"]!.AsArray().Where(i => (string)i!["component"]! == component).Select(i => (string)i!["image"]!)];
    }
}
