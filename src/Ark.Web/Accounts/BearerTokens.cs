using System.Text.Encodings.Web;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ark.Web.Accounts;

/// <summary>Reads <c>Authorization: Bearer ark_…</c>.</summary>
public sealed class BearerTokens(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string SchemeName = "token";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        const string bearer = "Bearer ";
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(bearer, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        var hash = Passwords.HashOfToken(header[bearer.Length..].Trim());
        var db = Context.RequestServices.GetRequiredService<ArkDb>();
        var now = time.Now();
        var found = await (
            from token in db.GetTable<ApiToken>()
            join account in db.GetTable<Account>() on token.AccountId equals account.Id
            where token.Hash == hash && token.ExpiresAt > now && !account.Disabled
            select new { token, account }).FirstOrDefaultAsync(Context.RequestAborted);
        if (found is null)
            return AuthenticateResult.Fail("The token is unknown, expired, or its account is disabled.");
        Context.Items[typeof(Account)] = found.account;
        var principal = Principal.Of(found.account, SchemeName, $"token {found.token.Name}", found.token.Scope);
        return AuthenticateResult.Success(new(principal, SchemeName));
    }
}
