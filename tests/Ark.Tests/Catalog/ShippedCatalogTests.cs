using System.Text.RegularExpressions;
using Ark.Core.Catalog;
using Ark.Remote.Files;
using Xunit;

namespace Ark.Tests.Catalog;

/// <summary>The catalogue that is shipped, and the one component that the guide adds to it.</summary>
public sealed partial class ShippedCatalogTests
{
    private static readonly string Root = FindRoot(AppContext.BaseDirectory);

    [Fact]
    public async Task Every_baseline_is_sound_without_a_warning()
    {
        var files = await CatalogFolder.ReadAsync(Path.Combine(Root, "catalog"), TestContext.Current.CancellationToken);
        var names = BaselineReader.Names(files.Value!);
        Assert.Contains("open-3.1", names);
        foreach (var name in names)
            Assert.Equal("", string.Join('\n', BaselineReader.Read(files.Value!, name).Problems));
    }

    [Fact]
    public async Task The_component_of_the_guide_is_sound()
    {
        var files = new Dictionary<string, string>((await CatalogFolder.ReadAsync(Path.Combine(Root, "catalog"), TestContext.Current.CancellationToken)).Value!);
        var guide = File.ReadAllText(Path.Combine(Root, "docs/guide/write-a-component.md"));
        var written = GuideFile().Matches(guide).Select(m => (Path: m.Groups["path"].Value, Text: m.Groups["text"].Value)).ToList();
        foreach (var (path, text) in written.Where(w => w.Path.StartsWith("catalog/", StringComparison.Ordinal)))
            files[path["catalog/".Length..]] = text;
        files["open-3.1/baseline.yaml"] = files["open-3.1/baseline.yaml"].Replace("components: [cache]", "components: [cache, memcache]", StringComparison.Ordinal);

        var read = BaselineReader.Read(files, "open-3.1");
        Assert.Equal("", string.Join('\n', read.Problems));
        var image = read.Value!.Find("memcache")!.Container.Image;
        Assert.Contains($"images/{image}/Dockerfile", written.Select(w => w.Path));
    }

    /// <summary>A file as the guide shows it: its path in a line of its own, then its text.</summary>
    [GeneratedRegex(@"^`(?<path>[a-z][^`]*)`:\n\n```[a-z]*\n(?<text>.*?\n)```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex GuideFile();

    private static string FindRoot(string folder) => File.Exists(Path.Combine(folder, "Ark.slnx")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);
}
