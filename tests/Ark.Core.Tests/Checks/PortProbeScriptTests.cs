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

    [Fact]
    public void No_text_makes_it_throw() => Gen.String.Sample(text => PortProbeScript.Read("10.0.0.11", Targets, text).Count <= Targets.Length);
}
