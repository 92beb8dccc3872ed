namespace Ark.Core.Yaml;

/// <summary>
/// A map of a YAML file. Every key that is asked for counts as known; <see cref="Close"/> reports the others, with what was probably meant.
/// </summary>
public sealed class YamlMap
{
    private readonly YamlFile _file;
    private readonly YamlMapping _node;
    private readonly List<string> _known = [];
    private readonly HashSet<string> _reported = [];

    internal YamlMap(YamlFile file, YamlMapping node) => (_file, _node) = (file, node);

    /// <summary>Where its first key stands.</summary>
    public YamlPlace Place => _node.Place;

    public YamlFile File => _file;

    /// <summary>Path from the file's root: <c>container.deploy</c>; empty for the root.</summary>
    public string Path => _node.Path;

    /// <summary>All entries, for maps whose keys are the author's: labels, environment.</summary>
    public IEnumerable<(string Key, YamlPlace KeyPlace, YamlValue Value)> Entries =>
        _node.Entries.Select(e => (e.Key, e.KeyPlace, new YamlValue(_file, e.Value)));

    public bool Has(string key) => _node.Entries.Any(e => e.Key == key);

    /// <summary>Sets the order in which <see cref="Close"/> lists the known keys.</summary>
    public void Know(IReadOnlyList<string> keys) => _known.AddRange(keys.Where(k => !_known.Contains(k)));

    /// <summary>The value of an optional key; null where the key is not there.</summary>
    public YamlValue? Get(string key)
    {
        if (!_known.Contains(key))
            _known.Add(key);
        foreach (var (name, _, value) in _node.Entries)
        {
            if (name == key)
                return new(_file, value);
        }

        return null;
    }

    /// <summary>The value of a key that must be there; null, and a problem, where it is not.</summary>
    public YamlValue? Need(string key)
    {
        var value = Get(key);
        if (value is null)
            _file.Add("missing-key", Place, $"{Where()} has no '{key}'.", $"add '{key}:'");
        return value;
    }

    /// <summary>
    /// Reports a key that is well known elsewhere and not wanted here, with what to write instead; nothing if it is not there.
    /// The key does not count as known in the list that <see cref="Close"/> gives.
    /// </summary>
    public void Refuse(string key, string code, string message, string remedy)
    {
        foreach (var (name, place, _) in _node.Entries)
        {
            if (name == key && _reported.Add(name))
                _file.Add(code, place, message, remedy);
        }
    }

    /// <summary>Reports each key that nobody asked for. To be called once, after all keys were asked for.</summary>
    public void Close()
    {
        foreach (var (name, place, _) in _node.Entries)
        {
            if (_known.Contains(name) || !_reported.Add(name))
                continue;
            var hint = Nearest.Hint(name, _known);
            var list = "known here: " + string.Join(", ", _known);
            _file.Add("unknown-key", place, $"{Where()} knows no key {YamlFile.Show(name)}.", hint.Length == 0 ? list : $"{hint} ({list})");
        }
    }

    private string Where() => Path.Length == 0 ? "The file" : $"'{Path}'";
}
