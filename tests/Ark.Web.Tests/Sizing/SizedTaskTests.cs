using System.Net;
using Ark.Core.Catalog;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Panama.Features.Sizing;
using Ark.Remote.Files;
using Ark.Testing;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Sizing;

/// <summary>A plan becomes a draft task.</summary>
public abstract class SizedTaskTests(PanamaSite site)
{
    [Theory]
    [InlineData("3.1", "vm", "middleware-dncs", "minidbpaas-metadb")]
    [InlineData("3.0", "physical", "haproxy", "metadb")]
    public async Task A_draft_of_the_reference_baseline_with_mode_and_counts(string line, string mode, string names, string metadata)
    {
        var made = await site.As("engineer").PostAsync("sizing/task", Body("Sized " + line, "sized.example", line, new { products = (string[])["EDAS", "MQ"], mode, load = new { messages = 40_000 } }));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        var task = made.Json;
        var components = task.GetProperty("design").GetProperty("components");
        int CountOf(string component) => components.GetProperty(component).GetProperty("count").GetInt32();
        Assert.Equal(("draft", line, $"reference-{line}"), (task.GetProperty("state").GetString(), task.GetProperty("line").GetString(), task.GetProperty("baseline").GetString()));
        Assert.Equal((8, 2, 1), (CountOf("mq-broker"), CountOf(names), CountOf(metadata)));

        var id = task.GetProperty("id").GetInt64();
        Assert.Equal(mode, (await site.As("viewer").GetAsync($"tasks/{id}")).Json.GetProperty("variables").GetProperty("mode").GetString());
        Assert.Contains("task-made", (await site.As("admin").GetAsync($"audit?subject=task:{id}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_told_by_field_and_no_task_is_made()
    {
        var before = (await site.As("viewer").GetAsync("tasks")).Json.GetProperty("total").GetInt32();
        var mq = new { products = (string[])["MQ"] };
        Assert.Equal(["sizing.load.messages"], (await site.As("engineer").PostAsync("sizing/task", Body("A", "a.example", "3.1", new { products = (string[])["MQ"], load = new { messages = 0 } }))).Fields);
        Assert.Equal(["sizing"], (await site.As("engineer").PostAsync("sizing/task", Body("A", "a.example", "3.1", null))).Fields);
        Assert.Equal(["name", "domain"], (await site.As("engineer").PostAsync("sizing/task", Body("", "nodots", "3.1", mq))).Fields);
        Assert.Contains("line", (await site.As("engineer").PostAsync("sizing/task", Body("A", "a.example", "9.9", mq))).Fields);
        Assert.Equal(["customerId"], (await site.As("outsider").PostAsync("sizing/task", Body("A", "a.example", "3.1", mq))).Fields);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.As("viewer").PostAsync("sizing/task", Body("A", "a.example", "3.1", mq))).Status);
        Assert.Equal(before, (await site.As("viewer").GetAsync("tasks")).Json.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("3.0")]
    [InlineData("3.1")]
    public async Task Every_component_that_a_plan_can_count_is_in_the_reference_baseline(string line)
    {
        var files = await CatalogFolder.ReadAsync(Path.Combine(Clone.Root, "catalog"), TestContext.Current.CancellationToken);
        var baseline = BaselineReader.Read(files.Value!, $"reference-{line}").Value!;
        foreach (var mode in Enum.GetValues<SiteMode>())
        {
            var plan = Sizer.Plan(new() { Products = ["EDAS+MQ+DRDS+GTS+CSB+ARMS"], Mode = mode }).Value!;
            foreach (var (component, count) in SizedTask.CountsOf(plan, line))
            {
                var rule = baseline.Find(component)?.Count;
                Assert.True(rule is not null && count >= rule.Min && count <= rule.Max, $"{component}: {count}, {rule}");
            }
        }
    }

    private static object Body(string name, string domain, string line, object? sizing) => new { customerId = 1, name, domain, line, sizing };
}

public sealed class SizedTasksOnSqlite(SqliteSite site) : SizedTaskTests(site), IClassFixture<SqliteSite>;

public sealed class SizedTasksOnMariaDb(MariaDbSite site) : SizedTaskTests(site), IClassFixture<MariaDbSite>;
