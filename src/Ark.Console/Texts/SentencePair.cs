using System.Text;

namespace Ark.Console.Texts;

/// <summary>
/// A sentence of Core's with its translation. <c>{0}</c>, <c>{1}</c>… stand for any text in the first, which goes over into the second: <c>{0} is not enabled</c>.
/// </summary>
public sealed class SentencePair
{
    private const string Word = ":word", Say = ":say";

    private readonly IReadOnlyList<Piece> _key;
    private readonly IReadOnlyList<Piece> _translation;

    /// <param name="key">What a check writes; <c>{0:word}</c>: one word, or several with commas.</param>
    /// <param name="translation"><c>{0:say}</c>: the text that stands there is translated too.</param>
    public SentencePair(string key, string translation)
    {
        (Key, Translation) = (key, translation);
        (_key, _translation) = (Pieces(key), Pieces(translation));
        Length = _key.Sum(p => p.Text.Length);
    }

    public string Key { get; }

    public string Translation { get; }

    /// <summary>How much of the key is text of its own.</summary>
    public int Length { get; }

    /// <summary>The translation of a text that the key fits, and how much of the text is known; otherwise null.</summary>
    /// <param name="say">Translates what is to be said too.</param>
    public Reading? Read(string text, Func<string, Reading> say)
    {
        if (Values(text) is not { } values) return null;
        var (said, known) = (new StringBuilder(), Length);
        foreach (var piece in _translation)
        {
            if (piece.Number is { } number)
            {
                var value = piece.Kind == Say ? say(values[number]) : new(values[number], 0);
                said.Append(value.Text);
                known += value.Known;
            }

            said.Append(piece.Text);
        }

        return new(said.ToString(), known);
    }

    /// <summary>What stands in the places, by number; each as short as can be, the last one takes what is left. Null where the key does not fit.</summary>
    private Dictionary<int, string>? Values(string text)
    {
        if (!text.StartsWith(_key[0].Text, StringComparison.Ordinal)) return null;
        Dictionary<int, string> values = [];
        var at = _key[0].Text.Length;
        for (var i = 1; i < _key.Count; i++)
        {
            var (number, kind, after) = _key[i];
            var end = i < _key.Count - 1 ? text.IndexOf(after, at, StringComparison.Ordinal) : text.EndsWith(after, StringComparison.Ordinal) ? text.Length - after.Length : -1;
            if (end < at || (kind == Word && !IsWord(text.AsSpan(at, end - at)))) return null;
            values[number!.Value] = text[at..end];
            at = end + after.Length;
        }

        return at == text.Length ? values : null;
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
            if (text[i] == ' ' && (i == 0 || text[i - 1] != ','))
                return false;
        return text.Length > 0;
    }

    /// <summary>The text before the first place, then each place with the text after it.</summary>
    private static List<Piece> Pieces(string sentence)
    {
        List<Piece> pieces = [];
        var (number, kind, from) = ((int?)null, "", 0);
        for (var open = sentence.IndexOf('{'); open >= 0; open = sentence.IndexOf('{', open + 1))
        {
            var close = sentence.IndexOf('}', open);
            if (close < 0 || open + 1 >= close || !char.IsAsciiDigit(sentence[open + 1]) || sentence[(open + 2)..close] is not ("" or Word or Say)) continue;
            pieces.Add(new(number, kind, sentence[from..open]));
            (number, kind, from) = (sentence[open + 1] - '0', sentence[(open + 2)..close], close + 1);
        }

        pieces.Add(new(number, kind, sentence[from..]));
        return pieces;
    }

    /// <param name="Number">Of the place; null: none stands before the text.</param>
    private sealed record Piece(int? Number, string Kind, string Text);
}

/// <param name="Known">How many letters of the original are text of pairs' own.</param>
public readonly record struct Reading(string Text, int Known);
