using Ark.Core.Sites;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Sites;

public sealed class PropertiesTextTests
{
    private static PropertiesText Parse(string text) => PropertiesText.Parse(text, "p");

    [Theory]
    [InlineData("k=v", "k", "v")]
    [InlineData("k:v", "k", "v")]
    [InlineData("k v", "k", "v")]
    [InlineData("k\tv", "k", "v")]
    [InlineData("  k  =  v w ", "k", "v w ")]
    [InlineData("k = = v", "k", "= v")]
    [InlineData("k", "k", "")]
    [InlineData("k=", "k", "")]
    [InlineData(@"a\ b\=c=d", "a b=c", "d")]
    [InlineData(@"k=a\tb\nc\\d\u00e9", "k", "a\tb\nc\\dé")]
    [InlineData("k=a\\\n   b", "k", "ab")]
    [InlineData("k=a\\\r\n   b", "k", "ab")]
    [InlineData("k=a\\\\\nz=1", "k", "a\\")]
    [InlineData("k=a\\", "k", "a")]
    [InlineData("k=a\\\n#b", "k", "a#b")]
    [InlineData("\uFEFFk=v", "k", "v")]
    [InlineData("k=a#b", "k", "a#b")]
    public void An_entry_is_read_as_Java_reads_it(string text, string key, string value)
    {
        var entry = Parse(text).Entries[0];
        Assert.Equal((key, value), (entry.Key, entry.Value));
        Assert.Empty(Parse(text).Problems);
    }

    [Fact]
    public void Comments_and_empty_lines_count_as_lines_only()
    {
        var entries = Parse("# one\n! two \\\n\n  \r\n  # three\rk=v\r\nl=\\\n  1\\\n  2\nm=3").Entries;
        Assert.Equal([("k", 6), ("l", 7), ("m", 10)], entries.Select(e => (e.Key, e.Line)));
        Assert.Equal([("", 7), ("1", 8), ("2", 9)], entries[1].Pieces.Select(p => (p.Text, p.Line)));
    }

    [Fact]
    public void Every_fault_of_the_syntax_is_listed_with_its_line()
    {
        var problems = Parse("a=1\nb=\\u12\na=2\nc=\u0001\nd=\\q").Problems;
        Assert.Equal(
            [("bad-escape", "p:2"), ("duplicate-key", "p:3"), ("control-character", "p:4"), ("odd-escape", "p:5")],
            problems.Select(p => (p.Code, p.Place)));
        Assert.Equal(Severity.Warning, problems[3].Severity);
    }

    [Fact]
    public void A_file_above_one_megabyte_is_refused()
    {
        var text = Parse("k=" + new string('é', PropertiesText.MaxBytes / 2));
        Assert.Empty(text.Entries);
        Assert.Equal("file-too-big", Assert.Single(text.Problems).Code);
        Assert.Empty(Parse("k=" + new string('é', (PropertiesText.MaxBytes / 2) - 1)).Problems);
    }

    [Theory]
    [InlineData("a=1\r\n  pass : old\\\r\n   er  \r\n# end", "a=1\r\n  pass : new\r\n# end")]
    [InlineData("pass", "pass=new")]
    [InlineData("pass=\nb=2\n", "pass=new\nb=2\n")]
    [InlineData("pass\nb=2\n", "pass=new\nb=2\n")]
    [InlineData("a=1", "a=1\npass=new\n")]
    [InlineData("a=1\r\n", "a=1\r\npass=new\r\n")]
    [InlineData("a=1\\\n", "a=1\\\n\npass=new\n")]
    [InlineData("a=1\\\n\\", "a=1\\\n\\\n\npass=new\n")]
    [InlineData("a=1\n\\", "a=1\n\\\npass=new\n")]
    [InlineData("a=1\\\r", "a=1\\\r\rpass=new\r")]
    [InlineData("", "pass=new\n")]
    public void Setting_a_value_leaves_all_else_as_it_was(string before, string after) =>
        Assert.Equal(after, PropertiesWriter.Set(before, "pass", "new"));

    [Fact]
    public void What_is_written_is_read_back()
    {
        Gen.Select(Gen.String[1, 12], Gen.String[0, 20]).Sample((key, value) =>
        {
            if (key.Contains('\0') || value.Contains('\0'))
                return;
            var entry = Assert.Single(Parse(PropertiesWriter.Line(key, value)).Entries);
            Assert.Equal((key, value), (entry.Key, entry.Value));
        });
    }

    [Fact]
    public void Any_text_is_read_to_its_end_and_any_value_can_be_set_in_it()
    {
        Gen.Select(Gen.Char["ab=: \\\n\r#!u0\t"].Array[0, 40].Select(c => new string(c)), Gen.Char.AlphaNumeric.Array[1, 5].Select(c => new string(c)))
            .Sample((text, value) =>
            {
                var old = Parse(text);
                var set = Parse(PropertiesWriter.Set(text, "zz", value));
                Assert.Equal(value, set.Find("zz")!.Value);
                Assert.Equal(old.Entries.Select(e => (e.Key, e.Value)), set.Entries.SkipLast(1).Select(e => (e.Key, e.Value)));
            });
    }
}
