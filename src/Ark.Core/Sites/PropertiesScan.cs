using System.Globalization;
using System.Text;

namespace Ark.Core.Sites;

/// <summary>Goes once over the text of a properties file.</summary>
internal sealed class PropertiesScan(string text, string path)
{
    private readonly List<PropertyEntry> _entries = [];
    private readonly List<Problem> _problems = [];
    private readonly Dictionary<string, int> _lineOf = [];
    private int _at;
    private int _line = 1;

    public PropertiesText Read()
    {
        if (text.StartsWith('\uFEFF'))
            _at = 1;
        while (_at < text.Length)
        {
            SkipBlanks();
            if (_at >= text.Length)
                break;
            if (IsLineEnd(text[_at]))
                EndLine();
            else if (text[_at] is '#' or '!')
                SkipLine();
            else
                Entry();
        }

        return new() { Entries = _entries, Problems = _problems };
    }

    private void Entry()
    {
        var line = _line;
        var key = Key();
        var afterKey = _at;
        SkipBlanks();
        if (_at < text.Length && text[_at] is '=' or ':')
        {
            _at++;
            SkipBlanks();
        }

        var hasSeparator = _at > afterKey;
        var valueStart = _at;
        var pieces = Pieces();
        if (key.Length == 0 && !hasSeparator && pieces.TrueForAll(p => p.Text.Length == 0))
        {
            // Nothing but a backslash and an empty line after it.
            if (_at < text.Length)
                EndLine();
            return;
        }

        if (!_lineOf.TryAdd(key, line))
            Add("duplicate-key", line, $"The key {SiteFields.Show(key)} stands twice: first in line {_lineOf[key]}.", "keep one of them");
        var value = string.Concat(pieces.Select(p => p.Text));
        if (HasHalf(key) || HasHalf(value))
            Add("bad-escape", line, "Half a character stands in the line: one of the \\ud800 to \\udfff that stand for something in pairs only.", "write the character itself");
        _entries.Add(new()
        {
            Key = key,
            Value = value,
            Line = line,
            Pieces = pieces,
            Written = (valueStart, _at),
            HasSeparator = hasSeparator,
        });
        if (_at < text.Length)
            EndLine();
    }

    private string Key()
    {
        var key = new StringBuilder();
        while (_at < text.Length && !IsLineEnd(text[_at]) && !IsBlank(text[_at]) && text[_at] is not ('=' or ':'))
        {
            if (text[_at] != '\\')
                key.Append(Checked(text[_at++]));
            else if (!Continues())
                Escape(key);
        }

        return key.ToString();
    }

    /// <summary>Up to the end of the logical line, which is left where it is.</summary>
    private List<PropertyPiece> Pieces()
    {
        List<PropertyPiece> pieces = [];
        var piece = new StringBuilder();
        var line = _line;
        while (_at < text.Length && !IsLineEnd(text[_at]))
        {
            if (text[_at] != '\\')
            {
                piece.Append(Checked(text[_at++]));
            }
            else if (Continues())
            {
                pieces.Add(new(piece.ToString(), line));
                piece.Clear();
                line = _line;
            }
            else
            {
                Escape(piece);
            }
        }

        pieces.Add(new(piece.ToString(), line));
        return pieces;
    }

    /// <summary>At a backslash: where a line end follows, goes on to the next line's first sign.</summary>
    private bool Continues()
    {
        if (_at + 1 < text.Length && !IsLineEnd(text[_at + 1]))
            return false;
        _at++;
        if (_at < text.Length)
            EndLine();
        SkipBlanks();
        return true;
    }

    private void Escape(StringBuilder into)
    {
        var sign = text[_at + 1];
        _at += 2;
        if (sign == 'u')
        {
            into.Append(Unicode());
            return;
        }

        if (char.IsAsciiLetterOrDigit(sign) && sign is not ('t' or 'n' or 'r' or 'f'))
            Add("odd-escape", _line, "A backslash stands before a letter or digit without a meaning there; it is dropped.", @"write \\ where a backslash is meant", Severity.Warning);
        into.Append(sign switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', _ => sign });
    }

    private char Unicode()
    {
        var digits = text.AsSpan(_at, Math.Min(4, text.Length - _at));
        if (digits.Length == 4 && ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            _at += 4;
            if (code == 0)
                Add("control-character", _line, @"\u0000 is not allowed.", "take it out");
            return (char)code;
        }

        Add("bad-escape", _line, @"\u is not followed by four hexadecimal digits.", @"write \\u where a backslash and a u are meant");
        return '\uFFFD';
    }

    private char Checked(char c)
    {
        if (char.IsControl(c) && c is not ('\t' or '\f'))
            Add("control-character", _line, $"A control character (U+{(int)c:X4}) stands in the line.", "take it out; is it the right file?");
        return c;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && IsBlank(text[_at]))
            _at++;
    }

    private void SkipLine()
    {
        while (_at < text.Length && !IsLineEnd(text[_at]))
            _at++;
        if (_at < text.Length)
            EndLine();
    }

    private void EndLine()
    {
        _at += text[_at] == '\r' && _at + 1 < text.Length && text[_at + 1] == '\n' ? 2 : 1;
        _line++;
    }

    private void Add(string code, int line, string message, string remedy, Severity severity = Severity.Error)
    {
        // A file that is not text at all would bring one problem a character.
        if (_problems.Count < 200 && !_problems.Exists(p => p.Code == code && p.Place == $"{path}:{line}" && p.Message == message))
            _problems.Add(new(code, $"{path}:{line}", message, remedy, severity));
    }

    /// <summary>True where a surrogate stands without its other half.</summary>
    private static bool HasHalf(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return true;
        }

        return false;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\f';

    private static bool IsLineEnd(char c) => c is '\n' or '\r';
}
