using Ark.Core.Checks;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Checks;

public sealed class PortProbeScriptTests
{
    private static readonly PortTarget[] Targets = [new("10.0.0.12", 22), new("10.0.0.12", 80), new("10.0.0.12", 443), new("10.0.0.13", 22), new("10.0.0.14", 22), new("10.9.0.1", 22)];

    /// <summary>As bash 5.2 prints it on Debian 12.</summary>
    private const string Output = """
        environment: connect: Connection refused
        environment: line 5: /dev/tcp/10.0.0.12/80: Connection refused
        tried	10.0.0.12	80	1	67
        tried	10.0.0.12	22	0	118
        environment: connect: No route to host
        environment: line 5: /dev/tcp/10.0.0.12/443: No route to host
        tried	10.0.0.12	443	1	1035449
        environment: line 5: /dev/tcp/10.0.0.14/22: No route to host
        tried	10.0.0.14	22	1	1001000
        environment: line 5: /dev/tcp/10.9.0.1/22: Network is unreachable
        tried	10.9.0.1	22	1	45
        silent	10.0.0.14
        done

        """;

    [Fact]
    public void Answers_of_the_network_are_told_apart() => Assert.Equal(
        [
            new("10.0.0.11", "10.0.0.12", 22, ProbeResult.Open, 0.118),
            new("10.0.0.11", "10.0.0.12", 80, ProbeResult.Refused, 0.067),
            new("10.0.0.11", "10.0.0.12", 443, ProbeResult.Filtered, 1035.449),
            new("10.0.0.11", "10.0.0.13", 22, ProbeResult.TimedOut, null),
            new("10.0.0.11", "10.0.0.14", 22, ProbeResult.TimedOut, null),
            new("10.0.0.11", "10.9.0.1", 22, ProbeResult.TimedOut, null),
        ],
        PortProbeScript.Read("10.0.0.11", Targets, Output));

    [Fact]
    public void What_was_not_tried_to_the_end_did_not_time_out()
    {
        var cut = PortProbeScript.Read("10.0.0.11", Targets, Output[..Output.IndexOf("done", StringComparison.Ordinal)]);
        Assert.DoesNotContain(cut, p => p.To == "10.0.0.13");
        Assert.Empty(PortProbeScript.Read("10.0.0.11", Targets, "sh: 1: bash: not found\n"));
    }

    [Fact]
    public void A_connection_that_the_tick_interrupted_is_judged_by_its_second_attempt()
    {
        var probes = PortProbeScript.Read("10.0.0.11", [new("10.0.0.12", 22), new("10.0.0.13", 22)], """
            environment: connect: Interrupted system call
            environment: line 5: /dev/tcp/10.0.0.12/22: Interrupted system call
            environment: connect: Interrupted system call
            environment: line 5: /dev/tcp/10.0.0.13/22: Interrupted system call
            environment: line 5: /dev/tcp/10.0.0.12/22: Connection refused
            tried	10.0.0.12	22	1	401000
            done

            """);

        Assert.Equal([new("10.0.0.11", "10.0.0.12", 22, ProbeResult.Refused, 401), new("10.0.0.11", "10.0.0.13", 22, ProbeResult.TimedOut, null)], probes);
    }

    /// <summary>As bash 5.2 prints it on Debian 12, and 4.2 where a route is missing.</summary>
    private const string Heard = """
        environment: line 17: echo: write error: Operation not permitted
        heard	10.0.0.12	1009	1
        bash: connect: Network is unreachable
        bash: line 38: fd: Network is unreachable
        heard	192.0.2.1	4789	1
        environment: connect: Connection refused
        environment: line 5: /dev/tcp/10.0.0.12/7946: Connection refused
        tried	10.0.0.12	7946	1	79
        heard	10.0.0.12	123	0
        environment: line 23: read: read error: 12: Connection refused
        heard	10.0.0.12	7946	1
        environment: line 23: read: read error: 14: No route to host
        heard	10.0.0.12	1002	1
        environment: line 23: read: read error: 16: Network is unreachable
        heard	10.0.0.12	1004	1
        environment: line 17: echo: write error: Connection refused
        heard	10.0.0.13	7946	1
        bash: line 23: fd: Too many open files
        heard	10.0.0.13	4789	1
        done

        """;

    [Fact]
    public void What_came_back_to_datagrams_is_told_apart()
    {
        PortTarget[] targets =
        [
            new("10.0.0.12", 7946), .. from port in new[] { 123, 1001, 1002, 1004, 1009, 7946 } select Udp("10.0.0.12", port), Udp("10.0.0.13", 4789), Udp("10.0.0.13", 7946), Udp("192.0.2.1", 4789),
            Udp("10.0.0.14", 7946) with { Listener = "dockerd" },
        ];

        var probes = PortProbeScript.Read("10.0.0.11", targets, Heard);

        Assert.Equal(
            [
                "10.0.0.12 tcp/7946 Refused", "10.0.0.12 udp/123 Open", "10.0.0.12 udp/1001 TimedOut", "10.0.0.12 udp/1002 Filtered", "10.0.0.12 udp/1004 Filtered", "10.0.0.12 udp/1009 Filtered", "10.0.0.12 udp/7946 Refused",
                "10.0.0.13 udp/7946 Refused", "192.0.2.1 udp/4789 TimedOut",
            ],
            probes.Select(p => $"{p.To} {p.Protocol}/{p.Port} {p.Result}"));
        Assert.All(probes.Where(p => p.Protocol == "udp"), p => Assert.Null(p.Milliseconds));
        Assert.Empty(PortProbeScript.Read("10.0.0.11", targets[1..], Heard[..Heard.IndexOf("done", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Programs_that_listen_get_no_datagram_but_time_servers_and_the_kernel() => Assert.Equal(
        "10.0.0.12 7946 tcp\n10.0.0.12 7946 udp\n10.0.0.12 4789 held\n10.0.0.12 123 held\n",
        PortProbeScript.Input(
        [
            new("10.0.0.12", 7946) { Listener = "dockerd" }, Udp("10.0.0.12", 7946), Udp("10.0.0.12", 4789) with { Listener = "" }, Udp("10.0.0.12", 123) with { Listener = "chronyd" }, Udp("10.0.0.12", 53) with { Listener = "dnsmasq" },
        ]));

    [Fact]
    public void No_text_makes_it_throw() => Gen.OneOf(Gen.String, Gen.String.Select(s => $"{s}\nheard\t10.0.0.12\t7946\t1\ndone")).Sample(text =>
        PortProbeScript.Read("10.0.0.11", [.. Targets, Udp("10.0.0.12", 7946)], text).Count <= Targets.Length + 1);

    private static PortTarget Udp(string to, int port) => new(to, port) { Protocol = "udp" };
}
