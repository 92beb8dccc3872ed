using System.Net;
using System.Text.RegularExpressions;
using Ark.Web.Accounts;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Security;

/// <summary>Cookies, headers, and what a sign-in tells.</summary>
public abstract partial class SessionTests(PanamaSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cookies_are_out_of_scripts_and_other_sites_reach_and_secure_behind_TLS(bool tls)
    {
        var cookies = await SignInAsync("viewer", null, tls);

        Assert.Equal(2, cookies.Count); // of the session and of the form
        Assert.All(cookies, c => Assert.Contains("; httponly", c, StringComparison.OrdinalIgnoreCase));
        Assert.All(cookies, c => Assert.Matches("(?i); samesite=(lax|strict)", c));
        Assert.All(cookies, c => Assert.Equal(tls, c.Contains("; secure", StringComparison.OrdinalIgnoreCase)));
        Assert.All(cookies, c => Assert.DoesNotContain("domain=", c, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Passwords are hashed slowly on purpose: whoever asks for much of it at once waits, or is told to come again.</summary>
    [Fact]
    public async Task More_sign_ins_at_once_than_may_wait_are_refused_and_the_next_is_served()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 3 * SignInSetup.Waiting).Select(n => site.As(null).PostAsync("sign-in", new { name = $"nobody-{n}", password = "not that one either" })));

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], replies.Select(r => r.Status).Distinct().Order());
        Assert.All(replies.Where(r => r.Status == HttpStatusCode.TooManyRequests), r => Assert.Equal("too-many-sign-ins", r.Code));
        Assert.Equal(HttpStatusCode.OK, (await site.As(null).PostAsync("sign-in", new { name = "viewer", password = PanamaSite.Password })).Status);
    }

    /// <summary>A cookie that somebody planted before is worth nothing after.</summary>
    [Fact]
    public async Task A_sign_in_makes_a_cookie_of_its_own()
    {
        const string planted = $"{SignInSetup.CookieName}=planted-by-somebody-else";
        var first = (await SignInAsync("viewer", planted)).Single(IsSession);
        var second = (await SignInAsync("viewer", planted)).Single(IsSession);

        Assert.DoesNotContain("planted", first + second, StringComparison.Ordinal);
        Assert.NotEqual(first.Split(';')[0], second.Split(';')[0]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.As(null).SendAsync("GET", "me", cookie: planted)).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.As(null).SendAsync("GET", "me", cookie: first.Split(';')[0])).Status);
    }

    [Fact]
    public async Task A_disabled_account_and_a_new_password_end_cookies_and_tokens()
    {
        var admin = site.As("admin");
        var made = await admin.PostAsync("accounts", new { name = "ended", role = "engineer", allCustomers = true, password = PanamaSite.Password });
        foreach (var change in (IEnumerable<Func<int, object>>)[
            version => new { role = "engineer", allCustomers = true, password = "another correct horse", version },
            version => new { role = "engineer", allCustomers = true, disabled = true, version }])
        {
            var view = (await admin.GetAsync("accounts")).Json.GetProperty("accounts").EnumerateArray().Single(a => a.GetProperty("id").GetInt64() == made.Id);
            var version = view.GetProperty("version").GetInt32();
            await admin.PutAsync($"accounts/{made.Id}", new { role = "engineer", allCustomers = true, password = PanamaSite.Password, version });
            var token = await site.SignedInAsync("ended");
            var cookie = (await Browser.SignInAsync(site.Url, "ended", "/")).Cookies;
            Assert.Equal(HttpStatusCode.OK, (await token.GetAsync("me")).Status);
            Assert.Equal(HttpStatusCode.OK, (await site.As(null).SendAsync("GET", "/customers", cookie: cookie)).Status);

            Assert.Equal(HttpStatusCode.OK, (await admin.PutAsync($"accounts/{made.Id}", change(version + 1))).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await token.GetAsync("me")).Status);
            Assert.Equal(HttpStatusCode.Redirect, (await site.As(null).SendAsync("GET", "/customers", cookie: cookie)).Status);
        }
    }

    [Fact]
    public async Task A_sign_in_does_not_tell_which_accounts_there_are()
    {
        var admin = site.As("admin");
        await admin.PostAsync("accounts", new { name = "locked", role = "viewer", password = PanamaSite.Password });
        for (var tries = 0; tries < Passwords.Attempts; tries++)
            await site.As(null).PostAsync("sign-in", new { name = "locked", password = "wrong" });
        var off = await admin.PostAsync("accounts", new { name = "off", role = "viewer", password = PanamaSite.Password });
        await admin.PutAsync($"accounts/{off.Id}", new { role = "viewer", disabled = true, version = off.Version });

        List<string> said = [];
        foreach (var (name, password) in (IEnumerable<(string, string)>)[("viewer", "wrong"), ("nobody", "wrong"), ("nobody", ""), ("locked", PanamaSite.Password), ("off", PanamaSite.Password)])
        {
            var reply = await site.As(null).PostAsync("sign-in", new { name, password });
            var (_, location) = await FormAsync(name, password);
            said.Add($"{reply.Status} {reply.Body} {location}");
        }

        Assert.Single(said.Distinct());
        Assert.StartsWith("Unauthorized", said[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/not-there")]
    [InlineData("/health")]
    [InlineData("/api/v1/me")]
    [InlineData("/api/v1/not-there")]
    [InlineData("/openapi/v1.json")]
    public async Task Every_answer_says_what_browsers_may_do_with_it(string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var response = await client.GetAsync(new Uri(site.Url + path), Cancellation);
        string Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("same-origin", Header("Referrer-Policy"));
        Assert.Equal("", Header("Server"));
        foreach (var directive in (string[])["default-src 'self'", "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'"])
            Assert.Contains(directive, Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotMatch("script-src|default-src[^;]*unsafe", Header("Content-Security-Policy"));
        if (path.StartsWith("/api", StringComparison.Ordinal))
            Assert.Equal("no-store", Header("Cache-Control"));
    }

    private static bool IsSession(string cookie) => cookie.StartsWith(SignInSetup.CookieName + "=", StringComparison.Ordinal);

    /// <summary>All cookies that page and form set.</summary>
    private async Task<IReadOnlyList<string>> SignInAsync(string name, string? planted, bool tls = false) => (await FormAsync(name, PanamaSite.Password, planted, tls)).Cookies;

    private async Task<(IReadOnlyList<string> Cookies, string Location)> FormAsync(string name, string password, string? planted = null, bool tls = false)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new(site.Url) };
        if (tls)
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https"); // as a proxy on this computer says
        using var page = await client.GetAsync("/sign-in", Cancellation);
        var formCookies = page.Headers.GetValues("Set-Cookie").ToList();
        var token = FormToken().Match(await page.Content.ReadAsStringAsync(Cancellation)).Groups[1].Value;
        using var post = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([new("name", name), new("password", password), new("__RequestVerificationToken", token)]),
            Headers = { { "Cookie", string.Join("; ", formCookies.Select(c => c.Split(';')[0]).Append(planted).OfType<string>()) } },
        };
        using var response = await client.SendAsync(post, Cancellation);
        var sessionCookies = response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [];
        return ([.. formCookies, .. sessionCookies], response.Headers.Location?.OriginalString ?? "");
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex FormToken();
}

public sealed class SessionsOnSqlite(SqliteSite site) : SessionTests(site), IClassFixture<SqliteSite>;

public sealed class SessionsOnMariaDb(MariaDbSite site) : SessionTests(site), IClassFixture<MariaDbSite>;
