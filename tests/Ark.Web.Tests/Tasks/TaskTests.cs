using System.Net;
using System.Text.Json;
using Ark.Core.Sites;
using Ark.Panama.Data;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Xunit;

namespace Ark.Web.Tests.Tasks;

public abstract class TaskTests(PanamaSite site)
{
    private static readonly Dictionary<string, string> Vm = new()
    {
        ["mode"] = "vm", ["machine_ips"] = "10.0.0.11\n10.0.0.12,10.0.0.13", ["client_ip"] = "10.0.0.11", ["machine_user"] = "deploy", ["docker_dir"] = "/data/docker",
        ["registry_dir"] = "/var/images", ["internet"] = "no", ["ntp_server"] = "10.0.0.1", ["use_container_metadb"] = "yes",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_goes_from_draft_to_confirmed_once_its_variables_are_complete()
    {
        var made = await NewAsync("Slow start", "slow.example", new() { ["mode"] = "vm" });
        var refused = await site.As("engineer").PutAsync($"tasks/{made.Id}/state", new { state = "confirmed", version = made.Version });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (refused.Status, refused.Code));
        Assert.Contains("variables.machine_ips", refused.Fields);

        var saved = await SaveAsync(made, Vm);
        var confirmed = await site.As("engineer").PutAsync($"tasks/{made.Id}/state", new { state = "confirmed", version = saved.Version });
        Assert.Equal("confirmed", confirmed.Json.GetProperty("state").GetString());
        Assert.Equal("not-a-draft", (await SaveAsync(confirmed, Vm)).Code);
        Assert.Equal("no-such-step", (await site.As("engineer").PutAsync($"tasks/{made.Id}/state", new { state = "packaged", version = confirmed.Version })).Code);
        Assert.Equal(HttpStatusCode.OK, (await site.As("engineer").PutAsync($"tasks/{made.Id}/state", new { state = "draft", version = confirmed.Version })).Status);
    }

    [Fact]
    public async Task The_variables_are_judged_as_the_console_judges_the_file()
    {
        var variables = new Dictionary<string, string>(Vm)
        {
            ["mode"] = "physical", ["machine_ips"] = "10.0.0.11,10.0.0.300", ["client_ip"] = "10.0.0.99", ["vlan_id"] = "5000", ["ip_pool_subnet"] = "192.168.1.0/24",
            ["ip_pool_start"] = "100", ["ip_pool_end"] = "10", ["vlan_gateway"] = "192.168.2.1",
        };
        var check = (await site.As("viewer").PostAsync("tasks/check", new { line = "3.1", domain = "shop.example", variables })).Json;

        var file = string.Concat(variables.Append(new("aliware_version", "3.1.x")).Append(new("domain", "shop.example")).Append(new("uplink", "")).Select(v => PropertiesWriter.Line(v.Key, v.Value) + "\n"));
        var console = SiteReader.Read(file, "").Problems;
        Assert.Equal(console.Select(p => p.Code).Order(), check.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("code").GetString()!).Order());
        Assert.False(check.GetProperty("ready").GetBoolean());
        Assert.Contains(check.GetProperty("problems").EnumerateArray(), p => p.GetProperty("place").GetString() == "variables.vlan_gateway");
        Assert.Contains(check.GetProperty("problems").EnumerateArray(), p => p.GetProperty("place").GetString() == "variables.uplink");

        var good = (await site.As("viewer").PostAsync("tasks/check", new { line = "3.0", domain = "shop.example", variables = Vm })).Json;
        Assert.True(good.GetProperty("ready").GetBoolean(), good.ToString());
    }

    [Fact]
    public async Task Secrets_in_clear_are_refused_and_never_kept()
    {
        const string secret = "Tr0ub4dor&3";
        var reply = await site.As("engineer").PostAsync("tasks", Body("Leaky", "leaky.example", new(Vm) { ["machine_password"] = secret }));
        var check = await site.As("engineer").PostAsync("tasks/check", new { line = "3.0", domain = "leaky.example", variables = new Dictionary<string, string>(Vm) { ["machine_password"] = secret } });

        Assert.Equal(["variables.machine_password"], reply.Fields);
        Assert.Contains("clear-secret", check.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, reply.Body + check.Body, StringComparison.Ordinal);
        await using var db = site.Open();
        Assert.False(await db.GetTable<DeploymentTask>().AnyAsync(t => t.Domain == "leaky.example", Cancellation));
    }

    [Fact]
    public async Task A_stale_save_is_refused_and_told_what_differs()
    {
        var made = await NewAsync("Contested", "contested.example", Vm);
        var theirs = await SaveAsync(made, new(Vm) { ["region"] = "east-1" });
        var mine = await site.As("engineer").PutAsync($"tasks/{made.Id}", Body("Contested", "contested.example", new(Vm) { ["region"] = "west-1", ["ssh_port"] = "2222" }, made.Version));

        Assert.Equal((HttpStatusCode.Conflict, "changed-meanwhile"), (mine.Status, mine.Code));
        var differences = mine.Json.GetProperty("differences").EnumerateArray().Select(d => $"{d.GetProperty("field")}: {d.GetProperty("yours")} / {d.GetProperty("theirs")}").Order();
        Assert.Equal(["variables.region: west-1 / east-1", "variables.ssh_port: 2222 / "], differences);
        Assert.Equal(theirs.Body, (await site.As("engineer").GetAsync($"tasks/{made.Id}")).Body);
    }

    [Fact]
    public async Task Of_many_saves_at_once_one_is_done_and_the_record_stays_whole()
    {
        var made = await NewAsync("Crowded", "crowded.example", Vm);
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => site.As("engineer").PutAsync($"tasks/{made.Id}", Body($"Crowded {n}", "crowded.example", Vm, made.Version))));

        Assert.Equal(1, replies.Count(r => r.Status == HttpStatusCode.OK));
        Assert.Equal(15, replies.Count(r => r.Status == HttpStatusCode.Conflict));
        var winner = replies.Single(r => r.Status == HttpStatusCode.OK).Json.GetProperty("name").GetString();
        Assert.Equal(winner, (await site.As("viewer").GetAsync($"tasks/{made.Id}")).Json.GetProperty("name").GetString());

        var many = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => site.As("engineer").PostAsync("customers", new { name = $"At once {n}" })));
        Assert.All(many, r => Assert.Equal(HttpStatusCode.OK, r.Status));
        var namesakes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => site.As("engineer").PostAsync("customers", new { name = "One name" })));
        Assert.Equal(1, namesakes.Count(r => r.Status == HttpStatusCode.OK));
        Assert.Equal(7, namesakes.Count(r => r.Status == HttpStatusCode.BadRequest));
        Assert.True((await site.As("admin").GetAsync("audit/verify")).Json.GetProperty("whole").GetBoolean());
    }

    [Fact]
    public async Task A_new_task_takes_over_the_environment_of_the_same_domain()
    {
        await NewAsync("First", "twice.example", new(Vm) { ["region"] = "old" });
        await NewAsync("Second", "twice.example", new(Vm) { ["region"] = "new", ["ssh_port"] = "2022" });
        Assert.Equal("Second", (await site.As("viewer").GetAsync("tasks/environment?domain=Twice.Example")).Json.GetProperty("name").GetString());

        var body = new { customerId = 1, name = "Third", domain = "twice.example", line = "3.0", baseline = "open-3.0", existingEnvironment = true, variables = new { ssh_port = "22" } };
        var variables = (await site.As("engineer").PostAsync("tasks", body)).Json.GetProperty("variables");
        Assert.Equal(("new", "22", "deploy"), (variables.GetProperty("region").GetString(), variables.GetProperty("ssh_port").GetString(), variables.GetProperty("machine_user").GetString()));
    }

    [Fact]
    public async Task The_list_is_searched_filtered_and_paged()
    {
        for (var number = 1; number <= 27; number++)
            await NewAsync($"方舟 Rollout {number}", "list.example", []);
        var copied = await site.As("engineer").GetAsync("tasks?search=rollout%2027");
        var id = Single(copied).GetProperty("id").GetInt64();
        var copy = await site.As("engineer").PostAsync($"tasks/{id}/copy", new { name = "Copied 100%" });
        await site.As("engineer").PutAsync($"tasks/{copy.Id}/state", new { state = "archived", version = copy.Version });

        var list = (await site.As("viewer").GetAsync("tasks?search=方舟")).Json;
        Assert.Equal((27, 25), (list.GetProperty("total").GetInt32(), list.GetProperty("tasks").GetArrayLength()));
        Assert.Equal("方舟 Rollout 27", list.GetProperty("tasks")[0].GetProperty("name").GetString());
        Assert.Equal(2, (await site.As("viewer").GetAsync("tasks?search=方舟&page=2")).Json.GetProperty("tasks").GetArrayLength());
        Assert.Equal("Copied 100%", Single(await site.As("viewer").GetAsync("tasks?state=archived&search=LIST.example")).GetProperty("name").GetString());
        Assert.Equal("Copied 100%", Single(await site.As("viewer").GetAsync("tasks?search=0%25")).GetProperty("name").GetString());
        Assert.Equal(0, (await site.As("viewer").GetAsync("tasks?search=R_llout")).Json.GetProperty("total").GetInt32());
    }

    /// <summary>Both databases alike: each character is kept, and names compare exactly.</summary>
    [Fact]
    public async Task Rare_characters_are_kept_and_names_compare_exactly()
    {
        var made = await site.As("engineer").PostAsync("customers", new { name = "𠮷野家 😀", contact = "Ärzte", notes = "𡃁" });
        Assert.Equal("𠮷野家 😀", made.Json.GetProperty("name").GetString());
        Assert.Equal("𠮷野家 😀", (await site.As("viewer").GetAsync("customers?search=𠮷野")).Json.GetProperty("customers")[0].GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.OK, (await site.As("engineer").PostAsync("customers", new { name = "Exact é" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.As("engineer").PostAsync("customers", new { name = "exact e" })).Status);
        Assert.Equal(["name"], (await site.As("engineer").PostAsync("customers", new { name = "exact e" })).Fields);

        await NewAsync("𠮷 rollout", "rare.example", Vm);
        Assert.Equal("𠮷 rollout", Single(await site.As("viewer").GetAsync("tasks?search=𠮷")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Another_customers_data_is_never_seen_until_it_is_given()
    {
        var made = await NewAsync("Hidden", "hidden.example", Vm);
        var outsider = site.As("outsider");
        Assert.Equal(0, (await outsider.GetAsync("tasks")).Json.GetProperty("total").GetInt32());
        Assert.DoesNotContain("Shop", (await outsider.GetAsync("customers")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await outsider.GetAsync("tasks/environment?domain=hidden.example")).Status);
        Assert.Equal(["customerId"], (await outsider.PostAsync("tasks", Body("Mine", "mine.example", Vm))).Fields);
        foreach (var path in (string[])[$"tasks/{made.Id}", "customers/1"])
            Assert.Equal(HttpStatusCode.NotFound, (await outsider.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await outsider.PostAsync($"tasks/{made.Id}/copy", new { name = "Stolen" })).Status);

        var own = await outsider.PostAsync("customers", new { name = "Outsider's own" });
        Assert.Equal(HttpStatusCode.OK, (await outsider.GetAsync($"customers/{own.Id}")).Status);
        var copied = await outsider.PostAsync($"tasks/{made.Id}/copy", new { name = "Stolen", customerId = own.Id });
        Assert.Equal(HttpStatusCode.NotFound, copied.Status);
    }

    [Theory]
    [InlineData("""{"customerId":1,"name":"x","domain":"x.example","line":"3.1","baseline":"b1","state":"deployed"}""")]
    [InlineData("""{"id":1,"name":"x"}""")]
    [InlineData("""not json""")]
    [InlineData("""{"customerId":1,"name":"x","domain":"x.example","line":"3.1","baseline":"--upload-pack=x"}""")]
    [InlineData("""{"customerId":1,"name":"x","domain":"x.example","line":"3.1","baseline":"../../etc"}""")]
    public async Task What_a_request_may_not_hold_is_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As("engineer").SendAsync("POST", "tasks", content)).Status);
    }

    [Fact]
    public async Task A_body_without_end_is_refused()
    {
        using var content = new StringContent("{\"name\":\"" + new string('x', 2 << 20) + "\"}", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await site.As("engineer").SendAsync("POST", "customers", content)).Status);
    }

    private static object Body(string name, string domain, Dictionary<string, string> variables, int version = 0) =>
        new { customerId = 1, name, domain, line = "3.0", baseline = "open-3.0", variables, version };

    private async Task<Reply> NewAsync(string name, string domain, Dictionary<string, string> variables)
    {
        var reply = await site.As("engineer").PostAsync("tasks", Body(name, domain, variables));
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply;
    }

    private Task<Reply> SaveAsync(Reply task, Dictionary<string, string> variables) => site.As("engineer").PutAsync(
        $"tasks/{task.Id}", Body(task.Json.GetProperty("name").GetString()!, task.Json.GetProperty("domain").GetString()!, variables, task.Version));

    private static JsonElement Single(Reply list) => list.Json.GetProperty("tasks").EnumerateArray().Single();
}

public sealed class TasksOnSqlite(SqliteSite site) : TaskTests(site), IClassFixture<SqliteSite>;

public sealed class TasksOnMariaDb(MariaDbSite site) : TaskTests(site), IClassFixture<MariaDbSite>;
