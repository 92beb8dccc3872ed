using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Ark.Web.Tests.Pages;

/// <summary>Somebody who comes to Panama for the first time and goes the whole way, in English, by what the pages say.</summary>
public sealed class NewUser(IPage page)
{
    private const string Password = "correct horse battery";

    /// <summary>A browser, and somebody in front of it who is the service's first administrator then.</summary>
    public static async Task<NewUser> ComeAsync(IBrowser browser, string url, string setUpCode)
    {
        var context = await browser.NewContextAsync(new() { Locale = "en-GB", BaseURL = url, ViewportSize = new() { Width = 1280, Height = 900 } });
        var user = new NewUser(await context.NewPageAsync());
        await user.SetUpAsync(setUpCode);
        return user;
    }

    private async Task SetUpAsync(string code)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("Set-up code").FillAsync(code);
        await page.GetByLabel("Account name").FillAsync("admin");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the first administrator" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Deployment tasks" }).WaitForAsync();
    }

    public async Task MakeCustomerAsync(string customer)
    {
        await page.GotoAsync("/customers/new");
        await LiveAsync();
        await FillAsync("Customer's name", customer);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = customer, Exact = true }).WaitForAsync();
    }

    /// <summary>The task form with its environment variables, and the information page.</summary>
    /// <returns>The task's id.</returns>
    public async Task<string> MakeTaskAsync(string customer, string name, string domain, string line, IReadOnlyDictionary<string, string> variables)
    {
        await page.GotoAsync("/tasks/new");
        await LiveAsync();
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = customer });
        await FillAsync("Project name", name);
        await FillAsync("Domain", domain);
        if (line == "3.1")
            await page.Locator("#line").UncheckAsync();
        await FillAsync("Version branch", $"open-{line}");
        await page.Locator("#field-variables-mode").SelectOptionAsync(variables["mode"]); // decides which the others are
        foreach (var (key, value) in variables)
        {
            if (await page.Locator($"select#field-variables-{key}").CountAsync() > 0)
                await page.Locator($"#field-variables-{key}").SelectOptionAsync(value);
            else
                await FillAsync(key, value);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new($"[0-9]+ · {name}") }).WaitForAsync();
        var id = Regex.Match(page.Url, "/tasks/([0-9]+)$").Groups[1].Value;
        await NextAsync("Information");
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(page.Locator(".ark-state")).ToHaveTextAsync("confirmed");
        return id;
    }

    /// <summary>Ticks components, leaves counts and parameters as the catalogue has them, and allocates addresses where the mode has some to give.</summary>
    public async Task DesignAsync(string purpose, params IEnumerable<string> components)
    {
        await NextAsync("Components");
        await page.GetByLabel("Purpose").SelectOptionAsync(purpose);
        foreach (var component in components)
            await page.GetByLabel(new Regex($"^{component}\\b")).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Saved.").WaitForAsync();
        await NextAsync("Addresses");
        var allocate = page.GetByRole(AriaRole.Button, new() { Name = "Allocate addresses" });
        if (await allocate.CountAsync() > 0)
        {
            await allocate.ClickAsync();
            await page.GetByText("instances have their addresses").WaitForAsync();
        }

        await NextAsync("Details");
    }

    /// <summary>Makes the package and downloads <c>task_ID.tgz</c> and <c>ark.properties</c> into the folder.</summary>
    public async Task PackageAsync(string id, string folder)
    {
        await NextAsync("Package");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the package" }).ClickAsync();
        await page.GetByText("Package 1 was made.").WaitForAsync();
        foreach (var file in (string[])[$"task_{id}.tgz", "ark.properties"])
        {
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = file, Exact = true }).ClickAsync());
            await download.SaveAsAsync(Path.Combine(folder, download.SuggestedFilename));
        }
    }

    private async Task NextAsync(string step)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = $"Next: {step}" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 2, Name = step, Exact = true }).WaitForAsync();
        await LiveAsync();
    }

    private Task LiveAsync() => Looks.LiveAsync(page);

    /// <summary>Fields keep what was typed when they lose the focus.</summary>
    private async Task FillAsync(string label, string text)
    {
        var field = page.GetByLabel(new Regex($"^{Regex.Escape(label)}"));
        await field.FillAsync(text);
        await field.BlurAsync();
    }
}
