using System.Globalization;

namespace Ark.Lab.Computer;

/// <summary>Reads /proc. A process that ends meanwhile is one that is not there.</summary>
internal static class Processes
{
    public static IReadOnlyList<int> All() =>
        [.. Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(p => p > 0)];

    /// <summary>A process's command line; empty when it is gone.</summary>
    public static IReadOnlyList<string> Arguments(int pid) => Read($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    public static IReadOnlyList<int> Children(int pid) =>
        File.Exists($"/proc/{pid}/task/{pid}/children")
            ? [.. Read($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => int.Parse(p, CultureInfo.InvariantCulture))]
            : [.. All().Where(p => Parent(p) == pid)];

    /// <summary>True for process 1 of a pid namespace below ours.</summary>
    public static bool IsFirstOfItsNamespace(int pid) =>
        Read($"/proc/{pid}/status").Split('\n').FirstOrDefault(l => l.StartsWith("NSpid:", StringComparison.Ordinal)) is { } line
        && line.Split('\t', StringSplitOptions.RemoveEmptyEntries) is { Length: > 2 } numbers && numbers[^1].Trim() == "1";

    /// <summary>True for a process in a control group, or in one below it, in any hierarchy.</summary>
    public static bool IsInGroup(int pid, string group) =>
        Read($"/proc/{pid}/cgroup").Split('\n').Any(l => l.Split(':', 3) is [_, _, var path] && (path == "/" + group || path.StartsWith($"/{group}/", StringComparison.Ordinal)));

    /// <summary>The network namespace that a process is in, <c>net:[4026532208]</c>; null when it is gone.</summary>
    public static string? Network(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/net").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True for a process that has ended, and waits for its parent to ask how.</summary>
    public static bool IsOver(int pid) => Stat(pid) is [] or ["Z" or "X", ..];

    private static int Parent(int pid) => Stat(pid) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    /// <summary>State, parent and what follows; nothing when it is gone.</summary>
    private static string[] Stat(int pid)
    {
        // pid (name) state parent …, where the name may hold anything
        var stat = Read($"/proc/{pid}/stat");
        var end = stat.LastIndexOf(')');
        return end < 0 ? [] : stat[(end + 2)..].Split(' ');
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
