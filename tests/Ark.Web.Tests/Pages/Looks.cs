using Ark.Testing;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Ark.Web.Tests.Pages;

/// <summary>How tests look at pages; what is wrong goes into a list that is told at the end.</summary>
public static class Looks
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private static readonly bool Pictures = Environment.GetEnvironmentVariable("ARK_PICTURES") is { Length: > 0 };
    private static readonly DirectoryInfo Folder = Directory.CreateDirectory(Path.Combine(Clone.Root, ".ark/screenshots"));

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

    /// <summary>
    /// Judges a page by axe, wide and light, narrow and dark, and says where it is wider than the window. With <c>ARK_PICTURES=1</c> it is pictured in
    /// all four ways, in <c>.ark/screenshots</c>.
    /// </summary>
    public static async Task AtAsync(IPage page, string name, List<string> findings)
    {
        await LiveAsync(page);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        foreach (var theme in (string[])["light", "dark"])
        {
            foreach (var width in (int[])[1280, 375])
            {
                var judged = (theme, width) is ("light", 1280) or ("dark", 375); // colours and layout, each once
                if (!judged && !Pictures)
                    continue;
                await page.SetViewportSizeAsync(width, 900);
                if (Pictures)
                {
                    await page.EvaluateAsync("scrollTo(0, 0)"); // the bar at the top would stand in the middle
                    await page.ScreenshotAsync(new() { Path = Path.Combine(Folder.FullName, $"{name}-{theme}-{width}.png"), FullPage = true });
                }

                if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
                    findings.Add($"{name} is wider than {width} pixels");
                if (judged)
                    findings.AddRange((await AxeAsync(page)).Select(v => $"{name} {theme} {width}: {v}"));
            }

            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Dark|深色)$") }).ClickAsync();
            await Assertions.Expect(page.Locator($"header button[aria-pressed={(theme == "light" ? "true" : "false")}]")).ToBeVisibleAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        }

        await page.SetViewportSizeAsync(1280, 900);
    }

    /// <summary>What axe calls serious or critical. In the page itself: the pages have no frames, for which axe's own driver opens a window at each run.</summary>
    public static async Task<IReadOnlyList<string>> AxeAsync(IPage page)
    {
        if (await page.EvaluateAsync<bool>("window.axe === undefined"))
            await page.EvaluateAsync(Axe);
        return await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
                .filter(v => ['serious', 'critical'].includes(v.impact)).map(v => `${v.id}: ${v.help}: ${v.nodes[0].html}`)
            """);
    }

    /// <summary>A picture of the page as it is, if pictures are wanted.</summary>
    public static async Task PictureAsync(IPage page, string name)
    {
        if (Pictures)
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder.FullName, name + ".png"), FullPage = true });
    }
}
