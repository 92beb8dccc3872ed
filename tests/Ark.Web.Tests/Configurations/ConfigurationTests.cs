using System.Net;
using Ark.Core;
using Ark.Core.Secrets;
using Ark.Panama.Features.Configurations;
using Ark.Web.Accounts;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Configurations;

public abstract class ConfigurationTests(GitSite site)
{
    private static readonly string Encrypted = Vault.Encrypt(SiteKey.Derive(new Secret("a passphrase of the test"), new byte[SiteKey.SaltBytes]), "mq-broker.password", new Secret("clear-word-1"), new byte[Vault.NonceBytes]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_save_is_a_revision_that_can_be_compared_and_gone_back_to()
    {
        var made = await NewAsync("Broker, big", new() { ["memory"] = "1G", ["user"] = "shop" });
        Assert.Equal(1, made.Version);
        var saved = await SaveAsync(made, new() { ["memory"] = "2G", ["schedulers"] = "4" });
        Assert.Equal(2, saved.Version);
        var compared = (await site.As("viewer").GetAsync($"configurations/{made.Id}/compare?from=1&to=2")).Json.GetProperty("differences").EnumerateArray()
            .Select(d => $"{d.GetProperty("field")}: {d.GetProperty("yours")} → {d.GetProperty("theirs")}").Order();
        Assert.Equal(["values.memory: 1G → 2G", "values.schedulers:  → 4", "values.user: shop → "], compared);

        var back = await site.As("engineer").PostAsync($"configurations/{made.Id}/rollback", new { revision = 1, reason = "Too much memory", version = 2 });
        Assert.Equal(3, back.Version);
        var history = (await site.As("viewer").GetAsync($"configurations/{made.Id}/revisions")).Json.GetProperty("revisions").EnumerateArray().ToList();
        Assert.Equal([(3, "Too much memory"), (2, "Because"), (1, "Because")], history.Select(r => (r.GetProperty("number").GetInt32(), r.GetProperty("reason").GetString()!)));
        Assert.Equal(history[2].GetProperty("values").ToString(), history[0].GetProperty("values").ToString());
        Assert.Equal("engineer", history[0].GetProperty("by").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await site.As("engineer").PostAsync($"configurations/{made.Id}/rollback", new { revision = 9, reason = "x", version = 3 })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.As("viewer").GetAsync($"configurations/{made.Id}/compare?from=1&to=9")).Status);
        Assert.True((await site.As("admin").GetAsync("audit/verify")).Json.GetProperty("whole").GetBoolean());
        Assert.Equal(3, (await site.As("admin").GetAsync($"audit?search=configuration:{made.Id}")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Values_are_typed_by_the_catalogue()
    {
        var wrong = await site.As("engineer").PostAsync("configurations", Body("Wrong", new()
        {
            ["memory"] = "1M", ["schedulers"] = "many", ["user"] = "0'; drop", ["unknown"] = "x", ["recoveryWait"] = "30s",
        }));
        Assert.Equal(["revision.values.memory", "revision.values.schedulers", "revision.values.unknown", "revision.values.user"], wrong.Fields.Order());
        Assert.Equal(["component"], (await site.As("engineer").PostAsync("configurations", new { name = "x", customerId = 1, component = "nothing", revision = new { baseline = "open-3.1", reason = "x" } })).Fields);
        Assert.Equal(["revision.baseline"], (await site.As("engineer").PostAsync("configurations", new { name = "x", customerId = 1, component = "mq-broker", revision = new { baseline = "../etc", reason = "x" } })).Fields);
        Assert.Equal(["name", "component", "revision.baseline", "revision.reason"], (await site.As("engineer").PostAsync("configurations", new { customerId = 1, revision = new { } })).Fields);
    }

    [Fact]
    public async Task Secrets_are_kept_only_as_the_console_encrypted_them()
    {
        var clear = await site.As("engineer").PostAsync("configurations", Body("Clear", new() { ["password"] = "clear-word-1" }));
        Assert.Equal(["revision.values.password"], clear.Fields);
        Assert.Equal("secret-in-clear", clear.Json.GetProperty("problems")[0].GetProperty("code").GetString());
        var made = await NewAsync("Sealed", new() { ["password"] = Encrypted });
        var everything = clear.Body + made.Body + (await site.As("admin").GetAsync("audit/export")).Body + (await site.As("viewer").GetAsync("configurations")).Body;
        Assert.DoesNotContain("clear-word-1", everything, StringComparison.Ordinal);
        Assert.Contains("ENC(v1:", made.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_save_is_refused_and_told_what_differs()
    {
        var made = await NewAsync("Contested", new() { ["memory"] = "1G" });
        await SaveAsync(made, new() { ["memory"] = "2G" });
        var mine = await SaveAsync(made, new() { ["memory"] = "4G" });
        Assert.Equal((HttpStatusCode.Conflict, "changed-meanwhile"), (mine.Status, mine.Code));
        Assert.Contains(mine.Json.GetProperty("differences").EnumerateArray(), d => d.GetProperty("field").GetString() == "values.memory" && d.GetProperty("theirs").GetString() == "2G");
        Assert.Equal(HttpStatusCode.Conflict, (await site.As("engineer").PostAsync($"configurations/{made.Id}/rollback", new { revision = 1, reason = "x", version = 1 })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await site.As("engineer").SendAsync("DELETE", $"configurations/{made.Id}?version=1")).Status);
        Assert.Equal(2, (await site.As("viewer").GetAsync($"configurations/{made.Id}")).Version);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => SaveAsync(made, new() { ["memory"] = $"{n + 1}G" }, 2)));
        Assert.Equal((1, 7), (replies.Count(r => r.Status == HttpStatusCode.OK), replies.Count(r => r.Status == HttpStatusCode.Conflict)));
        Assert.Equal(HttpStatusCode.OK, (await site.As("engineer").SendAsync("DELETE", $"configurations/{made.Id}?version=3")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.As("viewer").GetAsync($"configurations/{made.Id}")).Status);
    }

    [Fact]
    public async Task Another_customers_sets_are_never_seen_and_what_is_for_all_is_changed_by_those_who_see_all()
    {
        var hidden = await NewAsync("Hidden set", new() { ["memory"] = "1G" });
        var shared = await site.As("engineer").PostAsync("configurations", Body("Shared set", new() { ["memory"] = "1G" }, customer: null));
        var outsider = site.As("outsider");
        foreach (var path in (string[])["", "/revisions", "/compare?from=1&to=1", "/values"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await outsider.GetAsync($"configurations/{hidden.Id}{path}")).Status);
            Assert.Equal(HttpStatusCode.OK, (await outsider.GetAsync($"configurations/{shared.Id}{path}")).Status);
        }

        var list = (await outsider.GetAsync("configurations?search=set")).Body;
        Assert.Contains("Shared set", list, StringComparison.Ordinal);
        Assert.DoesNotContain("Hidden set", list, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await outsider.PutAsync($"configurations/{hidden.Id}", Revision(new() { ["memory"] = "9G" }, 1))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await outsider.SendAsync("DELETE", $"configurations/{hidden.Id}?version=1")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await outsider.PutAsync($"configurations/{shared.Id}", Revision(new() { ["memory"] = "9G" }, 1))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await outsider.PostAsync($"configurations/{shared.Id}/rollback", new { revision = 1, reason = "x", version = 1 })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await outsider.SendAsync("DELETE", $"configurations/{shared.Id}?version=1")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await outsider.PostAsync("configurations", Body("For all", [], customer: null))).Status);
        Assert.Equal(["customerId"], (await outsider.PostAsync("configurations", Body("Theirs", []))).Fields);

        await using var db = site.Open();
        var mine = new Actor { AccountId = 99, Name = "other", Role = Role.Engineer, Via = "session", Customers = [1] };
        var values = await ShowConfiguration.ValuesAsync(db, mine, hidden.Id, Cancellation);
        Assert.Equal(("open-3.1", "1G"), (values.Value!.Baseline, values.Value.Components["mq-broker"]["memory"]));
        Assert.Null((await ShowConfiguration.ValuesAsync(db, mine with { Customers = [2] }, hidden.Id, Cancellation)).Value);
    }

    [Fact]
    public async Task The_list_is_searched_and_filtered_and_a_name_stands_once_a_customer()
    {
        await NewAsync("列表 one", []);
        Assert.Equal(["name"], (await site.As("engineer").PostAsync("configurations", Body("列表 one", []))).Fields);
        var shared = await site.As("engineer").PostAsync("configurations", Body("列表 one", [], customer: null));
        Assert.Equal(HttpStatusCode.OK, shared.Status);
        Assert.Equal(["name"], (await site.As("engineer").PostAsync("configurations", Body("列表 one", [], customer: null))).Fields);
        Assert.Equal(2, await CountAsync("search=列表"));
        Assert.Equal(1, await CountAsync("search=列表%20Shop"));
        Assert.Equal(1, await CountAsync("search=列表&customer=2"));
        Assert.Equal(0, await CountAsync("search=列表&component=cache"));
    }

    private async Task<int> CountAsync(string query) => (await site.As("viewer").GetAsync($"configurations?{query}")).Json.GetProperty("configurations").GetArrayLength();

    private async Task<Reply> NewAsync(string name, Dictionary<string, string> values)
    {
        var reply = await site.As("engineer").PostAsync("configurations", Body(name, values));
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply;
    }

    private Task<Reply> SaveAsync(Reply set, Dictionary<string, string> values, int? version = null) =>
        site.As("engineer").PutAsync($"configurations/{set.Id}", Revision(values, version ?? set.Version));

    private static object Body(string name, Dictionary<string, string> values, int? customer = 1) =>
        new { name, customerId = customer, component = "mq-broker", revision = Revision(values, 0) };

    private static object Revision(Dictionary<string, string> values, int version) => new { baseline = "open-3.1", values, reason = "Because", version };
}

public sealed class ConfigurationsOnSqlite(SqliteGitSite site) : ConfigurationTests(site), IClassFixture<SqliteGitSite>;

public sealed class ConfigurationsOnMariaDb(MariaDbGitSite site) : ConfigurationTests(site), IClassFixture<MariaDbGitSite>;
