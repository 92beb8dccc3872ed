using System.Diagnostics;
using Ark.Core.Checks;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Checks;

/// <summary>The script of the ways, run by this computer's bash in networks whose kernel and packet filter answer.</summary>
public sealed class DatagramProbeTests
{
    private const string Iptables = "/usr/sbin/iptables";

    private static readonly string To = TestNetwork.Machines[1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Closed_dropped_and_rejected_are_told_apart_by_what_comes_back()
    {
        Assert.SkipWhen(TestNetwork.Missing is not null, TestNetwork.Missing ?? "");
        Assert.SkipWhen(!File.Exists(Iptables), "no iptables");
        await using var network = await TestNetwork.StartAsync();
        await RuleAsync(network, "INPUT", 1001, "DROP");
        await RuleAsync(network, "INPUT", 1002, "REJECT", "--reject-with", "icmp-admin-prohibited");
        await RuleAsync(network, "INPUT", 1003, "REJECT", "--reject-with", "icmp-host-prohibited");
        await RuleAsync(network, "INPUT", 1004, "REJECT", "--reject-with", "icmp-net-prohibited");
        await RuleAsync(network, "INPUT", 1005, "REJECT");
        await RuleAsync(network, "OUTPUT", 1006, "DROP");

        var probes = await ProbeAsync(network, [new(To, 1000), .. Enumerable.Range(1000, 7).Select(port => Udp(To, port)), Udp("192.0.2.1", 1000)]);

        Assert.Equal(
            [
                "tcp/1000 Refused", "udp/1000 Refused", "udp/1001 TimedOut", "udp/1002 Filtered", "udp/1003 Filtered", "udp/1004 Filtered",
                "udp/1005 Refused", // the packet filter's own default: a port that looks closed
                "udp/1006 Filtered", "udp/1000 TimedOut",
            ],
            probes.Select(p => $"{p.Protocol}/{p.Port} {p.Result}"));
    }

    [Fact]
    public async Task A_time_server_answers_and_the_kernel_does_not()
    {
        Assert.SkipWhen(TestNetwork.Missing is not null, TestNetwork.Missing ?? "");
        Assert.SkipWhen(!File.Exists("/usr/bin/perl"), "no perl");
        await using var network = await TestNetwork.StartAsync();
        await network.RunAsync("/bin/sh", "-c", "set -e; ip link add vxlan type vxlan id 42 dstport 4789 local 10.99.0.12 dev lo; ip link set vxlan up");
        using var server = await ServeAsync(network);
        try
        {
            var probes = await ProbeAsync(network, [Udp(To, 123) with { Listener = "chronyd" }, Udp(To, 4789) with { Listener = "" }, Udp(To, 7946) with { Listener = "dockerd" }]);
            Assert.Equal(["123 Open", "4789 TimedOut"], probes.Select(p => $"{p.Port} {p.Result}"));
        }
        finally
        {
            server.Kill();
        }
    }

    [Fact]
    public async Task A_kernel_that_tells_six_things_at_once_is_asked_again()
    {
        Assert.SkipWhen(TestNetwork.Missing is not null, TestNetwork.Missing ?? "");
        await using var here = await TestNetwork.StartAsync();
        await using var there = await TestNetwork.StartAsync();
        await here.JoinAsync(there);

        var probes = await ProbeAsync(here, [.. Enumerable.Range(1000, 7).Select(port => Udp("10.98.0.2", port))]);

        Assert.Equal(7, probes.Count);
        Assert.All(probes, p => Assert.Equal(ProbeResult.Refused, p.Result));
    }

    private static PortTarget Udp(string to, int port) => new(to, port) { Protocol = "udp" };

    private static Task RuleAsync(TestNetwork network, string chain, int port, params IReadOnlyList<string> target) =>
        network.RunAsync([Iptables, "-A", chain, "-p", "udp", "-d", To, "--dport", $"{port}", "-j", .. target]);

    /// <summary>Answers clients of the time, of version 4, with as many bytes.</summary>
    private static async Task<Process> ServeAsync(TestNetwork network)
    {
        const string script = """
            $| = 1; my $server = IO::Socket::INET->new(Proto => "udp", LocalPort => 123) or die $!; print "ready\n";
            while (my $from = $server->recv(my $asked, 100)) { $server->send("\x24" . substr($asked, 1), 0, $from) if length $asked == 48 && ord $asked == 0x23 }
            """;
        var server = Process.Start(new ProcessStartInfo(network.Enter[0], [.. network.Enter.Skip(1), "/usr/bin/perl", "-MIO::Socket::INET", "-e", script]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await server.StandardOutput.ReadLineAsync(Token));
        return server;
    }

    private static async Task<IReadOnlyList<PortProbe>> ProbeAsync(TestNetwork network, IReadOnlyList<PortTarget> targets)
    {
        using var process = Process.Start(new ProcessStartInfo(network.Enter[0], [.. network.Enter.Skip(1), "/bin/bash", "-c", PortProbeScript.Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.WriteAsync(PortProbeScript.Input(targets));
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return PortProbeScript.Read(TestNetwork.Machines[0], targets, output);
    }
}
