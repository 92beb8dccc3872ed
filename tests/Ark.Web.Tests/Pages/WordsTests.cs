using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Ark.Core.Sites;
using Ark.Testing;
using Ark.Web.Languages;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>Every text exists in both languages.</summary>
public sealed partial class WordsTests
{
    private static readonly ResourceManager Panama = new("Ark.Panama.Words", typeof(Panama.PanamaHost).Assembly);

    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_gaps()
    {
        foreach (var words in (ResourceManager[])[Words.Web, Panama])
        {
            var (english, chinese) = (Read(words, CultureInfo.InvariantCulture), Read(words, new(LanguageSetup.Chinese)));
            Assert.Equal(english.Keys.Order(), chinese.Keys.Order());
            Assert.All(english, text => Assert.Equal(Gaps(text.Value), Gaps(chinese[text.Key])));
        }
    }

    [Fact]
    public void Every_text_that_a_page_asks_for_is_there()
    {
        var known = Read(Words.Web, CultureInfo.InvariantCulture).Keys.Concat(Read(Panama, CultureInfo.InvariantCulture).Keys).ToHashSet();
        var asked = Directory.EnumerateFiles(Path.Combine(Clone.Root, "src"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(f => Asked().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).ToList();
        Assert.NotEmpty(asked);
        Assert.DoesNotContain(asked, key => !known.Contains(key));
        Assert.DoesNotContain(SiteProperty.All, p => p.Key is not ("schema" or "aliware_version" or "domain" or "task_id") && !known.Contains($"property.{p.Key}"));
    }

    [Fact]
    public void Every_problem_that_the_variables_can_have_is_said_in_Chinese()
    {
        var known = Read(Words.Web, new(LanguageSetup.Chinese)).Keys.Concat(Read(Panama, new(LanguageSetup.Chinese)).Keys).ToHashSet();
        var codes = Directory.EnumerateFiles(Path.Combine(Clone.Root, "src/Ark.Core/Sites"), "*.cs")
            .SelectMany(f => Code().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct().ToList();
        Assert.NotEmpty(codes);
        Assert.DoesNotContain(codes, c => !known.Contains($"problem.{c}"));
    }

    private static Dictionary<string, string> Read(ResourceManager words, CultureInfo culture) =>
        words.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    private static string Gaps(string text) => string.Join(" ", Gap().Matches(text).Select(m => m.Value).Order());

    [GeneratedRegex("""\bT\["([A-Za-z.-]+)"[\],]""")]
    private static partial Regex Asked();

    [GeneratedRegex("""(?:Add|Problem)\("([a-z]+(?:-[a-z]+)+)",""")]
    private static partial Regex Code();

    [GeneratedRegex(@"\{[0-9]\}")]
    private static partial Regex Gap();
}
