using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ark.Core;
using Ark.Remote.Programs;

namespace Ark.Remote.Registry;

/// <summary>
/// Debian's <c>docker-registry</c> on a free loopback port, serving a folder in the registry's layout over plain HTTP for as long as this object lives.
/// </summary>
public sealed class LoopbackRegistry : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _config;

    private LoopbackRegistry(Process process, string config, int port) => (_process, _config, Port) = (process, config, port);

    public int Port { get; }

    /// <summary>Host and port, as they stand before a repository: <c>127.0.0.1:41235</c>.</summary>
    public string Address => $"127.0.0.1:{Port}";

    public Uri Uri => new($"http://{Address}");

    /// <param name="directory">The folder above <c>docker/registry/v2</c>; made if it is not there.</param>
    /// <param name="work">Where its configuration lies while it runs.</param>
    public static async Task<Outcome<LoopbackRegistry>> StartAsync(string directory, string work, CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        var last = "";
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var port = FreePort();
            var config = Path.Combine(work, $"registry-{Guid.NewGuid():n}.yml");
            await File.WriteAllTextAsync(config, Configuration(Path.GetFullPath(directory), port), cancel);
            var process = LocalProgram.Start(new ProgramCall("docker-registry", "serve", config), out var missing);
            if (process is null)
            {
                File.Delete(config);
                return Outcome<LoopbackRegistry>.Fail(new Problem("no-registry-program", "docker-registry", missing, "apt-get install docker-registry"));
            }
            var registry = new LoopbackRegistry(process, config, port);
            var log = new StringBuilder();
            Drain(process.StandardError, log);
            Drain(process.StandardOutput, log);
            try
            {
                if (await registry.AnswersAsync(cancel)) return Outcome<LoopbackRegistry>.Of(registry);
            }
            catch (OperationCanceledException)
            {
                await registry.DisposeAsync();
                throw;
            }
            await registry.DisposeAsync();
            lock (log) last = log.ToString().TrimEnd();
        }
        return Outcome<LoopbackRegistry>.Fail(new Problem("registry-failed", directory, $"docker-registry did not start: {last}"));
    }

    public async ValueTask DisposeAsync()
    {
        await LocalProgram.EndAsync(_process, TimeSpan.FromSeconds(5));
        _process.Dispose();
        File.Delete(_config);
    }

    private static string Configuration(string directory, int port) => $"""
        version: 0.1
        log:
          level: error
          accesslog:
            disabled: true
        storage:
          filesystem:
            rootdirectory: '{directory.Replace("'", "''")}'
          cache:
            blobdescriptor: inmemory
          maintenance:
            uploadpurging:
              enabled: false
        http:
          addr: 127.0.0.1:{port}

        """;

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        using var client = new HttpClient();
        for (var waited = Stopwatch.StartNew(); !_process.HasExited && waited.Elapsed < TimeSpan.FromSeconds(20);)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(Uri, "/v2/"), cancel);
                if (answer.IsSuccessStatusCode && !_process.HasExited) return true;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(30, cancel);
        }
        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Drain(StreamReader reader, StringBuilder log) => _ = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (log)
                if (log.Length < 1 << 16) log.AppendLine(line);
    });
}
