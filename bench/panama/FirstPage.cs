using Microsoft.Playwright;

namespace Ark.Bench.Panama;

/// <summary>
/// How long a new browser takes, with nothing in its cache, from the navigation until the page does what one wants of it: takes a name at the sign-in; answers a
/// click in the list of tasks, which takes the connection to the server.
/// </summary>
internal static class FirstPage
{
    public const string Password = "correct horse battery";

    private static readonly string[] Arguments = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private const string Typed = """
        () => new Promise(resolve => {
          const wait = () => {
            const field = document.querySelector('#name');
            if (!field || document.readyState === 'loading') return setTimeout(wait, 5);
            field.focus();
            if (document.activeElement !== field) return setTimeout(wait, 5);
            resolve(performance.now());
          };
          wait();
        })
        """;

    private const string Clicked = """
        () => new Promise(resolve => {
          let before;
          const wait = () => {
            const button = document.querySelector('header button[aria-pressed]');
            if (!button) return setTimeout(wait, 5);
            before ??= button.getAttribute('aria-pressed');
            if (button.getAttribute('aria-pressed') !== before) return resolve(performance.now());
            button.click();
            setTimeout(wait, 10);
          };
          wait();
        })
        """;

    public static async Task<IReadOnlyList<Measured>> MeasureAsync(string url, int rounds)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
        List<double> signIn = [], list = [];
        for (var round = 0; round <= rounds; round++) // the first is not counted
        {
            await using var context = await chromium.NewContextAsync(new() { Locale = "en-GB", BaseURL = url });
            var page = await context.NewPageAsync();
            await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
            signIn.Add(await page.EvaluateAsync<double>(Typed));
            await page.GetByLabel("Account name").FillAsync("everybody");
            await page.GetByLabel("Password").FillAsync(Password);
            await page.Keyboard.PressAsync("Enter");
            await page.GetByRole(AriaRole.Heading, new() { Name = "Deployment tasks" }).WaitForAsync();

            await using var fresh = await chromium.NewContextAsync(new() { Locale = "en-GB", BaseURL = url, StorageState = await context.StorageStateAsync() });
            var tasks = await fresh.NewPageAsync();
            await tasks.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
            list.Add(await tasks.EvaluateAsync<double>(Clicked));
        }

        return [Figures.Of("sign-in page", [.. signIn.Skip(1)]), Figures.Of("task list page", [.. list.Skip(1)])];
    }
}
