using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Ark.Core.Catalog;
using Ark.Core.Planning;
using Docker.DotNet;

namespace Ark.Testing.Swarm;

/// <summary>
/// A Docker engine of its own, as a Swarm of one machine, in a network namespace of its own, with an image made of busybox. Nothing of the
/// system's Docker, if there is one, is touched; all is gone with the object.
/// </summary>
public sealed class PrivateSwarm : IAsyncDisposable
{
    /// <summary>Value of the node's label <see cref="ArkLabels.Machine"/>.</summary>
    public const string Machine = "10.0.0.11";

    private static readonly string[] Programs = ["dockerd", "docker", "busybox", "ip", "nsenter", "umount"];

    private readonly string _folder;
    private readonly string _namespace;
    private readonly bool _guest;
    private Process? _daemon;

    private PrivateSwarm(string folder, string? host)
    {
        _folder = folder;
        _namespace = host ?? Path.GetFileName(folder);
        _guest = host is not null;
        Socket = Path.Combine(folder, "docker.sock");
        Client = NewClient();
    }

    public string Socket { get; }

    /// <summary>File of the engine's network namespace, for <c>nsenter --net=</c>.</summary>
    public string Network => $"/run/netns/{_namespace}";

    public DockerClient Client { get; }

    /// <summary>Id of the busybox image; Swarm does not try to pull what is named by its id.</summary>
    public string Image { get; private set; } = "";

    /// <param name="swarm">False for an engine that is in no Swarm yet.</param>
    /// <exception cref="InvalidOperationException">A program is missing; says how to install it.</exception>
    public static async Task<PrivateSwarm> StartAsync(bool swarm = true)
    {
        var made = await StartEngineAsync(null);
        if (!swarm)
            return made;
        try
        {
            await made.DockerAsync("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377");
            await made.DockerAsync("node", "update", "--label-add", $"{ArkLabels.Machine}={Machine}", (await made.DockerAsync("node", "ls", "-q")).Trim());
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another engine in the same network that joins this Swarm as a worker, under another address of the loopback.</summary>
    public async Task<PrivateSwarm> JoinAsync(string address)
    {
        var made = await StartEngineAsync(_namespace);
        try
        {
            var token = (await DockerAsync("swarm", "join-token", "-q", "worker")).Trim();
            await made.DockerAsync("swarm", "join", "--token", token, "--advertise-addr", address, "--listen-addr", $"{address}:2377", "127.0.0.1:2377");
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    private static async Task<PrivateSwarm> StartEngineAsync(string? host)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':');
        if (Programs.Where(p => !path.Any(d => File.Exists(Path.Combine(d, p)))).ToList() is { Count: > 0 } missing)
            throw new InvalidOperationException($"Missing: {string.Join(", ", missing)}. apt-get install docker.io busybox-static iproute2 util-linux");
        var made = new PrivateSwarm(Directory.CreateTempSubdirectory("ark-swarm-").FullName, host);
        try
        {
            await made.StartDaemonAsync();
            await made.ImportImageAsync();
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    public DockerClient NewClient() => new DockerClientBuilder().WithEndpoint(new Uri($"unix://{Socket}")).Build();

    /// <summary>Runs Docker's own command line, as an administrator would; throws when it fails.</summary>
    public Task<string> DockerAsync(params string[] arguments) => RunAsync("docker", ["-H", $"unix://{Socket}", .. arguments]);

    /// <summary>Runs a program in the engine's network; what it says goes to a file.</summary>
    public Process StartInside(string program, params string[] arguments) => Process.Start(
        new ProcessStartInfo("sh", ["-c", $"exec nsenter \"$@\" > '{_folder}/{Path.GetFileName(program)}.log' 2>&1", "sh", $"--net={Network}", program, .. arguments]))!;

    /// <summary>An instance of busybox that is healthy as long as its file <c>/tmp/well</c> is there.</summary>
    public ServiceSpec Spec(string name, string component = "cache") => new()
    {
        Name = name,
        Image = Image,
        Labels = new() { [ArkLabels.Schema] = "1", [ArkLabels.Task] = "527", [ArkLabels.Component] = component, [ArkLabels.Instance] = name },
        Command = ["sh", "-c", "echo starting; touch /tmp/well; trap 'exit 0' TERM; while true; do sleep 1 & wait $!; done"],
        Environment = new() { ["LEVEL"] = "info" },
        Healthcheck = new Healthcheck(["CMD", "test", "-e", "/tmp/well"], TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5), 2, TimeSpan.Zero),
        CpuReservation = 0.01,
        MemoryReservation = 4 << 20,
        Machine = Machine,
        Network = "host",
        Monitor = TimeSpan.FromSeconds(5),
        StopGracePeriod = TimeSpan.FromSeconds(2),
    };

    public async ValueTask DisposeAsync()
    {
        if (_daemon is { HasExited: false })
        {
            await TryAsync(async () =>
            {
                var running = await DockerAsync("ps", "-q");
                foreach (var container in running.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    await TryAsync(() => DockerAsync("kill", container));
            });
            await RunAsync("kill", ["-TERM", _daemon.Id.ToString(CultureInfo.InvariantCulture)]);
            await _daemon.WaitForExitAsync();
        }

        Client.Dispose();
        var mounts = (await File.ReadAllLinesAsync("/proc/self/mounts")).Select(l => l.Split(' ')[1]).Where(m => m.StartsWith(_folder + "/", StringComparison.Ordinal));
        foreach (var mount in mounts.Reverse().ToList())
            await TryAsync(() => RunAsync("umount", ["-l", mount]));
        if (!_guest)
            await TryAsync(() => RunAsync("ip", ["netns", "del", _namespace]));
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartDaemonAsync()
    {
        if (!_guest)
        {
            await RunAsync("ip", ["netns", "add", _namespace]);
            await RunAsync("ip", ["-n", _namespace, "link", "set", "lo", "up"]);
        }

        // Not "ip netns exec": its own /sys would hide the control groups.
        _daemon = StartInside(
            "dockerd", "--bridge", "none", "--iptables=false", "--ip-forward=false", "--data-root", $"{_folder}/data",
            "--exec-root", $"{_folder}/exec", "--pidfile", $"{_folder}/pid", "--host", $"unix://{Socket}");
        for (var tries = 0; ; tries++)
        {
            try
            {
                await Client.System.PingAsync(CancellationToken.None);
                return;
            }
            catch (Exception) when (tries < 300 && !_daemon.HasExited)
            {
                await Task.Delay(100);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"dockerd did not start: {(await File.ReadAllLinesAsync($"{_folder}/dockerd.log")).LastOrDefault()}", failure);
            }
        }
    }

    private async Task ImportImageAsync()
    {
        var tar = Path.Combine(_folder, "busybox.tar");
        await using (var file = File.Create(tar))
        await using (var writer = new TarWriter(file))
        {
            var program = Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/bin").Select(d => Path.Combine(d, "busybox")).First(File.Exists);
            foreach (var folder in new[] { "bin", "tmp", "etc" })
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, folder));
            await writer.WriteEntryAsync(program, "bin/busybox");
            foreach (var name in new[] { "sh", "sleep", "cat", "touch", "rm", "echo", "test", "true", "false", "ls", "id" })
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{name}") { LinkName = "busybox" });
        }

        Image = (await DockerAsync("import", tar, "ark/busybox:1")).Trim();
    }

    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (InvalidOperationException)
        {
            // It went by itself meanwhile.
        }
    }

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        using var process = new Process { StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            throw new InvalidOperationException($"{program} does not start: {failure.Message}", failure);
        }

        var error = new StringBuilder();
        process.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
    }
}
