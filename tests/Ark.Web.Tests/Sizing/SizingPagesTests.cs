using System.Text.Json;
using System.Text.RegularExpressions;
using Ark.Web.Tests.Hosts;
using Ark.Web.Tests.Pages;
using Microsoft.Playwright;
using MiniExcelLibs;
using Xunit;

namespace Ark.Web.Tests.Sizing;

/// <summary>What an engineer does on the pages of resource planning, in a real browser.</summary>
public sealed class SizingPagesTests(PanamaProgram panama, Chromium chromium) : IClassFixture<PanamaProgram>
{
    [Fact]
    public async Task An_engineer_plans_compares_prints_saves_and_makes_a_task()
    {
        await using var user = await SignedInAsync();
        var page = user.Page;

        await Assertions.Expect(page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Resource planning" })).ToHaveAttributeAsync("href", "/sizing");
        await page.GotoAsync("/sizing");
        await user.LookAsync("sizing-empty");
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("^EDAS") }).FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("^MQ") }).CheckAsync();
        await Assertions.Expect(Status(page)).ToContainTextAsync("8 machines");
        await Assertions.Expect(Status(page)).ToContainTextAsync("published");

        await page.GetByLabel("Messages a second").PressSequentiallyAsync("40000"); // without leaving the field
        await Assertions.Expect(Status(page)).ToContainTextAsync("12 machines");
        await Assertions.Expect(Status(page)).ToContainTextAsync("Nearest published row: EDAS+MQ with 8 machines. Difference: +4.");
        await Assertions.Expect(page.GetByLabel("Messages a second")).ToBeFocusedAsync();
        await page.GetByLabel("Messages a second").FillAsync("many");
        await Assertions.Expect(page.Locator("#problems-load-messages")).ToContainTextAsync("no whole number");
        await Assertions.Expect(Status(page)).ToContainTextAsync("see the marked fields");
        await page.GetByLabel("Messages a second").FillAsync("40000");
        await Assertions.Expect(Status(page)).ToContainTextAsync("12 machines");
        await user.LookAsync("sizing");

        await SavesAsync(page);
        await PrintsAsync(page, "sizing");
        await ComparesAsync(user, page);
        var address = page.Url;
        await TaskAsync(page);
        await page.GotoAsync(address);
        await ChineseAsync(user, page);
        user.AssertNothingWrong();
    }

    [Fact]
    public async Task The_requirements_are_a_list_to_print_and_fill_in()
    {
        await using var user = await SignedInAsync();
        var page = user.Page;
        await page.GotoAsync("/requirements");
        await Assertions.Expect(page.Locator(".ark-checklist tbody tr")).ToHaveCountAsync(23);
        await user.LookAsync("requirements");
        await page.GetByLabel("Deployment mode").SelectOptionAsync("vm");
        await Assertions.Expect(page.Locator(".ark-checklist tbody tr")).ToHaveCountAsync(16);
        var saved = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "XLSX" }).ClickAsync());
        await using (var book = File.OpenRead(await saved.PathAsync()))
            Assert.Equal(17, book.Query().Count());
        await PrintsAsync(page, "requirements");
        await user.ReadInAsync("中文", "环境要求");
        await Assertions.Expect(page.Locator(".ark-checklist tbody tr")).ToHaveCountAsync(16); // the choice outlives the change of the language
        await user.LookAsync("requirements-zh");
        user.AssertNothingWrong();
    }

    private static ILocator Status(IPage page) => page.Locator("main [role=status]").First;

    private async Task<NewUser> SignedInAsync()
    {
        var nobody = new Caller(panama.Url, null);
        await nobody.PostAsync("set-up", new { name = "admin", password = PanamaSite.Password, code = panama.SetUpCode }); // the class's tests share the host: the second is refused
        await new Caller(panama.Url, await PanamaProcess.TokenAsync(panama.Url)).PostAsync("customers", new { name = "Harbour Shop" });
        var user = await NewUser.ComeAsync(chromium, panama.Url);
        await user.SignInAsync();
        return user;
    }

    private static async Task SavesAsync(IPage page)
    {
        var json = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "JSON" }).ClickAsync());
        Assert.Equal("sizing.json", json.SuggestedFilename);
        using var plan = JsonDocument.Parse(await File.ReadAllTextAsync(await json.PathAsync(), TestContext.Current.CancellationToken));
        Assert.Equal(12, plan.RootElement.GetProperty("machines").GetProperty("value").GetInt32());
        var workbook = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "XLSX" }).ClickAsync());
        Assert.Equal("sizing.xlsx", workbook.SuggestedFilename);
        await using var book = File.OpenRead(await workbook.PathAsync());
        Assert.Contains(book.Query(sheetName: "Machines"), r => ((IDictionary<string, object?>)r)["A"] is "in all" && ((IDictionary<string, object?>)r)["C"] is 12d);
    }

    /// <summary>On paper there is the plan, and nothing to click.</summary>
    private static async Task PrintsAsync(IPage page, string name)
    {
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation)).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await page.SetViewportSizeAsync(794, 1123); // A4
        await Looks.PictureAsync(page, name + "-paper");
        await page.SetViewportSizeAsync(1280, 900);
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
    }

    private static async Task ComparesAsync(NewUser user, IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a variant" }).ClickAsync();
        await Assertions.Expect(page.Locator("button[aria-pressed=true]", new() { HasText = "Variant B" })).ToBeVisibleAsync();
        await page.GetByLabel("Deployment mode").SelectOptionAsync("Vm");
        await Assertions.Expect(Status(page)).ToContainTextAsync("29 machines");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a variant" }).ClickAsync();
        await Assertions.Expect(page.Locator("button[aria-pressed=true]", new() { HasText = "Variant C" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("^DRDS") }).CheckAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add a variant" })).ToHaveCountAsync(0);
        var comparison = page.GetByRole(AriaRole.Region, new() { Name = "Side by side" });
        await Assertions.Expect(comparison.GetByRole(AriaRole.Columnheader)).ToHaveCountAsync(5);
        var all = comparison.GetByRole(AriaRole.Row, new() { NameRegex = new("in all") });
        await Assertions.Expect(all).ToContainTextAsync(new Regex("12.*29.*50"));
        var rows = await comparison.GetByRole(AriaRole.Row).CountAsync();
        await page.GetByLabel("Only what differs").CheckAsync();
        await Assertions.Expect(comparison.GetByRole(AriaRole.Row)).Not.ToHaveCountAsync(rows);
        await user.LookAsync("sizing-compared");
    }

    private static async Task ChineseAsync(NewUser user, IPage page)
    {
        await user.ReadInAsync("中文", "资源规划");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "方案 C" })).ToBeVisibleAsync(); // the variants outlive the change of the language
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "方案对比" })).ToBeVisibleAsync();
        await user.LookAsync("sizing-zh");
    }

    private static async Task TaskAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Variant B" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a task of it" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems-name")).ToContainTextAsync("has no value");
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = "Harbour Shop" });
        foreach (var (field, text) in (IEnumerable<(string, string)>)[("name", "Sized rollout"), ("domain", "sized.example")])
        {
            await page.Locator($"#field-{field}").FillAsync(text);
            await page.Locator($"#field-{field}").BlurAsync(); // fields keep what was typed when they lose the focus
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Make a task of it" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/tasks/[0-9]+$"));
        await Assertions.Expect(page.GetByLabel(new Regex("^Version branch"))).ToHaveValueAsync("reference-3.0");
        await Assertions.Expect(page.Locator("#field-variables-mode")).ToHaveValueAsync("vm");
    }
}
