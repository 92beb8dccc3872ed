using System.Text;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Yaml;

namespace Ark.Remote.Images;

/// <summary>
/// The file <c>images.yaml</c> beside an image package: name (<c>metadb</c>, the repository in a registry) → tag and digest. Catalogues name an image
/// and take the version from here.
/// </summary>
public sealed partial record ImageIndex(IReadOnlyDictionary<string, ImagePin> Images)
{
    public const string FileName = "images.yaml";

    private const int MaxBytes = 1 << 20;

    public static ImageIndex Empty { get; } = new(new SortedDictionary<string, ImagePin>(StringComparer.Ordinal));

    /// <summary>Reads the text of an index; every problem with its line and column.</summary>
    public static Outcome<ImageIndex> Parse(string place, string text)
    {
        var file = YamlFile.Parse(place, text, new YamlLimits { Characters = MaxBytes });
        var images = new SortedDictionary<string, ImagePin>(StringComparer.Ordinal);
        foreach (var (name, keyPlace, value) in file.Root?.Entries ?? [])
        {
            if (!IsRepository(name)) file.Add("bad-image-name", keyPlace, $"{YamlFile.Show(name)} is no image name.", "Write lower-case words, with slashes between if need be: metadb.");
            if (value.Map() is not { } map) continue;
            var tag = map.Need("tag")?.Matching(TagPattern(), "a tag: letters, digits, dots and dashes");
            var digest = map.Need("digest")?.Matching(DigestPattern(), "sha256: and 64 hex digits");
            map.Close();
            if (tag is not null && digest is not null) images[name] = new ImagePin(tag, digest);
        }
        return Outcome<ImageIndex>.From(file.Problems, () => new ImageIndex(images));
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
        return Images.Count == 0 ? text.Append("{}\n").ToString() : text.ToString();
    }

    public static bool IsDigest(string text) => DigestPattern().IsMatch(text);

    public static bool IsTag(string text) => TagPattern().IsMatch(text);

    public static bool IsRepository(string text) => text.Length <= 255 && RepositoryPattern().IsMatch(text);

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex DigestPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex RepositoryPattern();
}
