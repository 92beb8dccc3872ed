using System.Diagnostics;

namespace Ark.Lab.Computer;

/// <summary>What a program said when it ended.</summary>
/// <param name="ExitCode">0 to 255; 128 + n after signal n.</param>
internal sealed record Answer(int ExitCode, string Output, string Error)
{
    public bool Ok => ExitCode == 0;
}

/// <summary>Runs programs of this computer to their end.</summary>
internal static class Programs
{
    /// <summary>Runs a program without input. A cancelled run gets SIGTERM, so that it can tidy up, and is waited for.</summary>
    public static async Task<Answer> RunAsync(IReadOnlyList<string> command, CancellationToken cancellation, string? directory = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        await using var stop = cancellation.Register(() => Native.Kill(process.Id, Native.SigTerm));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        var answer = new Answer(process.ExitCode, await output, await error);
        cancellation.ThrowIfCancellationRequested();
        return answer;
    }

    /// <summary>Runs a program that has no reason to fail.</summary>
    public static async Task MustAsync(CancellationToken cancellation, params string[] command)
    {
        var answer = await RunAsync(command, cancellation);
        if (!answer.Ok)
            throw new ComputerException($"`{string.Join(' ', command)}` failed: {answer.Error.Trim()}");
    }

    /// <summary>The full path of a program, or null.</summary>
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}

/// <summary>The computer refused something that the lab needs; the message says what.</summary>
internal sealed class ComputerException(string message) : Exception(message);
