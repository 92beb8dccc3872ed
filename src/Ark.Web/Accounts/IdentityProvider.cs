using System.Security.Claims;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ark.Web.Accounts;

/// <summary>
/// Sign-in by any OpenID Connect provider, where <c>OpenIdConnect:Authority</c>, <c>ClientId</c> and <c>ClientSecret</c> are configured. Who comes for the
/// first time becomes a viewer who sees no customer; an administrator gives more. The department is the provider's word at every sign-in, where
/// <c>OpenIdConnect:DepartmentClaim</c> says which claim tells it.
/// </summary>
public static class IdentityProvider
{
    public const string Scheme = "oidc";

    public static void AddIdentityProvider(this AuthenticationBuilder schemes, IConfigurationSection settings)
    {
        if (settings["Authority"] is not { Length: > 0 } authority)
            return;
        schemes.AddOpenIdConnect(Scheme, settings["Name"] ?? "OpenID Connect", oidc =>
        {
            oidc.Authority = authority;
            oidc.ClientId = settings["ClientId"];
            oidc.ClientSecret = settings["ClientSecret"];
            oidc.RequireHttpsMetadata = !new Uri(authority).IsLoopback;
            oidc.ResponseType = "code";
            oidc.ResponseMode = "query"; // the answer comes as a GET, for which a Lax cookie suffices
            oidc.UsePkce = true;
            oidc.MapInboundClaims = false;
            oidc.SaveTokens = false;
            oidc.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            oidc.CallbackPath = "/sign-in/oidc";
            oidc.NonceCookie.SameSite = oidc.CorrelationCookie.SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax;
            oidc.NonceCookie.SecurePolicy = oidc.CorrelationCookie.SecurePolicy = Microsoft.AspNetCore.Http.CookieSecurePolicy.SameAsRequest;
            oidc.Scope.Add("email");
            oidc.Events.OnTokenValidated = context => EnterAsync(context, settings["DepartmentClaim"]);
            oidc.Events.OnRemoteFailure = context =>
            {
                context.Response.Redirect("/sign-in?problem=provider");
                context.HandleResponse();
                return Task.CompletedTask;
            };
        });
    }

    private static async Task EnterAsync(TokenValidatedContext context, string? departmentClaim)
    {
        var services = context.HttpContext.RequestServices;
        var department = departmentClaim is { Length: > 0 } ? DepartmentOf(context.Principal!, departmentClaim) : null;
        var account = await AccountOfAsync(
            services.GetRequiredService<ArkDb>(), services.GetRequiredService<TimeProvider>(), context.Principal!, department, context.HttpContext.RequestAborted);
        if (account.Disabled)
            context.Fail("The account is disabled.");
        else
            context.Principal = Principal.Of(account, Scheme, "identity provider");
    }

    /// <summary>By issuer and subject, which never change hands; a name that is taken gets a number.</summary>
    private static async Task<Account> AccountOfAsync(ArkDb db, TimeProvider time, ClaimsPrincipal user, string? department, CancellationToken cancellation)
    {
        var subject = user.FindFirst("sub") ?? throw new InvalidOperationException("The provider gave no subject.");
        var identity = $"{subject.Issuer} {subject.Value}";
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.GetTable<Account>().FirstOrDefaultAsync(a => a.Identity == identity, cancellation) is { } known)
        {
            if (department is null || department == known.Department)
                return known;
            known = await MoveAsync(db, time, known, department, cancellation);
            await transaction.CommitAsync(cancellation);
            return known;
        }

        var wanted = NameOf(user);
        var name = wanted;
        for (var number = 2; await db.GetTable<Account>().AnyAsync(a => a.Name == name, cancellation); number++)
            name = $"{wanted}-{number}";
        var account = new Account
        {
            Name = name, Display = user.FindFirst("name")?.Value is { Length: > 0 and <= 100 } display ? display : name, Role = Role.Viewer,
            Department = department ?? "", Identity = identity, Stamp = Passwords.Random(16), CreatedAt = time.Now(),
        };
        account = account with { Id = await db.InsertWithInt64IdentityAsync(account, token: cancellation) };
        await AuditLog.AppendAsync(db, Actor.Host, time, "account-made", $"account:{account.Id}", null, new { account.Name, account.Department, account.Identity, account.Role }, cancellation);
        await transaction.CommitAsync(cancellation);
        return account;
    }

    /// <summary>Within the caller's transaction.</summary>
    private static async Task<Account> MoveAsync(ArkDb db, TimeProvider time, Account account, string department, CancellationToken cancellation)
    {
        var before = await SaveAccount.ReadAsync(db, account.Id, time, cancellation);
        await db.GetTable<Account>().Where(a => a.Id == account.Id).Set(a => a.Department, department).Set(a => a.Version, a => a.Version + 1).UpdateAsync(cancellation);
        var after = await SaveAccount.ReadAsync(db, account.Id, time, cancellation);
        await AuditLog.AppendAsync(db, Actor.Host, time, "account-changed", $"account:{account.Id}", before, after, cancellation);
        return account with { Department = department, Version = account.Version + 1 };
    }

    /// <summary>Null where the provider tells none, and then the one that stands there stays.</summary>
    private static string? DepartmentOf(ClaimsPrincipal user, string claim)
    {
        var text = string.Concat((user.FindFirst(claim)?.Value ?? "").Where(c => !char.IsControl(c)).Take(100)).Trim();
        return text.Length > 0 ? text : null;
    }

    private static string NameOf(ClaimsPrincipal user)
    {
        var given = user.FindFirst("preferred_username")?.Value ?? user.FindFirst("email")?.Value ?? "";
        var kept = string.Concat(given.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@').Take(50)).TrimStart('-', '_', '.', '@');
        return kept.Length >= 2 ? kept : "visitor";
    }
}
