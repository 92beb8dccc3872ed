using System.Diagnostics;
using System.Security.Cryptography;
using Ark.Remote.Ssh;
using Xunit;

namespace Ark.Tests.Ssh;

public sealed class SshKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ark-key-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_saved_key_is_private_and_comes_back_the_same()
    {
        var key = SshKey.Generate("ark");
        var file = Path.Combine(_folder, "deep", "ark");
        key.Save(file);
        Assert.Equal("600", OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(file), 8));
        var again = SshKey.Load(file);
        Assert.Equal(key.PrivateKeyPem.Reveal(), again.PrivateKeyPem.Reveal());
        Assert.Equal(key.PublicLine, again.PublicLine);
        Assert.Equal(key.PublicLine + "\n", File.ReadAllText(file + ".pub"));
    }

    [Fact]
    public void OpenSSHs_own_tool_reads_the_private_key_and_derives_the_same_public_one()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ssh-keygen"), "no ssh-keygen");
        var file = Path.Combine(_folder, "ark");
        SshKey.Generate("ark").Save(file);
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/ssh-keygen", ["-y", "-f", file]) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(File.ReadAllText(file + ".pub").Split(' ')[..2], line.Trim().Split(' ')[..2]);
    }

    [Fact]
    public void A_private_key_is_never_overwritten()
    {
        var file = Path.Combine(_folder, "ark");
        SshKey.Generate("ark").Save(file);
        var before = File.ReadAllText(file);
        Assert.Throws<IOException>(() => SshKey.Generate("ark").Save(file));
        Assert.Equal(before, File.ReadAllText(file));
        Assert.Equal([file, file + ".pub"], Directory.GetFiles(_folder).Order());
    }

    [Fact]
    public void Those_who_need_a_key_at_once_end_with_the_same_one()
    {
        var file = Path.Combine(_folder, "ark");
        var lines = new string[16];
        Parallel.For(0, lines.Length, new ParallelOptions { MaxDegreeOfParallelism = lines.Length }, i => lines[i] = SshKey.LoadOrGenerate(file, "ark").PublicLine.Split(' ')[1]);
        Assert.Single(lines.Distinct());
    }

    [Fact]
    public void A_file_without_a_key_is_told_by_its_name()
    {
        var file = Path.Combine(_folder, "ark");
        File.WriteAllText(file, "nothing");
        Assert.Contains(file, Assert.Throws<CryptographicException>(() => SshKey.Load(file)).Message);
    }
}
