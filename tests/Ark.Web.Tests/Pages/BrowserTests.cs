using System.Text.RegularExpressions;
using Ark.Web.Tests.Hosts;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>What a new user does, in a real browser.</summary>
public sealed partial class BrowserTests(PanamaProgram panama, Chromium chromium) : IClassFixture<PanamaProgram>
{
    [Fact]
    public async Task A_new_user_sets_up_signs_in_and_makes_a_customer_and_a_task_in_both_languages()
    {
        await using var user = await NewUser.ComeAsync(chromium, panama.Url);
        var page = user.Page;
        await user.LookAsync("set-up");
        await user.ReadInAsync("中文", "首次设置");
        await user.LookAsync("set-up-zh");
        await user.ReadInAsync("English", "First set-up");
        await user.SetUpAsync(panama.SetUpCode);
        await SignOutAndInAsync(user, page);

        await user.GoAsync("Customers");
        await page.GetByRole(AriaRole.Link, new() { Name = "New customer" }).ClickAsync();
        await user.MakeCustomerAsync("Harbour Shop");
        await TaskAsync(user, page, "Deployment tasks", "New task", "Customer", "Project name", "Domain", "Version branch", "Save", "Harbour Shop", "Spring rollout");
        await Assertions.Expect(page.Locator("#problems-variables-machine_ips")).ToContainTextAsync("has no value");
        await page.GetByLabel("machine_ips").FillAsync("10.0.0.11,10.0.0.300");
        await page.GetByLabel("machine_ips").BlurAsync();
        await Assertions.Expect(page.Locator("#problems-variables-machine_ips")).ToContainTextAsync("not an IPv4 address");
        await user.LookAsync("task");
        await Assertions.Expect(page.GetByLabel("machine_ips")).ToHaveValueAsync("10.0.0.11,10.0.0.300"); // through two changes of the theme
        await LookAroundAsync(user, "");
        await user.ReadInAsync("中文", "我的账号");
        await user.MakeCustomerAsync("港口商城");
        await TaskAsync(user, page, "部署任务", "新建任务", "客户", "项目名称", "域名", "版本分支", "保存", "港口商城", "秋季上线");
        await Assertions.Expect(page.Locator("#problems-variables-machine_ips")).ToContainTextAsync("缺少值");
        await user.LookAsync("task-zh");
        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Spring rollout" })).ToBeVisibleAsync();
        await PackagesAsync(user, page);
        await LookAroundAsync(user, "-zh");
        await page.GetByRole(AriaRole.Button, new() { Name = "退出" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "登录" }).WaitForAsync();
        await user.LookAsync("sign-in-zh");
        user.AssertNothingWrong();
    }

    private static async Task LookAroundAsync(NewUser user, string language)
    {
        foreach (var (path, name) in (IEnumerable<(string, string)>)[("/", "tasks"), ("/customers", "customers"), ("/customers/1", "customer"), ("/accounts", "accounts"), ("/audit", "audit"), ("/me", "me")])
        {
            await user.OpenAsync(path);
            await user.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
            await user.LookAsync(name + language);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_page_is_found()
    {
        await using var user = await NewUser.ComeAsync(chromium, panama.Url);
        await user.Page.EvaluateAsync("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/ark.svg\"><p style=\"width: 2000px\">wide</p>')");
        await user.LookAsync("broken");
        Assert.Contains(user.Findings, f => f.StartsWith("broken light 1280: image-alt", StringComparison.Ordinal));
        Assert.Contains("broken is wider than 1280 pixels", user.Findings);
    }

    private static async Task SignOutAndInAsync(NewUser user, IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByLabel("Account name").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync("not this one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await user.LookAsync("sign-in");
        await user.SignInAsync();
    }

    private static async Task TaskAsync(
        NewUser user, IPage page, string list, string add, string customer, string name, string domain, string branch, string save, string whose, string project)
    {
        await user.GoAsync(list);
        await page.GetByRole(AriaRole.Link, new() { Name = add }).ClickAsync();
        await page.Locator("#field-customerId").WaitForAsync();
        await Looks.LiveAsync(page);
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = whose });
        Assert.StartsWith(customer, await page.Locator("label[for=field-customerId]").InnerTextAsync(), StringComparison.Ordinal);
        await user.FillAsync(name, project);
        await user.FillAsync(domain, "harbour.example");
        await user.FillAsync(branch, "open-3.0");
        await page.GetByRole(AriaRole.Button, new() { Name = save }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/tasks/[0-9]+$"));
        await page.GetByRole(AriaRole.Heading, new() { NameRegex = new(project) }).WaitForAsync();
    }
}
