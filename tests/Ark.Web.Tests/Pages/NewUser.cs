using System.Text.RegularExpressions;
using Ark.Web.Tests.Hosts;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>Somebody in front of a browser, who goes by what the pages say; what is wrong with the pages is told at the end.</summary>
public sealed class NewUser : IAsyncDisposable
{
    private readonly List<string> _findings = [];

    private NewUser(IPage page) => Page = page;

    public IPage Page { get; private set; }

    public IReadOnlyList<string> Findings => _findings;

    /// <summary>Comes to a service for the first time.</summary>
    public static async Task<NewUser> ComeAsync(Chromium chromium, string url)
    {
        var user = new NewUser(await chromium.OpenAsync(url));
        Looks.Watch(user.Page, url, user._findings);
        await user.Page.GotoAsync("/");
        return user;
    }

    /// <summary>Comes, and becomes the service's first administrator.</summary>
    public static async Task<NewUser> ComeAsync(Chromium chromium, PanamaProcess panama)
    {
        var user = await ComeAsync(chromium, panama.Url);
        await user.SetUpAsync(panama.SetUpCode);
        return user;
    }

    public async Task SetUpAsync(string code)
    {
        await Page.GetByLabel("Set-up code").FillAsync(code);
        await Page.GetByLabel("Account name").FillAsync("admin");
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(PanamaSite.Password);
        await Page.GetByLabel("Password again").FillAsync(PanamaSite.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the first administrator" }).ClickAsync();
        await AtHomeAsync();
    }

    public async Task SignInAsync()
    {
        await Page.GetByLabel("Account name").FillAsync("admin");
        await Page.GetByLabel("Password").FillAsync(PanamaSite.Password);
        await Page.Keyboard.PressAsync("Enter");
        await AtHomeAsync();
    }

    /// <summary>Closes the window and opens another of the same browser: still signed in.</summary>
    public async Task ReopenAsync()
    {
        var context = Page.Context;
        await Page.CloseAsync();
        Page = await context.NewPageAsync();
    }

    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await LiveAsync();
    }

    /// <summary>By the navigation.</summary>
    public async Task GoAsync(string name)
    {
        await LiveAsync();
        await Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
    }

    /// <param name="language">As the link says.</param>
    /// <param name="heading">What the page is called then.</param>
    public async Task ReadInAsync(string language, string heading)
    {
        await LiveAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = language }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = language == "English" ? "中文" : "English" }).WaitForAsync(); // a name may be the heading in both
        await Page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new(heading) }).WaitForAsync();
        await LiveAsync();
    }

    /// <summary>Fields keep what was typed when they lose the focus.</summary>
    /// <param name="field">How its label begins, or <c>#</c> and its id.</param>
    public async Task FillAsync(string field, string text)
    {
        var found = field.StartsWith('#') ? Page.Locator(field) : Page.GetByLabel(new Regex($"^{Regex.Escape(field)}"));
        await found.WaitForAsync();
        await LiveAsync();
        await found.FillAsync(text);
        await found.BlurAsync();
    }

    public Task LookAsync(string name) => Looks.AtAsync(Page, name, _findings);

    /// <summary>Closes all windows.</summary>
    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    /// <summary>Nothing was wrong with a page that was looked at, and none asked another site for something.</summary>
    public void AssertNothingWrong() => Assert.Empty(_findings);

    public async Task MakeCustomerAsync(string customer)
    {
        await OpenAsync("/customers/new");
        await FillAsync("#field-name", customer);
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Save|保存)$") }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = customer, Exact = true }).WaitForAsync();
    }

    /// <summary>The task form with its environment variables, and the information Page.</summary>
    /// <returns>The task's id.</returns>
    public async Task<string> MakeTaskAsync(string customer, string name, string domain, string line, IReadOnlyDictionary<string, string> variables)
    {
        await OpenAsync("/tasks/new");
        await Page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = customer });
        await FillAsync("Project name", name);
        await FillAsync("Domain", domain);
        if (line == "3.1")
            await Page.Locator("#line").UncheckAsync();
        await FillAsync("Version branch", $"open-{line}");
        await Page.Locator("#field-variables-mode").SelectOptionAsync(variables["mode"]); // decides which the others are
        foreach (var (key, value) in variables)
        {
            if (await Page.Locator($"select#field-variables-{key}").CountAsync() > 0)
                await Page.Locator($"#field-variables-{key}").SelectOptionAsync(value);
            else
                await FillAsync(key, value);
        }

        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new($"[0-9]+ · {name}") }).WaitForAsync();
        var id = Regex.Match(Page.Url, "/tasks/([0-9]+)$").Groups[1].Value;
        await NextAsync("Information");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(Page.Locator(".ark-state")).ToHaveTextAsync("confirmed");
        return id;
    }

    /// <summary>Ticks components, leaves counts and parameters as the catalogue has them, and allocates addresses where the mode has some to give.</summary>
    public async Task DesignAsync(string purpose, params IEnumerable<string> components)
    {
        await NextAsync("Components");
        await Page.GetByLabel("Purpose").SelectOptionAsync(purpose);
        foreach (var component in components)
            await Page.GetByLabel(new Regex($"^{component}\\b")).CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Page.GetByText("Saved.").WaitForAsync();
        await NextAsync("Addresses");
        var allocate = Page.GetByRole(AriaRole.Button, new() { Name = "Allocate addresses" });
        if (await allocate.CountAsync() > 0)
        {
            await allocate.ClickAsync();
            await Page.GetByText("instances have their addresses").WaitForAsync();
        }

        await NextAsync("Details");
    }

    /// <summary>Makes the package and downloads <c>task_ID.tgz</c> and <c>ark.properties</c> into the folder.</summary>
    public async Task PackageAsync(string id, string folder)
    {
        await NextAsync("Package");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the package" }).ClickAsync();
        await Page.GetByText("Package 1 was made.").WaitForAsync();
        foreach (var file in (string[])[$"task_{id}.tgz", "ark.properties"])
        {
            var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = file, Exact = true }).ClickAsync());
            await download.SaveAsAsync(Path.Combine(folder, download.SuggestedFilename));
        }
    }

    private async Task NextAsync(string step)
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = $"Next: {step}" }).ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Level = 2, Name = step, Exact = true }).WaitForAsync();
        await LiveAsync();
    }

    private Task AtHomeAsync() => Page.GetByRole(AriaRole.Heading, new() { Name = "Deployment tasks" }).WaitForAsync();

    private Task LiveAsync() => Looks.LiveAsync(Page);
}
