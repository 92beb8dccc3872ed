using System.Text.RegularExpressions;
using Ark.Web.Tests.Hosts;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>Versions, configurations and scheduling in a real browser.</summary>
public sealed class ManagementPagesTests(PanamaProgram panama) : IClassFixture<PanamaProgram>
{
    private readonly List<string> _findings = [];

    [Fact]
    public async Task An_administrator_reads_a_repository_keeps_a_configuration_and_label_templates()
    {
        var git = Repository();
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await Looks.LaunchAsync(playwright);
        await using var context = await chromium.NewContextAsync(new() { Locale = "en-GB", BaseURL = panama.Url, ViewportSize = new() { Width = 1280, Height = 900 } });
        var page = await context.NewPageAsync();
        Looks.Watch(page, panama.Url, _findings);
        await SetUpAsync(page);
        await VersionsAsync(page, git);
        await ConfigurationAsync(page);
        await SchedulingAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "中文" }).ClickAsync();
        foreach (var (path, heading, name) in (IEnumerable<(string, string, string)>)[
            ("/versions", "版本管理", "versions-zh"), ("/configurations", "配置管理", "configurations-zh"), ("/configurations/1", "Broker, big", "configuration-zh"), ("/scheduling", "调度管理", "scheduling-zh")])
        {
            await OpenAsync(page, path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new(heading) }).WaitForAsync();
            await Looks.AtAsync(page, name, _findings);
        }

        Assert.Empty(_findings);
    }

    private GitRepository Repository()
    {
        var git = new GitRepository(Path.Combine(panama.Repositories, "baselines.git"));
        git.Branch("release/3.1.7");
        git.Add("open-3.1", "catalog/open-3.1");
        git.Commit("3.1.7");
        git.Git("checkout", "--quiet", "-b", "release/3.1.8");
        var broker = git.Read("catalog/open-3.1/components/mq-broker/component.yaml");
        git.Write("catalog/open-3.1/components/mq-broker/component.yaml", broker
            .Replace("default: 3, max: 7", "default: 5, max: 9", StringComparison.Ordinal)
            .Replace("parameters:\n", "placement: {labels: {nodetype: mq}, exclusive: true, apart: [cache]}\nparameters:\n", StringComparison.Ordinal));
        git.Commit("3.1.8");
        git.Git("checkout", "--quiet", "-b", "work/broken");
        git.Write("catalog/open-3.1/components/cache/component.yaml", "schema: 1\nname: cache\nstage: nowhere\n");
        git.Commit("broken");
        return git;
    }

    private async Task SetUpAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("Set-up code").FillAsync(panama.SetUpCode);
        await page.GetByLabel("Account name").FillAsync("admin");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("correct horse battery");
        await page.GetByLabel("Password again").FillAsync("correct horse battery");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the first administrator" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Deployment tasks" }).WaitForAsync();
        await OpenAsync(page, "/customers/new");
        await FillAsync(page, "Customer's name", "Harbour Shop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Harbour Shop", Exact = true }).WaitForAsync();
    }

    private async Task VersionsAsync(IPage page, GitRepository git)
    {
        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Versions" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add repository" }).ClickAsync();
        await FillAsync(page, "Name", "Baselines");
        await FillAsync(page, "Address", "https://127.0.0.1/x.git");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add repository" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems-url")).ToContainTextAsync("leads to this machine");
        await Looks.AtAsync(page, "versions-new", _findings);
        await FillAsync(page, "Address", git.Url);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add repository" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Baselines was refreshed: 3 baselines, 1 cannot be used.")).ToBeVisibleAsync();

        await OpenAsync(page, "/tasks/new?customer=1");
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = "Harbour Shop" });
        await FillAsync(page, "Project name", "Spring rollout");
        await FillAsync(page, "Domain", "harbour.example");
        await FillAsync(page, "Version branch", "release/3.1.7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/tasks/[0-9]+$"));

        await OpenAsync(page, "/versions");
        await page.GetByRole(AriaRole.Button, new() { Name = "Customers of release/3.1.7" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("Spring rollout") })).ToBeVisibleAsync();
        await page.Locator("#field-from").SelectOptionAsync("release/3.1.7");
        await page.Locator("#field-to").SelectOptionAsync("release/3.1.8");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "count.default" })).ToBeVisibleAsync();
        await Looks.AtAsync(page, "versions", _findings);
        await FillAsync(page, "Search", "broken");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Found: 1", new() { Exact = true })).ToBeVisibleAsync();
        await page.Locator("summary").ClickAsync();
        await Assertions.Expect(page.GetByText("open-3.1/components/cache/component.yaml:3:8")).ToBeVisibleAsync();
        await Looks.AtAsync(page, "versions-broken", _findings);
    }

    private async Task ConfigurationAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Configurations" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New configuration" }).ClickAsync();
        await FillAsync(page, "Name", "Broker, big");
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = "Harbour Shop" });
        await page.Locator("#field-revision-baseline").SelectOptionAsync("release/3.1.7");
        await page.Locator("#field-component").SelectOptionAsync("mq-broker");
        await FillAsync(page, "memory", "1M");
        await FillAsync(page, "Why", "More messages");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as a new revision" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems-revision-values-memory")).ToContainTextAsync("must be a size");
        await Looks.AtAsync(page, "configuration-new", _findings);
        await FillAsync(page, "memory", "1G");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as a new revision" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/configurations/1$"));
        await FillAsync(page, "memory", "2G");
        await FillAsync(page, "Why", "Still more messages");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as a new revision" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back: Revision 1" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("memory")).ToHaveValueAsync("1G");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "2G", Exact = true })).ToBeVisibleAsync();
        await Looks.AtAsync(page, "configuration", _findings);
        await OpenAsync(page, "/configurations");
        await page.GetByRole(AriaRole.Link, new() { Name = "Broker, big" }).WaitForAsync();
        await Looks.AtAsync(page, "configurations", _findings);
    }

    private async Task SchedulingAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Scheduling" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New template" }).ClickAsync();
        await FillAsync(page, "Name", "broker machine");
        await FillAsync(page, "Labels", "nodetype=mq\nark.machine=x");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems-labels")).ToContainTextAsync("Ark's own");
        await Looks.AtAsync(page, "scheduling-new", _findings);
        await FillAsync(page, "Labels", "nodetype=mq\ndisk=ssd");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit: broker machine" }).WaitForAsync();
        await page.Locator("#field-baseline").SelectOptionAsync("release/3.1.8");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("nodetype=mq.*broker machine") })).ToBeVisibleAsync();
        await Looks.AtAsync(page, "scheduling", _findings);
    }

    private static async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await Looks.LiveAsync(page);
    }

    /// <summary>Fields keep what was typed when they lose the focus.</summary>
    private static async Task FillAsync(IPage page, string label, string text)
    {
        var field = page.GetByLabel(new Regex($"^{Regex.Escape(label)}"));
        await field.FillAsync(text);
        await field.BlurAsync();
    }
}
