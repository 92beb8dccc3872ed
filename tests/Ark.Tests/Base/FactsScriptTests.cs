using System.Diagnostics;
using System.Security.Cryptography;
using Ark.Core.Base;
using Xunit;

namespace Ark.Tests.Base;

/// <summary>The script that tells of a machine, run on this computer by its own shell.</summary>
public sealed class FactsScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ark-facts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Everything_that_it_is_asked_for_is_told_as_it_is()
    {
        var (config, hosts, plain) = (Write("daemon.json", "{}"), Write("hosts", $"127.0.0.1 localhost\n{BaseNames.BlockBegin}\n10.0.0.1 a\n10.0.0.2 b\n{BaseNames.BlockEnd}\nafter\n"), Write("plain", "no block\n"));
        File.SetUnixFileMode(config, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write("images/docker/registry/v2/repositories/team/app/_manifests/tags/1.2/current/link", "sha256:11");

        var facts = MachineFacts.Parse("10.0.0.9", Run(FactsScript.For([config, _folder + "/absent"], [hosts, plain], ["net.core.somaxconn", "net.ark.nothing", "net.ipv4.ip_forward"], _folder + "/not/there/yet", _folder + "/images")));

        Assert.Equal(new FileFacts(Convert.ToHexStringLower(SHA256.HashData("{}"u8)), "600"), Assert.Single(facts.Files, f => f.Key == config).Value);
        Assert.DoesNotContain(_folder + "/absent", facts.Files.Keys);
        Assert.Equal("10.0.0.1 a\n10.0.0.2 b\n", facts.Blocks[hosts]);
        Assert.Equal("", facts.Blocks[plain]);
        Assert.Equal(File.ReadAllText("/proc/sys/net/core/somaxconn").Trim(), facts.Sysctls["net.core.somaxconn"]);
        Assert.Equal(File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim(), facts.Sysctls["net.ipv4.ip_forward"]);
        Assert.DoesNotContain("net.ark.nothing", facts.Sysctls.Keys);
        Assert.Equal("sha256:11", facts.Images["team/app:1.2"]);
        Assert.Equal(Environment.MachineName, facts.Hostname);
        Assert.Equal(new DriveInfo(_folder).TotalSize, facts.DiskBytes);
        Assert.NotEqual("", facts.Distribution);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Run(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "PATH=$PATH:/usr/sbin:/sbin; " + script]) { RedirectStandardOutput = true })!;
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
        return output;
    }
}
