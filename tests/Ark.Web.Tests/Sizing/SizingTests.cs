using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Web.Audit;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Xunit;

namespace Ark.Web.Tests.Sizing;

public abstract class SizingTests(PanamaSite site)
{
    private static readonly SizingRequest[] Requests =
    [
        .. PublishedTables.Mixes.Select(m => new SizingRequest { Products = m.Products, Mode = m.Mode }),
        new() { Products = ["edas+mq"], Edition = Edition.Trial, Purpose = Purpose.Poc, Load = new() { Messages = 10_000, EdasNodes = 50 } },
        new() { Products = ["DRDS"], Purpose = Purpose.Poc, DrdsTest = DrdsTest.Simple },
        new() { Products = ["EDAS", "ARMS"], FastLogs = true, ArmsMachine = "Q46.22" },
        new() { Products = ["EDAS", "MQ", "DRDS", "HiTSDB"], Mode = SiteMode.Vm, DisasterRecovery = true, Load = new() { Messages = 40_000, Qps = 250_000, DrdsCores = 100, Tps = 30_000, IndexTps = 9_000 } },
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_answer_is_the_plan_that_the_console_prints()
    {
        foreach (var request in Requests)
        {
            var reply = await site.As("viewer").PostAsync("sizing", Json(request));
            var console = JsonSerializer.Serialize(Sizer.Plan(request).Value, SizingJson.Default.SizingPlan);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(console), JsonNode.Parse(reply.Body)), $"{reply.Body}\n{console}");
        }
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_at_its_field()
    {
        var reply = await site.As("viewer").PostAsync("sizing", new
        {
            products = (string[])["EDSA", "MQ"], edition = "trial", mode = "vm", load = new { messages = 0, drdsCores = 8, edasNodes = 5 }, armsMachine = "Q99", fastLogs = true,
        });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (reply.Status, reply.Code));
        Assert.Equal(
            ["armsMachine", "edition", "fastLogs", "load.drdsCores", "load.edasNodes", "load.messages", "products", "purpose"],
            reply.Fields.Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("did you mean 'EDAS'?", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    [InlineData("[]", null)]
    [InlineData("""{"products":"EDAS"}""", null)]
    [InlineData("""{"products":["EDAS"],"load":{"messages":"many"}}""", null)]
    [InlineData("""{"products":["EDAS"],"surprise":1}""", null)]
    [InlineData("""{"products":null}""", "products")]
    [InlineData("""{"products":[null]}""", "products")]
    [InlineData("""{"products":["EDAS"],"mode":7}""", "mode")]
    [InlineData("""{"products":["MQ"],"load":{"messages":9223372036854775807}}""", "load.messages")]
    public async Task What_no_form_sends_is_refused(string body, string? field)
    {
        foreach (var path in (string[])["sizing", "sizing/xlsx"])
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            var reply = await site.As("viewer").SendAsync("POST", path, content);
            Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
            if (field is not null)
                Assert.Equal([field], reply.Fields);
        }
    }

    [Fact]
    public async Task A_list_of_products_without_end_is_refused_in_one_sentence()
    {
        var reply = await site.As("viewer").PostAsync("sizing", new { products = Enumerable.Repeat("x y", 100_000) });
        Assert.Equal((HttpStatusCode.BadRequest, 1), (reply.Status, reply.Fields.Count));
        Assert.Equal(HttpStatusCode.OK, (await site.As("viewer").PostAsync("sizing", new { products = (string[])["MQ"], load = (object?)null })).Status);
    }

    [Fact]
    public async Task A_product_without_a_size_is_warned_of_and_the_rest_is_planned()
    {
        var plan = (await site.As("viewer").PostAsync("sizing", new { products = (string[])["EDAS", "MQ", "HiTSDB"] })).Json;
        Assert.Equal(("EDAS+MQ", 8), (plan.GetProperty("row").GetString(), plan.GetProperty("machines").GetProperty("value").GetInt32()));
        var warning = Assert.Single(plan.GetProperty("warnings").EnumerateArray());
        Assert.Equal(("no-rule", "products", "warning"), (warning.GetProperty("code").GetString(), warning.GetProperty("place").GetString(), warning.GetProperty("severity").GetString()));
    }

    [Fact]
    public async Task Wishes_are_compared_number_by_number()
    {
        var comparison = (await site.As("viewer").PostAsync("sizing/compare", new
        {
            requests = new object[] { new { products = (string[])["EDAS", "MQ"] }, new { products = (string[])["EDAS", "MQ"], mode = "vm" }, new { products = (string[])["EDAS", "DRDS"], load = new { qps = 300_000 } } },
        })).Json;
        Assert.Equal(["8", "24", "10"], Line("machines", ""));
        Assert.Equal(["4", "4", "-"], Line("instances", "mq-broker"));
        Assert.Equal(["8", "-", "10"], Line("type", "Q46.22"));
        Assert.Equal(["-", "24", "-"], Line("type", "VM 8c32g"));
        Assert.Equal(["-", "-", "160"], Line("carries", "drdsCores"));
        Assert.Equal(["4", "20", "4"], Line("group", "control"));
        var plans = comparison.GetProperty("plans").EnumerateArray().ToList();
        Assert.Equal((3, "vm"), (plans.Count, plans[1].GetProperty("mode").GetString()));
        Assert.Equal(["-", "-", "-"], Line("outside", "businessDatabase")); // sized with the customer, in the third alone
        Assert.Equal(["businessDatabase"], Kinds("outside", differ: true));
        Assert.Equal(["acceptance", "ftp", "test"], Kinds("outside", differ: false));

        IEnumerable<string> Kinds(string kind, bool differ) => comparison.GetProperty("lines").EnumerateArray()
            .Where(l => l.GetProperty("kind").GetString() == kind && l.GetProperty("differs").GetBoolean() == differ).Select(l => l.GetProperty("name").GetString()!).Order(StringComparer.Ordinal);

        string[] Line(string kind, string name)
        {
            var line = Assert.Single(comparison.GetProperty("lines").EnumerateArray(), l => l.GetProperty("kind").GetString() == kind && l.GetProperty("name").GetString() == name);
            return [.. line.GetProperty("numbers").EnumerateArray().Select(n => n.ValueKind == JsonValueKind.Null ? "-" : n.GetProperty("value").ToString())];
        }
    }

    [Fact]
    public async Task Two_to_four_wishes_are_compared_and_their_problems_told_by_wish()
    {
        var one = new { products = (string[])["MQ"] };
        foreach (var count in (int[])[0, 1, 5])
            Assert.Equal(["requests"], (await site.As("viewer").PostAsync("sizing/compare", new { requests = Enumerable.Repeat(one, count) })).Fields);
        Assert.Equal(["requests"], (await site.As("viewer").PostAsync("sizing/compare", new { })).Fields);
        Assert.Equal(HttpStatusCode.OK, (await site.As("viewer").PostAsync("sizing/compare", new { requests = Enumerable.Repeat(one, 4) })).Status);
        var wrong = await site.As("viewer").PostAsync("sizing/compare", new { requests = new object[] { one, new { products = (string[])["MQ"], load = new { messages = -1 } }, new { products = (string[])["X"] } } });
        Assert.Equal(["requests.1.load.messages", "requests.2.products"], wrong.Fields);
    }

    [Fact]
    public async Task Planning_keeps_nothing()
    {
        await using var db = site.Open();
        var before = await db.GetTable<AuditEntry>().CountAsync(Cancellation);
        await site.As("viewer").PostAsync("sizing", new { products = (string[])["MQ"] });
        await site.As("viewer").PostAsync("sizing/compare", new { requests = new[] { new { products = (string[])["MQ"] }, new { products = (string[])["CSB"] } } });
        Assert.Equal(before, await db.GetTable<AuditEntry>().CountAsync(Cancellation));
    }

    /// <summary>As a program writes it: enums in words, nothing that is not said.</summary>
    private static JsonElement Json(SizingRequest request) => JsonSerializer.SerializeToElement(request, Answers.Differences.Json);
}

public sealed class SizingOnSqlite(SqliteSite site) : SizingTests(site), IClassFixture<SqliteSite>;

public sealed class SizingOnMariaDb(MariaDbSite site) : SizingTests(site), IClassFixture<MariaDbSite>;
