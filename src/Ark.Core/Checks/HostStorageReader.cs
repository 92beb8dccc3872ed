using System.Globalization;
using System.Text.RegularExpressions;

namespace Ark.Core.Checks;

/// <summary>Disks, and the file systems under Ark's paths.</summary>
internal static partial class HostStorageReader
{
    private const string Folder = "/sys/block/";
    private const int SectorBytes = 512;

    internal static StorageFacts? Read(HostText text, HostFactsQuestion question) =>
        FileSystems(text, question) is not { } systems ? null : new([.. Disks(text)], systems, Fsync(text), [.. text.File("/proc/mdstat").Select(l => Array().Match(l)).Where(m => m.Success).Select(Raid)]);

    private static IEnumerable<DiskFacts> Disks(HostText text) =>
        from file in text.Files
        where file.StartsWith(Folder, StringComparison.Ordinal) && file.EndsWith("/size", StringComparison.Ordinal)
        let name = file[Folder.Length..^"/size".Length]
        where !NoDisk().IsMatch(name)
        let sectors = HostText.Number(text.Value(file))
        where sectors is > 0 and < long.MaxValue / SectorBytes
        orderby name
        select new DiskFacts(name.Replace('!', '/'), sectors.Value * SectorBytes, text.Value($"{Folder}{name}/queue/rotational") == "1", text.Value($"{Folder}{name}/device/model") ?? "");

    /// <summary>The rows of df are in the order of the paths. Null where they are not one each.</summary>
    private static List<FileSystemFacts>? FileSystems(HostText text, HostFactsQuestion question)
    {
        var rows = text.Lines("df").Skip(1).Select(HostText.Words).ToList();
        if (text.Exit("df") != 0 || rows.Count != question.Paths.Count || rows.Any(r => r.Length < 7)) return null;
        var modes = text.Lines("modes").Select(l => l.Split(' ', 3)).Where(m => m.Length == 3).ToLookup(m => m[2]);
        var mounts = text.File("/proc/self/mounts").Select(HostText.Words).Where(w => w.Length > 3).ToList();
        var types = text.Lines("xfs").Select(l => l.Split('\t')).Where(x => x.Length == 2).ToLookup(x => x[0], x => x[1]);
        return [.. question.Paths.Zip(rows, (path, row) =>
        {
            var mount = string.Join(' ', row[6..]);
            var mode = modes[path].FirstOrDefault();
            long Size(int column) => Math.Max(0, HostText.Number(row[column]) ?? 0);
            return new FileSystemFacts(
                path, mount, row[0], row[1],
                row[1] == "xfs" ? types[mount].FirstOrDefault() switch { "ftype=1" => true, "ftype=0" => false, _ => null } : null,
                mounts.LastOrDefault(m => m[1].Replace("\\040", " ", StringComparison.Ordinal) == mount)?[3].Split(',') ?? [],
                Size(2), Size(3), Size(4), Size(5), mode?[0], mode?[1]);
        })];
    }

    private static double? Fsync(HostText text)
    {
        var seconds = text.Lines("fsync")
            .Select(l => double.TryParse(l, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value >= 0 ? value : (double?)null)
            .OfType<double>().Order().ToList();
        return seconds.Count == 0 ? null : seconds[(int)Math.Ceiling(seconds.Count * 0.99) - 1];
    }

    private static string Raid(Match array) => $"{array.Groups[1].Value} {array.Groups[2].Value}";

    [GeneratedRegex(@"^(md\S*) : (?:active (?:\([^)]*\) )?)?(raid[0-9]+|linear|multipath|inactive)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Array();

    [GeneratedRegex("^(loop|ram|zram|sr|fd|dm-|md|nbd)[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex NoDisk();
}
