using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ark.Core;

namespace Ark.Panama.Features.Baselines;

/// <summary>A branch as a mirror has it.</summary>
public sealed record BranchTip(string Branch, string Commit, DateTimeOffset At);

/// <summary>The catalogue of one commit.</summary>
/// <param name="Folders">Of its baselines, sorted.</param>
/// <param name="Files">Path within the catalogue to text.</param>
/// <param name="Problems">What could not be taken, by its path within the catalogue.</param>
public sealed record CommitCatalogue(IReadOnlyList<string> Folders, IReadOnlyDictionary<string, string> Files, IReadOnlyList<Problem> Problems);

/// <summary>
/// Reads catalogues out of a mirror without checking anything out: the folders with a <c>baseline.yaml</c> below <c>catalog/</c>, or at the top
/// where there are none. The limits are those of a catalogue on disk.
/// </summary>
public sealed partial class GitCatalogue(GitProgram git)
{
    private const int MaxBytes = 1 << 20;
    private const int MaxFiles = 20_000;
    private const long MaxTotal = 64L << 20;
    private const long MaxListing = 64L << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private sealed record Entry(string Mode, string Object, long Size, string Path);

    /// <summary>All branches, sorted by name.</summary>
    public async Task<Outcome<IReadOnlyList<BranchTip>>> BranchesAsync(string mirror, CancellationToken cancellation)
    {
        var listed = await git.ReadAsync([$"--git-dir={mirror}", "for-each-ref", "--format=%(objectname) %(committerdate:unix) %(refname:lstrip=2)", "refs/heads/"], null, MaxListing, cancellation);
        if (!listed.Ok)
            return Outcome<IReadOnlyList<BranchTip>>.Fail(listed.Problems);
        var lines = Encoding.UTF8.GetString(listed.Value).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Outcome<IReadOnlyList<BranchTip>>.Of([.. lines.Select(l => l.Split(' ', 3)).Where(p => p.Length == 3 && p[1].Length > 0)
            .Select(p => new BranchTip(p[2], p[0], Time(p[1])))
            .OrderBy(b => b.Branch, StringComparer.Ordinal)]);
    }

    /// <param name="commit">As <see cref="BranchesAsync"/> gave it.</param>
    public async Task<Outcome<CommitCatalogue>> ReadAsync(string mirror, string commit, CancellationToken cancellation)
    {
        var listed = await git.ReadAsync([$"--git-dir={mirror}", "ls-tree", "-r", "-z", "--long", "--full-tree", commit], null, MaxListing, cancellation);
        if (!listed.Ok)
            return Outcome<CommitCatalogue>.Fail(listed.Problems);
        var (folders, entries) = Wanted(Encoding.UTF8.GetString(listed.Value));
        List<Problem> problems = [];
        var taken = entries.Where(e => Judge(e) is not { } problem || Tell(problem)).Take(MaxFiles + 1).ToList();
        if (taken.Count > MaxFiles || taken.Sum(e => e.Size) > MaxTotal)
            return Outcome<CommitCatalogue>.Fail(new Problem("git-too-big", "", $"The catalogue has more than {MaxFiles} files or {MaxTotal >> 20} MB.", "big files belong into the image"));
        var content = await git.ReadAsync([$"--git-dir={mirror}", "cat-file", "--batch"], string.Concat(taken.Select(e => e.Object + "\n")), MaxTotal + (MaxFiles * 100), cancellation);
        if (!content.Ok)
            return Outcome<CommitCatalogue>.Fail(content.Problems);
        return Outcome<CommitCatalogue>.Of(new(folders, Texts(taken, content.Value, problems), problems));

        bool Tell(Problem problem)
        {
            problems.Add(problem);
            return false;
        }
    }

    /// <summary>Whoever makes a commit may write any number there.</summary>
    private static DateTimeOffset Time(string seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(long.TryParse(seconds, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()) : 0);

    private static (IReadOnlyList<string> Folders, IReadOnlyList<Entry> Entries) Wanted(string listing)
    {
        var all = listing.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(l => Line().Match(l)).Where(m => m.Success)
            .Select(m => new Entry(m.Groups["mode"].Value, m.Groups["object"].Value, long.TryParse(m.Groups["size"].Value, CultureInfo.InvariantCulture, out var size) ? size : 0, m.Groups["path"].Value))
            .ToList();
        var below = all.Any(e => e.Path.Split('/') is ["catalog", _, "baseline.yaml"]);
        var within = below ? [.. all.Where(e => e.Path.StartsWith("catalog/", StringComparison.Ordinal)).Select(e => e with { Path = e.Path["catalog/".Length..] })] : all;
        var folders = within.Select(e => e.Path.Split('/')).Where(p => p is [not ['.', ..], "baseline.yaml"]).Select(p => p[0]).ToHashSet();
        return ([.. folders.Order(StringComparer.Ordinal)], [.. within.Where(e => Belongs(e.Path.Split('/'), folders)).OrderBy(e => e.Path, StringComparer.Ordinal)]);
    }

    /// <summary>The baseline's own files and all below <c>components</c>, hidden ones apart.</summary>
    private static bool Belongs(string[] path, HashSet<string> folders) => folders.Contains(path[0])
        && (path is [_, "baseline.yaml" or "images.yaml"] || (path is [_, "components", ..] && !path.Any(p => p is ['.', not '.', ..])));

    private static Problem? Judge(Entry entry) => entry switch
    {
        { Mode: "120000" } => new("link", entry.Path, "This is a link.", "put the file itself here: a catalogue is carried to sites"),
        { Mode: "160000" } => new("link", entry.Path, "This is a submodule.", "put the files themselves here: a catalogue is carried to sites"),
        { Size: > MaxBytes } => new("oversize", entry.Path, $"The file has {entry.Size} bytes; at most {MaxBytes} are read.", "big files belong into the image"),
        _ when !Name().IsMatch(entry.Path) => new("bad-path", entry.Path, "The file's path is not one that a catalogue may have.", "use letters, digits and . _ - in names"),
        _ => null,
    };

    /// <summary>Each object stands as <c>&lt;id&gt; blob &lt;size&gt;</c>, a line end, its bytes, a line end.</summary>
    private static SortedDictionary<string, string> Texts(List<Entry> entries, byte[] content, List<Problem> problems)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        var at = 0;
        foreach (var entry in entries)
        {
            var end = Array.IndexOf(content, (byte)'\n', at);
            var size = int.Parse(Encoding.ASCII.GetString(content, at, end - at).Split(' ')[^1], CultureInfo.InvariantCulture);
            try
            {
                files[entry.Path] = Strict.GetString(content, end + 1, size);
            }
            catch (DecoderFallbackException)
            {
                problems.Add(new("not-text", entry.Path, "The file is no UTF-8 text.", "files that are no text belong into the image"));
            }

            at = end + 1 + size + 1;
        }

        return files;
    }

    [GeneratedRegex(@"\A(?<mode>[0-7]{6}) [a-z]+ (?<object>[0-9a-f]{40,64}) +(?<size>[0-9]+|-)\t(?<path>.+)\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex(@"\A(?!.*(?:^|/)\.\.?(?:/|\z))[A-Za-z0-9._@+ -]{1,100}(?:/[A-Za-z0-9._@+ -]{1,100}){1,9}\z")]
    private static partial Regex Name();
}
