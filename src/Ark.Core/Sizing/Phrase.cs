using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ark.Core.Sizing;

/// <summary>
/// A sentence with what varies in it kept apart, so that it can be said in another language. An interpolated string that is given where a phrase is
/// wanted becomes one: <c>$"row {name}"</c> has the pattern <c>row {0}</c>.
/// </summary>
[InterpolatedStringHandler]
public sealed class Phrase(int literalLength, int formattedCount)
{
    private readonly StringBuilder _pattern = new(literalLength + (formattedCount * 3));
    private readonly List<object> _parts = new(formattedCount);

    /// <summary>The English sentence with <c>{0}</c>, <c>{1}</c>… for what varies.</summary>
    public string Pattern => _pattern.ToString();

    /// <summary>What varies: texts, or phrases themselves.</summary>
    public IReadOnlyList<object> Parts => _parts;

    public static implicit operator Phrase(string text)
    {
        var phrase = new Phrase(text.Length, 0);
        phrase.AppendLiteral(text);
        return phrase;
    }

    public static Phrase Join(string separator, IEnumerable<Phrase> phrases)
    {
        var joined = new Phrase(0, 0);
        foreach (var phrase in phrases)
        {
            if (joined._parts.Count > 0)
                joined.AppendLiteral(separator);
            joined.Add(phrase);
        }

        return joined;
    }

    public void AppendLiteral(string text) => _pattern.Append(text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    public void AppendFormatted(Phrase phrase) => Add(phrase);

    public void AppendFormatted<T>(T value, string? format = null) =>
        Add((value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString()) ?? "");

    /// <param name="translate">The pattern in another language; null where it has none.</param>
    public string Say(Func<string, string?> translate) =>
        string.Format(CultureInfo.InvariantCulture, translate(Pattern) ?? Pattern, [.. _parts.Select(p => p is Phrase phrase ? phrase.Say(translate) : p)]);

    /// <summary>In English.</summary>
    public override string ToString() => Say(_ => null);

    private void Add(object part)
    {
        _pattern.Append('{').Append(_parts.Count.ToString(CultureInfo.InvariantCulture)).Append('}');
        _parts.Add(part);
    }
}
