using System.Text.RegularExpressions;
using Ark.Web.Tests.Hosts;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>Versions, configurations and scheduling in a real browser.</summary>
public sealed class ManagementPagesTests(PanamaOnMariaDb panama, Chromium chromium) : IClassFixture<PanamaOnMariaDb>
{
    [Fact]
    public async Task An_administrator_reads_a_repository_keeps_a_configuration_and_label_templates()
    {
        var git = Repository();
        await using var user = await NewUser.ComeAsync(chromium, panama.Process);
        await user.MakeCustomerAsync("Harbour Shop");
        await VersionsAsync(user, user.Page, git);
        await ConfigurationAsync(user, user.Page);
        await SchedulingAsync(user, user.Page);

        await user.ReadInAsync("中文", "调度管理");
        foreach (var (path, heading, name) in (IEnumerable<(string, string, string)>)[
            ("/versions", "版本管理", "versions-zh"), ("/configurations", "配置管理", "configurations-zh"), ("/configurations/1", "Broker, big", "configuration-zh"), ("/scheduling", "调度管理", "scheduling-zh")])
        {
            await user.OpenAsync(path);
            await user.Page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new(heading) }).WaitForAsync();
            await user.LookAsync(name);
        }

        user.AssertNothingWrong();
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

    private static async Task VersionsAsync(NewUser user, IPage page, GitRepository git)
    {
        await user.GoAsync("Versions");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add repository" }).ClickAsync();
        await user.FillAsync("Name", "Baselines");
        await user.FillAsync("Address", "https://127.0.0.1/x.git");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add repository" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems-url")).ToContainTextAsync("leads to this machine");
        await user.LookAsync("versions-new");
        await user.FillAsync("Address", git.Url);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add repository" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Baselines was refreshed: 3 baselines, 1 cannot be used.")).ToBeVisibleAsync();

        await user.OpenAsync("/tasks/new?customer=1");
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = "Harbour Shop" });
        await user.FillAsync("Project name", "Spring rollout");
        await user.FillAsync("Domain", "harbour.example");
        await user.FillAsync("Version branch", "release/3.1.7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/tasks/[0-9]+$"));

        await user.OpenAsync("/versions");
        await page.GetByRole(AriaRole.Button, new() { Name = "Customers of release/3.1.7" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("Spring rollout") })).ToBeVisibleAsync();
        await page.Locator("#field-from").SelectOptionAsync("release/3.1.7");
        await page.Locator("#field-to").SelectOptionAsync("release/3.1.8");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "count.default" })).ToBeVisibleAsync();
        await user.LookAsync("versions");
        await user.FillAsync("Search", "broken");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Found: 1", new() { Exact = true })).ToBeVisibleAsync();
        await page.Locator("summary").ClickAsync();
        await Assertions.Expect(page.GetByText("open-3.1/components/cache/component.yaml:3:8")).ToBeVisibleAsync();
        await user.LookAsync("versions-broken");
    }

    private static async Task ConfigurationAsync(NewUser user, IPage page)
    {
        await user.GoAsync("Configurations");
        await page.GetByRole(AriaRole.Link, new() { Name = "New configuration" }).ClickAsync();
        await user.FillAsync("Name", "Broker, big");
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = "Harbour Shop" });
        await page.Locator("#field-revision-baseline").SelectOptionAsync("release/3.1.7");
        await page.Locator("#field-component").SelectOptionAsync("mq-broker");
        await user.FillAsync("memory", "1M");
        await user.FillAsync("Why", "More messages");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as a new revision" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems-revision-values-memory")).ToContainTextAsync("must be a size");
        await user.LookAsync("configuration-new");
        await user.FillAsync("memory", "1G");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as a new revision" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/configurations/1$"));
        await user.FillAsync("memory", "2G");
        await user.FillAsync("Why", "Still more messages");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as a new revision" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back: Revision 1" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("memory")).ToHaveValueAsync("1G");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "2G", Exact = true })).ToBeVisibleAsync();
        await user.LookAsync("configuration");
        await user.OpenAsync("/configurations");
        await page.GetByRole(AriaRole.Link, new() { Name = "Broker, big" }).WaitForAsync();
        await user.LookAsync("configurations");
    }

    private static async Task SchedulingAsync(NewUser user, IPage page)
    {
        await user.GoAsync("Scheduling");
        await page.GetByRole(AriaRole.Button, new() { Name = "New template" }).ClickAsync();
        await user.FillAsync("Name", "broker machine");
        await user.FillAsync("Labels", "nodetype=mq\nark.machine=x");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems-labels")).ToContainTextAsync("Ark's own");
        await user.LookAsync("scheduling-new");
        await user.FillAsync("Labels", "nodetype=mq\ndisk=ssd");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit: broker machine" }).WaitForAsync();
        await page.Locator("#field-baseline").SelectOptionAsync("release/3.1.8");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("^nodetype=mq.*broker machine") })).ToBeVisibleAsync();
        await user.LookAsync("scheduling");
    }
}
