using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Ark.Web.Tests.Hosts.Chromium))]

namespace Ark.Web.Tests.Hosts;

/// <summary>One real browser for all tests of a project, started when the first asks for it. Each test has a context of its own: cookies, windows.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly Lazy<Task<IBrowser>> _browser;
    private IPlaywright? _playwright;

    public Chromium() => _browser = new(StartAsync);

    /// <summary>A window 1280 pixels wide of somebody who reads English, at home at this address.</summary>
    public async Task<IPage> OpenAsync(string url)
    {
        var context = await (await _browser.Value).NewContextAsync(new() { Locale = "en-GB", BaseURL = url, ViewportSize = new() { Width = 1280, Height = 900 } });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_playwright is null)
            return;
        await (await _browser.Value).DisposeAsync();
        _playwright.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000); // as everything else that waits
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
    }
}
