using Ark.Core.Catalog;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Catalog;

/// <summary>Whatever an author writes is a problem with a place, never a crash.</summary>
public sealed class BrokenFilesTests
{
    private static readonly string[] Pieces =
    [
        "", ":", "- ", "[", "]", "{", "}", "\n", "'", "\"", "0", "-1", "99999999999", "null", "true", "a b", "{{", "}}", "{% if x %}", "{% endfor %}", "(", "1G", "5s",
        "[]", "{}", "~", "$", "${A}", "../", "x", "secret", "choice", "duration",
    ];

    private static readonly Gen<string[]> Lines = Gen.Select(
        Gen.Int[0, 200], Gen.Int[0, 200], Gen.Int[0, Pieces.Length - 1], Gen.Int[0, 3]).Select(e => new[] { $"{e.Item1}", $"{e.Item2}", Pieces[e.Item3], $"{e.Item4}" });

    /// <summary>Drops a line, repeats it elsewhere, puts a piece for its value, or into its middle.</summary>
    private static string Edit(string text, string[] edit)
    {
        var lines = text.Split('\n').ToList();
        var (at, to) = (int.Parse(edit[0], System.Globalization.CultureInfo.InvariantCulture) % lines.Count, int.Parse(edit[1], System.Globalization.CultureInfo.InvariantCulture) % lines.Count);
        switch (edit[3])
        {
            case "0": lines.RemoveAt(at); break;
            case "1": lines.Insert(to, lines[at]); break;
            case "2": lines[at] = lines[at].Split(':')[0] + ": " + edit[2]; break;
            default: lines[at] = lines[at].Insert(Math.Min(to, lines[at].Length), edit[2]); break;
        }

        return lines.Count == 0 ? " " : string.Join('\n', lines);
    }

    [Theory]
    [InlineData("open-3.1/components/cache/component.yaml")]
    [InlineData("open-3.1/components/cache/redis.conf.liquid")]
    [InlineData("open-3.1/baseline.yaml")]
    public void A_broken_baseline_is_read_to_problems(string file) =>
        Gen.Select(Lines, Lines).Sample((a, b) =>
        {
            var files = Samples.Sound();
            files[file] = Edit(Edit(files[file], a), b);
            var read = BaselineReader.Read(files, "open-3.1");
            Assert.True(read.Ok || read.Problems.Any(p => p.Severity == Severity.Error));
            Assert.All(read.Problems, p => Assert.NotEqual("", p.Place));
        }, iter: 300);

    [Fact]
    public void A_broken_Compose_file_is_converted_or_refused() =>
        Gen.Select(Lines, Lines).Sample((a, b) =>
        {
            var converted = ComposeConversion.Convert("compose.yaml", Edit(Edit(ComponentStarterTests.Compose, a), b), "shop");
            if (!converted.Ok)
                return;
            foreach (var component in converted.Value)
            {
                var files = Samples.Sound();
                files[$"open-3.1/components/{component.Name}/component.yaml"] = component.Text;
                Assert.DoesNotContain(BaselineReader.Read(files, "open-3.1").Problems, p => p.Code == "yaml-syntax");
            }
        }, iter: 300);
}
