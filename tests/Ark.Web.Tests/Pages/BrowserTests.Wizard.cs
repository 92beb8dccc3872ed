using System.Text.RegularExpressions;
using Ark.Core.Catalog;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Remote.Files;
using Ark.Testing;
using Ark.Web.Tests.Designs;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>From wishes to the package, in both lines and modes.</summary>
public sealed partial class BrowserTests
{
    private static readonly string[] Steps = ["information", "components", "addresses", "details", "package"];

    private static async Task PackagesAsync(NewUser user, IPage page)
    {
        await user.ReadInAsync("English", "Deployment tasks");
        await PackageAsync(user, page, "VM 3.1", "3.1", Planning.Vm, "dncs", look: true);
        var physical = await PackageAsync(user, page, "Physical 3.0", "3.0", Planning.Physical, "haproxy", look: false);
        await user.OpenAsync($"/tasks/{physical}/addresses");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Address pool" }).WaitForAsync();
        await user.LookAsync("addresses-physical");

        await user.ReadInAsync("中文", "Physical 3.0");
        foreach (var step in Steps)
        {
            await user.OpenAsync($"/tasks/{physical}/{step}");
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle); // the page is drawn once more when it is live
            await page.GetByRole(AriaRole.Heading, new() { Level = 2 }).First.WaitForAsync();
            await user.LookAsync($"{step}-zh");
        }
    }

    private static async Task<string> PackageAsync(NewUser user, IPage page, string name, string line, Dictionary<string, string> variables, string names, bool look)
    {
        await FormAsync(user, page, name, line, variables);
        var id = Regex.Match(page.Url, "/tasks/([0-9]+)$").Groups[1].Value;
        if (look)
            await user.LookAsync("task-filled");

        await NextAsync(user, page, "Information", look);
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(page.Locator(".ark-state")).ToHaveTextAsync("confirmed");
        await Assertions.Expect(page.Locator("nav [aria-current=page]").First).ToHaveTextAsync("Deployment tasks");

        await NextAsync(user, page, "Components", look: false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose all of platform" }).ClickAsync();
        await page.GetByLabel(new Regex("^cache")).CheckAsync();
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Instances of cache" }).FillAsync("4");
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Instances of cache" }).BlurAsync();
        await Assertions.Expect(page.Locator("#problems-components-cache-count")).ToContainTextAsync("odd");
        if (look)
            await user.LookAsync("components");
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Instances of cache" }).FillAsync("3");
        await page.GetByRole(AriaRole.Link, new() { Name = "Next: Addresses" }).ClickAsync();
        await page.GetByText("changes that were not saved").WaitForAsync(); // nothing is lost by going on
        await SaveAsync(page);

        await NextAsync(user, page, "Addresses", look);
        if (line == "3.0")
        {
            await Assertions.Expect(page.GetByText("no address yet").First).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Allocate addresses" }).ClickAsync();
            await page.GetByText("instances have their addresses").WaitForAsync();
        }

        await Assertions.Expect(page.Locator(".ark-instance").GetByText("cache-2")).ToBeVisibleAsync();
        await NextAsync(user, page, "Details", look: false);
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Products" }).GetByRole(AriaRole.Link, new() { Name = "Cache" }).ClickAsync();
        await user.FillAsync("maxmemory", "1M");
        await Assertions.Expect(page.Locator("#problems-components-cache-parameters-maxmemory")).ToContainTextAsync("between 16M and 512G");
        if (look)
            await user.LookAsync("details");
        await user.FillAsync("maxmemory", "256M");
        await SaveAsync(page);

        await NextAsync(user, page, "Package", look: false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the package" }).ClickAsync();
        await page.GetByText("Package 1 was made.").WaitForAsync();
        if (look)
            await user.LookAsync("package");
        await CheckAsync(page, id, line, names);
        return id;
    }

    private static async Task FormAsync(NewUser user, IPage page, string name, string line, Dictionary<string, string> variables)
    {
        await user.OpenAsync("/tasks/new");
        await Assertions.Expect(page.Locator(".ark-wrong")).ToHaveCountAsync(0); // nothing is red before anybody was there
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = "Harbour Shop" });
        await user.FillAsync("Project name", name);
        await user.FillAsync("Domain", $"wizard{line}.example");
        if (line == "3.1")
            await page.Locator("#line").UncheckAsync();
        await Assertions.Expect(page.Locator($"#baselines option[value='open-{line}']")).ToHaveCountAsync(1);
        await user.FillAsync("Version branch", $"open-{line}");
        foreach (var (key, value) in variables)
        {
            if (key is "mode" or "internet" or "use_container_metadb")
                await page.Locator($"#field-variables-{key}").SelectOptionAsync(value);
            else
                await user.FillAsync(key, value);
        }

        await page.GetByLabel("room of 10.0.0.12").FillAsync("east");
        await page.GetByLabel("room of 10.0.0.12").BlurAsync();
        await Assertions.Expect(page.Locator("#field-variables-machine_labels")).ToHaveValueAsync("""{"10.0.0.12":{"room":"east"}}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new($"[0-9]+ · {name}") }).WaitForAsync();
    }

    /// <summary>By the link at the page's end, as a reader goes on.</summary>
    private static async Task NextAsync(NewUser user, IPage page, string step, bool look)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = $"Next: {step}" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 2, Name = step, Exact = true }).WaitForAsync();
        if (look)
            await user.LookAsync(step.ToLowerInvariant());
    }

    private static async Task SaveAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Saved.", new() { Exact = true }).WaitForAsync();
    }

    /// <summary>Both files as a browser downloads them, read as the console reads them.</summary>
    private static async Task CheckAsync(IPage page, string id, string line, string names)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Path.Combine(Clone.Root, ".ark/panama-packages", line);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        foreach (var file in (string[])[$"task_{id}.tgz", "ark.properties"])
        {
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = file, Exact = true }).ClickAsync());
            Assert.Equal(file, download.SuggestedFilename);
            await download.SaveAsAsync(Path.Combine(folder, file));
        }

        var site = SiteReader.Read(await File.ReadAllTextAsync(Path.Combine(folder, "ark.properties"), cancellation), "ark.properties");
        Assert.True(site.Ok, string.Join("\n", site.Problems));
        var unpacked = await TaskArchive.UnpackAsync(Path.Combine(folder, $"task_{id}.tgz"), replace: true, cancellation);
        Assert.True(unpacked.Ok, string.Join("\n", unpacked.Problems));
        var task = TaskReader.Read(await File.ReadAllTextAsync(Path.Combine(unpacked.Value, "task.yaml"), cancellation), "task.yaml");
        var catalogue = await CatalogFolder.ReadAsync(Path.Combine(Clone.Root, "catalog"), cancellation);
        Assert.Empty(TaskValidation.Validate(task.Value!, BaselineReader.Read(catalogue.Value!, $"open-{line}").Value!, site.Value));
        Assert.Equal(["cache", names, "metadb"], task.Value!.Task.Components.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.Equal((id, line == "3.0" ? 3 : 0), (site.Value.TaskId, task.Value.Task.Components[0].Addresses.Count));
        Assert.Equal("256M", task.Value.Task.Components[0].Parameters["maxmemory"]);
    }
}
