using System.Text.RegularExpressions;
using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>
/// Reads one baseline of a catalogue from its files' texts, and checks it wholly: what comes out can be planned with.
/// </summary>
public static partial class BaselineReader
{
    /// <summary>The names of the baselines among the files, sorted.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyDictionary<string, string> files) =>
        [.. files.Keys.Where(f => f.Split('/') is [_, "baseline.yaml"]).Select(f => f.Split('/')[0]).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The baseline, or every problem of all its files, in the order of the files and places: syntax, unknown and missing keys, foreign Compose
    /// keys, rules that contradict each other, references to what is not there, circles of dependencies, templates that do not render.
    /// </summary>
    /// <param name="files">
    /// Path within the catalogue to text: <c>open-3.1/baseline.yaml</c>, <c>open-3.1/images.yaml</c> (optional),
    /// <c>open-3.1/components/cache/component.yaml</c> and what stands beside it; also of the baselines that this one includes from.
    /// </param>
    /// <param name="name">The baseline's folder.</param>
    public static Outcome<Baseline> Read(IReadOnlyDictionary<string, string> files, string name)
    {
        var path = name + "/baseline.yaml";
        if (!files.TryGetValue(path, out var text))
        {
            var names = Names(files);
            var hint = Nearest.Hint(name, names);
            var there = names.Count == 0 ? "there is none at all" : "there are " + string.Join(", ", names);
            return Outcome<Baseline>.Fail(new Problem("unknown-baseline", path, $"There is no baseline {YamlFile.Show(name)}.", hint.Length == 0 ? there : $"{hint} ({there})"));
        }

        var file = YamlFile.Parse(path, text);
        var sources = new BaselineSources(files, name);
        var head = file.Root is { } root ? Head(root, name, sources) : null;
        sources.ReadOwn();
        var (images, imageFile) = Images(files, name);
        List<Problem> problems = [];
        if (head is not null)
        {
            var baseline = head with { Components = [.. sources.Components.Select(s => s.Component).OrderBy(c => c.Name, StringComparer.Ordinal)], Images = images };
            BaselineLint.Check(file, baseline, sources, problems);
            head = baseline;
        }

        var all = file.Problems.Concat(imageFile?.Problems ?? []).Concat(sources.Files.SelectMany(f => f.Problems)).Concat(sources.Problems).Concat(problems);
        return Outcome<Baseline>.From(InOrder(all), () => head!);
    }

    /// <summary>Names of the baselines that one includes components from, by the text of its <c>baseline.yaml</c>; what cannot be read names none.</summary>
    public static IReadOnlyList<string> Includes(string text) =>
        [.. (YamlFile.Parse("baseline.yaml", text).Root?.Get("include")?.Maps() ?? []).Select(i => i.Get("from")?.String()).OfType<string>().Distinct()];

    /// <summary>Sorted by file, line and column; each once.</summary>
    public static IReadOnlyList<Problem> InOrder(IEnumerable<Problem> problems) =>
    [
        .. problems.Distinct().Select(p => (Problem: p, At: Place().Match(p.Place)))
            .OrderBy(p => p.At.Groups["file"].Value, StringComparer.Ordinal)
            .ThenBy(p => Number(p.At, "line")).ThenBy(p => Number(p.At, "column")).Select(p => p.Problem),
    ];

    private static int Number(Match match, string group) => int.TryParse(match.Groups[group].Value, out var number) ? number : 0;

    private static Baseline Head(YamlMap root, string name, BaselineSources sources)
    {
        ComponentReader.Schema(root);
        var named = root.Need("name");
        if (named?.Matching(Words.Baseline(), "letters, digits and . _ -") is { } written && written != name)
            named.Add("name-and-folder", $"The baseline is called '{written}', its folder '{name}'.", "give both the same name");
        var baseline = new Baseline
        {
            Name = name,
            Line = root.Need("line")?.OneOf("3.0", "3.1") ?? "3.1",
            Title = root.Need("title")?.String() ?? "",
            Products = Products(root),
            Components = [],
            Images = new Dictionary<string, ImagePin>(),
            SuppliedImages = root.Get("suppliedImages")?.Boolean() ?? false,
        };
        foreach (var include in root.Get("include")?.Maps() ?? [])
        {
            var from = include.Need("from")?.String();
            foreach (var component in include.Need("components")?.Items() ?? [])
            {
                if (component.Matching(Words.Name(), Words.NameForm) is { } word && from is not null)
                    sources.Include(from, word, component);
            }

            include.Close();
        }

        root.Close();
        return baseline;
    }

    private static List<Product> Products(YamlMap root)
    {
        List<Product> products = [];
        foreach (var map in root.Need("products")?.Maps() ?? [])
        {
            var name = map.Need("name");
            var product = new Product(name?.Matching(Words.Name(), Words.NameForm) ?? "", map.Need("title")?.String() ?? "", map.Need("components")?.Strings() ?? [], map.Get("optional")?.Strings() ?? []);
            map.Close();
            if (products.Any(p => p.Name == product.Name && p.Name.Length > 0))
                name!.Add("duplicate-product", $"Two products are called '{product.Name}'.", "give each a name of its own");
            products.Add(product);
        }

        return products;
    }

    private static (IReadOnlyDictionary<string, ImagePin> Images, YamlFile? File) Images(IReadOnlyDictionary<string, string> files, string name)
    {
        SortedDictionary<string, ImagePin> images = new(StringComparer.Ordinal);
        if (!files.TryGetValue(name + "/images.yaml", out var text))
            return (images, null);
        var file = YamlFile.Parse(name + "/images.yaml", text);
        foreach (var (image, _, value) in file.Root?.Entries ?? [])
        {
            if (value.Map() is not { } map)
                continue;
            var (tag, digest) = (map.Need("tag")?.String(), map.Need("digest")?.Matching(Digest(), "sha256: and 64 hex digits"));
            map.Close();
            if (tag is not null && digest is not null)
                images[image] = new(tag, digest);
        }

        return (images, file);
    }

    [GeneratedRegex(@"^(?<file>.*?)(:(?<line>[0-9]+)(:(?<column>[0-9]+))?)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Place();

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex Digest();
}
