using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Ark.Testing;
using Xunit;

namespace Ark.Web.Tests.Hosts;

/// <summary>HAProxy before two instances, with the configuration that the guide shows: only addresses are others.</summary>
public sealed partial class HaProxy : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-haproxy-");
    private readonly Process _process;

    private HaProxy(string first, string second)
    {
        var port = FreePort();
        Url = $"http://127.0.0.1:{port}";
        var guide = File.ReadAllText(Path.Combine(Clone.Root, "docs/guide/panama.md"));
        var configuration = Configuration().Match(guide).Groups[1].Value
            .Replace("bind :443 ssl crt /etc/haproxy/panama.pem", $"bind 127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("10.0.0.21:8080", new Uri(first).Authority, StringComparison.Ordinal)
            .Replace("10.0.0.22:8080", new Uri(second).Authority, StringComparison.Ordinal);
        var file = Path.Combine(_folder.FullName, "haproxy.cfg");
        File.WriteAllText(file, configuration);
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/haproxy", ["-db", "-f", file]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, line) => Log += line.Data + "\n";
        _process.BeginErrorReadLine();
    }

    public string Url { get; }

    public string Log { get; private set; } = "";

    public static async Task<HaProxy> StartAsync(string first, string second)
    {
        var proxy = new HaProxy(first, second);
        using var client = new HttpClient();
        for (var tries = 0; tries < 300 && !proxy._process.HasExited; tries++)
        {
            try
            {
                if ((await client.GetAsync(new Uri($"{proxy.Url}/health"), TestContext.Current.CancellationToken)).IsSuccessStatusCode)
                    return proxy;
            }
            catch (HttpRequestException)
            {
                // not up yet
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        var log = proxy.Log;
        await proxy.DisposeAsync();
        throw new InvalidOperationException($"HAProxy does not answer:\n{log}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("```haproxy\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Configuration();
}
