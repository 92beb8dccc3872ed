using System.Text;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Core.Catalog;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ark.Remote.Images;

/// <summary>
/// The file <c>images.yaml</c> beside an image package: repository (<c>ark/metadb</c>) → tag and digest. Catalogues name an image by its repository and take the
/// version from here.
/// </summary>
public sealed partial record ImageIndex(IReadOnlyDictionary<string, ImagePin> Images)
{
    public const string FileName = "images.yaml";

    private const int MaxBytes = 1 << 20;

    public static ImageIndex Empty { get; } = new(new SortedDictionary<string, ImagePin>(StringComparer.Ordinal));

    /// <summary>Reads the text of an index; every problem with its line and column.</summary>
    public static Outcome<ImageIndex> Parse(string place, string text)
    {
        if (text.Length > MaxBytes) return Outcome<ImageIndex>.Fail(new Problem("oversize", place, $"An image index has at most {MaxBytes} characters."));
        var images = new SortedDictionary<string, ImagePin>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            if (yaml.Documents.Count == 0) return Outcome<ImageIndex>.Of(Empty);
            if (yaml.Documents.Count > 1 || yaml.Documents[0].RootNode is not YamlMappingNode map)
                return Outcome<ImageIndex>.Fail(new Problem("bad-image-index", place, "An image index is one mapping of repository to tag and digest."));
            foreach (var (key, value) in map.Children) Add(key, value);
        }
        catch (YamlException e)
        {
            problems.Add(new Problem("bad-yaml", $"{place}:{e.Start.Line}:{e.Start.Column}", e.Message));
        }
        return Outcome<ImageIndex>.From(problems, () => new ImageIndex(images));

        void Add(YamlNode key, YamlNode value)
        {
            var at = $"{place}:{key.Start.Line}:{key.Start.Column}";
            var name = (key as YamlScalarNode)?.Value ?? "";
            var tag = Text(value, "tag");
            var digest = Text(value, "digest");
            if (!IsRepository(name)) problems.Add(new Problem("bad-image-name", at, $"{name} is no image name.", "Write lower-case words with slashes between: ark/metadb."));
            else if (!IsTag(tag)) problems.Add(new Problem("bad-tag", at, $"{name}: the tag is missing or malformed.", "Build the images again: ark images build."));
            else if (!IsDigest(digest)) problems.Add(new Problem("bad-digest", at, $"{name}: the digest is missing or malformed.", "Write sha256: and 64 hex digits."));
            else images[name] = new ImagePin(tag, digest);
        }
    }

    /// <summary>The index in a folder; empty where there is none.</summary>
    public static async Task<Outcome<ImageIndex>> ReadAsync(string directory, CancellationToken cancel)
    {
        var file = Path.Combine(directory, FileName);
        if (!File.Exists(file)) return Outcome<ImageIndex>.Of(Empty);
        if (new FileInfo(file).Length > MaxBytes) return Outcome<ImageIndex>.Fail(new Problem("oversize", file, $"An image index has at most {MaxBytes} bytes."));
        return Parse(file, await File.ReadAllTextAsync(file, cancel));
    }

    /// <summary>Replaces the file in one step: a reader sees the old one or the new one.</summary>
    public async Task WriteAsync(string directory, CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, FileName);
        var temporary = $"{file}.{Guid.NewGuid():n}";
        await File.WriteAllTextAsync(temporary, ToString(), cancel);
        File.Move(temporary, file, overwrite: true);
    }

    /// <summary>This index with another one's entries over it.</summary>
    public ImageIndex With(ImageIndex other)
    {
        var all = new SortedDictionary<string, ImagePin>(StringComparer.Ordinal);
        foreach (var (name, version) in Images.Concat(other.Images)) all[name] = version;
        return new ImageIndex(all);
    }

    public ImageIndex With(string repository, ImagePin version) =>
        With(new ImageIndex(new Dictionary<string, ImagePin> { [repository] = version }));

    /// <summary>Only the entries that pass.</summary>
    public ImageIndex Where(Func<string, ImagePin, bool> keep) =>
        new(new SortedDictionary<string, ImagePin>(Images.Where(i => keep(i.Key, i.Value)).ToDictionary(), StringComparer.Ordinal));

    /// <summary>The file's text, sorted by repository.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("# Written by ark images: which version of each image this package holds.\n");
        foreach (var (name, version) in Images.OrderBy(i => i.Key, StringComparer.Ordinal))
            text.Append($"{name}:\n  tag: \"{version.Tag}\"\n  digest: {version.Digest}\n");
        return text.ToString();
    }

    public static bool IsDigest(string text) => DigestPattern().IsMatch(text);

    public static bool IsTag(string text) => TagPattern().IsMatch(text);

    public static bool IsRepository(string text) => text.Length <= 255 && RepositoryPattern().IsMatch(text);

    private static string Text(YamlNode node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) && value is YamlScalarNode { Value: { } text } ? text : "";

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex DigestPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex RepositoryPattern();
}
