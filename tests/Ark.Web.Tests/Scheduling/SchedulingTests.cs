using System.Net;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Scheduling;

public abstract class SchedulingTests(GitSite site)
{
    [Fact]
    public async Task What_decides_where_components_land_is_read_from_the_baseline()
    {
        var git = site.NewRepository();
        git.Branch("labelled");
        git.Add("open-3.1", "open-3.1");
        var broker = git.Read("open-3.1/components/mq-broker/component.yaml");
        git.Write("open-3.1/components/mq-broker/component.yaml", broker.Replace("parameters:\n", "placement: {labels: {nodetype: mq, disk: ssd}, exclusive: true, apart: [cache]}\nparameters:\n", StringComparison.Ordinal));
        git.Commit("labels");
        var repository = await site.As("admin").PostAsync("repositories", new { name = "labelled", url = git.Url });
        await site.As("admin").PostAsync($"repositories/{repository.Id}/refresh", new { });
        await site.As("engineer").PostAsync("scheduling/templates", new { name = "Broker machine", customerId = 1, labels = new { nodetype = "MQ", rack = "a" } });

        var view = await site.As("viewer").GetAsync("scheduling?baseline=labelled");
        Assert.True(view.Status == HttpStatusCode.OK, view.Body + (await site.As("viewer").GetAsync("baselines/versions?search=labelled")).Body);
        var rules = view.Json.GetProperty("rules").EnumerateArray().ToDictionary(r => r.GetProperty("component").GetString()!);
        Assert.Equal("""{"disk":"ssd","nodetype":"mq"}""", Sorted(rules["mq-broker"].GetProperty("labels")));
        Assert.Equal((true, true), (rules["mq-broker"].GetProperty("exclusive").GetBoolean(), rules["mq-broker"].GetProperty("spread").GetBoolean()));
        Assert.Equal("mq-broker", Assert.Single(rules["cache"].GetProperty("apart").EnumerateArray()).GetString());
        var labels = view.Json.GetProperty("labels").EnumerateArray().Select(l => $"{l.GetProperty("name")}={l.GetProperty("value")} {l.GetProperty("components")} {l.GetProperty("templates")}");
        Assert.Equal(["disk=ssd [\"mq-broker\"] []", "nodetype=mq [\"mq-broker\"] [\"Broker machine\"]"], labels);
        Assert.DoesNotContain("Broker machine", (await site.As("outsider").GetAsync("scheduling?baseline=labelled")).Body, StringComparison.Ordinal);
        Assert.Equal(["baseline"], (await site.As("viewer").GetAsync("scheduling?baseline=nowhere")).Fields);
    }

    [Theory]
    [InlineData("node type", "x")]
    [InlineData("9x", "x")]
    [InlineData("ark.machine", "m1")]
    [InlineData("nodetype", "a b")]
    [InlineData("nodetype", "")]
    [InlineData("nodetype", "$(reboot)")]
    [InlineData("nodetype", null)]
    public async Task Labels_that_Swarm_does_not_take_are_refused(string name, string? value)
    {
        var reply = await site.As("engineer").PostAsync("scheduling/templates", new { name = "Bad", customerId = 1, labels = new Dictionary<string, string?> { [name] = value } });
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(["labels"], reply.Fields);
    }

    [Fact]
    public async Task A_template_is_kept_changed_and_removed_with_its_version()
    {
        var made = await NewAsync("drds node", 1, new { nodetype = "drds" });
        Assert.Equal(["name"], (await site.As("engineer").PostAsync("scheduling/templates", new { name = "drds node", customerId = 1, labels = new { a = "b" } })).Fields);
        var saved = await site.As("engineer").PutAsync($"scheduling/templates/{made.Id}", new { name = "drds node", customerId = 1, labels = new { nodetype = "drds", disk = "ssd" }, version = 1 });
        Assert.Equal(2, saved.Version);
        var stale = await site.As("engineer").PutAsync($"scheduling/templates/{made.Id}", new { name = "drds node", customerId = 1, labels = new { nodetype = "jingwei" }, version = 1 });
        Assert.Equal((HttpStatusCode.Conflict, "changed-meanwhile"), (stale.Status, stale.Code));
        Assert.Contains(stale.Json.GetProperty("differences").EnumerateArray(), d => d.GetProperty("field").GetString() == "labels.nodetype" && d.GetProperty("theirs").GetString() == "drds");
        Assert.Equal(HttpStatusCode.Conflict, (await site.As("engineer").SendAsync("DELETE", $"scheduling/templates/{made.Id}?version=1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.As("engineer").SendAsync("DELETE", $"scheduling/templates/{made.Id}?version=2")).Status);
        Assert.Equal(3, (await site.As("admin").GetAsync($"audit?search=labels:{made.Id}")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Another_customers_templates_are_never_seen_and_what_is_for_all_is_changed_by_those_who_see_all()
    {
        var hidden = await NewAsync("Hidden template", 1, new { a = "b" });
        var shared = await NewAsync("Shared template", null, new { a = "b" });
        var outsider = site.As("outsider");
        var list = (await outsider.GetAsync("scheduling/templates")).Body;
        Assert.Contains("Shared template", list, StringComparison.Ordinal);
        Assert.DoesNotContain("Hidden template", list, StringComparison.Ordinal);
        Assert.Contains("Hidden template", (await site.As("viewer").GetAsync("scheduling/templates?customer=1")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Hidden template", (await site.As("viewer").GetAsync("scheduling/templates?customer=2")).Body, StringComparison.Ordinal);

        var change = new { name = "Changed", customerId = 1, labels = new { a = "c" }, version = 1 };
        Assert.Equal(HttpStatusCode.NotFound, (await outsider.PutAsync($"scheduling/templates/{hidden.Id}", change)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await outsider.SendAsync("DELETE", $"scheduling/templates/{hidden.Id}?version=1")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await outsider.PutAsync($"scheduling/templates/{shared.Id}", change)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await outsider.SendAsync("DELETE", $"scheduling/templates/{shared.Id}?version=1")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await outsider.PostAsync("scheduling/templates", new { name = "For all", labels = new { a = "b" } })).Status);
        Assert.Equal(["customerId"], (await outsider.PostAsync("scheduling/templates", new { name = "Theirs", customerId = 1, labels = new { a = "b" } })).Fields);
    }

    private async Task<Reply> NewAsync(string name, int? customerId, object labels)
    {
        var reply = await site.As("engineer").PostAsync("scheduling/templates", new { name, customerId, labels });
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply;
    }

    private static string Sorted(System.Text.Json.JsonElement labels) =>
        System.Text.Json.JsonSerializer.Serialize(new SortedDictionary<string, string?>(labels.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()), StringComparer.Ordinal));
}

public sealed class SchedulingOnSqlite(SqliteGitSite site) : SchedulingTests(site), IClassFixture<SqliteGitSite>;

public sealed class SchedulingOnMariaDb(MariaDbGitSite site) : SchedulingTests(site), IClassFixture<MariaDbGitSite>;
