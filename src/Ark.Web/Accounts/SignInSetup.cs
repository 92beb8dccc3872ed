using System.Security.Cryptography.X509Certificates;
using Ark.Web.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
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

    private const string Either = "either";

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
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "ark-form";
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
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
