using System.Net;
using Ark.Web.Tests.Hosts;
using Ark.Web.Tests.Pages;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Security;

/// <summary>Names that hold markup, or the ends of lines.</summary>
public sealed class NameTests(PanamaOnMariaDb panama, Chromium chromium) : IClassFixture<PanamaOnMariaDb>
{
    private const string Markup = """<img src=x onerror="window.ran=1"><script>window.ran=1</script>'"><svg onload=window.ran=1>{{7*7}}""";

    [Fact]
    public async Task Markup_in_names_is_shown_as_text_and_no_script_of_it_runs()
    {
        var admin = await panama.Process.SetUpAsync();
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync("customers", new { name = Markup, contact = Markup, notes = Markup })).Status);
        var task = await admin.PostAsync("tasks", new { customerId = 1, name = Markup, domain = "x.example", line = "3.1", baseline = "open-3.1", variables = new { region = Markup } });
        Assert.Equal(HttpStatusCode.OK, task.Status);
        await admin.PostAsync("accounts", new { name = "marked", display = Markup, department = Markup, role = "viewer", password = PanamaSite.Password });
        await admin.PostAsync("tokens", new { name = Markup[..90], scope = "viewer", days = 1 });

        await using var user = await NewUser.ComeAsync(chromium, panama.Url);
        var page = user.Page;
        List<string> ran = [];
        page.Dialog += (_, dialog) => ran.Add(dialog.Message);
        await page.GotoAsync("/sign-in?problem=" + Uri.EscapeDataString(Markup) + "&to=" + Uri.EscapeDataString("/" + Markup));
        await LookAsync(page, "sign-in", seen: false);
        await page.GotoAsync("/sign-in");
        await user.SignInAsync();
        foreach (var path in (string[])["/", "/customers", "/customers/1", $"/tasks/{task.Id}", "/tasks/new?customer=1", "/accounts", "/audit", "/me"])
        {
            await user.OpenAsync(path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
            await LookAsync(page, path, seen: true);
        }

        Assert.Empty(ran);
    }

    /// <summary>What a line of the log says, the host said.</summary>
    [Fact]
    public async Task Ends_of_lines_in_what_callers_send_make_no_lines_in_the_log()
    {
        const string forged = "\r\n[00:00:00 INF] forged";
        var nobody = new Caller(panama.Url, null);
        await nobody.PostAsync("sign-in", new { name = "x" + forged, password = "x" + forged });
        await nobody.PostAsync("set-up", new { name = "x" + forged, password = "x" + forged, code = forged });
        await nobody.GetAsync("/x" + Uri.EscapeDataString(forged) + "?q=" + Uri.EscapeDataString(forged));
        await nobody.GetAsync("tasks?search=" + Uri.EscapeDataString(forged));
        using var content = new StringContent("{\"name\":\"" + forged + "\"}", System.Text.Encoding.UTF8, "application/json");
        await nobody.SendAsync("POST", "sign-in", content);
        await nobody.SendAsync("GET", "/sign-in", cookie: "ark-form=" + Uri.EscapeDataString(forged));

        Assert.NotEmpty(panama.Process.Log);
        Assert.DoesNotContain(panama.Process.Log, line => line.StartsWith("[00:00:00", StringComparison.Ordinal));
    }

    private static async Task LookAsync(IPage page, string where, bool seen)
    {
        Assert.True(await page.EvaluateAsync<bool>("window.ran === undefined"), $"A script ran on {where}.");
        Assert.Equal(0, await page.Locator("img[src=x], svg[onload]").CountAsync());
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
        if (seen) // a page draws twice when it becomes live
            await page.WaitForFunctionAsync("() => (document.body.innerText + [...document.querySelectorAll('input,textarea,select')].map(f => f.value).join(' ')).includes('<img src=x')");
        var text = await page.EvaluateAsync<string>("document.body.innerText + [...document.querySelectorAll('input,textarea,select')].map(f => f.value).join(' ')");
        Assert.True(!seen || text.Contains("<img src=x", StringComparison.Ordinal), $"{where} does not show the name.");
    }
}
