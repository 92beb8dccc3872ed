using System.Text.Json;
using Ark.Console;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Console;

/// <summary><c>ark check --bandwidth</c> through the program.</summary>
public sealed class CheckBandwidthTests(CarriedSite site) : IClassFixture<CarriedSite>
{
    private const string Password = "p-4417-x";

    [Fact]
    public async Task Every_way_is_measured_a_blocked_one_is_told_and_the_report_shows_them_all()
    {
        Assert.SkipWhen(TestSshd.Missing is not null, TestSshd.Missing ?? "");
        Assert.SkipUnless(File.Exists("/usr/bin/sudo") && File.Exists("/usr/sbin/iptables"), "no sudo or no iptables");
        site.Begin();
        await using var machines = await TestSshd.StartWithAccountsAsync(site.Network, TestNetwork.Machines, [], ("deploy", Password, "deploy ALL=(ALL) NOPASSWD: ALL"));
        Assert.Equal(ExitCode.Done, site.Ark(["prepare", "--password-stdin", "--site", site.Root], Password + "\n").Exit);
        await site.Network.RunAsync("/usr/sbin/iptables", "-A", "INPUT", "-p", "tcp", "-d", TestNetwork.Machines[2], "--dport", "62000:62999", "-j", "REJECT", "--reject-with", "icmp-admin-prohibited");

        var live = Check("--bandwidth", "--save", "facts.json", "--format", "json");

        var ways = JsonDocument.Parse(live.Out).RootElement.GetProperty("ways").EnumerateArray().ToList();
        Assert.Equal(
            from a in TestNetwork.Machines from b in TestNetwork.Machines where a != b select (a, b, b != TestNetwork.Machines[2]),
            ways.Select(w => (w.GetProperty("from").GetString()!, w.GetProperty("to").GetString()!, w.GetProperty("bitsPerSecond") is { ValueKind: JsonValueKind.Number } bits && bits.GetInt64() > 0)));
        Assert.All(ways, w => Assert.True(w.GetProperty("milliseconds").GetDouble() >= 0));
        var results = JsonDocument.Parse(live.Out).RootElement.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(TestNetwork.Machines, results.Select(r => r.GetProperty("machine").GetString()!));
        Assert.Equal((ExitCode.CheckFailed, "couldNotCheck", "couldNotCheck"), (live.Exit, results[0].GetProperty("result").GetString(), results[1].GetProperty("result").GetString()));
        Assert.NotEqual("couldNotCheck", results[2].GetProperty("result").GetString());
        Assert.StartsWith("port 62000 of 10.99.0.13 is not reached: ", results[0].GetProperty("cause").GetString(), StringComparison.Ordinal);

        Assert.Equal((live.Exit, live.Out), Judge("--format", "json"));
        var table = Judge("--lang", "en").Out.Split('\n');
        Assert.Contains("Latency and bandwidth between machines", table);
        Assert.Matches(@"^ *10\.99\.0\.11 .* ms, [0-9.]+ [MG]bit/s .* ms, –", table.Single(l => l.Contains("bit/s", StringComparison.Ordinal) && l.TrimStart().StartsWith("10.99.0.11", StringComparison.Ordinal)));
        var page = Judge("--lang", "zh-CN", "--format", "html").Out;
        Assert.Contains("<h2 id=\"ways\">机器之间的延迟与带宽</h2>", page, StringComparison.Ordinal);
        Assert.Equal(3, page.Split("<th scope=\"row\">").Length - 1);
    }

    [Fact]
    public void Where_it_was_not_asked_for_it_does_not_apply_and_the_report_has_no_ways()
    {
        site.Prepared();
        var report = JsonDocument.Parse(Check("--format", "json").Out).RootElement;
        Assert.Equal(["notApplicable"], report.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("result").GetString()));
        Assert.False(report.TryGetProperty("ways", out _));
    }

    private (int Exit, string Out, string Error) Check(params string[] more) => site.Ark(["check", "--site", site.Root, "--only", "bandwidth", .. more]);

    private (int Exit, string Out) Judge(params string[] more)
    {
        var run = site.Ark(["check", "--from", "facts.json", "--only", "bandwidth", .. more]);
        return (run.Exit, run.Out);
    }
}
