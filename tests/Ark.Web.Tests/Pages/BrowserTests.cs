using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>What a new user does, in a real browser.</summary>
public sealed partial class BrowserTests(PanamaProgram panama) : IClassFixture<PanamaProgram>
{
    private readonly List<string> _findings = [];

    [Fact]
    public async Task A_new_user_sets_up_signs_in_and_makes_a_customer_and_a_task_in_both_languages()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await Looks.LaunchAsync(playwright);
        await using var context = await chromium.NewContextAsync(new() { Locale = "en-GB", BaseURL = panama.Url, ViewportSize = new() { Width = 1280, Height = 900 } });
        var page = await context.NewPageAsync();
        Looks.Watch(page, panama.Url, _findings);

        await page.GotoAsync("/");
        await LookAsync(page, "set-up");
        await page.GetByLabel("Set-up code").FillAsync(panama.SetUpCode);
        await page.GetByLabel("Account name").FillAsync("admin");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("correct horse battery");
        await page.GetByLabel("Password again").FillAsync("correct horse battery");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the first administrator" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Deployment tasks" }).WaitForAsync();
        await SignOutAndInAsync(page);

        await CustomerAsync(page, "Customers", "New customer", "Customer's name", "Save", "Harbour Shop");
        await TaskAsync(page, "Deployment tasks", "New task", "Customer", "Project name", "Domain", "Version branch", "Save", "Harbour Shop", "Spring rollout");
        await Assertions.Expect(page.Locator("#problems-variables-machine_ips")).ToContainTextAsync("has no value");
        await page.GetByLabel("machine_ips").FillAsync("10.0.0.11,10.0.0.300");
        await page.GetByLabel("machine_ips").BlurAsync();
        await Assertions.Expect(page.Locator("#problems-variables-machine_ips")).ToContainTextAsync("not an IPv4 address");
        await LookAsync(page, "task");
        await Assertions.Expect(page.GetByLabel("machine_ips")).ToHaveValueAsync("10.0.0.11,10.0.0.300"); // through two changes of the theme
        foreach (var (path, name) in (IEnumerable<(string, string)>)[("/", "tasks"), ("/customers", "customers"), ("/customers/1", "customer"), ("/accounts", "accounts"), ("/audit", "audit"), ("/me", "me")])
        {
            await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
            await LookAsync(page, name);
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "中文" }).ClickAsync();
        await CustomerAsync(page, "客户", "新建客户", "客户名称", "保存", "港口商城");
        await TaskAsync(page, "部署任务", "新建任务", "客户", "项目名称", "域名", "版本分支", "保存", "港口商城", "秋季上线");
        await Assertions.Expect(page.Locator("#problems-variables-machine_ips")).ToContainTextAsync("缺少值");
        await LookAsync(page, "task-zh");
        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Spring rollout" })).ToBeVisibleAsync();
        await LookAsync(page, "tasks-zh");
        await PackagesAsync(page);
        Assert.Empty(_findings);
    }

    private async Task SignOutAndInAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByLabel("Account name").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync("not this one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await LookAsync(page, "sign-in");
        await page.GetByLabel("Account name").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync("correct horse battery");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Deployment tasks" }).WaitForAsync();
    }

    private static async Task CustomerAsync(IPage page, string list, string add, string name, string save, string customer)
    {
        await Looks.LiveAsync(page);
        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = list, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = add }).ClickAsync();
        await Looks.LiveAsync(page);
        await FillAsync(page, name, customer);
        await page.GetByRole(AriaRole.Button, new() { Name = save }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = customer, Exact = true }).WaitForAsync();
    }

    private static async Task TaskAsync(
        IPage page, string list, string add, string customer, string name, string domain, string branch, string save, string whose, string project)
    {
        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = list, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = add }).ClickAsync();
        await page.Locator("#field-customerId").WaitForAsync();
        await Looks.LiveAsync(page);
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = whose });
        Assert.StartsWith(customer, await page.Locator("label[for=field-customerId]").InnerTextAsync(), StringComparison.Ordinal);
        await FillAsync(page, name, project);
        await FillAsync(page, domain, "harbour.example");
        await FillAsync(page, branch, "open-3.0");
        await page.GetByRole(AriaRole.Button, new() { Name = save }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/tasks/[0-9]+$"));
        await page.GetByRole(AriaRole.Heading, new() { NameRegex = new(project) }).WaitForAsync();
    }

    /// <summary>Fields keep what was typed when they lose the focus.</summary>
    private static async Task FillAsync(IPage page, string label, string text)
    {
        var field = page.GetByLabel(new Regex($"^{Regex.Escape(label)}"));
        await field.WaitForAsync();
        await Looks.LiveAsync(page);
        await field.FillAsync(text);
        await field.BlurAsync();
    }

    private Task LookAsync(IPage page, string name) => Looks.AtAsync(page, name, _findings);
}
