using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ark.Core.Yaml;

/// <summary>From YAML's events to nodes, within limits; everything that YAML has and Ark's files have not is refused here.</summary>
internal sealed class YamlParse(YamlFile file, YamlLimits limits)
{
    private const string WriteOut = "write the value out where it is used";
    private string[] _lines = [];
    private int _nodes;

    /// <summary>The document's node, or null where the text cannot be read to its end.</summary>
    public YamlNode? Read(string text)
    {
        if (text.Length > limits.Characters)
        {
            file.Add("yaml-too-big", new(file.Path, 1, 1), $"The file has {text.Length} characters; at most {limits.Characters} are read.");
            return null;
        }

        _lines = text.Split('\n');
        try
        {
            return Document(new SafeParser(text.TrimStart('\uFEFF')));
        }
        catch (TooMuch e)
        {
            file.Add(e.Code, e.Place, e.Message);
            return null;
        }
        catch (YamlException e)
        {
            Syntax(e);
            return null;
        }
    }

    private void Syntax(YamlException e)
    {
        var tab = Enumerable.Range((int)e.Start.Line, 2).FirstOrDefault(n => n <= _lines.Length && _lines[n - 1].TrimStart(' ').StartsWith('\t'));
        if (tab > 0)
            file.Add("yaml-syntax", new(file.Path, tab, _lines[tab - 1].IndexOf('\t') + 1), "A tab indents this line.", "indent with spaces");
        else
            file.Add("yaml-syntax", At(e.Start), $"This is not YAML: {e.Message.TrimEnd('.')}.", "check indentation, quotes and brackets here and in the line above");
    }

    private YamlNode? Document(SafeParser parser)
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            file.Add("yaml-empty", new(file.Path, 1, 1), "The file is empty.");
            return null;
        }

        var node = Node(parser, "", 0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            file.Add("yaml-documents", At(second.Start), "A second document begins here.", "keep one document a file");
        return node;
    }

    private YamlNode Node(SafeParser parser, string path, int depth)
    {
        var e = parser.Current ?? throw new InvalidOperationException("YAML's events ended within a document.");
        var place = At(e.Start);
        if (depth > limits.Depth)
            throw new TooMuch("yaml-too-deep", place, $"Maps and lists are nested more than {limits.Depth} deep.");
        if (++_nodes > limits.Nodes)
            throw new TooMuch("yaml-too-big", place, $"The file has more than {limits.Nodes} values.");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            file.Add("yaml-alias", place, $"The alias '*{alias.Value}' is not allowed.", WriteOut);
            return new YamlRefused(path, place);
        }

        if (e is NodeEvent node)
            Plainly(node, place);
        return e switch
        {
            MappingStart => Mapping(parser, path, place, depth),
            SequenceStart => Sequence(parser, path, place, depth),
            _ => Scalar(parser.Consume<Scalar>(), path, place),
        };
    }

    private YamlMapping Mapping(SafeParser parser, string path, YamlPlace place, int depth)
    {
        parser.Consume<MappingStart>();
        List<(string, YamlPlace, YamlNode)> entries = [];
        Dictionary<string, YamlPlace> seen = [];
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(parser, "", depth + 1) as YamlScalar;
            var keyPlace = key?.Place ?? At(parser.Current!.Start);
            var value = Node(parser, path.Length == 0 ? key?.Text ?? "?" : $"{path}.{key?.Text ?? "?"}", depth + 1);
            if (key is null)
                file.Add("wrong-type", keyPlace, "The key of this value is not a word.");
            else if (!seen.TryAdd(key.Text, key.Place))
                file.Add("duplicate-key", key.Place, $"{YamlFile.Show(key.Text)} stands twice: first in line {seen[key.Text].Line}.", "keep one of them");
            else
                entries.Add((key.Text, key.Place, value));
        }

        return new(path, place, entries);
    }

    private YamlSequence Sequence(SafeParser parser, string path, YamlPlace place, int depth)
    {
        parser.Consume<SequenceStart>();
        List<YamlNode> items = [];
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(parser, $"{path}[{items.Count}]", depth + 1));
        return new(path, place, items);
    }

    private YamlScalar Scalar(Scalar e, string path, YamlPlace place) => e.Style switch
    {
        ScalarStyle.Literal or ScalarStyle.Folded => new(path, place, e.Value, ScalarForm.Block, Indent(place.Line)),
        ScalarStyle.Plain => new(path, place, e.Value, ScalarForm.Plain),
        _ => new(path, place, e.Value, ScalarForm.Quoted),
    };

    private void Plainly(NodeEvent node, YamlPlace place)
    {
        if (!node.Anchor.IsEmpty)
            file.Add("yaml-anchor", place, $"The anchor '&{node.Anchor.Value}' is not allowed.", WriteOut);
        if (!node.Tag.IsEmpty)
            file.Add("yaml-tag", place, $"The tag {YamlFile.Show(node.Tag.Value)} is not allowed.", "leave it out: Ark knows the type of each value");
    }

    /// <summary>Columns before the first line with text after <paramref name="line"/>.</summary>
    private int Indent(int line)
    {
        var first = _lines.Skip(line).FirstOrDefault(l => l.Trim().Length > 0) ?? "";
        return first.Length - first.TrimStart(' ').Length;
    }

    private YamlPlace At(Mark mark) => new(file.Path, (int)mark.Line, (int)mark.Column);

    /// <summary>YamlDotNet's parser, whose scanner answers some broken texts with exceptions of other kinds than its own.</summary>
    private sealed class SafeParser(string text) : IParser
    {
        private readonly Parser _parser = new(new StringReader(text));

        public ParsingEvent? Current => _parser.Current;

        public bool MoveNext()
        {
            try
            {
                return _parser.MoveNext();
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                var at = _parser.Current?.End ?? Mark.Empty;
                throw new SyntaxErrorException(at, at, "what follows here cannot be read");
            }
        }
    }

    private sealed class TooMuch(string code, YamlPlace place, string message) : Exception(message)
    {
        public string Code => code;

        public YamlPlace Place => place;
    }
}
