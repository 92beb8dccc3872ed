using System.Diagnostics;
using System.Globalization;

namespace Ark.Testing.Ssh;

/// <summary>
/// A network of its own, in a namespace: machines' addresses lie on its loopback, nothing leads out, and the kernel counts every connection
/// that anything in it tried to open. It is gone with the object.
/// </summary>
public sealed class TestNetwork : IAsyncDisposable
{
    private readonly Process _holder;

    private TestNetwork(Process holder) => _holder = holder;

    /// <summary>Why no namespace can be made here; null when one can.</summary>
    public static string? Missing => Environment.UserName == "root" ? null : "network namespaces need root";

    /// <summary>Of three machines.</summary>
    public static IReadOnlyList<string> Machines { get; } = ["10.99.0.11", "10.99.0.12", "10.99.0.13"];

    public static async Task<TestNetwork> StartAsync()
    {
        var setup = "set -e; ip link set lo up; " + string.Concat(Machines.Select(m => $"ip address add {m}/32 dev lo; ")) + "echo ready; exec sleep infinity";
        var holder = Process.Start(new ProcessStartInfo("/usr/bin/unshare", ["--net", "/bin/sh", "-c", setup]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        if (await holder.StandardOutput.ReadLineAsync().ConfigureAwait(false) == "ready")
            return new(holder);
        throw new InvalidOperationException($"No network could be made: {await holder.StandardError.ReadToEndAsync().ConfigureAwait(false)}");
    }

    /// <summary>The words that run a command in this network.</summary>
    public IReadOnlyList<string> Enter => ["/usr/bin/nsenter", $"--net=/proc/{_holder.Id.ToString(CultureInfo.InvariantCulture)}/ns/net"];

    /// <summary>Lays a cable to another network: this end has the address 10.98.0.1, the other 10.98.0.2.</summary>
    public async Task JoinAsync(TestNetwork other)
    {
        var script = "set -e; ip address add 10.98.0.$0/24 dev cable; ip link set cable up";
        await RunAsync("/bin/sh", "-c", $"ip link add cable type veth peer name cable netns {other._holder.Id.ToString(CultureInfo.InvariantCulture)}").ConfigureAwait(false);
        await RunAsync("/bin/sh", "-c", script, "1").ConfigureAwait(false);
        await other.RunAsync("/bin/sh", "-c", script, "2").ConfigureAwait(false);
    }

    /// <summary>Runs a command in this network that must succeed.</summary>
    public async Task RunAsync(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(Enter[0], [Enter[1], .. words]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{words[0]} failed: {error}");
    }

    /// <summary>Connections that were tried to open and datagrams that were sent since the network was made.</summary>
    public long Attempts()
    {
        using var process = Process.Start(new ProcessStartInfo(Enter[0], [Enter[1], "/bin/cat", "/proc/net/snmp"]) { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        return Counter(lines, "Tcp:", "ActiveOpens") + Counter(lines, "Udp:", "OutDatagrams");
    }

    private static long Counter(string[] lines, string protocol, string name)
    {
        var rows = lines.Where(l => l.StartsWith(protocol, StringComparison.Ordinal)).Select(l => l.Split(' ')).ToList();
        return long.Parse(rows[1][Array.IndexOf(rows[0], name)], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _holder.Kill(entireProcessTree: true);
        await _holder.WaitForExitAsync().ConfigureAwait(false);
        _holder.Dispose();
    }
}
