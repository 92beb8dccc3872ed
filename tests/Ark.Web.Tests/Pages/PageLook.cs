using System.Text.RegularExpressions;
using Ark.Testing;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Ark.Web.Tests.Pages;

/// <summary>Looks at a page in both themes and widths: axe, overflow and a picture each. What is found is told at the end.</summary>
public sealed class PageLook
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly List<string> _findings = [];

    public IReadOnlyList<string> Findings => _findings;

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });

    /// <summary>Errors of the page, and requests that leave the host, are findings.</summary>
    public void Watch(IPage page, string url)
    {
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(url, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith($"blob:{url}", StringComparison.Ordinal))
                _findings.Add($"a request to {request.Url}");
        };
        page.PageError += (_, error) => _findings.Add($"an error on {page.Url}: {error}");
    }

    public async Task LookAsync(IPage page, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Clone.Root, ".ark/screenshots")).FullName;
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        foreach (var theme in (string[])["light", "dark"])
        {
            foreach (var width in (int[])[1280, 375])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{theme}-{width}.png"), FullPage = true });
                if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
                    _findings.Add($"{name} is wider than {width} pixels");
                var found = await page.RunAxe();
                _findings.AddRange(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{name} {theme} {width}: {v.Id}: {v.Help}: {v.Nodes[0].Html}"));
            }

            await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^(Dark|深色)$") }).ClickAsync();
            await Assertions.Expect(page.Locator($"header button[aria-pressed={(theme == "light" ? "true" : "false")}]")).ToBeVisibleAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        }

        await page.SetViewportSizeAsync(1280, 900);
    }
}
