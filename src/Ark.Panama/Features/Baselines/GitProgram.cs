using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ark.Core;

namespace Ark.Panama.Features.Baselines;

/// <summary>
/// Runs the <c>git</c> program: arguments as a list and never through a shell, no question to anybody, nothing of the machine's or the account's
/// configuration of git, no hooks, no submodules, no redirects, no protocol but those allowed; within limits of time and size.
/// </summary>
public sealed class GitProgram(GitSettings settings)
{
    private const int MaxErrors = 600;

    /// <summary>Copies all branches, each as it stands now, into a new bare repository; its folder must not exist.</summary>
    /// <param name="addresses">What the host's name means; empty: it is looked up.</param>
    public async Task<Outcome<string>> MirrorAsync(Uri from, IReadOnlyList<IPAddress> addresses, string folder, CancellationToken cancellation)
    {
        var made = await ReadAsync(["init", "--quiet", "--bare", "--template=", folder], null, 1 << 16, cancellation);
        if (!made.Ok)
            return Outcome<string>.Fail(made.Problems);
        List<string> options = [];
        if (from.Scheme == "https" && addresses.Count > 0)
            options.AddRange(["-c", $"http.curloptResolve={from.IdnHost}:{from.Port}:{string.Join(',', addresses.Select(a => a.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{a}]" : $"{a}"))}"]);
        var start = Start([
            .. options, $"--git-dir={folder}", "fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance",
            "--", from.AbsoluteUri, "+refs/heads/*:refs/heads/*",
        ]);
        start.Environment["GIT_ALLOW_PROTOCOL"] = from.Scheme;
        start.Environment["GIT_SSH_COMMAND"] = Ssh(from, addresses);
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = WatchAsync(folder, guard);
        var run = await RunAsync(start, null, 1 << 16, guard.Token, cancellation);
        await guard.CancelAsync();
        if (await watch || SizeOf(folder) > settings.MaxBytes)
            return Outcome<string>.Fail(new Problem("git-too-big", "url", $"The repository is bigger than {settings.MaxBytes >> 20} MB.", "keep what is no catalogue elsewhere, or raise the setting Git:MaxMegabytes"));
        return run.Ok ? Outcome<string>.Of(folder) : Outcome<string>.Fail(run.Problems);
    }

    /// <summary>What a command writes.</summary>
    /// <param name="input">For its stdin.</param>
    public Task<Outcome<byte[]>> ReadAsync(IReadOnlyList<string> arguments, string? input, long maxOutput, CancellationToken cancellation) =>
        RunAsync(Start(arguments), input, maxOutput, cancellation, cancellation);

    private async Task<Outcome<byte[]>> RunAsync(ProcessStartInfo start, string? input, long maxOutput, CancellationToken guard, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(guard);
        limit.CancelAfter(settings.Deadline);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return Outcome<byte[]>.Fail(new Problem("git-missing", "", "The program git is not installed where Panama runs.", "install the package git"));
        }

        try
        {
            var errors = TailAsync(process.StandardError, limit.Token);
            var feed = FeedAsync(process.StandardInput, input, limit.Token);
            var output = await OutputAsync(process.StandardOutput.BaseStream, maxOutput, limit.Token);
            if (output is null)
            {
                process.Kill(entireProcessTree: true);
                return Outcome<byte[]>.Fail(new Problem("git-too-big", "", "The repository holds more than is read.", "keep what is no catalogue elsewhere"));
            }

            await feed;
            var said = await errors;
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? Outcome<byte[]>.Of(output) : Outcome<byte[]>.Fail(new Problem("git-failed", "url", $"git says: {said}", "mend the address, or the access to it"));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return Outcome<byte[]>.Fail(new Problem("git-timeout", "url", $"It took longer than {settings.Deadline.TotalSeconds} seconds.", "try again, or raise the setting Git:DeadlineSeconds"));
        }
    }

    private static ProcessStartInfo Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("git", [
            "-c", "core.hooksPath=/dev/null", "-c", "http.followRedirects=false", "-c", "credential.helper=", "-c", "gc.auto=0",
            "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30", "-c", "safe.directory=*", .. arguments,
        ])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardErrorEncoding = Encoding.UTF8, StandardInputEncoding = Encoding.ASCII,
        };
        foreach (var key in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(key);
        foreach (var (key, value) in (IEnumerable<(string, string)>)[("GIT_TERMINAL_PROMPT", "0"), ("GIT_ASKPASS", "true"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("LC_ALL", "C.UTF-8")])
            start.Environment[key] = value;
        return start;
    }

    /// <summary>Host and account were checked: nothing in here is more than a word to a shell.</summary>
    private static string Ssh(Uri from, IReadOnlyList<IPAddress> addresses)
    {
        const string ssh = "ssh -oBatchMode=yes -oStrictHostKeyChecking=accept-new -oConnectTimeout=20 -oForwardAgent=no -oPermitLocalCommand=no";
        return addresses.Count == 0 ? ssh : $"{ssh} -oHostName={addresses[0]} -oHostKeyAlias={from.IdnHost.Trim('[', ']')}";
    }

    /// <returns>True if it stopped the mirror, which had become too big.</returns>
    private async Task<bool> WatchAsync(string folder, CancellationTokenSource guard)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        try
        {
            while (await timer.WaitForNextTickAsync(guard.Token))
            {
                if (SizeOf(folder) <= settings.MaxBytes)
                    continue;
                await guard.CancelAsync();
                return true;
            }
        }
        catch (OperationCanceledException)
        {
        }

        return false;
    }

    private static long SizeOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Exists ? f.Length : 0);
        }
        catch (IOException) // git takes its own temporary files away
        {
            return 0;
        }
    }

    private static async Task FeedAsync(StreamWriter to, string? input, CancellationToken cancellation)
    {
        try
        {
            await to.WriteAsync((input ?? "").AsMemory(), cancellation);
            to.Close();
        }
        catch (IOException) // it ended before it had read all: its exit code tells
        {
        }
    }

    private static async Task<byte[]?> OutputAsync(Stream from, long max, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await from.ReadAsync(buffer, cancellation)) > 0)
        {
            if (all.Length + read > max)
                return null;
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    /// <summary>The last of what it complains, in one line.</summary>
    private static async Task<string> TailAsync(StreamReader from, CancellationToken cancellation)
    {
        var tail = "";
        var buffer = new char[4096];
        int read;
        while ((read = await from.ReadAsync(buffer, cancellation)) > 0)
            tail = (tail + new string(buffer, 0, read)) is { Length: > MaxErrors } longer ? longer[^MaxErrors..] : tail + new string(buffer, 0, read);
        return string.Concat(tail.Trim().Select(c => char.IsControl(c) ? ' ' : c));
    }
}
