using System.Diagnostics;
using Ark.Core.Checks;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Checks;

/// <summary>The scripts, run by the programs that machines have.</summary>
public sealed class BandwidthScriptTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("python3", "perl")]
    [InlineData("perl", "python3")]
    [InlineData("perl", "perl")]
    public async Task Whichever_language_is_there_measures(string receiver, string sender)
    {
        var probe = await MeasureAsync([receiver], [sender], TestSshd.FreePort());
        Assert.Null(probe.Why);
        Assert.True(probe.BitsPerSecond > 0);
    }

    [Fact]
    public async Task Where_none_is_there_or_nobody_listens_the_reason_is_told()
    {
        var port = TestSshd.FreePort();
        Assert.Equal("a has neither Python nor Perl", (await MeasureAsync(["perl"], [], port)).Why);
        Assert.Equal("127.0.0.1 has neither Python nor Perl", (await MeasureAsync([], ["python3"], port)).Why);
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        other.Start();
        foreach (var language in (string[])["python3", "perl"])
            Assert.StartsWith("127.0.0.1 could not listen on port", (await MeasureAsync([language], ["perl"], port)).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python3")]
    [InlineData("perl")]
    public async Task Somebody_else_who_connects_does_not_disturb(string receiver)
    {
        var port = TestSshd.FreePort();
        var receiving = RunAsync([receiver], BandwidthScript.Receiver("127.0.0.1", port, "0123456789abcdef"));
        using (var stranger = new System.Net.Sockets.TcpClient())
        {
            while (!stranger.Connected)
            {
                try
                {
                    await stranger.ConnectAsync("127.0.0.1", port, Token);
                }
                catch (System.Net.Sockets.SocketException)
                {
                    await Task.Delay(20, Token);
                }
            }

            await stranger.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Token);
        }

        var sent = await RunAsync(["python3"], BandwidthScript.Sender("127.0.0.1", port, "0123456789abcdef"));
        Assert.NotNull(BandwidthScript.Read("a", "b", port, await receiving, sent).BitsPerSecond);
    }

    private static async Task<BandwidthProbe> MeasureAsync(IReadOnlyList<string> receiver, IReadOnlyList<string> sender, int port)
    {
        var receiving = RunAsync(receiver, BandwidthScript.Receiver("127.0.0.1", port, "0123456789abcdef"));
        var sent = await RunAsync(sender, BandwidthScript.Sender("127.0.0.1", port, "0123456789abcdef"));
        return BandwidthScript.Read("a", "127.0.0.1", port, await receiving, sent);
    }

    /// <param name="programs">All that is in the path, beside what every machine has.</param>
    private static async Task<string> RunAsync(IReadOnlyList<string> programs, string script)
    {
        var path = Directory.CreateTempSubdirectory("ark-path-");
        try
        {
            foreach (var program in programs.Append("cat"))
                File.CreateSymbolicLink(Path.Combine(path.FullName, program), File.Exists("/usr/bin/" + program) ? "/usr/bin/" + program : await WhereAsync(program));
            var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true };
            start.Environment["PATH"] = path.FullName;
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(Token);
            await process.WaitForExitAsync(Token);
            return output;
        }
        finally
        {
            path.Delete(recursive: true);
        }
    }

    /// <summary>The program itself, where the path leads to a stand-in that needs more than itself.</summary>
    private static async Task<string> WhereAsync(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["-c", "import sys; print(sys.executable)"]) { RedirectStandardOutput = true })!;
        return (await process.StandardOutput.ReadToEndAsync(Token)).Trim();
    }
}
