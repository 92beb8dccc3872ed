namespace Ark.Core.Sites;

/// <summary>One key with its value in a properties file.</summary>
public sealed record PropertyEntry
{
    public required string Key { get; init; }

    /// <summary>Escapes resolved, continuation lines joined.</summary>
    public required string Value { get; init; }

    /// <summary>The line of the key, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The value by the lines it stands on, so that a list can be written one item a line.</summary>
    public required IReadOnlyList<PropertyPiece> Pieces { get; init; }

    /// <summary>Where the written value begins and ends in the text, continuation lines included, line end excluded.</summary>
    internal (int Start, int End) Written { get; init; }

    /// <summary>False where neither <c>=</c>, <c>:</c> nor white space follows the key.</summary>
    internal bool HasSeparator { get; init; }
}

/// <summary>The part of a value that stands on one line.</summary>
public sealed record PropertyPiece(string Text, int Line);

/// <summary>
/// A file in the syntax of Java's properties: comments with <c>#</c> and <c>!</c>; <c>key=value</c>, <c>key:value</c>, <c>key value</c>; a line
/// that ends in an odd number of backslashes goes on in the next; <c>\t \n \r \f \uXXXX</c>. Other than Java it wants each key once.
/// </summary>
public sealed record PropertiesText
{
    /// <summary>Bytes in UTF-8 above which a file is refused.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>In the order of the file; a repeated key stands here repeatedly.</summary>
    public required IReadOnlyList<PropertyEntry> Entries { get; init; }

    /// <summary>What is wrong with the syntax, in the order of the lines.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>The value that counts: as in Java, the last.</summary>
    public PropertyEntry? Find(string key) => Entries.LastOrDefault(e => e.Key == key);

    /// <summary>Reads <paramref name="text"/>. Never throws; <paramref name="path"/> stands in the problems' places.</summary>
    public static PropertiesText Parse(string text, string path)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            var tooBig = new Problem("file-too-big", path, $"The file is larger than {MaxBytes >> 20} MB, which no properties file is.", "check that it is the right file");
            return new() { Entries = [], Problems = [tooBig] };
        }

        return new PropertiesScan(text, path).Read();
    }
}
