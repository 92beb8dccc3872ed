using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace Ark.Web.Tests.Hosts;

/// <summary>As much of a browser as a sign-in takes: cookies, and a form with its token.</summary>
public static partial class Browser
{
    public static async Task<(string Cookies, string Location)> SignInAsync(string url, string account, string to)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var cookies = new CookieContainer();
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new(url) };
        var page = await client.GetStringAsync($"/sign-in?to={Uri.EscapeDataString(to)}", cancellation);
        var token = FormToken().Match(page).Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("name", account), new("password", PanamaSite.Password), new("to", to), new("__RequestVerificationToken", token)]);
        using var response = await client.PostAsync("/sign-in", form, cancellation);
        return (cookies.GetCookieHeader(new(url)), response.Headers.Location?.OriginalString ?? "");
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex FormToken();
}
