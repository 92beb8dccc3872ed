using System.Text;
using Ark.Core.Yaml;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Yaml;

public sealed class YamlFileTests
{
    private static readonly string[] Additions = ["", ":", "- ", "[", "]", "{", "}", "\t", "\n", "'", "\"", "\\", "\0", "&", "*", "!", "%", "|", "#", "? ", "---\n", "\u2028"];

    private static string Said(YamlFile file) => string.Join('\n', file.Problems);

    private static YamlFile Read(string text, Action<YamlMap> map)
    {
        var file = YamlFile.Parse("f.yaml", text);
        if (file.Root is { } root)
            map(root);
        return file;
    }

    [Fact]
    public void Every_type_is_read_as_written()
    {
        var file = Read("""
            text: a b
            quoted: "3.1"
            number: 12
            fraction: 0.5
            yes: true
            size: 1.5K
            time: 1m30s
            list: [a, 2, true]
            """, root =>
        {
            Assert.Equal("a b", root.Need("text")?.String());
            Assert.Equal("3.1", root.Need("quoted")?.String());
            Assert.Equal(12, root.Need("number")?.Integer());
            Assert.Equal(0.5, root.Need("fraction")?.Number());
            Assert.True(root.Need("yes")?.Boolean());
            Assert.Equal(1536, root.Need("size")?.Size());
            Assert.Equal(TimeSpan.FromSeconds(90), root.Need("time")?.Duration());
            Assert.Equal(["a", "2", "true"], root.Need("list")!.Texts());
            root.Close();
        });
        Assert.Empty(file.Problems);
    }

    [Fact]
    public void All_problems_come_at_once_in_the_order_of_their_places()
    {
        var file = Read("""
            cuont: 3
            ports:
              - {name: a, port: many}
              - plain
            line: 3.1
            empty:
            on: yes
            """, root =>
        {
            root.Need("name")?.String();
            root.Get("count")?.Integer();
            foreach (var port in root.Get("ports")!.Maps())
            {
                port.Need("name")?.String();
                port.Need("port")?.Integer(1, 65535);
                port.Close();
            }

            root.Get("line")?.String();
            root.Get("empty")?.String();
            root.Get("on")?.Boolean();
            root.Close();
        });
        Assert.Equal("""
            f.yaml:1:1: The file has no 'name'. [missing-key] → add 'name:'
            f.yaml:1:1: The file knows no key 'cuont'. [unknown-key] → did you mean 'count'? (known here: name, count, ports, line, empty, on)
            f.yaml:3:21: 'ports[0].port' must be a whole number, not 'many'. [wrong-type]
            f.yaml:4:5: 'ports[1]' must be a map (key: value), not the text 'plain'. [wrong-type]
            f.yaml:5:7: 'line' must be text, not '3.1'. [wrong-type] → set it in quotes: "3.1"
            f.yaml:6:7: 'empty' must be text; it is empty. [wrong-type] → write the value, or leave the key out
            f.yaml:7:5: 'on' must be true or false, not 'yes'. [wrong-type] → write true or false, without quotes
            """, Said(file));
    }

    [Fact]
    public void A_billion_laughs_are_refused_at_each_anchor_and_alias()
    {
        var file = Read("""
            a: &a [ha, ha]
            b: &b [*a, *a]
            c: [*b, *b]
            """, root => root.Get("c")!.Texts());
        Assert.Equal(
            ["yaml-anchor 1:4", "yaml-anchor 2:4", "yaml-alias 2:8", "yaml-alias 2:12", "yaml-alias 3:5", "yaml-alias 3:9"],
            file.Problems.Select(p => $"{p.Code} {p.Place["f.yaml:".Length..]}"));
    }

    [Fact]
    public void Tags_merge_keys_and_further_documents_are_refused()
    {
        var file = Read("a: !!int 3\nb: !exec x\n---\nc: 1\n", root => root.Get("a"));
        Assert.Equal(["yaml-tag", "yaml-tag", "yaml-documents"], file.Problems.Select(p => p.Code));
    }

    [Fact]
    public void A_key_that_stands_twice_is_named_with_its_first_line()
    {
        var file = Read("a: 1\nb: 2\na: 3\n", root => Assert.Equal(1, root.Get("a")?.Integer()));
        Assert.Equal("f.yaml:3:1: 'a' stands twice: first in line 1. [duplicate-key] → keep one of them", Said(file));
    }

    [Theory]
    [InlineData("", "yaml-empty f.yaml:1:1")]
    [InlineData("# only a comment\n", "yaml-empty f.yaml:1:1")]
    [InlineData("- a\n- b\n", "wrong-type f.yaml:1:1")]
    [InlineData("just text", "wrong-type f.yaml:1:1")]
    [InlineData("a: [1, 2\nb: 3\n", "yaml-syntax f.yaml:1:6")]
    [InlineData("a: 1\n\tb: 2\n", "yaml-syntax f.yaml:2:1")]
    [InlineData("a: \"open\n", "yaml-syntax f.yaml:1:4")]
    [InlineData("a: 1\n  b: 2\n", "yaml-syntax f.yaml:2:4")]
    public void What_is_no_map_has_no_root_but_a_place(string text, string said)
    {
        var file = YamlFile.Parse("f.yaml", text);
        Assert.Null(file.Root);
        Assert.Equal(said, string.Join('\n', file.Problems.Select(p => $"{p.Code} {p.Place}")));
    }

    [Fact]
    public void A_broken_file_is_a_problem_and_never_a_crash()
    {
        const string whole = "a: [1, {b: 'c'}]\nd: |\n  text\n\n  more\n\"e\": \"x\\u00e9\"\nf:\n- g: &h >-\n    folded\n- *h\n- !!t {? i : j, k}\n";
        var edit = Gen.Select(Gen.Int[0, whole.Length], Gen.Int[0, 6], Gen.Int[0, Additions.Length - 1]);
        Gen.Select(edit, edit, edit).Sample((a, b, c) =>
        {
            var text = new[] { a, b, c }.Aggregate(whole, (t, e) => Edit(t, e.Item1, e.Item2, Additions[e.Item3]));
            var file = YamlFile.Parse("f.yaml", text);
            Assert.True(file.Root is not null || file.Problems.Count > 0, text);
            Assert.All(file.Problems, p => Assert.StartsWith("f.yaml:", p.Place, StringComparison.Ordinal));
        }, iter: 3_000);

        static string Edit(string text, int at, int drop, string add)
        {
            at = Math.Min(at, text.Length);
            return text[..at] + add + text[Math.Min(text.Length, at + drop)..];
        }
    }

    [Fact]
    public void Too_long_a_text_is_not_even_scanned() =>
        Assert.Equal("yaml-too-big", Assert.Single(YamlFile.Parse("f", "a: " + new string('x', 1 << 20)).Problems).Code);

    [Fact]
    public void Too_many_values_are_refused() =>
        Assert.Equal("yaml-too-big", Assert.Single(YamlFile.Parse("f", "a: [" + string.Concat(Enumerable.Repeat("1,", 60_000)) + "1]").Problems).Code);

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Too_deep_a_nesting_is_refused_before_the_stack_feels_it(string opening) =>
        Assert.Equal("yaml-too-deep", Assert.Single(YamlFile.Parse("f", string.Concat(Enumerable.Repeat(opening, 100_000))).Problems).Code);

    [Fact]
    public void Problems_end_at_a_limit_so_that_a_bad_file_floods_nobody()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 2000; i++)
            text.Append("key").Append(i).Append(": 1\n");
        var file = YamlFile.Parse("f", text.ToString(), new YamlLimits(Problems: 20));
        file.Root!.Close();
        Assert.Equal(20, file.Problems.Count);
    }

    [Fact]
    public void Control_characters_of_a_value_do_not_reach_the_terminal()
    {
        var file = Read("a: \"\\e[31mred\\n\"\n", root => root.Get("a")?.OneOf("x"));
        Assert.DoesNotContain('\u001b', Said(file));
        Assert.DoesNotContain('\n', Said(file));
    }

    [Fact]
    public void A_place_inside_a_text_is_found_in_every_kind_of_scalar()
    {
        var file = YamlFile.Parse("f.yaml", "plain: abcdef\nquoted: 'abc'\nblock: |\n    first\n    second\nnested:\n  list: [x, \"yz\"]\n");
        Assert.Equal("f.yaml:1:10", file.PlaceInside("plain", 1, 3).ToString());
        Assert.Equal("f.yaml:2:11", file.PlaceInside("quoted", 1, 2).ToString());
        Assert.Equal("f.yaml:5:8", file.PlaceInside("block", 2, 4).ToString());
        Assert.Equal("f.yaml:7:15", file.PlaceInside("nested.list[1]", 1, 2).ToString());
        Assert.Equal("f.yaml:7:9", file.PlaceOf("nested.list[7].none").ToString());
    }

    [Theory]
    [InlineData("no", "no")]
    [InlineData("NaN", "NaN")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("12h", "12h")]
    public void Words_that_no_reader_takes_for_a_number_are_text(string written, string read) =>
        Assert.Empty(Read("a: " + written, root => Assert.Equal(read, root.Get("a")?.String())).Problems);

    [Theory]
    [InlineData("1")]
    [InlineData("1e3")]
    [InlineData("0x1f")]
    [InlineData("true")]
    [InlineData("~")]
    public void What_other_readers_take_for_a_number_needs_quotes(string written) =>
        Assert.Equal("wrong-type", Assert.Single(Read("a: " + written, root => Assert.Null(root.Get("a")?.String())).Problems).Code);

    [Fact]
    public void A_number_beyond_its_limits_says_the_limits()
    {
        var file = Read("a: 70000\nb: 99999999999999999999\n", root =>
        {
            root.Get("a")?.Integer(1, 65535);
            root.Get("b")?.Integer(1);
        });
        Assert.Equal("""
            f.yaml:1:4: 'a' must be between 1 and 65535, not 70000. [out-of-range]
            f.yaml:2:4: 'b' must be a whole number, not '99999999999999999999'. [wrong-type]
            """, Said(file));
    }
}
