using System.Net;
using Ark.Web.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ark.Web;

/// <summary>What stands before every endpoint: headers, requests that another site's page makes, proxies in front.</summary>
public static class Guards
{
    private const string ContentPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void UseGuards(this WebApplication app)
    {
        app.UseForwardedHeaders(Proxies(app.Configuration));
        app.Use(Headers);
        app.Use(OwnPagesOnly);
    }

    /// <summary>
    /// Makes the first key of cookies, if there is none, while no other host that shares the database does: hosts that start together would each
    /// make one, and know the other's a day later.
    /// </summary>
    public static void MakeKeys(this WebApplication app) => app.Services.GetRequiredService<Database>().Alone(
        "ark-keys", () => app.Services.GetDataProtector("ark").Protect([]));

    /// <summary>A proxy says that the browser came by TLS, which makes cookies secure. This computer is believed, and who <c>Proxies</c> names: addresses or networks.</summary>
    private static ForwardedHeadersOptions Proxies(IConfiguration configuration)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        foreach (var proxy in (configuration["Proxies"] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (proxy.Contains('/', StringComparison.Ordinal))
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            else
                options.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        return options;
    }

    private static Task Headers(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = ContentPolicy;
        if (context.Request.Path.StartsWithSegments("/api"))
            headers.CacheControl = "no-store";
        return next(context);
    }

    /// <summary>
    /// Browsers say whose page makes a request. Beside form tokens, Lax cookies and an API that changes nothing by cookie, so that the connection
    /// of a live page is guarded too.
    /// </summary>
    private static Task OwnPagesOnly(HttpContext context, RequestDelegate next)
    {
        var (request, method) = (context.Request, context.Request.Method);
        var reads = (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && !request.Path.StartsWithSegments("/_blazor");
        if (reads || request.Headers["Sec-Fetch-Site"].ToString() is not ("cross-site" or "same-site"))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
