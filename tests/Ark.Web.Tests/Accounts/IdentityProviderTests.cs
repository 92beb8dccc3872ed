using System.Net;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Accounts;

/// <summary>Panama where an identity provider is configured.</summary>
public abstract class ProviderSite : PanamaSite
{
    public Provider Provider { get; } = new();

    protected override IEnumerable<string> Arguments =>
        ["--OpenIdConnect:Authority", Provider.Url, "--OpenIdConnect:Name", "Company", "--OpenIdConnect:ClientId", "panama", "--OpenIdConnect:ClientSecret", "s3cret", "--OpenIdConnect:DepartmentClaim", "dept"];

    protected abstract Task<string> DatabaseAsync();

    protected override async Task<string> ConnectionAsync()
    {
        await Provider.StartAsync();
        return await DatabaseAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteProviderSite : ProviderSite
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-panama-");

    protected override Task<string> DatabaseAsync() => Task.FromResult($"Data Source={_folder.FullName}/panama.db");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}

public sealed class MariaDbProviderSite(MariaDb server) : ProviderSite
{
    protected override Task<string> DatabaseAsync() => server.NewDatabaseAsync();
}

public abstract class IdentityProviderTests(ProviderSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_comes_from_the_provider_becomes_a_viewer_without_customers_and_is_known_the_next_time()
    {
        (site.Provider.Subject, site.Provider.UserName) = ("1001", "li.wei");
        var (cookies, page) = await EnterAsync("/customers");
        Assert.Contains("li.wei", page, StringComparison.Ordinal);
        var me = (await site.As(null).SendAsync("GET", "me", cookie: cookies)).Json;
        Assert.Equal(("viewer", 0, false), (me.GetProperty("role").GetString(), me.GetProperty("customers").GetArrayLength(), me.GetProperty("hasPassword").GetBoolean()));

        site.Provider.UserName = "renamed";
        var again = await EnterAsync("/");
        Assert.Equal("li.wei", (await site.As(null).SendAsync("GET", "me", cookie: again.Cookies)).Json.GetProperty("name").GetString());

        (site.Provider.Subject, site.Provider.UserName) = ("1002", "admin");
        var namesake = await EnterAsync("/");
        Assert.Equal("admin-2", (await site.As(null).SendAsync("GET", "me", cookie: namesake.Cookies)).Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_department_is_the_providers_word_at_every_sign_in()
    {
        (site.Provider.Subject, site.Provider.UserName, site.Provider.Department) = ("2001", "wang.fang", "Delivery 南区");
        await EnterAsync("/");
        Assert.Equal("Delivery 南区", await DepartmentAsync());

        site.Provider.Department = "Support";
        await EnterAsync("/");
        Assert.Equal("Support", await DepartmentAsync());
        Assert.Contains("Delivery 南区", (await site.As("admin").GetAsync("audit?search=account-changed")).Body, StringComparison.Ordinal);

        site.Provider.Department = null; // says nothing: what was said before stays
        await EnterAsync("/");
        Assert.Equal("Support", await DepartmentAsync());
    }

    private async Task<string?> DepartmentAsync()
    {
        var list = (await site.As("admin").GetAsync("accounts?department=Support")).Json;
        var found = list.GetProperty("accounts").EnumerateArray().FirstOrDefault(a => a.GetProperty("name").GetString() == "wang.fang");
        if (found.ValueKind == System.Text.Json.JsonValueKind.Object)
            Assert.Contains("Support", list.GetProperty("departments").EnumerateArray().Select(d => d.GetString()));
        else
            found = (await site.As("admin").GetAsync("accounts")).Json.GetProperty("accounts").EnumerateArray().Single(a => a.GetProperty("name").GetString() == "wang.fang");
        return found.GetProperty("department").GetString();
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_lets_nobody_in()
    {
        var reply = await site.As(null).GetAsync("/sign-in/oidc?code=x&state=y");
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?problem=provider"), (reply.Status, reply.Location?.OriginalString));
    }

    private async Task<(string Cookies, string Page)> EnterAsync(string to)
    {
        var jar = new CookieContainer();
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = jar }) { BaseAddress = new(site.Url) };
        Assert.Contains("Sign in with Company", await client.GetStringAsync("/sign-in", Cancellation), StringComparison.Ordinal);
        using var response = await client.GetAsync($"/sign-in/provider?to={to}", Cancellation);
        Assert.Equal(to, response.RequestMessage!.RequestUri!.AbsolutePath);
        return (jar.GetCookieHeader(new(site.Url)), await response.Content.ReadAsStringAsync(Cancellation));
    }
}

public sealed class IdentityProviderOnSqlite(SqliteProviderSite site) : IdentityProviderTests(site), IClassFixture<SqliteProviderSite>;

public sealed class IdentityProviderOnMariaDb(MariaDbProviderSite site) : IdentityProviderTests(site), IClassFixture<MariaDbProviderSite>;
