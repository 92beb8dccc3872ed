using Ark.Console.Output;
using Ark.Console.Texts;
using Ark.Core.Checks;
using Ark.Testing;
using Ark.Testing.Checks;
using Ark.Web.Tests.Hosts;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>The page that <c>ark check --format html</c> writes, in a real browser: from a file, without any network.</summary>
public sealed class CheckPageTests(Chromium chromium)
{
    private const string Long = "net.ipv4.conf.all.rp_filter=1 in /etc/sysctl.d/99-averyveryverylongnamewithoutanyplacetobreakitinto.conf, and again in /usr/lib/sysctl.d/50-another.conf";

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task It_is_readable_light_and_dark_wide_and_narrow_and_prints_on_A4(string language)
    {
        List<string> findings = [];
        var folder = Directory.CreateDirectory(Path.Combine(Clone.Root, ".ark/screenshots")).FullName;
        var file = Path.Combine(folder, $"check-{language}.html");
        await File.WriteAllTextAsync(file, Write(language), TestContext.Current.CancellationToken);
        var page = await chromium.OpenAsync("file://" + folder);
        Looks.Watch(page, "file://", findings);
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            foreach (var width in (int[])[1280, 768, 375])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.EmulateMediaAsync(new() { ColorScheme = scheme, Media = Media.Screen });
                await page.GotoAsync("file://" + file);
                if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth")) findings.Add($"{language} is wider than {width} pixels");
                findings.AddRange((await Looks.AxeAsync(page)).Select(v => $"{language} {scheme} {width}: {v}"));
                await Looks.PictureAsync(page, $"check-{language}-{scheme}-{width}");
            }
        }

        // On paper it is light, whatever the person's browser is.
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark, Media = Media.Print });
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await page.SetViewportSizeAsync(688, 900); // what A4 leaves between the margins
        await Looks.PictureAsync(page, $"check-{language}-print");
        await page.PdfAsync(new() { Path = Path.Combine(folder, $"check-{language}.pdf"), PreferCSSPageSize = true, PrintBackground = true });
        await page.Context.CloseAsync();
        Assert.Empty(findings);
    }

    private static string Write(string language)
    {
        Text.Language = Text.Parse(language);
        var scope = Spoiled();
        Check[] checks =
        [
            .. CheckCatalog.All,
            Check.Of("long-words", 9, CheckGroup.Kernel, "Words that are long do not widen the page", m => m.Limits, (_, m, _) => m.Machine == HealthySite.First
                ? Check.Fail($"{m.Machine}: {Long}", "0 or 2", "Strict reverse-path filtering drops what comes in by another way.", $"ssh deploy@{m.Machine} sudo sysctl -w net.ipv4.conf.all.rp_filter=2")
                : Check.Pass("0")),
            Check.Of("a-warning", null, CheckGroup.Limits, "A warning looks like one", m => m.Limits, (_, m, _) => m.Machine == HealthySite.First ? Check.Warn("1024", "65536", "Few files.", "ulimit -n 65536") : Check.Pass("65536")),
        ];
        var report = CheckReport.Of(scope, checks);
        return CheckPage.Write(report, FoldedCheck.Of(report, checks), scope.Site, all: false);
    }

    /// <summary>A site with a fault of nearly every kind at once, and a machine that was not reached.</summary>
    private static CheckScope Spoiled()
    {
        var faults = CheckCases.All.Where(c => c.Key != "machine-answers").OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Value[0]);
        var lost = Spoil.Machine(m => new() { Machine = m.Machine, At = m.At, Unreached = new("ssh-timeout", m.Machine, "Nothing answered on port 22 within 30 s.", "check that the machine is on and no firewall drops port 22: ping " + m.Machine) }, HealthySite.Third);
        return lost(faults.Aggregate(HealthySite.Scope, (scope, fault) => fault.Spoil(scope)));
    }
}
