using Ark.Core.Checks;

namespace Ark.Console.Texts;

/// <summary>
/// What checks say, in Chinese. The English text that a check writes is the key, so checks know nothing of it; what has no translation is said in English.
/// The pairs stand in <c>CheckSentences.zh-CN.txt</c>.
/// </summary>
public static class CheckSentences
{
    private const string Common = "Common", Fixes = "Fixes", Talk = "Talk", Placement = "Placement";

    /// <summary>What separates sentences and parts of lists, the strongest first, and what stands there in Chinese.</summary>
    private static readonly (string English, string Chinese)[] Separators = [(". ", ""), ("; ", "；"), (", ", "，")];

    private static readonly Lazy<IReadOnlyDictionary<string, IReadOnlyList<SentencePair>>> Groups = new(Load);

    /// <summary>All pairs by group, with those that hold for every check last; the longest first.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<SentencePair>> Pairs => Groups.Value;

    /// <summary>What a check of a group says.</summary>
    public static string Chinese(CheckGroup group, string text) => Say(Pairs[group.ToString()], text).Text;

    /// <summary>Why a machine was not reached, and what else is wrong beside what checks find.</summary>
    public static string Chinese(string text) => Say(Pairs[Talk], text).Text;

    /// <summary>Why a task finds no place on the machines.</summary>
    public static string OfPlacement(string text) => Say(Pairs[Placement], text).Text;

    /// <summary>What a fix says of itself: parts between semicolons, each by itself, for some are settings that are the same in every language.</summary>
    public static string OfFix(string words) => string.Join('；', words.Split("; ").Select(part => Say(Pairs[Fixes], part).Text));

    private static Reading Say(IReadOnlyList<SentencePair> pairs, string text) => Read(pairs, text, 0) ?? new(text, 0);

    /// <summary>As a whole or part by part: of whichever more is known, the whole before the parts. Null: neither.</summary>
    /// <param name="level">The first separator that still counts.</param>
    private static Reading? Read(IReadOnlyList<SentencePair> pairs, string text, int level) =>
        pairs.Select(pair => pair.Read(text, part => Say(pairs, part))).Append(Parts(pairs, text, level)).Where(r => r is not null).MaxBy(r => r!.Value.Known);

    /// <summary>All parts between the first separator that stands in the text; null where there is none, or a part is not known.</summary>
    private static Reading? Parts(IReadOnlyList<SentencePair> pairs, string text, int level)
    {
        for (; level < Separators.Length; level++)
        {
            var (english, chinese) = Separators[level];
            if (!text.Contains(english, StringComparison.Ordinal)) continue;
            List<Reading> readings = [];
            var parts = text.Split(english);
            foreach (var (index, part) in parts.Index())
            {
                var ended = english[0] == '.' && index < parts.Length - 1 ? part + "." : part;
                if (Read(pairs, ended, level + 1) is not { } reading) return null;
                readings.Add(reading);
            }

            return new(string.Join(chinese, readings.Select(r => r.Text)), readings.Sum(r => r.Known) + (readings.Count - 1) * english.Length);
        }

        return null;
    }

    private static Dictionary<string, IReadOnlyList<SentencePair>> Load()
    {
        using var stream = typeof(CheckSentences).Assembly.GetManifestResourceStream("CheckSentences.zh-CN.txt") ?? throw new InvalidDataException("The Chinese sentences of checks are not in the program.");
        using var reader = new StreamReader(stream);
        var groups = Parse(reader.ReadToEnd());
        return new[] { Common, Fixes, Talk, Placement }.Concat(Enum.GetNames<CheckGroup>()).ToDictionary(
            name => name,
            name => (IReadOnlyList<SentencePair>)[.. groups[name].Concat(name == Common ? [] : groups[Common]).OrderByDescending(p => p.Length)]);
    }

    /// <summary>Lines of the file: a group in brackets, pairs of two lines, notes after <c>#</c>.</summary>
    private static ILookup<string, SentencePair> Parse(string text)
    {
        var lines = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToList();
        List<(string Group, SentencePair Pair)> pairs = [];
        var group = "";
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i] is ['[', .. var name, ']']) group = name;
            else pairs.Add((group, new(lines[i], lines[++i])));
        }

        return pairs.ToLookup(p => p.Group, p => p.Pair);
    }
}
