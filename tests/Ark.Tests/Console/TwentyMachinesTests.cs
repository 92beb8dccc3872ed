using System.Diagnostics;
using System.Text.Json;
using Ark.Console;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Console;

/// <summary><c>ark check</c> through the program where some machines are bad in ways of their own.</summary>
public sealed class TwentyMachinesTests(TwentyMachines machines) : IClassFixture<TwentyMachines>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_twenty_machines_of_which_four_are_bad_sixteen_are_checked_and_the_run_ends_by_its_deadline()
    {
        Assert.Equal(ExitCode.Done, Run("--answer", "21", "yes", "smtp.shop.example: 465 \"é\" 邮件").Exit);
        var live = Run("--deadline", "30", "--save", "facts.json", "--format", "json");

        Assert.True(live.Exit == ExitCode.CheckFailed, live.Error);
        var report = JsonDocument.Parse(live.Out).RootElement;
        var unreached = report.GetProperty("notReached").EnumerateArray().ToDictionary(m => m.GetProperty("machine").GetString()!);
        Assert.Equal(
            [(TwentyMachines.Off, "ssh-refused"), (TwentyMachines.Changed, "ssh-host-key-changed"), (TwentyMachines.Refusing, "ssh-auth"), (TwentyMachines.Hanging, "ssh-hangs")],
            unreached.Select(m => (m.Key, m.Value.GetProperty("code").GetString()!)));
        Assert.Contains("within 30 s", unreached[TwentyMachines.Hanging].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(4, unreached.Values.Select(m => m.GetProperty("remedy").GetString()).Where(r => r!.Length > 0).Distinct().Count());

        var results = report.GetProperty("results").EnumerateArray().ToList();
        foreach (var check in (string[])["machine-answers", "kernel-version", "ip-forwarding", "ways-free"])
        {
            var lines = results.Where(r => r.GetProperty("id").GetString() == check).ToDictionary(r => r.GetProperty("machine").GetString()!, r => r.GetProperty("result").GetString());
            Assert.Equal(machines.All, lines.Keys);
            Assert.All(machines.Good, m => Assert.NotEqual("couldNotCheck", lines[m]));
            Assert.All(unreached.Keys, m => Assert.Equal("couldNotCheck", lines[m]));
        }

        // What was saved gives the very same report, byte for byte, on whatever computer.
        Assert.Equal((live.Exit, live.Out), Judge("--format", "json"));
        var elsewhere = machines.Site.Ark(["check", "--from", "facts.json", "--format", "json"], null, ("TZ", "Asia/Shanghai"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8"));
        Assert.Equal((live.Exit, live.Out), (elsewhere.Exit, elsewhere.Out));
        var table = Judge("--lang", "en").Out;
        Assert.Equal(unreached.Keys, table.Split('\n').Where(l => l.StartsWith("  ✗ 10.", StringComparison.Ordinal)).Select(l => l[4..l.IndexOf(':', StringComparison.Ordinal)]));
        Assert.EndsWith(" on 16 of 20 machines\n", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_while_machines_are_asked_it_ends_and_leaves_nothing_running_there()
    {
        File.WriteAllText(machines.Hold, "");
        try
        {
            var words = machines.Site.Network.Enter.Concat([Path.Combine(AppContext.BaseDirectory, "ark"), "check", "--deadline", "20", "--site", machines.Site.Root]).ToList();
            using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
            while ((File.Exists(machines.Held) ? await File.ReadAllLinesAsync(machines.Held, Token) : []).Length < machines.Good.Count() && !process.HasExited) await Task.Delay(50, Token);
            Assert.Equal(machines.Good.Count(), Marked(await File.ReadAllLinesAsync(machines.Held, Token)).Select(m => m.Run).Distinct().Count());
            using (var signal = Process.Start("/bin/kill", ["-INT", $"{process.Id}"])) await signal.WaitForExitAsync(Token);
            await process.WaitForExitAsync(Token);

            Assert.Equal((ExitCode.Interrupted, ""), (process.ExitCode, await output));
            Assert.EndsWith("interrupted\n", await error, StringComparison.Ordinal);
            var runs = await File.ReadAllLinesAsync(machines.Held, Token);
            Assert.Equal(machines.Good.Count(), runs.Distinct().Count());
            Assert.Empty(Marked(runs));
        }
        finally
        {
            File.Delete(machines.Hold);
        }
    }

    [Fact]
    public async Task Whatever_keeps_machines_from_being_reached_has_a_code_and_a_remedy_of_its_own()
    {
        string[] addresses = ["10.99.1.1", "10.99.1.2", "10.99.1.3"];
        var (site, network) = (machines.Site, machines.Site.Network);
        foreach (var address in addresses[..2]) await network.RunAsync("ip", "address", "add", address + "/32", "dev", "lo");
        await network.RunAsync("/usr/sbin/iptables", "-A", "INPUT", "-d", addresses[1], "-j", "DROP");
        await using var powerless = await TestSshd.StartWithAccountsAsync(network, addresses[0], ("deploy", "p-4417-x", null));
        await machines.LetInAsync(powerless);
        var before = site.Read("bin/ark.properties");
        site.Properties("machine_ips=" + string.Join(',', addresses), "client_ip=" + addresses[0]);
        try
        {
            var run = Run("--deadline", "20", "--format", "json");
            Assert.True(run.Exit == ExitCode.CheckFailed, run.Error);
            var report = JsonDocument.Parse(run.Out).RootElement;
            var unreached = report.GetProperty("notReached").EnumerateArray().ToList();
            Assert.Equal(addresses.Zip(["ssh-no-sudo", "ssh-timeout", "ssh-unreachable"]), unreached.Select(m => (m.GetProperty("machine").GetString()!, m.GetProperty("code").GetString()!)));
            Assert.All(unreached.Zip(["ark prepare, or put ", "check that the machine is on and no firewall ", "check that the machine is on and the network "]),
                m => Assert.StartsWith(m.Second, m.First.GetProperty("remedy").GetString(), StringComparison.Ordinal));
        }
        finally
        {
            site.Write("bin/ark.properties", before);
        }
    }

    /// <summary>Processes of this computer that carry the mark of a run; one that has ended and waits for its parent carries none.</summary>
    private static IEnumerable<(string Run, string Process)> Marked(IReadOnlyList<string> runs)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            string environment;
            try
            {
                environment = File.ReadAllText(Path.Combine(folder, "environ"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            foreach (var run in runs.Where(r => environment.Contains($"ARK_RUN={r}\0", StringComparison.Ordinal))) yield return (run, folder);
        }
    }

    private (int Exit, string Out, string Error) Run(params string[] options) => machines.Site.Ark(["check", .. options, "--site", machines.Site.Root]);

    private (int Exit, string Out) Judge(params string[] options)
    {
        var run = machines.Site.Ark(["check", "--from", "facts.json", .. options]);
        return (run.Exit, run.Out);
    }
}
