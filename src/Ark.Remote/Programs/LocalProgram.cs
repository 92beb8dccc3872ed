using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Ark.Core;

namespace Ark.Remote.Programs;

/// <summary>One call of a program of this computer: a value, run by <see cref="LocalProgram"/>.</summary>
/// <param name="File">Program, found on PATH unless it is a path.</param>
/// <param name="Arguments">One element an argument; no shell is involved. Never a secret: arguments are seen by everybody.</param>
public sealed record ProgramCall(string File, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables set beside those of this process; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    public string? Directory { get; init; }

    /// <summary>Writes the program's standard input; without it the input is empty.</summary>
    public Func<Stream, CancellationToken, Task>? Input { get; init; }

    /// <summary>Called for every line of output and errors, as they come, from another thread.</summary>
    public Action<string>? Line { get; init; }

    /// <summary>What was asked for, as a person would type it.</summary>
    public override string ToString() =>
        string.Join(' ', Arguments.Prepend(File).Select(a => a.Length > 0 && a.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@+%".Contains(c)) ? a : ShellText.Quote(a)));
}

/// <summary>What a program left behind. <paramref name="ExitCode"/> 127: the program is not installed.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    public bool Ok => ExitCode == 0;

    /// <summary>The last lines that tell why it failed: of the errors, or of the output where there are none.</summary>
    public string Tail(int lines = 12) =>
        string.Join('\n', (Errors.Trim().Length > 0 ? Errors : Output).TrimEnd().Split('\n').TakeLast(lines));

    public Problem Problem(string code, string place, string message, string remedy = "") =>
        new(code, place, $"{message} (exit code {ExitCode}): {Tail()}", remedy);
}

/// <summary>
/// Runs programs of this computer, each in a session of its own: Ctrl-C in the terminal reaches only Ark, which then ends them in order. A call that is cancelled
/// is ended with SIGTERM to it and all it started, so that they can clean up, and after ten seconds with SIGKILL.
/// </summary>
public static class LocalProgram
{
    public const int NotInstalled = 127;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static async Task<ProgramResult> RunAsync(ProgramCall call, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var process = Start(call, out var missing);
        if (process is null) return new ProgramResult(NotInstalled, "", missing);
        var output = new StringBuilder();
        var errors = new StringBuilder();
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, output, call.Line), ReadAsync(process.StandardError, errors, call.Line));
        try
        {
            await WriteInputAsync(process, call, cancel);
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process, Grace);
            throw;
        }
        await reading;
        return new ProgramResult(process.ExitCode, output.ToString(), errors.ToString());
    }

    /// <summary>Is there such a program on PATH?</summary>
    public static bool Exists(string name) => name.Contains('/') ? File.Exists(name) :
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin").Any(d => d.Length > 0 && File.Exists(Path.Combine(d, name)));

    /// <summary>Starts without waiting; null with the reason where the program is not installed. The caller ends it with <see cref="EndAsync"/>.</summary>
    public static Process? Start(ProgramCall call, out string missing)
    {
        missing = "";
        if (!Exists(call.File))
        {
            missing = $"{call.File} is not installed.";
            return null;
        }
        var info = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            UseShellExecute = false, WorkingDirectory = call.Directory ?? "",
        };
        foreach (var argument in call.Arguments.Prepend(call.File)) info.ArgumentList.Add(argument);
        foreach (var (name, value) in call.Environment) info.Environment[name] = value;
        return Process.Start(info) ?? throw new InvalidOperationException($"{call.File} did not start");
    }

    /// <summary>SIGTERM to a program and all that it started, and SIGKILL when it has not ended after <paramref name="grace"/>.</summary>
    public static async Task EndAsync(Process process, TimeSpan grace)
    {
        if (process.HasExited) return;
        if (!Signal(-process.Id, 15)) Signal(process.Id, 15);
        using var limit = new CancellationTokenSource(grace);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Signal(-process.Id, 9);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Sends a signal to a process, or with a negative number to a group; false where none is left.</summary>
    public static bool Signal(int pid, int signal) => kill(pid, signal) == 0;

    private static async Task WriteInputAsync(Process process, ProgramCall call, CancellationToken cancel)
    {
        try
        {
            if (call.Input is not null) await call.Input(process.StandardInput.BaseStream, cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of it: its exit code and errors say why.
        }
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder into, Action<string>? line)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            into.Append(text).Append('\n');
            line?.Invoke(text);
        }
    }

#pragma warning disable SYSLIB1054 // two integers need no generated marshalling
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
#pragma warning restore SYSLIB1054
}
