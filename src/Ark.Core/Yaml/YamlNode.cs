namespace Ark.Core.Yaml;

/// <summary>What was read, before anybody says what type it should have.</summary>
internal abstract record YamlNode(string Path, YamlPlace Place);

internal sealed record YamlMapping(string Path, YamlPlace Place, IReadOnlyList<(string Key, YamlPlace KeyPlace, YamlNode Value)> Entries)
    : YamlNode(Path, Place);

internal sealed record YamlSequence(string Path, YamlPlace Place, IReadOnlyList<YamlNode> Items) : YamlNode(Path, Place);

/// <summary>Something whose problem is already reported: no further one is.</summary>
internal sealed record YamlRefused(string Path, YamlPlace Place) : YamlNode(Path, Place);

internal enum ScalarForm { Plain, Quoted, Block }

/// <param name="BlockIndent">Columns before the text of a block scalar.</param>
internal sealed record YamlScalar(string Path, YamlPlace Place, string Text, ScalarForm Form, int BlockIndent = 0) : YamlNode(Path, Place)
{
    /// <summary>The place of a character of the text. Exact but where the scalar is folded or has escapes; the line is then near.</summary>
    public YamlPlace Inside(int line, int column) => Form switch
    {
        ScalarForm.Block => Place with { Line = Place.Line + line, Column = BlockIndent + column },
        ScalarForm.Quoted => Place with { Line = Place.Line + line - 1, Column = line == 1 ? Place.Column + column : column },
        _ => Place with { Line = Place.Line + line - 1, Column = line == 1 ? Place.Column + column - 1 : column },
    };
}
