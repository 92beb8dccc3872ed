using System.Net;
using System.Text.Json;
using Ark.Panama.Features.Baselines;
using Ark.Web.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ark.Web.Tests.Baselines;

public abstract class BaselineTests(GitSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_branch_that_holds_a_catalogue_is_a_baseline_and_a_refresh_brings_what_was_committed_since()
    {
        var git = site.NewRepository();
        git.Branch("first/3.1.7");
        git.Add("open-3.1", "catalog/open-3.1");
        var commit = git.Commit("a baseline");
        var id = await RefreshedAsync("first", git);

        var row = Single(await VersionsAsync("first/3.1.7"));
        Assert.Equal(("3.1", "first", commit, true), (Text(row, "line"), Text(row, "source"), Text(row, "commit"), row.GetProperty("usable").GetBoolean()));
        var read = await Store.ReadAsync("first/3.1.7", Cancellation);
        Assert.Equal("open-3.1", read.Value!.Baseline.Name);
        Assert.Equal(git.Read("catalog/open-3.1/components/cache/component.yaml"), read.Value.Files["open-3.1/components/cache/component.yaml"]);

        git.Write("catalog/open-3.1/baseline.yaml", git.Read("catalog/open-3.1/baseline.yaml").Replace("title: Open catalogue", "title: 新的 catalogue", StringComparison.Ordinal));
        git.Commit("another title");
        git.Branch("first/4.0");
        git.Add("open-3.1", "open-3.1");
        git.Commit("at the top");
        git.Git("branch", "--quiet", "empty", "main");
        Assert.Equal(commit, Text(Single(await VersionsAsync("first/3.1.7")), "commit")); // nothing moves without a refresh
        var view = await site.As("engineer").PostAsync($"repositories/{id}/refresh", new { });

        Assert.Equal((2, 0), (view.Json.GetProperty("baselines").GetInt32(), view.Json.GetProperty("broken").GetInt32()));
        Assert.StartsWith("新的", Text(Single(await VersionsAsync("FIRST/3.1.7 新的")), "title"), StringComparison.Ordinal);
        Assert.StartsWith("新的", (await Store.ReadAsync("first/3.1.7", Cancellation)).Value!.Baseline.Title, StringComparison.Ordinal);
        Assert.Equal("first/4.0", Assert.Single(await Store.ListAsync("first/4", Cancellation)).Name);
        Assert.Single(Directory.GetDirectories(site.Mirrors, $"{id}-*"));

        git.Git("branch", "--quiet", "-D", "first/3.1.7");
        await site.As("engineer").PostAsync($"repositories/{id}/refresh", new { });
        Assert.Empty((await VersionsAsync("first/3.1.7")).EnumerateArray());
        Assert.Equal("unknown-baseline", (await Store.ReadAsync("first/3.1.7", Cancellation)).Problems[0].Code);
    }

    [Fact]
    public async Task A_branch_with_several_baselines_names_each_by_its_folder_and_a_task_can_keep_that_name()
    {
        var git = site.NewRepository();
        git.Branch("several");
        git.Add("open-3.1", "catalog/open-3.1");
        git.Add("open-3.0", "catalog/open-3.0");
        git.Commit("two baselines, one includes from the other");
        await RefreshedAsync("several", git);

        Assert.Equal(["several:open-3.0", "several:open-3.1"], (await Store.ListAsync("several", Cancellation)).Select(b => b.Name));
        Assert.Equal(["haproxy", "metadb"], (await Store.ReadAsync("several:open-3.0", Cancellation)).Value!.Baseline.Products.First(p => p.Name == "platform").Components);
        var task = await TaskAsync("several:open-3.0");
        Assert.Equal(HttpStatusCode.OK, task.Status);
        var users = (await site.As("viewer").GetAsync("baselines/customers?name=several:open-3.0")).Json.GetProperty("customers");
        Assert.Equal(("Shop", task.Id), (users[0].GetProperty("name").GetString(), users[0].GetProperty("tasks")[0].GetProperty("id").GetInt64()));
        Assert.Equal(1, (await VersionRowsAsync("several:open-3.0"))[0].GetProperty("customers").GetInt32());
        Assert.Empty((await site.As("outsider").GetAsync("baselines/customers?name=several:open-3.0")).Json.GetProperty("customers").EnumerateArray());
        Assert.Equal(0, (await site.As("outsider").GetAsync("baselines/versions?search=several:open-3.0")).Json.GetProperty("versions")[0].GetProperty("customers").GetInt32());
    }

    [Fact]
    public async Task A_broken_branch_is_listed_with_its_problems_and_the_others_stay_usable()
    {
        var git = site.NewRepository();
        git.Branch("good");
        git.Add("open-3.1", "open-3.1");
        git.Commit("a baseline");
        git.Git("checkout", "--quiet", "-b", "bad/yaml");
        git.Write("open-3.1/components/cache/component.yaml", "schema: 1\nname: [cache\n");
        git.Commit("broken");
        git.Git("checkout", "--quiet", "-b", "bad/link", "good");
        File.Delete(Path.Combine(git.Folder, "open-3.1/components/cache/component.yaml"));
        File.CreateSymbolicLink(Path.Combine(git.Folder, "open-3.1/components/cache/component.yaml"), "/etc/passwd");
        git.Commit("a link");
        git.Git("checkout", "--quiet", "-b", "bad/size", "good");
        git.Write("open-3.1/components/cache/big.txt", new string('x', (1 << 20) + 1));
        git.Commit("too big");
        git.Git("checkout", "--quiet", "-b", "bad/bytes", "good");
        File.WriteAllBytes(Path.Combine(git.Folder, "open-3.1/components/cache/bytes.bin"), [0xff, 0xfe, 0xff]);
        git.Commit("no text");
        git.Git("checkout", "--quiet", "good");
        Climb(git, "bad/path");
        git.Git("branch", "--quiet", "bad#name", "good");
        await RefreshedAsync("broken", git);

        var expected = new Dictionary<string, string>
        {
            ["bad/yaml"] = "", ["bad/link"] = "link", ["bad/size"] = "oversize", ["bad/bytes"] = "not-text", ["bad/path"] = "bad-path", ["bad#name"] = "bad-branch-name",
        };
        foreach (var (name, code) in expected)
        {
            var row = Assert.Single(await VersionRowsAsync(name));
            Assert.False(row.GetProperty("usable").GetBoolean(), name);
            Assert.NotEmpty(row.GetProperty("problems").EnumerateArray());
            if (code.Length > 0)
                Assert.Contains(row.GetProperty("problems").EnumerateArray(), p => p.GetProperty("code").GetString() == code);
            Assert.False((await Store.ReadAsync(name, Cancellation)).Ok);
            Assert.Empty(await Store.ListAsync(name, Cancellation));
        }

        Assert.Equal("good", Assert.Single(await Store.ListAsync("good", Cancellation)).Name);
        Assert.True((await Store.ReadAsync("good", Cancellation)).Ok);
        Assert.DoesNotContain("root:", (await site.As("viewer").GetAsync("baselines/versions?search=bad")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_baselines_are_compared_component_by_component_and_field_by_field()
    {
        var git = site.NewRepository();
        git.Branch("compare/1");
        git.Add("open-3.1", "open-3.1");
        git.Commit("one");
        git.Git("checkout", "--quiet", "-b", "compare/2");
        var broker = git.Read("open-3.1/components/mq-broker/component.yaml");
        git.Write("open-3.1/components/mq-broker/component.yaml", broker
            .Replace("default: 3, max: 7", "default: 5, max: 9", StringComparison.Ordinal).Replace("image: rabbitmq", "image: rabbitmq:4.1", StringComparison.Ordinal)
            .Replace("default: 256M, min: 64M", "default: 512M, min: 64M", StringComparison.Ordinal));
        git.Write("open-3.1/components/mq-broker/broker.conf.liquid", git.Read("open-3.1/components/mq-broker/broker.conf.liquid") + "# more\n");
        Directory.Delete(Path.Combine(git.Folder, "open-3.1/components/nats"), recursive: true);
        git.Write("open-3.1/baseline.yaml", git.Read("open-3.1/baseline.yaml").Replace(", nats]", "]", StringComparison.Ordinal));
        git.Commit("two");
        await RefreshedAsync("compare", git);

        var reply = await site.As("viewer").GetAsync("baselines/compare?from=compare/1&to=compare/2");
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body + (await site.As("viewer").GetAsync("baselines/versions?search=compare")).Body);
        Assert.Equal(["nats"], reply.Json.GetProperty("removed").EnumerateArray().Select(c => c.GetString()));
        Assert.Empty(reply.Json.GetProperty("added").EnumerateArray());
        var changed = Assert.Single(reply.Json.GetProperty("changed").EnumerateArray());
        Assert.Equal("mq-broker", Text(changed, "component"));
        var fields = changed.GetProperty("changes").EnumerateArray().ToDictionary(c => Text(c, "field"), c => (Text(c, "from"), Text(c, "to")));
        Assert.Equal(["container.image", "count.default", "count.max", "files.broker.conf.liquid.template", "parameters.memory.default"], fields.Keys);
        Assert.Equal((("3", "5"), ("rabbitmq", "rabbitmq:4.1"), ("256M", "512M")), (fields["count.default"], fields["container.image"], fields["parameters.memory.default"]));
        Assert.Equal(["to"], (await site.As("viewer").GetAsync("baselines/compare?from=compare/1&to=nowhere")).Fields);
    }

    [Theory]
    [InlineData("--upload-pack=touch /tmp/owned")]
    [InlineData("-cfoo=bar")]
    [InlineData("ext::sh -c touch% /tmp/owned")]
    [InlineData("https://ext::sh/x.git")]
    [InlineData("git@host.example:path.git")]
    [InlineData("http://git.shop.example/x.git")]
    [InlineData("git://git.shop.example/x.git")]
    [InlineData("ftp://git.shop.example/x.git")]
    [InlineData("https://anna:secret-word@git.shop.example/x.git")]
    [InlineData("https://secret-word@git.shop.example/x.git")]
    [InlineData("ssh://anna:secret-word@git.shop.example/x.git")]
    [InlineData("ssh://-oProxyCommand=touch/x.git")]
    [InlineData("ssh://-oProxyCommand=touch@git.shop.example/x.git")]
    [InlineData("ssh://git.shop.example/-x")]
    [InlineData("https://localhost/x.git")]
    [InlineData("https://git.LOCALHOST./x.git")]
    [InlineData("https://127.0.0.1/x.git")]
    [InlineData("https://127.1/x.git")]
    [InlineData("https://2130706433/x.git")]
    [InlineData("https://0x7f000001/x.git")]
    [InlineData("https://0/x.git")]
    [InlineData("https://[::1]/x.git")]
    [InlineData("https://[::ffff:127.0.0.1]/x.git")]
    [InlineData("https://[::ffff:a9fe:a9fe]/x.git")]
    [InlineData("https://[fe80::1]/x.git")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("ssh://git@100.100.100.200/x.git")]
    [InlineData("https://git.shop.example/x.git?y=1")]
    [InlineData("https://git.shop.example/")]
    [InlineData("https://git.shop.example/a b.git")]
    [InlineData("https://git.shop.example/$(touch x).git")]
    [InlineData("file:///etc")]
    [InlineData("file://{folder}")]
    [InlineData("file://{folder}/../mirrors")]
    [InlineData("file://{folder}/%2e%2e/mirrors")]
    [InlineData("file://host{folder}/x.git")]
    [InlineData("")]
    public async Task An_address_that_is_an_option_a_command_a_secret_or_leads_inside_is_refused(string url)
    {
        var reply = await site.As("admin").PostAsync("repositories", new { name = "Refused", url = url.Replace("{folder}", site.Repositories, StringComparison.Ordinal) });
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(["url"], reply.Fields);
        Assert.DoesNotContain("secret-word", reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Refused", (await site.As("viewer").GetAsync("repositories")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_done_now_is_refused_and_what_was_known_stays()
    {
        var git = site.NewRepository();
        git.Branch("kept/1");
        git.Add("open-3.1", "open-3.1");
        git.Commit("a baseline");
        var id = await RefreshedAsync("kept", git);
        Assert.Equal(["name"], (await site.As("admin").PostAsync("repositories", new { name = "kept", url = git.Url })).Fields);
        var mirrors = site.App.Services.GetRequiredService<GitMirrors>();
        Assert.True(mirrors.TryBegin(id));
        var second = await site.As("engineer").PostAsync($"repositories/{id}/refresh", new { });
        mirrors.End(id);
        Assert.Equal((HttpStatusCode.Conflict, "refresh-running"), (second.Status, second.Code));

        Directory.Move(git.Folder, git.Folder + "-away");
        var failed = await site.As("engineer").PostAsync($"repositories/{id}/refresh", new { });
        Assert.Equal((HttpStatusCode.BadRequest, "git-failed"), (failed.Status, failed.Json.GetProperty("problems")[0].GetProperty("code").GetString()));
        var listed = (await site.As("viewer").GetAsync("repositories")).Json.GetProperty("repositories").EnumerateArray().Single(r => r.GetProperty("id").GetInt64() == id);
        Assert.Equal((1, 1), (listed.GetProperty("baselines").GetInt32(), listed.GetProperty("problems").GetArrayLength()));
        Assert.True((await Store.ReadAsync("kept/1", Cancellation)).Ok);
        Assert.Single(Directory.GetDirectories(site.Mirrors, $"{id}-*"));

        var task = await TaskAsync("kept/1");
        Assert.Equal("repository-in-use", (await site.As("admin").SendAsync("DELETE", $"repositories/{id}")).Code);
        await site.As("engineer").PutAsync($"tasks/{task.Id}/state", new { state = "archived", version = task.Version });
        Assert.Equal(HttpStatusCode.OK, (await site.As("admin").SendAsync("DELETE", $"repositories/{id}")).Status);
        Assert.Empty(Directory.GetDirectories(site.Mirrors, $"{id}-*"));
        Assert.Empty(await Store.ListAsync("kept/1", Cancellation));
        Assert.Contains("repository-removed", (await site.As("admin").GetAsync($"audit?search=repository:{id}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_means_one_baseline()
    {
        var (first, second) = (site.NewRepository(), site.NewRepository());
        foreach (var git in (GitRepository[])[first, second])
        {
            git.Branch("shared/1");
            git.Add("open-3.1", "open-3.1");
            git.Commit("a baseline");
        }

        second.Git("branch", "--quiet", "open-3.1");
        await RefreshedAsync("shared one", first);
        await RefreshedAsync("shared two", second);
        var rows = await VersionRowsAsync("shared/1");
        Assert.Equal([("shared one", true), ("shared two", false)], rows.Select(r => (Text(r.GetProperty("baseline"), "source"), r.GetProperty("usable").GetBoolean())));
        Assert.Equal("name-taken", rows[1].GetProperty("problems")[0].GetProperty("code").GetString());
        Assert.Equal("shared one", (await Store.ReadAsync("shared/1", Cancellation)).Value!.Branch.Source);
        Assert.Equal("", (await Store.ReadAsync("open-3.1", Cancellation)).Value!.Branch.Source);
    }

    private BaselineStore Store => site.App.Services.GetRequiredService<BaselineStore>();

    /// <summary>A file whose path leads out of the folder, which git itself makes only by its inner commands.</summary>
    private static void Climb(GitRepository git, string branch)
    {
        var blob = git.Run("owned\n", "hash-object", "-w", "--stdin").Trim();
        var inner = git.Run($"100644 blob {blob}\towned.liquid\n", "mktree").Trim();
        var outer = git.Run($"040000 tree {inner}\t..\n", "mktree").Trim();
        var listing = git.Git("ls-tree", "good:open-3.1").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var components = git.Run($"{git.Git("ls-tree", "good:open-3.1/components")}040000 tree {outer}\tzz\n", "mktree").Trim();
        var folder = git.Run(string.Join('\n', listing.Where(l => !l.EndsWith("\tcomponents", StringComparison.Ordinal))) + $"\n040000 tree {components}\tcomponents\n", "mktree").Trim();
        var top = git.Run($"040000 tree {folder}\topen-3.1\n", "mktree").Trim();
        git.Git("branch", branch, git.Git("commit-tree", "-m", "climbs", top).Trim());
    }

    private async Task<long> RefreshedAsync(string name, GitRepository git)
    {
        var added = await site.As("admin").PostAsync("repositories", new { name, url = git.Url });
        Assert.True(added.Status == HttpStatusCode.OK, added.Body);
        var refreshed = await site.As("engineer").PostAsync($"repositories/{added.Id}/refresh", new { });
        Assert.True(refreshed.Status == HttpStatusCode.OK, refreshed.Body);
        return added.Id;
    }

    private Task<Reply> TaskAsync(string baseline) =>
        site.As("engineer").PostAsync("tasks", new { customerId = 1, name = "Of a branch", domain = "branch.example", line = "3.1", baseline });

    private async Task<IReadOnlyList<JsonElement>> VersionRowsAsync(string name) =>
        [.. (await site.As("viewer").GetAsync($"baselines/versions?search={Uri.EscapeDataString(name)}")).Json.GetProperty("versions").EnumerateArray().Where(v => Text(v.GetProperty("baseline"), "name") == name)];

    private async Task<JsonElement> VersionsAsync(string search) => (await site.As("viewer").GetAsync($"baselines/versions?search={Uri.EscapeDataString(search)}")).Json.GetProperty("versions");

    private static JsonElement Single(JsonElement versions)
    {
        var row = Assert.Single(versions.EnumerateArray());
        return JsonSerializer.SerializeToElement(row.GetProperty("baseline").EnumerateObject().Concat(row.EnumerateObject().Where(p => p.Name != "baseline")).ToDictionary(p => p.Name, p => p.Value));
    }

    private static string Text(JsonElement row, string field) => row.GetProperty(field).GetString()!;
}

public sealed class BaselinesOnSqlite(SqliteGitSite site) : BaselineTests(site), IClassFixture<SqliteGitSite>;

public sealed class BaselinesOnMariaDb(MariaDbGitSite site) : BaselineTests(site), IClassFixture<MariaDbGitSite>;
