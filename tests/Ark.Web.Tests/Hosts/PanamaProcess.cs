using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Ark.Testing;
using Xunit;

namespace Ark.Web.Tests.Hosts;

/// <summary>The program itself, as it was built: a process that can be killed.</summary>
public sealed partial class PanamaProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = [];
    private readonly TaskCompletionSource<string> _listens = new();

    private PanamaProcess(ProcessStartInfo start)
    {
        _process = new() { StartInfo = start, EnableRaisingEvents = true };
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _listens.TrySetException(new InvalidOperationException($"It ended:\n{string.Join('\n', _log)}"));
        _process.Start();
        _process.BeginErrorReadLine();
    }

    public string Url { get; private set; } = "";

    /// <summary>As the program wrote it to its log; empty where somebody can sign in already.</summary>
    public string SetUpCode => _log.Select(l => Code().Match(l)).FirstOrDefault(m => m.Success)?.Groups[1].Value ?? "";

    public IReadOnlyCollection<string> Log => _log;

    /// <param name="folder">Where it runs, and where it keeps its data unless the connection says otherwise.</param>
    /// <param name="settings">By environment.</param>
    public static async Task<PanamaProcess> StartAsync(string folder, params IEnumerable<(string Name, string Value)> settings)
    {
        var built = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Clone.Root, "src/Ark.Panama/bin", built, "net10.0/ark-panama.dll"), "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardError = true, WorkingDirectory = folder,
            Environment =
            {
                ["ARK_ROOT"] = folder, ["Catalog"] = Path.Combine(Clone.Root, "catalog"), ["Channels__AllowedNetworks"] = "127.0.0.1/32",
                ["ASPNETCORE_ENVIRONMENT"] = "Development", // files of libraries are served from where they are
            },
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = new PanamaProcess(start);
        process.Url = await process._listens.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        return process;
    }

    /// <summary>As by <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>The first administrator, and the API as they see it.</summary>
    public async Task<Caller> SetUpAsync()
    {
        var nobody = new Caller(Url, null);
        await nobody.PostAsync("set-up", new { name = "admin", password = PanamaSite.Password, code = SetUpCode });
        return new(Url, await TokenAsync(Url));
    }

    public static async Task<string> TokenAsync(string url)
    {
        var reply = await new Caller(url, null).PostAsync("sign-in", new { name = "admin", password = PanamaSite.Password });
        Assert.True(reply.Status == System.Net.HttpStatusCode.OK, $"{reply.Status} {reply.Body}");
        return reply.Json.GetProperty("token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        _log.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
            _listens.TrySetResult(match.Groups[1].Value);
    }

    [GeneratedRegex("set-up code ([a-z0-9-]+)")]
    private static partial Regex Code();

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
