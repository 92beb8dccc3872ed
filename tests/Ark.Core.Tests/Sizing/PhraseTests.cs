using Ark.Core.Sizing;
using Xunit;

namespace Ark.Core.Tests.Sizing;

public sealed class PhraseTests
{
    [Fact]
    public void A_sentence_keeps_apart_what_varies()
    {
        Phrase phrase = $"{40_000:N0} messages/s are {2L} × {"20,000"}";
        Assert.Equal(("{0} messages/s are {1} × {2}", "40,000 messages/s are 2 × 20,000"), (phrase.Pattern, phrase.ToString()));
    }

    [Fact]
    public void It_is_said_in_another_language_with_the_phrases_in_it()
    {
        Phrase inner = "shared by all products";
        var phrase = Phrase.Join(" + ", [$"{4} {(Phrase)"control"}", $"{8} {(Phrase)"mq"}"]);
        Assert.Equal("4 control + 8 mq", phrase.ToString());
        Phrase outer = $"{phrase}: {inner}";
        var words = new Dictionary<string, string> { ["control"] = "管控", ["shared by all products"] = "共用", ["{0} {1}"] = "{1} {0} 台" };
        Assert.Equal("管控 4 台 + mq 8 台: 共用", outer.Say(words.GetValueOrDefault));
    }

    [Fact]
    public void Braces_are_no_gaps()
    {
        Phrase phrase = $"{{x}} {1}";
        Assert.Equal("{x} 1", phrase.ToString());
    }

    [Fact]
    public void A_plan_says_the_same_in_both_forms()
    {
        foreach (var row in PublishedTables.Mixes)
        {
            var plan = Sizes.Plan(new() { Products = row.Products, Mode = row.Mode });
            Assert.All(plan.Numbers(), n => Assert.Equal(n.Why, n.Said.ToString()));
            Assert.All(plan.Outside, o => Assert.Equal(o.Why, o.Said.ToString()));
            Assert.All(plan.Notes, n => Assert.Equal(n.Text, n.Said.ToString()));
        }
    }
}
