using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>The components of a baseline with the files they were read from: its own, and those it includes.</summary>
internal sealed class BaselineSources(IReadOnlyDictionary<string, string> files, string baseline)
{
    private readonly List<YamlFile> _files = [];
    private readonly List<ComponentSource> _components = [];
    private readonly List<Problem> _problems = [];
    private readonly SortedSet<string> _named = new(StringComparer.Ordinal);

    public IReadOnlyList<YamlFile> Files => _files;

    public IReadOnlyList<ComponentSource> Components => _components;

    /// <summary>Problems of the folders rather than of a file's text.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Names of all components, those that cannot be read too.</summary>
    public IReadOnlyCollection<string> Names => _named;

    /// <summary>Takes a component from another baseline.</summary>
    /// <param name="at">Where the baseline names it.</param>
    public void Include(string from, string component, YamlValue at)
    {
        var folder = $"{from}/components/{component}";
        if (from == baseline)
            at.Add("bad-include", $"'{from}' is this baseline itself.", "leave it out: a baseline has the components in its folder");
        else if (!BaselineReader.Names(files).Contains(from))
            at.Add("unknown-baseline", $"There is no baseline {YamlFile.Show(from)}.", Nearest.Hint(from, BaselineReader.Names(files)));
        else if (!files.ContainsKey(folder + "/component.yaml"))
            at.Add("unknown-component", $"'{from}' has no component {YamlFile.Show(component)} in its folder.", Nearest.Hint(component, Folders(from).Where(f => files.ContainsKey($"{from}/components/{f}/component.yaml"))));
        else if (Folders(baseline).Contains(component))
            at.Add("bad-include", $"'{component}' is in this baseline's own folder too.", "keep one of them");
        else if (!_named.Add(component))
            at.Add("bad-include", $"'{component}' is included twice.", "keep one of them");
        else
            Read(folder);
    }

    /// <summary>Reads the components in the baseline's own folder.</summary>
    public void ReadOwn()
    {
        foreach (var name in Folders(baseline))
        {
            var folder = $"{baseline}/components/{name}";
            _named.Add(name);
            if (files.ContainsKey(folder + "/component.yaml"))
                Read(folder);
            else
                _problems.Add(new("missing-file", folder, "The folder has no component.yaml.", $"write {folder}/component.yaml, or remove the folder"));
        }
    }

    private void Read(string folder)
    {
        var (file, source) = ComponentReader.Read(folder, files);
        _files.Add(file);
        if (source is null)
            return;
        _components.Add(source);
        var used = source.Component.Files.Select(f => $"{folder}/{f.Source}").ToHashSet();
        foreach (var left in files.Keys.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal) && f.EndsWith(".liquid", StringComparison.Ordinal) && !used.Contains(f)))
            _problems.Add(new("unused-file", left, "No component uses this template.", "list it under 'files', or remove it", Severity.Warning));
    }

    private List<string> Folders(string of) =>
        [.. files.Keys.Select(f => f.Split('/')).Where(p => p.Length > 3 && p[0] == of && p[1] == "components").Select(p => p[2]).Distinct().Order(StringComparer.Ordinal)];
}
