using System.Net;
using System.Net.Http.Json;
using Ark.Web.Accounts;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ark.Web.Tests.Accounts;

public abstract class AccountTests(PanamaSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_administrator_is_made_once()
    {
        var again = await site.As(null).PostAsync("set-up", new { name = "mallory", password = PanamaSite.Password, code = site.App.Services.GetRequiredService<SetUpCode>().Text });

        Assert.Equal((HttpStatusCode.Conflict, "set-up-done"), (again.Status, again.Code));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_an_account_for_a_while_and_even_the_right_one_does_not_open_it()
    {
        await site.As("admin").PostAsync("accounts", new { name = "forgetful", role = "viewer", password = PanamaSite.Password });
        for (var tries = 0; tries < Passwords.Attempts; tries++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await site.As(null).PostAsync("sign-in", new { name = "forgetful", password = "wrong" })).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await site.As(null).PostAsync("sign-in", new { name = "forgetful", password = PanamaSite.Password })).Status);
        site.Time.Move(Passwords.LockedFor);
        Assert.Equal(HttpStatusCode.OK, (await site.As(null).PostAsync("sign-in", new { name = "forgetful", password = PanamaSite.Password })).Status);
    }

    [Fact]
    public async Task Neither_passwords_nor_tokens_can_be_read_back_from_the_database()
    {
        var made = (await site.As("viewer").PostAsync("tokens", new { name = "reader", scope = "viewer", days = 30 })).Json.GetProperty("token").GetString()!;
        await using var db = site.Open();

        Assert.DoesNotContain(await db.GetTable<Account>().ToListAsync(Cancellation), a => a.PasswordHash!.Contains(PanamaSite.Password, StringComparison.Ordinal));
        Assert.DoesNotContain(await db.GetTable<ApiToken>().ToListAsync(Cancellation), t => t.Hash.Contains(made[4..], StringComparison.Ordinal));
        Assert.DoesNotContain(made, (await site.As("admin").GetAsync("audit/export")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_does_no_more_than_its_scope_and_ends_when_it_expires_or_is_taken_back()
    {
        var engineer = site.As("engineer");
        var made = await engineer.PostAsync("tokens", new { name = "reader", scope = "viewer", days = 1 });
        var reader = new Caller(site.Url, made.Json.GetProperty("token").GetString());

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("customers")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsync("customers", new { name = "Never" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsync("tokens", new { name = "more", scope = "viewer", days = 300 })).Status);
        Assert.Equal(["scope"], (await engineer.PostAsync("tokens", new { name = "too much", scope = "administrator", days = 1 })).Fields);

        Assert.Equal(HttpStatusCode.OK, (await engineer.SendAsync("DELETE", $"tokens/{made.Json.GetProperty("is").GetProperty("id")}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await reader.GetAsync("customers")).Status);

        var late = new Caller(site.Url, (await engineer.PostAsync("tokens", new { name = "late", scope = "viewer", days = 1 })).Json.GetProperty("token").GetString());
        site.Time.Move(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await late.GetAsync("customers")).Status);
        foreach (var account in (string[])["admin", "viewer", "engineer", "outsider"])
            await site.SignedInAsync(account);
    }

    [Fact]
    public async Task A_disabled_account_and_one_whose_password_was_changed_are_out_at_once()
    {
        var admin = site.As("admin");
        var made = await admin.PostAsync("accounts", new { name = "leaver", role = "engineer", password = PanamaSite.Password });
        var leaver = await site.SignedInAsync("leaver");
        Assert.Equal(HttpStatusCode.OK, (await leaver.GetAsync("me")).Status);

        Assert.Equal(["new"], (await leaver.PutAsync("me/password", new { old = PanamaSite.Password, @new = "leaverleaver" })).Fields);
        Assert.Equal(["old"], (await leaver.PutAsync("me/password", new { old = "no", @new = "another long sentence" })).Fields);
        Assert.Equal(HttpStatusCode.OK, (await leaver.PutAsync("me/password", new { old = PanamaSite.Password, @new = "another long sentence" })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await leaver.GetAsync("me")).Status);

        leaver = await site.SignedInAsync("leaver", "another long sentence");
        var disabled = await admin.PutAsync($"accounts/{made.Id}", new { role = "engineer", disabled = true, version = made.Version });
        Assert.True(disabled.Json.GetProperty("disabled").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, (await leaver.GetAsync("me")).Status);
    }

    [Fact]
    public async Task An_administrator_cannot_lock_themselves_out()
    {
        var own = (await site.As("admin").GetAsync("accounts")).Json.GetProperty("accounts").EnumerateArray().Single(a => a.GetProperty("name").GetString() == "admin");
        var reply = await site.As("admin").PutAsync($"accounts/{own.GetProperty("id")}", new { role = "viewer", version = own.GetProperty("version").GetInt32() });

        Assert.Equal((HttpStatusCode.Conflict, "own-account"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_form_without_its_token_signs_nobody_in_or_out()
    {
        using var form = new FormUrlEncodedContent([new("name", "admin"), new("password", PanamaSite.Password)]);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As(null).SendAsync("POST", "/sign-in", form)).Status);
        using var empty = new FormUrlEncodedContent([new("to", "/")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As(null).SendAsync("POST", "/sign-out", empty)).Status);
    }

    [Fact]
    public async Task A_browsers_cookie_reads_the_API_and_changes_nothing_there()
    {
        var browser = await Browser.SignInAsync(site.Url, "engineer", "/customers");

        Assert.Equal("/customers", browser.Location);
        Assert.Equal(HttpStatusCode.OK, (await site.As(null).SendAsync("GET", "customers", cookie: browser.Cookies)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.As(null).SendAsync("POST", "customers", JsonContent.Create(new { name = "Forged" }), browser.Cookies)).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Sign_in_leads_nowhere_but_here(string to)
    {
        Assert.Equal("/", (await Browser.SignInAsync(site.Url, "viewer", to)).Location);
        Assert.Equal("/", (await site.As(null).GetAsync($"/language?choose=en&to={Uri.EscapeDataString(to)}")).Location?.OriginalString);
    }
}

public sealed class AccountsOnSqlite(SqliteSite site) : AccountTests(site), IClassFixture<SqliteSite>;

public sealed class AccountsOnMariaDb(MariaDbSite site) : AccountTests(site), IClassFixture<MariaDbSite>;
