using System.Globalization;
using System.Text.Json;
using Ark.Web.Tests.Hosts;
using Xunit;
using static Ark.Web.Tests.Designs.Planning;

namespace Ark.Web.Tests.Designs;

/// <summary>Allocation, and the preview of machines and pool.</summary>
public abstract class AddressTests(PanamaSite site)
{
    [Fact]
    public async Task In_physical_mode_instances_get_addresses_of_the_pool_and_keep_them()
    {
        var task = await site.NewAsync("pool.example", "3.0", new(Physical) { ["machine_ips"] = "10.0.0.11,10.0.0.12,10.0.0.13,10.0.0.14,10.0.0.15" });
        var designed = Done(await site.DesignAsync(task, new { cache = new { addresses = new Dictionary<string, string> { ["cache-2"] = "10.16.9.40" } }, haproxy = new { } }));
        var allocated = Done(await site.AllocateAsync(designed)).Json;
        var addresses = Of(allocated);
        Assert.Equal("10.16.9.40", addresses["cache-2"]);
        Assert.Equal(["10.16.9.10", "10.16.9.11"], [addresses["cache-1"], addresses["cache-3"]]);
        Assert.Equal(addresses, Written(await site.ReadAsync(task)));

        var more = Done(await site.DesignAsync(await site.ReadAsync(task), new Dictionary<string, object> { ["cache"] = new { count = 5, addresses = addresses.Where(a => a.Key.StartsWith("cache", StringComparison.Ordinal)).ToDictionary() }, ["haproxy"] = new { } }));
        var again = Of(Done(await site.AllocateAsync(more)).Json);
        Assert.All(addresses.Where(a => a.Key.StartsWith("cache", StringComparison.Ordinal)), a => Assert.Equal(a.Value, again[a.Key]));
        Assert.Equal(again.Count, again.Values.Distinct().Count());
    }

    [Fact]
    public async Task In_VM_mode_addresses_are_the_machines_and_nothing_is_written()
    {
        var task = Done(await site.DesignAsync(await site.VmTaskAsync("vm.example"), new { cache = new { }, dncs = new { } }));
        var allocated = Done(await site.AllocateAsync(task)).Json;
        Assert.Equal(["10.0.0.11", "10.0.0.12", "10.0.0.13"], Of(allocated).Where(a => a.Key.StartsWith("cache", StringComparison.Ordinal)).Select(a => a.Value).Order());
        Assert.Equal(task.Version, (await site.ReadAsync(task)).Version);
        Assert.Empty(Written(await site.ReadAsync(task)));
    }

    [Fact]
    public async Task Whatever_is_written_reserved_or_special_an_allocation_never_gives_it_again()
    {
        var random = new Random(20260311);
        HashSet<string> taken = [];
        for (var round = 0; round < 8; round++)
        {
            var task = await site.NewAsync("crowd.example", "3.0", new(Physical) { ["ip_pool_start"] = "1", ["vlan_gateway"] = "10.16.9.3", ["machine_ips"] = "10.0.0.11,10.0.0.12,10.0.0.13" });
            var free = Enumerable.Range(1, 60).Select(n => $"10.16.9.{n}").Where(a => a != "10.16.9.3" && !taken.Contains(a)).OrderBy(_ => random.Next()).ToList();
            var given = Enumerable.Range(1, 3).Where(_ => random.Next(2) == 0).ToDictionary(i => $"cache-{i}", i => free[i]);
            var designed = Done(await site.DesignAsync(task, new Dictionary<string, object> { ["cache"] = new { count = 3, addresses = given }, ["metadb"] = new { count = random.Next(2) == 0 ? 1 : 3 } }));
            var allocated = Of(Done(await site.AllocateAsync(designed)).Json);

            Assert.All(given, g => Assert.Equal(g.Value, allocated[g.Key]));
            Assert.Equal(allocated.Count, allocated.Values.Distinct().Count());
            Assert.DoesNotContain(allocated.Values, a => a == "10.16.9.3" || taken.Contains(a));
            Assert.All(allocated.Values, a => Assert.InRange(int.Parse(a.Split('.')[3], CultureInfo.InvariantCulture), 1, 60));
            taken.UnionWith(allocated.Values);
        }
    }

    [Fact]
    public async Task An_address_that_another_task_of_the_site_has_is_told_of_and_the_pool_says_by_whom()
    {
        var first = await site.PhysicalTaskAsync("both.example");
        Done(await site.DesignAsync(first, new { cache = new { addresses = new Dictionary<string, string> { ["cache-1"] = "10.16.9.20" } } }));
        var second = await site.PhysicalTaskAsync("both.example");
        Done(await site.DesignAsync(second, new { cache = new { addresses = new Dictionary<string, string> { ["cache-1"] = "10.16.9.20", ["cache-2"] = "10.16.9.21" } } }));
        var elsewhere = await site.PhysicalTaskAsync("other-site.example");
        Done(await site.DesignAsync(elsewhere, new { cache = new { addresses = new Dictionary<string, string> { ["cache-1"] = "10.16.9.50" } } }));

        var preview = Done(await site.As("viewer").GetAsync($"tasks/{second.Id}/preview")).Json;
        Assert.False(preview.GetProperty("ready").GetBoolean());
        Assert.Contains(preview.GetProperty("problems").EnumerateArray(), p => p.GetProperty("code").GetString() == "address-taken" && p.GetProperty("place").GetString() == "components.cache.addresses.cache-1");

        var other = Done(await site.As("viewer").GetAsync($"tasks/{first.Id}/preview")).Json.GetProperty("pool");
        var taken = other.GetProperty("taken").EnumerateArray().ToDictionary(t => t.GetProperty("address").GetString()!, t => (t.GetProperty("state").GetString(), t.GetProperty("owner").GetString()));
        Assert.Equal(("used", "cache-1"), taken["10.16.9.20"]);
        Assert.Equal(("reserved", $"cache-2 (task {second.Id})"), taken["10.16.9.21"]);
        Assert.DoesNotContain("10.16.9.50", taken.Keys);
        Assert.Equal(51, other.GetProperty("free").GetInt32() + taken.Count);
        Assert.Equal("invalid", (await site.AllocateAsync(await site.ReadAsync(second))).Code);
    }

    [Fact]
    public async Task The_preview_says_where_instances_stand_and_why_they_do_not()
    {
        var task = Done(await site.DesignAsync(await site.VmTaskAsync("stand.example"), new Dictionary<string, object> { ["cache"] = new { machines = new Dictionary<string, string> { ["cache-1"] = "10.0.0.13" } }, ["mq-broker"] = new { } }));
        var preview = Done(await site.As("viewer").GetAsync($"tasks/{task.Id}/preview")).Json;
        Assert.True(preview.GetProperty("ready").GetBoolean(), preview.ToString());
        var machines = preview.GetProperty("machines").EnumerateArray().ToList();
        Assert.Equal(["10.0.0.11"], machines.Where(m => m.GetProperty("client").GetBoolean()).Select(m => m.GetProperty("address").GetString()));
        Assert.Equal(6, machines.Sum(m => m.GetProperty("instances").GetArrayLength()));
        var pinned = machines.Single(m => m.GetProperty("address").GetString() == "10.0.0.13").GetProperty("instances").EnumerateArray().Single(i => i.GetProperty("name").GetString() == "cache-1");
        Assert.True(pinned.GetProperty("pinned").GetBoolean());

        var five = Done(await site.DesignAsync(task, new { cache = new { count = 5 } }));
        var crowded = Done(await site.As("viewer").GetAsync($"tasks/{five.Id}/preview")).Json;
        var problem = crowded.GetProperty("problems").EnumerateArray().Single(p => p.GetProperty("severity").GetString() == "error");
        Assert.Equal(("no-machine", "components.cache"), (problem.GetProperty("code").GetString(), problem.GetProperty("place").GetString()));
        Assert.Equal(["components.cache"], (await site.AllocateAsync(five)).Fields);
        Assert.Equal(["machine"], (await site.As("viewer").GetAsync($"tasks/{five.Id}/preview?machine=tiny")).Fields);
        Assert.Equal("VM 8c32g", Done(await site.As("viewer").GetAsync($"tasks/{five.Id}/preview?machine=VM%208c32g")).Json.GetProperty("machineType").GetString());
    }

    [Fact]
    public async Task Labels_show_which_components_could_land_where_while_they_are_written()
    {
        var reference = Done(await site.As("viewer").PostAsync("tasks/labels", new { baseline = "reference-3.1", machines = "10.0.0.11, 10.0.0.12", labels = "{\"10.0.0.12\":{\"nodetype\":\"drds\"}}" })).Json;
        Assert.True(reference.GetProperty("readable").GetBoolean());
        Assert.Equal(2, reference.GetProperty("machines").GetArrayLength());
        foreach (var component in reference.GetProperty("components").EnumerateArray())
        {
            var wanted = component.GetProperty("labels").EnumerateObject().Select(l => $"{l.Name}={l.Value}").ToList();
            Assert.Equal(wanted is ["nodetype=drds"] ? ["10.0.0.12"] : [], component.GetProperty("machines").EnumerateArray().Select(m => m.GetString()));
        }

        Assert.NotEqual(0, reference.GetProperty("components").GetArrayLength());
        Assert.False(Done(await site.As("viewer").PostAsync("tasks/labels", new { machines = "10.0.0.11", labels = "{" })).Json.GetProperty("readable").GetBoolean());
    }

    private static SortedDictionary<string, string> Of(JsonElement allocation) =>
        new(allocation.GetProperty("addresses").EnumerateObject().ToDictionary(a => a.Name, a => a.Value.GetString()!), StringComparer.Ordinal);

    private static SortedDictionary<string, string> Written(Reply task) => new(
        task.Json.GetProperty("design").GetProperty("components").EnumerateObject().SelectMany(c => c.Value.GetProperty("addresses").EnumerateObject()).ToDictionary(a => a.Name, a => a.Value.GetString()!), StringComparer.Ordinal);
}

public sealed class AddressesOnSqlite(SqliteSite site) : AddressTests(site), IClassFixture<SqliteSite>;

public sealed class AddressesOnMariaDb(MariaDbSite site) : AddressTests(site), IClassFixture<MariaDbSite>;
