namespace Ark.Remote.Ssh;

/// <summary>Keeps other processes, and other threads of this one, away from a file while they change it.</summary>
internal static class FileLock
{
    /// <summary>Waits up to ten seconds for its turn. The lock lasts until it is disposed, or its process ends.</summary>
    /// <param name="file">What is guarded: the lock is a file beside it that ends in <c>.lock</c>.</param>
    /// <exception cref="IOException">Somebody else holds it for longer.</exception>
    internal static FileStream Hold(string file)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 500)
            {
                Thread.Sleep(20);
            }
        }
    }
}
