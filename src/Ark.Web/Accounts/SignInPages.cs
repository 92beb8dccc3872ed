using Ark.Web.Data;
using Ark.Web.Languages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Ark.Web.Accounts;

/// <summary>What the forms of sign-in and set-up post to, with a form token each. They give a cookie and lead on to a page of this host.</summary>
public static class SignInPages
{
    public static void MapSignInPages(this IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup("").ExcludeFromDescription();
        pages.MapPost("/sign-in", SignInAsync).AllowAnonymous().RequireRateLimiting(SignInSetup.Limit);
        pages.MapPost("/set-up", SetUpAsync).AllowAnonymous().RequireRateLimiting(SignInSetup.Limit);
        pages.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
        pages.MapGet("/sign-in/provider", ToProviderAsync).AllowAnonymous();
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, ArkDb db, TimeProvider time, [FromForm] string? name, [FromForm] string? password, [FromForm] string? to, CancellationToken cancellation)
    {
        var answer = await SignIn.CheckAsync(db, time, new(name, password), cancellation);
        if (!answer.Ok)
            return Results.LocalRedirect($"/sign-in?problem=wrong-sign-in&to={Uri.EscapeDataString(LocalPath.Of(to))}");
        await EnterAsync(context, answer.Value);
        return Results.LocalRedirect(LocalPath.Of(to));
    }

    private static async Task<IResult> SetUpAsync(
        HttpContext context, ArkDb db, SetUpCode right, TimeProvider time, [FromForm] string? name, [FromForm] string? display, [FromForm] string? password,
        [FromForm] string? again, [FromForm] string? code, CancellationToken cancellation)
    {
        if (password != again)
            return Results.LocalRedirect("/set-up?problem=passwords-differ");
        var made = await SetUp.CreateAsync(db, right, time, new(name, display, password, code), cancellation);
        if (!made.Ok)
            return Results.LocalRedirect($"/set-up?problem={made.Refusal.Problems.FirstOrDefault()?.Code ?? made.Refusal.Code}");
        var answer = await SignIn.CheckAsync(db, time, new(name, password), cancellation);
        await EnterAsync(context, answer.Value!);
        return Results.LocalRedirect("/");
    }

    /// <summary>The parameter makes the form token be checked.</summary>
    private static async Task<IResult> SignOutAsync(HttpContext context, [FromForm] string? to)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect(LocalPath.Of(to ?? "/sign-in"));
    }

    private static async Task<IResult> ToProviderAsync(IAuthenticationSchemeProvider schemes, string? to) =>
        await schemes.GetSchemeAsync(IdentityProvider.Scheme) is null
            ? Results.NotFound()
            : Results.Challenge(new() { RedirectUri = LocalPath.Of(to) }, [IdentityProvider.Scheme]);

    private static Task EnterAsync(HttpContext context, Account account) => context.SignInAsync(
        CookieAuthenticationDefaults.AuthenticationScheme, Principal.Of(account, CookieAuthenticationDefaults.AuthenticationScheme, "session"));
}
