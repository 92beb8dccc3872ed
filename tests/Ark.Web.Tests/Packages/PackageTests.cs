using System.Net;
using System.Security.Cryptography;
using Ark.Core.Catalog;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Remote.Files;
using Ark.Testing;
using Ark.Web.Channels;
using Ark.Web.Tests.Hosts;
using Xunit;
using static Ark.Web.Tests.Designs.Planning;

namespace Ark.Web.Tests.Packages;

public abstract class PackageTests(PanamaSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_package_is_what_the_console_reads(bool physical)
    {
        var task = physical ? await site.PhysicalTaskAsync("carried.example") : await site.VmTaskAsync("carried-vm.example");
        var designed = Done(await site.DesignAsync(task, new Dictionary<string, object> { ["cache"] = new { parameters = new { maxmemory = "256M" } }, ["metadb"] = new { }, [physical ? "haproxy" : "dncs"] = new { } }, "poc"));
        var made = await ConfirmedAndPackagedAsync(designed, physical);
        Assert.Equal("packaged", made.Json.GetProperty("task").GetProperty("state").GetString());

        using var folder = new TemporaryFolder();
        var archive = await DownloadAsync(task.Id, 1, $"task_{task.Id}.tgz", "application/gzip");
        Assert.Equal(made.Json.GetProperty("package").GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(archive)));
        var file = Path.Combine(folder.Path, $"task_{task.Id}.tgz");
        await File.WriteAllBytesAsync(file, archive, Cancellation);
        var properties = System.Text.Encoding.UTF8.GetString(await DownloadAsync(task.Id, 1, "ark.properties", "text/plain"));

        var siteRead = SiteReader.Read(properties, "ark.properties");
        Assert.True(siteRead.Ok, string.Join("\n", siteRead.Problems));
        var unpacked = await TaskArchive.UnpackAsync(file, replace: false, Cancellation);
        Assert.True(unpacked.Ok, string.Join("\n", unpacked.Problems));
        var document = TaskReader.Read(await File.ReadAllTextAsync(Path.Combine(unpacked.Value, "task.yaml"), Cancellation), "task.yaml");
        Assert.True(document.Ok, string.Join("\n", document.Problems));
        var catalogue = await CatalogFolder.ReadAsync(Path.Combine(Clone.Root, "catalog"), Cancellation);
        Assert.Empty(TaskValidation.Validate(document.Value, BaselineReader.Read(catalogue.Value!, document.Value.Task.Baseline).Value!, siteRead.Value));

        Assert.Equal((document.Value.Task.Id, physical ? "carried.example" : "carried-vm.example"), (siteRead.Value.TaskId, siteRead.Value.Domain));
        Assert.Equal((physical ? "3.0" : "3.1", "poc"), (siteRead.Value.Line, document.Value.Task.Purpose));
        Assert.Equal(physical ? 3 : 0, document.Value.Task.Components.Single(c => c.Name == "cache").Addresses.Count);
        Assert.Equal("256M", document.Value.Task.Components.Single(c => c.Name == "cache").Parameters["maxmemory"]);
    }

    [Fact]
    public async Task The_same_task_gives_the_same_bytes_and_a_change_is_told()
    {
        var task = await site.VmTaskAsync("again.example");
        Assert.Equal("null", (await Difference(task)).Json.GetProperty("number").GetRawText());
        var first = await ConfirmedAndPackagedAsync(Done(await site.DesignAsync(task, new { cache = new { } })), physical: false);
        var second = await ConfirmedAndPackagedAsync(await site.MoveAsync(await site.ReadAsync(task), "draft"), physical: false);
        Assert.Equal(Sha(first), Sha(second));
        Assert.Equal((2, 0), (second.Json.GetProperty("package").GetProperty("number").GetInt32(), (await Difference(task)).Json.GetProperty("changes").GetArrayLength()));
        Assert.Equal(await DownloadAsync(task.Id, 1, $"task_{task.Id}.tgz", "application/gzip"), await DownloadAsync(task.Id, 2, $"task_{task.Id}.tgz", "application/gzip"));

        var draft = await site.MoveAsync(await site.ReadAsync(task), "draft");
        var changed = Done(await site.DesignAsync(draft, new { cache = new { count = 5, parameters = new { maxmemory = "1G" } }, nats = new { } }));
        Done(await site.As("engineer").PutAsync($"tasks/{task.Id}", new { customerId = 1, name = "Renamed", domain = "again.example", line = "3.1", baseline = "open-3.1", variables = new Dictionary<string, string>(Vm) { ["region"] = "east-1" }, version = changed.Version }));
        var changes = (await Difference(task)).Json.GetProperty("changes").EnumerateArray().Select(c => $"{c.GetProperty("field")}: {c.GetProperty("packaged")} > {c.GetProperty("now")}");
        Assert.Equal(["design.components.cache.count:  > 5", "design.components.cache.parameters.maxmemory:  > 1G", "design.components.nats:  > ", "variables.region:  > east-1"], changes);
        Assert.Equal([2, 1], Done(await site.As("viewer").GetAsync($"tasks/{task.Id}/packages")).Json.GetProperty("packages").EnumerateArray().Select(p => p.GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task The_customers_alert_channels_are_packed_for_Butler_without_their_secrets()
    {
        var customer = Done(await site.As("admin").PostAsync("customers", new { name = "Channelled" })).Id;
        Done(await site.As("engineer").PostAsync("channels", new { name = "duty", kind = "webhook", customerId = customer, enabled = true, settings = new { url = "https://alerts.channelled.example/hook" }, secret = "canary-of-the-channel" }));
        var task = await site.VmTaskAsync("channelled.example");
        var moved = Done(await site.As("engineer").PutAsync($"tasks/{task.Id}", new { customerId = customer, name = "Channelled", domain = "channelled.example", line = "3.1", baseline = "open-3.1", variables = Vm, version = task.Version }));
        await ConfirmedAndPackagedAsync(Done(await site.DesignAsync(moved, new { cache = new { } })), physical: false);

        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, $"task_{task.Id}.tgz");
        await File.WriteAllBytesAsync(file, await DownloadAsync(task.Id, 1, $"task_{task.Id}.tgz", "application/gzip"), Cancellation);
        var unpacked = await TaskArchive.UnpackAsync(file, replace: false, Cancellation);
        var packed = await File.ReadAllBytesAsync(Path.Combine(unpacked.Value!, ChannelFile.Name), Cancellation);
        Assert.Equal(["duty"], ChannelFile.Read(packed).Channels.Select(c => c.Name));
        Assert.Equal(["duty"], ChannelFile.Read(packed).SecretsToEnter);
        Assert.DoesNotContain("canary-of-the-channel", System.Text.Encoding.UTF8.GetString(packed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_confirmed_task_that_the_console_would_take_is_packaged()
    {
        var task = await site.PhysicalTaskAsync("strict.example");
        Assert.Equal("not-confirmed", (await site.PackageAsync(task)).Code);
        var confirmed = await site.MoveAsync(task, "confirmed");
        var empty = await site.PackageAsync(confirmed);
        Assert.Equal(["components"], empty.Fields);

        var designed = Done(await site.DesignAsync(confirmed, new { cache = new { } }));
        var without = await site.PackageAsync(designed);
        Assert.Equal((HttpStatusCode.BadRequest, "components.cache"), (without.Status, without.Fields.Single()));
        Assert.Equal(0, Done(await site.As("viewer").GetAsync($"tasks/{task.Id}/packages")).Json.GetProperty("packages").GetArrayLength());
        Assert.Equal("confirmed", (await site.ReadAsync(task)).Json.GetProperty("state").GetString());

        Done(await site.AllocateAsync(designed));
        var stale = await site.PackageAsync(designed);
        Assert.Equal("changed-meanwhile", stale.Code);
        Done(await site.PackageAsync(await site.ReadAsync(task)));
        foreach (var path in (string[])[$"packages/1/task_{task.Id + 1}.tgz", "packages/2/ark.properties", "packages/1/..%2Fark.properties"])
            Assert.Equal(HttpStatusCode.NotFound, (await site.As("viewer").GetAsync($"tasks/{task.Id}/{path}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.As("outsider").GetAsync($"tasks/{task.Id}/packages/1/ark.properties")).Status);
    }

    [Fact]
    public async Task Of_many_who_package_at_once_one_does()
    {
        var task = await site.VmTaskAsync("rush.example");
        var confirmed = await site.MoveAsync(Done(await site.DesignAsync(task, new { cache = new { } })), "confirmed");
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => site.PackageAsync(confirmed)));
        Assert.Equal(1, replies.Count(r => r.Status == HttpStatusCode.OK));
        Assert.All(replies.Where(r => r.Status != HttpStatusCode.OK), r => Assert.Equal(HttpStatusCode.Conflict, r.Status));
        Assert.Equal(1, (await site.As("viewer").GetAsync($"tasks/{task.Id}/packages")).Json.GetProperty("packages").GetArrayLength());
    }

    private async Task<Reply> ConfirmedAndPackagedAsync(Reply task, bool physical)
    {
        var confirmed = await site.MoveAsync(task, "confirmed");
        if (physical)
            Done(await site.AllocateAsync(confirmed));
        return Done(await site.PackageAsync(await site.ReadAsync(confirmed)));
    }

    private Task<Reply> Difference(Reply task) => site.As("viewer").GetAsync($"tasks/{task.Id}/difference");

    private Task<byte[]> DownloadAsync(long task, int number, string file, string type) => site.As("viewer").DownloadAsync($"tasks/{task}/packages/{number}/{file}", type, file);

    private static string Sha(Reply made) => made.Json.GetProperty("package").GetProperty("sha256").GetString()!;

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-package-");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}

public sealed class PackagesOnSqlite(SqliteSite site) : PackageTests(site), IClassFixture<SqliteSite>;

public sealed class PackagesOnMariaDb(MariaDbSite site) : PackageTests(site), IClassFixture<MariaDbSite>;
