using Ark.Panama.Data;
using Ark.Web.Audit;
using Ark.Web.Backup;
using Ark.Web.Channels;
using Ark.Web.Data;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Account = Ark.Web.Accounts.Account;

namespace Ark.Web.Tests.Backup;

/// <summary>What is backed up comes back, on either database, or nothing changes.</summary>
public abstract class BackupTests(PanamaSite site, MariaDb server) : IDisposable
{
    private static readonly string[] TableNames = ["account_customers", "accounts", "audit", "audit_head", "channels", "customers", "data_keys", "tasks", "tokens"];

    private static readonly System.Reflection.Assembly[] Migrations = [typeof(WebHost).Assembly, typeof(Panama.PanamaHost).Assembly];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-backup-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Archive => Path.Combine(_folder.FullName, "panama.backup");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("mariadb")]
    public async Task Everything_comes_back_on_either_database(string to)
    {
        var customer = await site.As("engineer").PostAsync("customers", new { name = $"Kept 客户 {to} 🚢 \" \\ '", notes = "two\nlines" });
        await site.As("engineer").PostAsync("channels", new { name = $"Kept {to}", kind = "webhook", customerId = customer.Id, settings = new { url = "https://hook.example/" }, secret = "kept-secret" });
        Assert.True((await WriteAsync()).Audit.Whole);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Archive));

        var connection = await ConnectionAsync(to);
        var target = new Database(connection);
        var (manifest, audit) = await RestoreAsync(target, replace: false);
        Assert.True(audit.Whole);
        await using var db = target.Open();
        var restored = await db.GetTable<Customer>().FirstAsync(c => c.Id == customer.Id, Cancellation);
        await using var source = site.Open();
        Assert.Equal(await source.GetTable<Customer>().FirstAsync(c => c.Id == customer.Id, Cancellation), restored);
        Assert.Equal(await source.GetTable<Account>().OrderBy(a => a.Id).ToListAsync(Cancellation), await db.GetTable<Account>().OrderBy(a => a.Id).ToListAsync(Cancellation));
        var (before, after) = (await EntriesAsync(source), await EntriesAsync(db));
        Assert.Equal([.. before, after[^1]], after);
        Assert.Equal("restored", after[^1].Action);
        Assert.Equal(TableNames, manifest.Tables.Select(t => t.Name).Intersect(TableNames));

        await using var host = Panama.PanamaHost.Build(["--urls", "http://127.0.0.1:0", "--ConnectionStrings:Ark", connection]);
        await host.StartAsync(Cancellation);
        var answer = await new Caller(host.Urls.First(), null).PostAsync("sign-in", new { name = "engineer", password = PanamaSite.Password });
        var engineer = new Caller(host.Urls.First(), answer.Json.GetProperty("token").GetString());
        Assert.True((await engineer.PostAsync("customers", new { name = "New there" })).Id > customer.Id);
        var kept = await db.GetTable<Channel>().FirstAsync(c => c.Name == $"Kept {to}", Cancellation);
        Assert.Equal("kept-secret", host.Services.GetRequiredService<ChannelSecrets>().Open(kept.Secret)!.Reveal()); // the keys came along
    }

    [Fact]
    public async Task A_database_with_data_is_not_touched_unless_it_is_to_be_replaced()
    {
        await WriteAsync();
        var target = new Database(await ConnectionAsync("mariadb"));
        await RestoreAsync(target, replace: false);
        await using var db = target.Open();
        await db.GetTable<DeploymentTask>().DeleteAsync(Cancellation);
        await db.GetTable<Customer>().DeleteAsync(Cancellation);

        var refused = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(target, replace: false));
        Assert.Equal("database-not-empty", refused.Problem.Code);
        Assert.Equal(0, await db.GetTable<Customer>().CountAsync(Cancellation));
        Assert.True((await RestoreAsync(target, replace: true)).Audit.Whole);
        Assert.True(await db.GetTable<Customer>().AnyAsync(Cancellation));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("mariadb")]
    public async Task A_backup_of_an_earlier_version_is_brought_up_to_date(string kind)
    {
        var earlier = new Database(await ConnectionAsync(kind));
        earlier.Migrate(2026_02, Migrations);
        await using (var db = earlier.Open())
            await db.InsertAsync(new Customer { Name = "Long known", UpdatedBy = "anna" }, token: Cancellation);
        await WriteBackup.RunAsync(earlier, "Panama", TimeProvider.System, Archive, Cancellation);

        var target = new Database(await ConnectionAsync(kind));
        await RestoreAsync(target, replace: false);
        await using var now = target.Open();
        Assert.Equal("Long known", (await now.GetTable<Customer>().SingleAsync(Cancellation)).Name);
        Assert.False(await now.GetTable<Channel>().AnyAsync(Cancellation));
        var present = new Database(await ConnectionAsync(kind));
        present.Migrate(Migrations);
        Assert.Equal("other-version", (await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(present, replace: false))).Problem.Code);
    }

    [Theory]
    [InlineData("cut in the middle")]
    [InlineData("cut at its end")]
    [InlineData("one byte changed")]
    [InlineData("a row changed")]
    [InlineData("a row taken out")]
    [InlineData("a table taken out")]
    [InlineData("something added")]
    public async Task A_damaged_backup_is_refused_and_nothing_is_touched(string damage)
    {
        await WriteAsync();
        var bytes = await File.ReadAllBytesAsync(Archive, Cancellation);
        switch (damage)
        {
            case "cut in the middle":
                bytes = bytes[..(bytes.Length / 2)];
                break;
            case "cut at its end":
                bytes = bytes[..^5];
                break;
            case "one byte changed":
                bytes[bytes.Length / 2] ^= 0x10;
                break;
            default:
                bytes = Repacked.Of(bytes, damage);
                break;
        }

        await File.WriteAllBytesAsync(Archive, bytes, Cancellation);
        var file = Path.Combine(_folder.FullName, "new.db");
        var refused = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(new Database($"Data Source={file}"), replace: true));
        Assert.Equal("damaged-backup", refused.Problem.Code);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_backup_while_others_write_is_of_one_moment()
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(async w =>
        {
            var made = 0;
            for (; !stop.IsCancellationRequested; made++)
                await site.As("engineer").PostAsync("customers", new { name = $"Meanwhile {w}-{made}-{Guid.NewGuid():n}" });
            return made;
        }).ToList();
        for (var round = 0; round < 5; round++)
        {
            File.Delete(Archive);
            var (manifest, audit) = await WriteAsync();
            Assert.True(audit.Whole);
            var restored = await RestoreAsync(new Database(await ConnectionAsync("sqlite")), replace: false);
            Assert.Equal((true, manifest.Tables.Single(t => t.Name == "audit").Rows), (restored.Audit.Whole, restored.Audit.Entries));
        }

        await stop.CancelAsync();
        Assert.True((await Task.WhenAll(writers)).Sum() > 0);
    }

    [Fact]
    public async Task A_row_that_the_database_does_not_take_leaves_everything_as_it_was()
    {
        await WriteAsync();
        await File.WriteAllBytesAsync(Archive, Repacked.Of(await File.ReadAllBytesAsync(Archive, Cancellation), "an account twice"), Cancellation);
        var target = new Database(await ConnectionAsync("sqlite"));
        target.Migrate(Migrations);

        var refused = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(target, replace: true));
        Assert.Equal("not-restored", refused.Problem.Code);
        await using var db = target.Open();
        Assert.Equal((0, 0), (await db.GetTable<Account>().CountAsync(Cancellation), await db.GetTable<AuditEntry>().CountAsync(Cancellation)));
    }

    [Fact]
    public async Task The_program_backs_up_and_restores_by_one_command()
    {
        var target = Path.Combine(_folder.FullName, "commanded.db");
        await WriteAsync();
        string[] rest = ["--ConnectionStrings:Ark", $"Data Source={target}"];
        Assert.Equal(2, await RunAsync(["restore", .. rest]));
        Assert.Equal(0, await RunAsync(["restore", Archive, .. rest]));
        Assert.Equal(1, await RunAsync(["restore", Archive, .. rest]));
        Assert.Equal(0, await RunAsync(["restore", Archive, "--replace", .. rest]));
        Assert.Equal(1, await RunAsync(["backup", Archive, .. rest])); // never over a file
        Assert.Equal(0, await RunAsync(["backup", Archive + "2", .. rest]));
        Assert.Equal("Panama", (await ReadBackup.CheckAsync(Archive + "2", "Panama", Cancellation)).Product);
        Assert.Equal(1, await RunAsync(["backup", Archive + "3", "--ConnectionStrings:Ark", $"Data Source={target}.none"]));
    }

    private static Task<List<AuditEntry>> EntriesAsync(ArkDb db) => db.GetTable<AuditEntry>().OrderBy(e => e.Id).ToListAsync(Cancellation);

    private static Task<int> RunAsync(string[] args) => BackupCommand.RunAsync(args, rest => Panama.PanamaHost.Build(rest));

    private Task<(BackupManifest Manifest, ReadAudit.Verdict Audit)> WriteAsync() => WriteBackup.RunAsync(
        site.App.Services.GetRequiredService<Database>(), "Panama", TimeProvider.System, Archive, Cancellation);

    private Task<(BackupManifest Manifest, ReadAudit.Verdict Audit)> RestoreAsync(Database target, bool replace) =>
        RestoreBackup.RunAsync(target, "Panama", TimeProvider.System, Archive, replace, Migrations, Cancellation);

    private async Task<string> ConnectionAsync(string kind) => kind == "sqlite" ? $"Data Source={_folder.FullName}/{Guid.NewGuid():n}.db" : await server.NewDatabaseAsync();
}

public sealed class BackupOfSqlite(SqliteSite site, MariaDb server) : BackupTests(site, server), IClassFixture<SqliteSite>;

public sealed class BackupOfMariaDb(MariaDbSite site, MariaDb server) : BackupTests(site, server), IClassFixture<MariaDbSite>;
