using System.Text;

namespace Ark.Core.Sites;

/// <summary>Writes properties: single values into a file that stays otherwise as it is, byte for byte.</summary>
public static class PropertiesWriter
{
    /// <summary>
    /// The text with the value of <paramref name="key"/> replaced; the key, its separator, comments, all other lines and their ends stay.
    /// A key that stands repeatedly gets the value everywhere; one that is missing is added as a last line.
    /// </summary>
    public static string Set(string text, string key, string value)
    {
        var entries = PropertiesText.Parse(text, "").Entries.Where(e => e.Key == key).ToList();
        return entries.Count > 0
            ? entries.AsEnumerable().Reverse().Aggregate(text, (t, e) => Replace(t, e, value))
            : Append(text, key, value);
    }

    /// <summary>One line, without its end.</summary>
    public static string Line(string key, string value) => $"{EscapeKey(key)}={EscapeValue(value)}";

    private static string Replace(string text, PropertyEntry entry, string value) =>
        text[..entry.Written.Start] + (entry.HasSeparator ? "" : "=") + EscapeValue(value) + text[entry.Written.End..];

    private static string Append(string text, string key, string value)
    {
        var lineEnd = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : text.Contains('\r', StringComparison.Ordinal) && !text.Contains('\n', StringComparison.Ordinal) ? "\r" : "\n";
        var before = text.Length == 0 || text[^1] is '\n' or '\r' ? text : text + lineEnd;
        var entries = PropertiesText.Parse(text, "").Entries.Count;

        // Where the last line ends in a backslash it would swallow the new one: an empty line between them takes its place.
        for (var tries = 0; tries < 4; tries++, before += lineEnd)
        {
            var added = before + Line(key, value) + lineEnd;
            if (PropertiesText.Parse(added, "") is { Entries: { } all } && all.Count == entries + 1 && all[^1].Key == key)
                return added;
        }

        throw new ArgumentException("The text is no properties file that can be read.", nameof(text));
    }

    private static string EscapeKey(string key) => Escape(key, c => c is ' ' or '=' or ':' or '#' or '!');

    private static string EscapeValue(string value)
    {
        var escaped = Escape(value, _ => false);
        return value.StartsWith(' ') ? "\\" + escaped : escaped;
    }

    private static string Escape(string text, Func<char, bool> special)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => escaped.Append(@"\\"),
                '\t' => escaped.Append(@"\t"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\f' => escaped.Append(@"\f"),
                _ when special(c) => escaped.Append('\\').Append(c),
                _ when char.IsControl(c) => escaped.Append($"\\u{(int)c:X4}"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
