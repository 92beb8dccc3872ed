using System.Text;
using Ark.Core;

namespace Ark.Remote.Files;

/// <summary>Reads a catalogue's folder into the texts that <see cref="Core.Catalog.BaselineReader"/> takes.</summary>
public static class CatalogFolder
{
    private const int MaxBytes = 1 << 20;
    private const int MaxFiles = 20_000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Path within the catalogue, with slashes, to text, of every folder with a <c>baseline.yaml</c>: that file, <c>images.yaml</c> and all below
    /// <c>components</c>. Hidden files are left out. Problems: no such folder, a link, a file that is too big or is no text.
    /// </summary>
    public static async Task<Outcome<IReadOnlyDictionary<string, string>>> ReadAsync(string directory, CancellationToken cancel)
    {
        if (!Directory.Exists(directory))
            return Outcome<IReadOnlyDictionary<string, string>>.Fail(new Problem("no-catalogue", directory, "There is no such folder.", "name the folder that holds the baselines"));
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        List<Problem> problems = [];
        foreach (var baseline in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal).Where(d => File.Exists(Path.Combine(d, "baseline.yaml"))))
        {
            IEnumerable<string> paths = [Path.Combine(baseline, "baseline.yaml"), Path.Combine(baseline, "images.yaml")];
            var components = Path.Combine(baseline, "components");
            if (Directory.Exists(components))
                paths = paths.Concat(Directory.EnumerateFiles(components, "*", Below).Order(StringComparer.Ordinal));
            foreach (var path in paths.Where(File.Exists).Take(MaxFiles))
            {
                var (text, problem) = await TextAsync(path, cancel);
                if (problem is not null)
                    problems.Add(problem);
                else
                    files[Path.GetRelativePath(directory, path).Replace('\\', '/')] = text;
            }
        }

        return Outcome<IReadOnlyDictionary<string, string>>.From(problems, () => files);
    }

    private static EnumerationOptions Below => new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, AttributesToSkip = FileAttributes.Hidden };

    private static async Task<(string Text, Problem? Problem)> TextAsync(string path, CancellationToken cancel)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            return ("", new("link", path, "This is a link.", "put the file itself here: a catalogue is carried to sites"));
        if (file.Length > MaxBytes)
            return ("", new("oversize", path, $"The file has {file.Length} bytes; at most {MaxBytes} are read.", "big files belong into the image"));
        try
        {
            return (Strict.GetString(await File.ReadAllBytesAsync(path, cancel)), null);
        }
        catch (DecoderFallbackException)
        {
            return ("", new("not-text", path, "The file is no UTF-8 text.", "files that are no text belong into the image"));
        }
    }
}
