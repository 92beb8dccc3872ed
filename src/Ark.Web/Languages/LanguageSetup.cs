using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ark.Web.Languages;

/// <summary>
/// English and Chinese: the cookie says which, otherwise the browser. Only texts change with the language. Times, numbers and order are the same
/// in both (ISO 8601, ordinal), so that the hosts need no culture data of the machine they run on.
/// </summary>
public static class LanguageSetup
{
    public const string CookieName = "ark-language";

    public const string English = "en";

    public const string Chinese = "zh-CN";

    public static void AddLanguages(this IServiceCollection services) => services.Configure<RequestLocalizationOptions>(options =>
    {
        options.SupportedCultures = options.SupportedUICultures = [new CultureInfo(English), new CultureInfo(Chinese)];
        options.DefaultRequestCulture = new(English);
        options.RequestCultureProviders = [new CustomRequestCultureProvider(context => Task.FromResult<ProviderCultureResult?>(new(Of(context))))];
    });

    public static void MapLanguages(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/language", (HttpContext context, string? choose, string? to) =>
    {
        context.Response.Cookies.Append(CookieName, choose == Chinese ? Chinese : English, new()
        {
            MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, Secure = context.Request.IsHttps, IsEssential = true,
        });
        return Results.LocalRedirect(LocalPath.Of(to));
    }).AllowAnonymous().ExcludeFromDescription();

    private static string Of(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is (English or Chinese) and { } chosen)
            return chosen;
        foreach (var language in context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1))
        {
            if (language.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
                return Chinese;
            if (language.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase))
                return English;
        }

        return English;
    }
}
