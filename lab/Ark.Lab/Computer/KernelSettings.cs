namespace Ark.Lab.Computer;

/// <summary>
/// The settings of the one kernel that all machines share: vm.*, fs.*, some of kernel.*, huge pages. What a namespace has of its own (net.*,
/// host name, message queues) is left out.
/// </summary>
internal static class KernelSettings
{
    private static readonly string[] Folders = ["/proc/sys/vm", "/proc/sys/fs", "/proc/sys/fs/inotify", "/proc/sys/fs/epoll", "/sys/kernel/mm/transparent_hugepage"];

    /// <summary>Of kernel.*, where much belongs to namespaces or to nobody but the kernel, what servers are tuned with.</summary>
    private static readonly string[] Kernel = ["pid_max", "threads-max", "panic", "panic_on_oops", "sysrq", "core_pattern", "core_uses_pid", "printk",
        "dmesg_restrict", "kptr_restrict", "randomize_va_space", "numa_balancing", "sched_autogroup_enabled", "sched_rt_runtime_us", "watchdog", "nmi_watchdog"];

    /// <summary>Buttons rather than settings.</summary>
    private static readonly string[] Buttons = ["drop_caches", "compact_memory", "stat_refresh"];

    /// <summary>Every setting with its value, one a line: path, blank, value. Choices (<c>always [madvise] never</c>) as the chosen word.</summary>
    public static string Record()
    {
        var files = Folders.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles)
            .Concat(Kernel.Select(k => "/proc/sys/kernel/" + k).Where(File.Exists))
            .Where(f => !Buttons.Contains(Path.GetFileName(f)) && (File.GetUnixFileMode(f) & UnixFileMode.UserWrite) != 0)
            .Order(StringComparer.Ordinal);
        return string.Concat(files.Select(f => (Path: f, Value: Read(f))).Where(s => s.Value is not null).Select(s => $"{s.Path} {s.Value}\n"));
    }

    /// <summary>Puts the recorded values back where they differ.</summary>
    public static void Restore(string recorded)
    {
        foreach (var line in recorded.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (path, value) = (line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..]);
            if (Read(path) is not { } now || now == value)
                continue;
            try
            {
                File.WriteAllText(path, value + "\n");
            }
            catch (IOException)
            {
                // A setting that the kernel does not take back, such as one that only goes one way.
            }
        }
    }

    private static string? Read(string path)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            if (lines.Length != 1)
                return null;
            var open = lines[0].IndexOf('[');
            return open < 0 ? lines[0] : lines[0][(open + 1)..lines[0].IndexOf(']')];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
