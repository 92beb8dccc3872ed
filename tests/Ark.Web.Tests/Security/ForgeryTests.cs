using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Ark.Panama.Data;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Xunit;

namespace Ark.Web.Tests.Security;

/// <summary>What another site's page can make the browser of somebody signed in send.</summary>
public abstract partial class ForgeryTests(PanamaSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task The_API_changes_nothing_by_a_cookie(string contentType)
    {
        var cookies = (await Browser.SignInAsync(site.Url, "admin", "/")).Cookies;
        foreach (var (method, path) in (IEnumerable<(string, string)>)[("POST", "customers"), ("PUT", "customers/1"), ("POST", "tasks"), ("POST", "accounts"), ("POST", "tokens"), ("PUT", "me/password"), ("DELETE", "tokens/1")])
        {
            using var content = new StringContent("""{"name":"Forged"}""", Encoding.UTF8);
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            Assert.Equal(HttpStatusCode.Unauthorized, (await site.As(null).SendAsync(method, path, content, cookies)).Status);
        }

        await using var db = site.Open();
        Assert.False(await db.GetTable<Customer>().AnyAsync(c => c.Name == "Forged", Cancellation));
    }

    /// <summary>The forger has a form token, but of a browser of their own.</summary>
    [Fact]
    public async Task A_form_token_is_good_for_its_own_browser_only()
    {
        var victim = (await Browser.SignInAsync(site.Url, "engineer", "/")).Cookies;
        var page = (await site.As(null).GetAsync("/sign-in")).Body;
        using var form = new FormUrlEncodedContent([new("to", "/"), new("__RequestVerificationToken", FormToken().Match(page).Groups[1].Value)]);

        Assert.Equal(HttpStatusCode.BadRequest, (await site.As(null).SendAsync("POST", "/sign-out", form, victim)).Status);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.BadRequest)]
    public async Task A_browser_that_says_whose_page_asks_is_believed(string whose, HttpStatusCode wanted)
    {
        using var form = new FormUrlEncodedContent([new("name", "admin")]);
        Assert.Equal(wanted, await StatusAsync(HttpMethod.Post, "/sign-in", form, ("Sec-Fetch-Site", whose)));
    }

    /// <summary>The connection of a live page is a GET, and no form token guards it.</summary>
    [Theory]
    [InlineData("cross-site", true)]
    [InlineData("same-site", true)]
    [InlineData("same-origin", false)]
    public async Task The_connection_of_a_live_page_is_for_own_pages(string whose, bool refused)
    {
        var cookies = (await Browser.SignInAsync(site.Url, "engineer", "/")).Cookies;
        var status = await StatusAsync(HttpMethod.Get, "/_blazor?id=x", null, ("Sec-Fetch-Site", whose), ("Cookie", cookies), ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="));
        Assert.Equal(refused, status == HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task No_other_site_may_read_an_answer()
    {
        using var client = new HttpClient();
        using var ask = new HttpRequestMessage(HttpMethod.Options, $"{site.Url}/api/v1/customers") { Headers = { { "Origin", "https://evil.example" }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization" } } };
        using var allowed = await client.SendAsync(ask, Cancellation);
        using var read = new HttpRequestMessage(HttpMethod.Get, $"{site.Url}/health") { Headers = { { "Origin", "https://evil.example" } } };
        using var answer = await client.SendAsync(read, Cancellation);

        Assert.DoesNotContain(allowed.Headers.Concat(answer.Headers), h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(method, site.Url + path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return response.StatusCode;
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex FormToken();
}

public sealed class ForgeryOnSqlite(SqliteSite site) : ForgeryTests(site), IClassFixture<SqliteSite>;

public sealed class ForgeryOnMariaDb(MariaDbSite site) : ForgeryTests(site), IClassFixture<MariaDbSite>;
