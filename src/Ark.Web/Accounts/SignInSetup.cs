using System.Security.Cryptography.X509Certificates;
using Ark.Web.Answers;
using Ark.Web.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ark.Web.Accounts;

/// <summary>
/// Who somebody is: pages by cookie, the API by token. A cookie counts at the API for reading only, so that no other site's page can make
/// a browser change something. Whatever does not say otherwise takes a sign-in.
/// </summary>
public static class SignInSetup
{
    public const string CookieName = "ark-session";

    /// <summary>Name of the limit on sign-ins at once.</summary>
    public const string Limit = "sign-in";

    /// <summary>Sign-ins that may wait for their turn.</summary>
    public const int Waiting = 20;

    private const string Either = "either";

    private static readonly Refusal TooMany = new(429, "too-many-sign-ins", "Too many sign in at this moment: try again in some seconds.");

    public static void AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
            keys => keys.XmlRepository = new DataKeys(provider.GetRequiredService<Database>())));
        var keys = services.AddDataProtection().SetApplicationName("ark");
        if (configuration["DataKeys:Certificate"] is { Length: > 0 } file)
            keys.ProtectKeysWithCertificate(X509Certificate2.CreateFromPemFile(file));
        var schemes = services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, either => either.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, BearerTokens>(BearerTokens.SchemeName, null)
            .AddCookie(CookieAuthenticationDefaults.AuthenticationScheme, Cookie);
        schemes.AddIdentityProvider(configuration.GetSection("OpenIdConnect"));
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();
        services.AddRateLimiter(limiter =>
        {
            // Whoever tries passwords in bulk gets at most half the processors to hash them; the others' requests go on.
            limiter.AddConcurrencyLimiter(Limit, limit => (limit.PermitLimit, limit.QueueLimit) = (Math.Max(1, Environment.ProcessorCount / 2), Waiting));
            limiter.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected.HttpContext));
        });
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "ark-form";
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }

    private static Task RefuseAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/api"))
            return ((Answer<Tokens.Made>)TooMany).ExecuteAsync(context);
        context.Response.Redirect($"/sign-in?problem={TooMany.Code}");
        return Task.CompletedTask;
    }

    private static string SchemeOf(HttpContext context)
    {
        var api = context.Request.Path.StartsWithSegments("/api");
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return api && (!reads || context.Request.Headers.Authorization.Count > 0)
            ? BearerTokens.SchemeName
            : CookieAuthenticationDefaults.AuthenticationScheme;
    }

    private static void Cookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = CookieName;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax; // an identity provider sends the browser back from its own site
        cookie.ExpireTimeSpan = TimeSpan.FromHours(10);
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/sign-in";
        cookie.ReturnUrlParameter = "to";
        cookie.Events.OnRedirectToLogin = context =>
        {
            if (context.Request.Path.StartsWithSegments("/api"))
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else
                context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = async context =>
        {
            var db = context.HttpContext.RequestServices.GetRequiredService<ArkDb>();
            if (await Actor.LoadAsync(db, context.Principal!, context.HttpContext.RequestAborted) is null)
                context.RejectPrincipal();
        };
    }
}
