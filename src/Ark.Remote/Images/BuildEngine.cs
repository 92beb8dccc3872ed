using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Ark.Core;
using Ark.Remote.Programs;

namespace Ark.Remote.Images;

/// <summary>
/// A Docker engine that builds images: the one that runs here, or a private one that lives as long as this object and leaves no process and no mount.
/// Its images stay in the cache folder for the next time.
/// </summary>
public sealed class BuildEngine : IAsyncDisposable
{
    private const string Remedy = "Install Docker (Debian: apt-get install docker.io), and run as root or start the Docker service.";

    private readonly Process? _daemon;
    private readonly string _run = "";
    private readonly string _data = "";
    private readonly string? _host;

    private BuildEngine(string? host, Process? daemon = null, string run = "", string data = "") => (_host, _daemon, _run, _data) = (host, daemon, run, data);

    /// <summary>True where the engine was started here and serves nobody else.</summary>
    public bool IsPrivate => _daemon is not null;

    /// <summary>The running engine if one answers, else a private one whose data lie in <paramref name="cache"/>.</summary>
    /// <param name="cache">Used by one program at a time: see <see cref="Workshop"/>.</param>
    /// <param name="alwaysPrivate">Do not look for a running one.</param>
    public static async Task<Outcome<BuildEngine>> OpenAsync(string cache, bool alwaysPrivate, CancellationToken cancel)
    {
        if (!alwaysPrivate && await AnswersAsync(null, cancel)) return Outcome<BuildEngine>.Of(new BuildEngine(null));
        if (!LocalProgram.Exists("dockerd") || !LocalProgram.Exists("docker"))
            return Outcome<BuildEngine>.Fail(new Problem("no-docker", "dockerd", "No Docker engine answers, and none is installed.", Remedy));
        if (!Environment.IsPrivilegedProcess)
            return Outcome<BuildEngine>.Fail(new Problem("no-docker", "dockerd", "No Docker engine answers, and only root can start one.", Remedy));
        return await StartAsync(Path.GetFullPath(cache), cancel);
    }

    /// <summary>A call of the docker program against this engine.</summary>
    public ProgramCall Docker(params IReadOnlyList<string> arguments) => new("docker", arguments) { Environment = Variables(_host) };

    public Task<ProgramResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel) => LocalProgram.RunAsync(Docker(arguments), cancel);

    public async Task<bool> HasImageAsync(string reference, CancellationToken cancel) =>
        (await RunAsync(["image", "inspect", "--format", "{{.Id}}", reference], cancel)).Ok;

    public async ValueTask DisposeAsync()
    {
        if (_daemon is null) return;
        await LocalProgram.EndAsync(_daemon, TimeSpan.FromSeconds(20));
        _daemon.Dispose();
        await SweepAsync(_run, _data);
    }

    private static async Task<Outcome<BuildEngine>> StartAsync(string cache, CancellationToken cancel)
    {
        Directory.CreateDirectory(cache);
        var data = Path.Combine(cache, "engine");
        var run = "/run/ark-images-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cache)))[..8]; // short: a socket's path has at most 107 bytes
        Process? daemon = null;
        try
        {
            await SweepAsync(run, data);
            Directory.CreateDirectory(run);
            var host = $"unix://{run}/docker.sock";
            var log = new StringBuilder();
            daemon = LocalProgram.Start(new ProgramCall("dockerd", "--bridge", "none", "--iptables=false", "--ip-forward=false", "--data-root", data,
                "--exec-root", run, "--pidfile", $"{run}/docker.pid", "-H", host), out var missing);
            if (daemon is null) return Outcome<BuildEngine>.Fail(new Problem("no-docker", "dockerd", missing));
            Collect(daemon.StandardError, log);
            Collect(daemon.StandardOutput, log);
            for (var waited = Stopwatch.StartNew(); !daemon.HasExited && waited.Elapsed < TimeSpan.FromSeconds(60);)
            {
                if (await AnswersAsync(host, cancel))
                {
                    var engine = new BuildEngine(host, daemon, run, data);
                    daemon = null;
                    return Outcome<BuildEngine>.Of(engine);
                }
                await Task.Delay(100, cancel);
            }
            lock (log)
            {
                var tail = string.Join('\n', log.ToString().TrimEnd().Split('\n').TakeLast(5));
                return Outcome<BuildEngine>.Fail(new Problem("no-docker", "dockerd", $"A private Docker engine did not start: {tail}", Remedy));
            }
        }
        finally
        {
            if (daemon is not null)
            {
                await LocalProgram.EndAsync(daemon, TimeSpan.FromSeconds(20));
                daemon.Dispose();
                await SweepAsync(run, data);
            }
        }
    }

    private static async Task<bool> AnswersAsync(string? host, CancellationToken cancel) =>
        (await LocalProgram.RunAsync(new ProgramCall("docker", "version", "--format", "{{.Server.Version}}") { Environment = Variables(host) }, cancel)).Ok;

    /// <summary>The classic builder: it is in every engine, needs no plug-in, and takes parents from the engine's own images.</summary>
    private static Dictionary<string, string?> Variables(string? host)
    {
        var variables = new Dictionary<string, string?> { ["DOCKER_BUILDKIT"] = "0", ["DOCKER_CLI_HINTS"] = "false" };
        if (host is not null) (variables["DOCKER_HOST"], variables["DOCKER_CONTEXT"]) = (host, null);
        return variables;
    }

    /// <summary>Ends the engine's processes that are left (of a killed run too), takes its mounts away, and removes the run folder.</summary>
    private static async Task SweepAsync(string run, string data)
    {
        await Leftovers.EndAsync(run);
        await Leftovers.UnmountAsync(data);
        await Leftovers.UnmountAsync(run);
        if (Directory.Exists(run)) Directory.Delete(run, recursive: true);
    }

    private static void Collect(StreamReader reader, StringBuilder log) => _ = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (log)
                if (log.Length < 1 << 20) log.AppendLine(line);
    });
}
