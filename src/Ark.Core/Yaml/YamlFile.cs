namespace Ark.Core.Yaml;

/// <summary>
/// A YAML file whose values know where they stand. It collects every problem of its reading, those of whoever maps it to a model too:
/// <code>
/// var file = YamlFile.Parse("task.yaml", text);
/// if (file.Root is { } root)
/// {
///     var id = root.Need("id")?.String() ?? "";
///     var count = root.Get("count")?.Integer(min: 1);
///     root.Close();                               // what was never asked for is an unknown key
/// }
/// return Outcome&lt;Task&gt;.From(file.Problems, () => new Task(id, count));
/// </code>
/// Anchors, aliases, tags and further documents are refused: each value is written where it stands.
/// </summary>
public sealed class YamlFile
{
    private const int LongestText = 1500;
    private readonly List<(YamlPlace Place, Problem Problem)> _problems = [];
    private readonly Dictionary<string, YamlNode> _nodes = [];
    private readonly YamlLimits _limits;

    private YamlFile(string path, YamlLimits limits) => (Path, _limits) = (path, limits);

    /// <summary>As given: it stands in every problem's place.</summary>
    public string Path { get; }

    /// <summary>The map that the file consists of; null if it is none or cannot be read.</summary>
    public YamlMap? Root { get; private set; }

    /// <summary>In the order of their places; at most <see cref="YamlLimits.Problems"/>.</summary>
    public IReadOnlyList<Problem> Problems =>
        [.. _problems.OrderBy(p => p.Place.Line).ThenBy(p => p.Place.Column).Select(p => p.Problem)];

    /// <summary>Reads <paramref name="text"/>. What is wrong is in <see cref="Problems"/>; nothing is thrown for it.</summary>
    public static YamlFile Parse(string path, string text, YamlLimits? limits = null)
    {
        var file = new YamlFile(path, limits ?? new());
        var node = new YamlParse(file, file._limits).Read(text);
        if (node is null)
            return file;
        file.Index(node);
        file.Root = new YamlValue(file, node).Map();
        return file;
    }

    /// <summary>Where the value of this path stands, else that of the nearest value around it: <c>container.command[0]</c>.</summary>
    public YamlPlace PlaceOf(string path)
    {
        for (var p = path; p.Length > 0; p = p[..Math.Max(0, p.LastIndexOfAny(['.', '[']))])
        {
            if (_nodes.TryGetValue(p, out var node))
                return node.Place;
        }

        return new(Path, 1, 1);
    }

    /// <summary>The place of a character of the text that the value of this path holds; both count from 1.</summary>
    public YamlPlace PlaceInside(string path, int line, int column) =>
        _nodes.TryGetValue(path, out var node) && node is YamlScalar scalar ? scalar.Inside(line, column) : PlaceOf(path);

    /// <summary>Adds a problem of the file's content.</summary>
    public void Add(string code, YamlPlace place, string message, string remedy = "", Severity severity = Severity.Error)
    {
        if (_problems.Count < _limits.Problems)
            _problems.Add((place, new Problem(code, place.ToString(), Plain(message), Plain(remedy), severity)));
    }

    /// <summary>As a message can show it: messages name things by the file's own words, whatever these hold and however long they are.</summary>
    internal static string Plain(string text) => text.Length > LongestText ? Plain(text[..(LongestText - 3)] + "...") : text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;

    /// <summary>A value as messages show it: quoted, on one line, without control characters, not too long.</summary>
    public static string Show(string value)
    {
        var clipped = value.Length > 60 ? value[..57] + "..." : value;
        return "'" + string.Concat(clipped.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c)) + "'";
    }

    private void Index(YamlNode node)
    {
        _nodes[node.Path] = node;
        var children = node switch
        {
            YamlMapping map => map.Entries.Select(e => e.Value),
            YamlSequence list => list.Items,
            _ => [],
        };
        foreach (var child in children)
            Index(child);
    }
}
