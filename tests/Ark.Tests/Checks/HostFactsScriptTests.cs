using System.Diagnostics;
using Ark.Core.Checks;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Checks;

/// <summary>The scripts, run on this computer by the shells that machines have.</summary>
public sealed class HostFactsScriptTests
{
    private static readonly HostFactsQuestion Question = new() { Paths = ["/var/lib/docker", "/var/images"], Fsync = false };

    [Theory]
    [InlineData("/bin/dash")]
    [InlineData("/bin/bash")]
    [InlineData("/bin/bash --posix")]
    public async Task Every_shell_prints_every_part_and_says_nothing_beside_it(string shell)
    {
        Assert.SkipWhen(!File.Exists(shell.Split(' ')[0]), $"no {shell}");
        var (output, errors) = await RunAsync([.. shell.Split(' '), "-c", HostFactsScript.For(Question)], "");
        Assert.Equal("", errors);
        Assert.StartsWith("@@ begin\n", output);
        var parts = output.Split('\n').Where(l => l.StartsWith("@@ ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1]).ToList();
        Assert.Equal("end", parts[^1]);
        Assert.Equal(parts.Distinct(), parts);
        Assert.Empty(((string[])["machine", "zone", "cpu", "names", "login", "tools", "files", "modules", "limits", "modes", "nearest", "df", "self", "wildcard"]).Except(parts));
    }

    [Fact]
    public async Task A_path_is_what_it_is_whatever_stands_in_it()
    {
        var folder = Directory.CreateTempSubdirectory("ark-it's $(touch oops) ").FullName;
        try
        {
            var question = Question with { Paths = [folder, folder + "/a/b"], Fsync = true };
            var (output, _) = await RunAsync(["/bin/sh", "-c", HostFactsScript.For(question)], "");
            var facts = HostFactsReader.Read(question, "10.0.0.1", output, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
            Assert.Equal([folder, folder + "/a/b"], facts.Storage!.FileSystems.Select(f => f.Path));
            Assert.Equal("700", facts.Storage.FileSystems[0].Mode);
            Assert.True(facts.Storage.FsyncP99Seconds > 0);
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Ways_that_are_open_free_rejected_and_dropped_are_told_apart()
    {
        Assert.SkipWhen(TestNetwork.Missing is not null, TestNetwork.Missing ?? "");
        Assert.SkipWhen(!File.Exists("/usr/sbin/iptables"), "no iptables");
        await using var network = await TestNetwork.StartAsync();
        var to = TestNetwork.Machines[1];
        await RunAsync([.. network.Enter, "/usr/sbin/iptables", "-A", "INPUT", "-p", "tcp", "-d", to, "--dport", "81", "-j", "DROP"], "");
        await RunAsync([.. network.Enter, "/usr/sbin/iptables", "-A", "INPUT", "-p", "tcp", "-d", to, "--dport", "82", "-j", "REJECT", "--reject-with", "icmp-admin-prohibited"], "");
        // More than one batch of connections, the last ones after the dropped.
        PortTarget[] targets = [new(to, 80), new(to, 81), new(to, 82), .. Enumerable.Range(1000, 100).Select(port => new PortTarget(to, port)), new("192.0.2.1", 22)];

        var (output, _) = await RunAsync([.. network.Enter, "/bin/bash", "-c", PortProbeScript.Script], PortProbeScript.Input(targets));

        var probes = PortProbeScript.Read(TestNetwork.Machines[0], targets, output);
        Assert.Equal(targets, probes.Select(p => new PortTarget(p.To, p.Port)));
        Assert.Equal([ProbeResult.Refused, ProbeResult.TimedOut, ProbeResult.Filtered], probes.Take(3).Select(p => p.Result));
        Assert.All(probes.Skip(3).Take(100), p => Assert.Equal(ProbeResult.Refused, p.Result));
        Assert.Equal(ProbeResult.TimedOut, probes[^1].Result);
    }

    private static async Task<(string Output, string Errors)> RunAsync(IReadOnlyList<string> words, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (await output, await errors);
    }
}
