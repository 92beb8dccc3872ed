using System.Diagnostics;
using Ark.Remote.Programs;

namespace Ark.Remote.Images;

/// <summary>
/// The cache folder of image building, held by one program at a time, with a folder <c>work</c> that is empty at the beginning and gone at the end.
/// </summary>
public sealed class Workshop : IAsyncDisposable
{
    private readonly FileStream _lock;

    private Workshop(string cache, FileStream @lock) => (Cache, _lock) = (cache, @lock);

    public string Cache { get; }

    /// <summary>A folder for one run: what is in it may be thrown away.</summary>
    public string Work => Path.Combine(Cache, "work");

    /// <summary>Waits until nobody else uses the folder, and clears away what a killed run left.</summary>
    public static async Task<Workshop> OpenAsync(string cache, CancellationToken cancel)
    {
        cache = Path.GetFullPath(cache);
        Directory.CreateDirectory(cache);
        var workshop = new Workshop(cache, await LockAsync(Path.Combine(cache, "lock"), cancel));
        await workshop.ClearAsync();
        Directory.CreateDirectory(workshop.Work);
        return workshop;
    }

    public async ValueTask DisposeAsync()
    {
        await ClearAsync();
        await _lock.DisposeAsync();
    }

    private async Task ClearAsync()
    {
        if (!Directory.Exists(Work)) return;
        await Leftovers.EndAsync(Work + "/");
        await Leftovers.UnmountAsync(Work);
        Directory.Delete(Work, recursive: true);
    }

    /// <summary>Holds a lock file, waiting until nobody else does.</summary>
    internal static async Task<FileStream> LockAsync(string file, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(300, cancel);
            }
        }
    }
}

/// <summary>What programs leave when they, or we, were killed.</summary>
internal static class Leftovers
{
    /// <summary>Ends every process whose command line names the path, and its process group.</summary>
    public static async Task EndAsync(string path)
    {
        var pids = Directory.GetDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out var pid) ? pid : 0)
            .Where(pid => pid > 1 && pid != Environment.ProcessId && CommandLine(pid).Contains(path, StringComparison.Ordinal)).ToList();
        foreach (var pid in pids)
        {
            for (var waited = Stopwatch.StartNew(); CommandLine(pid).Contains(path, StringComparison.Ordinal); await Task.Delay(100))
            {
                var signal = waited.Elapsed < TimeSpan.FromSeconds(15) ? 15 : 9;
                if (!LocalProgram.Signal(-pid, signal)) LocalProgram.Signal(pid, signal);
            }
        }
    }

    /// <summary>Takes away every mount at or below a folder.</summary>
    /// <exception cref="IOException">One could not be taken away: nothing below may be deleted.</exception>
    public static async Task UnmountAsync(string path)
    {
        foreach (var mount in Mounts(path).Reverse()) await LocalProgram.RunAsync(new ProgramCall("umount", "-l", mount), CancellationToken.None);
        if (Mounts(path).Any()) throw new IOException($"A mount below {path} cannot be taken away: {string.Join(", ", Mounts(path))}");
    }

    private static IReadOnlyList<string> Mounts(string path) =>
        [.. File.ReadAllLines("/proc/self/mounts").Select(l => l.Split(' ')[1].Replace("\\040", " ")).Where(m => m == path || m.StartsWith(path + "/", StringComparison.Ordinal))];

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }
}
