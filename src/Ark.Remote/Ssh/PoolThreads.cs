namespace Ark.Remote.Ssh;

/// <summary>
/// SSH.NET blocks pool threads while it connects, opens sessions and writes; the pool adds only one or two a second by itself,
/// so enough of them are kept ready.
/// </summary>
internal static class PoolThreads
{
    private static readonly Lock Gate = new();

    /// <summary>Keeps threads for this many machines at once, and some for everybody else.</summary>
    internal static void KeepReady(int machines)
    {
        lock (Gate)
        {
            ThreadPool.GetMinThreads(out var workers, out var ports);
            var wanted = Math.Min(32 + 3 * machines, 512);
            if (workers < wanted)
                ThreadPool.SetMinThreads(wanted, ports);
        }
    }
}
