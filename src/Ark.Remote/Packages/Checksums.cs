using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Ark.Core;

namespace Ark.Remote.Packages;

/// <summary>The file <c>SHA256SUMS</c> of a package, in the form that <c>sha256sum --check</c> reads.</summary>
public static partial class Checksums
{
    public const string FileName = "SHA256SUMS";

    /// <summary>Paths that a site changes: they are not listed.</summary>
    private static readonly string[] OfTheSite = ["bin/ark.properties", "tasks/", "var/"];

    /// <summary>Writes the sums of every file below a folder but what a site changes. A registry's blobs are not read: their paths tell their sums.</summary>
    /// <returns>How many files are listed.</returns>
    public static async Task<int> WriteAsync(string directory, CancellationToken cancel)
    {
        var sums = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(Listed(directory), cancel, async (path, c) =>
            sums[path] = Blob().Match(path) is { Success: true } blob ? blob.Groups["hex"].Value : await HashAsync(Path.Combine(directory, path), c));
        await File.WriteAllLinesAsync(Path.Combine(directory, FileName), sums.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Value}  {s.Key}"), cancel);
        return sums.Count;
    }

    /// <summary>Compares a folder with its list. Errors: a file is missing or another one; warnings: a file that is not listed.</summary>
    public static async Task<IReadOnlyList<Problem>> CheckAsync(string directory, CancellationToken cancel)
    {
        var list = Path.Combine(directory, FileName);
        if (!File.Exists(list)) return [new Problem("no-package", directory, $"There is no {FileName} in it.", "Name the folder that ark package made.")];
        var problems = new ConcurrentBag<Problem>();
        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in await File.ReadAllLinesAsync(list, cancel))
        {
            number++;
            if (Sum().Match(line) is { Success: true } sum && !sum.Groups["path"].Value.Split('/').Contains("..") && !sum.Groups["path"].Value.StartsWith('/'))
                sums[sum.Groups["path"].Value] = sum.Groups["hex"].Value;
            else problems.Add(new Problem("bad-checksums", $"{list}:{number}", "This line is no checksum with a path.", "Carry the package over again."));
        }
        await Parallel.ForEachAsync(sums, cancel, async (sum, c) =>
        {
            var file = Path.Combine(directory, sum.Key);
            if (!File.Exists(file)) problems.Add(new Problem("missing-file", sum.Key, "The file is missing.", "Carry the package over again."));
            else if (await HashAsync(file, c) != sum.Value) problems.Add(new Problem("broken-file", sum.Key, "The file is not the one that was packed.", "Carry the package over again."));
        });
        foreach (var extra in Listed(directory).Where(p => !sums.ContainsKey(p)))
            problems.Add(new Problem("unlisted-file", extra, "The file is not one that was packed.", "Look where it comes from.", Severity.Warning));
        return [.. problems.OrderBy(p => p.Place, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Listed(string directory) =>
        Directory.EnumerateFiles(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(f => Path.GetRelativePath(directory, f)).Where(p => p != FileName && !OfTheSite.Any(o => o.EndsWith('/') ? p.StartsWith(o, StringComparison.Ordinal) : p == o));

    private static async Task<string> HashAsync(string file, CancellationToken cancel)
    {
        await using var stream = new FileStream(file, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
    }

    [GeneratedRegex(@"\Aimages/docker/registry/v2/blobs/sha256/[0-9a-f]{2}/(?<hex>[0-9a-f]{64})/data\z")]
    private static partial Regex Blob();

    [GeneratedRegex(@"\A(?<hex>[0-9a-f]{64})  (?<path>[^\r\n\0]+)\z")]
    private static partial Regex Sum();
}
