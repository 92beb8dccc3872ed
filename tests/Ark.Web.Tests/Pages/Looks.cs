using Ark.Testing;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Ark.Web.Tests.Pages;

/// <summary>How tests look at pages; what is wrong goes into a list that is told at the end.</summary>
public static class Looks
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        Assertions.SetDefaultExpectTimeout(30_000); // as everything else that waits
        return playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
    }

    /// <summary>Finds requests to elsewhere, and errors of scripts.</summary>
    public static void Watch(IPage page, string url, List<string> findings)
    {
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(url, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith($"blob:{url}", StringComparison.Ordinal))
                findings.Add($"a request to {request.Url}");
        };
        page.PageError += (_, error) => findings.Add($"an error on {page.Url}: {error}");
    }

    /// <summary>Waits until the page is live: before it takes no input.</summary>
    public static Task LiveAsync(IPage page) => page.Locator("main:not([inert])").WaitForAsync();

    /// <summary>axe, and a picture in both themes and widths; what axe finds is told at the end.</summary>
    public static async Task AtAsync(IPage page, string name, List<string> findings)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Clone.Root, ".ark/screenshots")).FullName;
        await LiveAsync(page);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        foreach (var theme in (string[])["light", "dark"])
        {
            foreach (var width in (int[])[1280, 375])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{theme}-{width}.png"), FullPage = true });
                if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
                    findings.Add($"{name} is wider than {width} pixels");
                if ((theme, width) == ("dark", 375))
                    continue; // colours and layout were judged by then, each once
                var found = await page.RunAxe();
                findings.AddRange(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{name} {theme} {width}: {v.Id}: {v.Help}: {v.Nodes[0].Html}"));
            }

            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Dark|深色)$") }).ClickAsync();
            await Assertions.Expect(page.Locator($"header button[aria-pressed={(theme == "light" ? "true" : "false")}]")).ToBeVisibleAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        }

        await page.SetViewportSizeAsync(1280, 900);
    }
}
