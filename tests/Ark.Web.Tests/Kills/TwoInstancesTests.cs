using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Ark.Panama.Data;
using Ark.Web.Data;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Ark.Web.Tests.Pages;
using Xunit;

namespace Ark.Web.Tests.Kills;

/// <summary>Two instances on one MariaDB behind a proxy.</summary>
public sealed class TwoInstancesTests(MariaDb server, Chromium chromium) : IAsyncLifetime
{
    private const int Writers = 8;
    private const string Code = "one-code-for-both";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-two-");
    private readonly ConcurrentDictionary<string, bool> _acknowledged = [];
    private string _connection = "";
    private PanamaProcess? _first, _second;
    private HaProxy? _proxy;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Both at once, on a database without a table.</summary>
    public async ValueTask InitializeAsync()
    {
        _connection = await server.NewDatabaseAsync();
        (string, string)[] settings = [("ConnectionStrings__Ark", _connection), ("SetUp__Code", Code)];
        var both = await Task.WhenAll(PanamaProcess.StartAsync(_folder.FullName, settings), PanamaProcess.StartAsync(_folder.FullName, settings));
        (_first, _second) = (both[0], both[1]);
        _proxy = await HaProxy.StartAsync(_first.Url, _second.Url);
        var made = await new Caller(_proxy.Url, null).PostAsync("set-up", new { name = "admin", password = PanamaSite.Password, code = Code });
        Assert.True(made.Status == HttpStatusCode.OK, $"{made.Status} {made.Body}\n{_proxy.Log}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (IAsyncDisposable?[])[_proxy, _first, _second])
        {
            if (part is not null)
                await part.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_sign_in_at_one_counts_at_the_other()
    {
        var token = await PanamaProcess.TokenAsync(_first!.Url);
        Assert.Equal(HttpStatusCode.OK, (await new Caller(_second!.Url, token).GetAsync("me")).Status);
        foreach (var (here, there) in (IEnumerable<(string, string)>)[(_first.Url, _second.Url), (_second.Url, _first.Url)])
        {
            var browser = await Browser.SignInAsync(here, "admin", "/");
            Assert.Equal(HttpStatusCode.OK, (await new Caller(there, null).SendAsync("GET", "me", cookie: browser.Cookies)).Status);
        }

        await using var db = new Database(_connection).Open();
        Assert.Equal(1, await db.ExecuteAsync<long>("SELECT COUNT(*) FROM data_keys", Cancellation)); // or each would know the other's key a day later
    }

    [Fact]
    public async Task One_of_them_killed_under_load_loses_no_acknowledged_write()
    {
        var token = await PanamaProcess.TokenAsync(_proxy!.Url);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer, token, enough.Token)).ToList();
        await UntilAsync(60, writers);
        await _first!.KillAsync();
        await UntilAsync(_acknowledged.Count + 200, writers);
        await enough.CancelAsync();
        await Task.WhenAll(writers);

        await using var db = new Database(_connection).Open();
        var kept = (await db.GetTable<Customer>().Select(c => c.Name).ToListAsync(Cancellation)).ToHashSet();
        Assert.DoesNotContain(_acknowledged.Keys, name => !kept.Contains(name));
        var verdict = await new Caller(_proxy.Url, token).GetAsync("audit/verify");
        Assert.True(verdict.Json.GetProperty("whole").GetBoolean(), verdict.Body);
    }

    /// <summary>Live pages hold on to one instance, and come from the other, still signed in, when that one is gone.</summary>
    [Fact]
    public async Task A_browser_works_through_the_proxy_and_goes_on_when_its_instance_is_killed()
    {
        await using var user = await NewUser.ComeAsync(chromium, _proxy!.Url);
        await user.SignInAsync();
        await user.MakeCustomerAsync("Before");

        var context = user.Page.Context;
        var instance = (await context.CookiesAsync()).Single(c => c.Name == "ark-instance").Value;
        await (instance == "first" ? _first! : _second!).KillAsync();
        await user.ReopenAsync();
        await user.MakeCustomerAsync("After");
        Assert.NotEqual(instance, (await context.CookiesAsync()).Single(c => c.Name == "ark-instance").Value);
    }

    private async Task WriteAsync(int writer, string token, CancellationToken enough)
    {
        var caller = new Caller(_proxy!.Url, token);
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"Customer {writer} {number}");
            try
            {
                if ((await caller.PostAsync("customers", new { name })).Status == HttpStatusCode.OK)
                    _acknowledged[name] = true;
            }
            catch (HttpRequestException)
            {
                // the answer broke off: whether it was written is not known
            }
        }
    }

    /// <summary>Waits for that many acknowledged writes, or for a writer that failed.</summary>
    private async Task UntilAsync(int count, IReadOnlyList<Task> writers)
    {
        for (var tries = 0; _acknowledged.Count < count && tries < 2400; tries++)
        {
            Assert.DoesNotContain(writers, w => w.IsCompleted);
            await Task.Delay(50, Cancellation);
        }

        Assert.True(_acknowledged.Count >= count, $"{_acknowledged.Count} acknowledged writes, and no more:\n{_proxy!.Log}");
    }
}
