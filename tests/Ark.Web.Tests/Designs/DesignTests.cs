using System.Net;
using System.Text.Json;
using Ark.Panama.Data;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Xunit;
using static Ark.Web.Tests.Designs.Planning;

namespace Ark.Web.Tests.Designs;

public abstract class DesignTests(PanamaSite site)
{
    [Fact]
    public async Task A_design_is_kept_with_its_task_and_copied_without_its_addresses()
    {
        var task = await site.PhysicalTaskAsync("kept.example");
        var saved = Done(await site.DesignAsync(task, new { cache = new { count = 5, parameters = new { maxmemory = "128M" }, machines = new Dictionary<string, string> { ["cache-1"] = "10.0.0.12" }, addresses = new Dictionary<string, string> { ["cache-1"] = "10.16.9.33" }, image = "7.2" }, haproxy = new { } }, "poc"));

        Assert.Equal(task.Version + 1, saved.Version);
        var design = (await site.ReadAsync(task)).Json.GetProperty("design");
        Assert.Equal("poc", design.GetProperty("purpose").GetString());
        var cache = design.GetProperty("components").GetProperty("cache");
        Assert.Equal((5, "128M", "10.0.0.12", "10.16.9.33", "7.2"), (cache.GetProperty("count").GetInt32(), Text(cache, "parameters", "maxmemory"), Text(cache, "machines", "cache-1"), Text(cache, "addresses", "cache-1"), cache.GetProperty("image").GetString()));

        var copy = Done(await site.As("engineer").PostAsync($"tasks/{task.Id}/copy", new { name = "Copy" })).Json.GetProperty("design").GetProperty("components").GetProperty("cache");
        Assert.Equal(("10.0.0.12", "{}"), (Text(copy, "machines", "cache-1"), copy.GetProperty("addresses").GetRawText()));
    }

    [Fact]
    public async Task Everything_wrong_is_said_at_once_each_at_its_field()
    {
        var task = await site.VmTaskAsync("wrong.example");
        var refused = await site.DesignAsync(task, new Dictionary<string, object>
        {
            ["cache"] = new { count = 4, parameters = new { maxmemory = "1M", eviction = "sometimes", maxmemry = "1G", password = "clear" }, ports = new { redis = 70000 } },
            ["mq-broker"] = new { count = 9, image = "no tag", machines = new Dictionary<string, string> { ["cache-1"] = "10.0.0.11", ["mq-broker-1"] = "10.0.0.300" } },
            ["cahce"] = new { },
        }, "sometimes");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (refused.Status, refused.Code));
        Assert.Equal(
            [
                "components.cache.count", "components.cache.parameters.eviction", "components.cache.parameters.maxmemory", "components.cache.parameters.maxmemry", "components.cache.parameters.password",
                "components.cache.ports.redis", "components.cahce", "components.mq-broker.count", "components.mq-broker.image", "components.mq-broker.machines.cache-1",
                "components.mq-broker.machines.mq-broker-1", "purpose",
            ],
            refused.Fields.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("{}", (await site.ReadAsync(task)).Json.GetProperty("design").GetProperty("components").GetRawText());
    }

    [Fact]
    public async Task A_second_task_of_a_site_has_a_domain_of_its_own()
    {
        var task = await site.VmTaskAsync("second.example");
        var named = new Func<string, Task<Reply>>(domain => site.As("engineer").PutAsync($"tasks/{task.Id}/design", new { design = new { domain, components = new { cache = new { } } }, version = task.Version }));
        Assert.Equal(["domain"], (await named("no domain")).Fields);
        Assert.Equal("b.second.example", Done(await named("B.second.example.")).Json.GetProperty("design").GetProperty("domain").GetString());
    }

    [Fact]
    public async Task What_a_component_needs_must_be_chosen_too()
    {
        var task = await site.NewAsync("needs.example", "3.1", Vm);
        await site.As("engineer").PutAsync($"tasks/{task.Id}", new { customerId = 1, name = "Needs", domain = "needs.example", line = "3.1", baseline = "reference-3.1", variables = Vm, version = 1 });
        var offered = Done(await site.As("viewer").GetAsync($"tasks/{task.Id}/components")).Json.GetProperty("components").EnumerateArray();
        var needy = offered.First(c => c.GetProperty("dependsOn").GetArrayLength() > 0).GetProperty("name").GetString()!;
        var refused = await site.DesignAsync(await site.ReadAsync(task), new Dictionary<string, object> { [needy] = new { } });
        Assert.Contains($"components.{needy}", refused.Fields);
        Assert.Contains("missing-dependency", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_kept_encrypted_or_not_at_all()
    {
        const string secret = "Tr0ub4dor-3-clear";
        var task = await site.VmTaskAsync("secret.example");
        var refused = await site.DesignAsync(task, new { cache = new { parameters = new { password = secret } } });
        var check = await site.As("engineer").PostAsync($"tasks/{task.Id}/design/check", new { components = new { cache = new { parameters = new { password = secret } } } });

        Assert.Equal(["components.cache.parameters.password"], refused.Fields);
        Assert.False(check.Json.GetProperty("ready").GetBoolean());
        Assert.DoesNotContain(secret, refused.Body + check.Body, StringComparison.Ordinal);
        await using var db = site.Open();
        Assert.False(await db.GetTable<DeploymentTask>().AnyAsync(t => t.Design!.Contains(secret), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(secret, (await site.As("admin").GetAsync($"audit?subject=task:{task.Id}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_design_is_refused_and_a_packaged_task_is_closed()
    {
        var task = await site.VmTaskAsync("stale.example");
        Done(await site.DesignAsync(task, new { cache = new { count = 3 } }));
        var stale = await site.DesignAsync(task, new { cache = new { count = 5 }, nats = new { } });
        Assert.Equal("changed-meanwhile", stale.Code);
        Assert.Equal(["design.components.cache.count", "design.components.nats"], stale.Json.GetProperty("differences").EnumerateArray().Select(d => d.GetProperty("field").GetString()!).Order());

        var confirmed = await site.MoveAsync(await site.ReadAsync(task), "confirmed");
        var changed = Done(await site.DesignAsync(confirmed, new { cache = new { parameters = new { maxmemory = "1G" } } }));
        Done(await site.PackageAsync(changed));
        var packaged = await site.ReadAsync(task);
        Assert.Equal("design-closed", (await site.DesignAsync(packaged, new { cache = new { count = 3 } })).Code);
        Assert.Equal("not-confirmed", (await site.PackageAsync(packaged)).Code);
        Assert.True((await site.As("admin").GetAsync("audit/verify")).Json.GetProperty("whole").GetBoolean());
    }

    [Fact]
    public async Task Tasks_of_one_site_that_are_given_addresses_at_once_share_none()
    {
        List<Reply> tasks = [];
        for (var number = 0; number < 6; number++)
            tasks.Add(Done(await site.DesignAsync(await site.PhysicalTaskAsync("at-once.example"), new { cache = new { }, haproxy = new { } })));
        var replies = await Task.WhenAll(tasks.Select(site.AllocateAsync));
        var given = replies.SelectMany(r => Done(r).Json.GetProperty("addresses").EnumerateObject().Select(a => a.Value.GetString()!)).ToList();
        Assert.Equal(30, given.Count);
        Assert.Equal(given.Count, given.Distinct().Count());
    }

    [Fact]
    public async Task Baselines_are_found_by_keywords_and_say_what_they_bring()
    {
        Assert.Equal(["open-3.0", "open-3.1"], Names(await site.As("viewer").GetAsync("baselines?search=OPEN%20line")));
        Assert.Empty(Names(await site.As("viewer").GetAsync("baselines?search=nothing")));
        var task = await site.VmTaskAsync("offered.example");
        var offered = Done(await site.As("viewer").GetAsync($"tasks/{task.Id}/components")).Json;
        var cache = offered.GetProperty("components").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "cache");
        Assert.Equal((3, 3, 9, true), (cache.GetProperty("count").GetProperty("min").GetInt32(), cache.GetProperty("count").GetProperty("default").GetInt32(), cache.GetProperty("count").GetProperty("max").GetInt32(), cache.GetProperty("count").GetProperty("odd").GetBoolean()));
        Assert.Contains(cache.GetProperty("parameters").EnumerateArray(), p => p.GetProperty("name").GetString() == "maxmemory" && p.GetProperty("default").GetString() == "64M" && p.GetProperty("type").GetString() == "size");
        Assert.Equal(["cache"], cache.GetProperty("products").EnumerateArray().Select(p => p.GetString()));
    }

    [Theory]
    [InlineData("""{"design":{"components":{"cache":null},"purpose":null},"version":1}""", HttpStatusCode.OK)]
    [InlineData("""{"design":null,"version":2}""", HttpStatusCode.OK)]
    [InlineData("""{"design":{"components":null},"version":99}""", HttpStatusCode.Conflict)]
    [InlineData("""{"design":{"components":{"cache":{"state":"deployed"}}},"version":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"design":{"components":{"cache":{"count":"many"}}},"version":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"design":{"components":{"../../etc":{"parameters":{"a\nb: c":"d\u2028e"}}}},"version":1}""", HttpStatusCode.BadRequest)]
    public async Task What_a_request_may_not_hold_is_refused(string body, HttpStatusCode wanted)
    {
        var task = await site.VmTaskAsync($"odd{body.Length}.example");
        if (body.Contains("\"version\":2", StringComparison.Ordinal))
            Done(await site.DesignAsync(task, new { cache = new { } }));
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var reply = await site.As("engineer").SendAsync("PUT", $"tasks/{task.Id}/design", content);
        Assert.True(wanted == reply.Status, reply.Body);
    }

    private static string? Text(JsonElement element, string part, string key) => element.GetProperty(part).GetProperty(key).GetString();

    private static IEnumerable<string?> Names(Reply reply) => Done(reply).Json.GetProperty("branches").EnumerateArray().Select(b => b.GetProperty("name").GetString());
}

public sealed class DesignsOnSqlite(SqliteSite site) : DesignTests(site), IClassFixture<SqliteSite>;

public sealed class DesignsOnMariaDb(MariaDbSite site) : DesignTests(site), IClassFixture<MariaDbSite>;
