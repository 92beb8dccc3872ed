using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Ark.Lab.Computer;

/// <summary>The few system calls that .NET has no name for.</summary>
internal static partial class Native
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    private const int SigPipe = 13;
    private const int NewNetwork = 0x40000000;

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int descriptor, int kind);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execvp(string file, string?[] arguments);

    public static bool IsRoot => geteuid() == 0;

    /// <summary>Files that others must read (a machine's /etc) keep their modes whatever the caller's mask is.</summary>
    public static void UsePlainFileModes() => _ = umask(0x12); // 022

    /// <summary>Sends a signal; a process that is gone is fine.</summary>
    public static void Kill(int pid, int number) => _ = kill(pid, number);

    /// <summary>Moves the calling thread, and only it, into a network namespace: sockets that it makes from now on are there.</summary>
    public static void EnterNetwork(string path)
    {
        using var file = File.OpenHandle(path);
        if (setns((int)file.DangerousGetHandle(), NewNetwork) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"setns {path}");
    }

    /// <summary>Becomes another program: terminal, input, output, signals and exit code are its own. Returns only when that fails.</summary>
    public static Win32Exception Become(IReadOnlyList<string> command)
    {
        _ = signal(SigPipe, 0);
        _ = execvp(command[0], [.. command, null]);
        return new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
