using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ark.Lab.Computer;

/// <summary>The few system calls that .NET has no name for.</summary>
internal static partial class Native
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    private const int SigPipe = 13;
    private const int NewNetwork = 0x40000000;
    private const long PidfdSendSignal = 424, PidfdOpen = 434; // on every architecture

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, long first, long second, nint third, long fourth);

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

    /// <summary>Kills a process that still is the one that is meant: one that was seen a moment ago may have ended, and its number be another's by now.</summary>
    /// <param name="isMeant">Asked while the number cannot pass to another.</param>
    public static void Kill(int pid, Func<int, bool> isMeant)
    {
        using var process = new SafeFileHandle((nint)syscall(PidfdOpen, pid, 0, 0, 0), ownsHandle: true);
        if (!process.IsInvalid && isMeant(pid))
            _ = syscall(PidfdSendSignal, process.DangerousGetHandle(), SigKill, 0, 0);
    }

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
