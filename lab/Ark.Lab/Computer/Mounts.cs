namespace Ark.Lab.Computer;

/// <summary>One mount as the calling process sees it.</summary>
/// <param name="At">The mount point, unescaped.</param>
/// <param name="Type">The type of file system: ext4, cgroup, overlay…</param>
internal sealed record Mount(string At, string Type, string Options);

/// <summary>The mounts of this computer.</summary>
internal static class Mounts
{
    public static IReadOnlyList<Mount> Read() => Parse(File.ReadLines("/proc/self/mounts"));

    /// <summary>The mount that holds a path: the longest mount point above it, the last of those that hide one another.</summary>
    public static Mount Of(string path) => Read().Where(m => IsUnder(path, m.At)).MaxBy(m => (m.At.Length, 0))!;

    public static bool IsUnder(string path, string folder) =>
        path == folder || folder == "/" || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static List<Mount> Parse(IEnumerable<string> lines) =>
        [.. lines.Select(line => line.Split(' ')).Select(f => new Mount(Unescape(f[1]), f[2], f[3]))];

    private static string Unescape(string text) =>
        text.Replace("\\040", " ").Replace("\\011", "\t").Replace("\\012", "\n").Replace("\\134", "\\");
}
