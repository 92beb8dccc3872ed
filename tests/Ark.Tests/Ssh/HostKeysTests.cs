using System.Diagnostics;
using Ark.Core;
using Ark.Remote.Ssh;
using Xunit;

namespace Ark.Tests.Ssh;

public sealed class HostKeysTests : IDisposable
{
    private static readonly MachineAddress Machine = new("10.0.0.11");
    private static readonly MachineAddress Odd = new("10.0.0.11", 2222);

    private readonly string _folder = Directory.CreateTempSubdirectory("ark-hosts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_is_recorded_at_first_contact_with_a_warning_and_known_from_then_on()
    {
        var keys = Keys();
        var first = keys.Judge(Machine, Key(1));
        Assert.Equal(("ssh-host-key-recorded", Severity.Warning), (first!.Code, first.Severity));
        Assert.Contains("SHA256:", first.Message);
        Assert.Null(Keys().Judge(Machine, Key(1)));
    }

    [Fact]
    public void Another_key_is_an_error_that_shows_both_fingerprints_and_what_mends_it()
    {
        var keys = Keys();
        var recorded = keys.Judge(Machine, Key(1))!.Message;
        var changed = keys.Judge(Machine, Key(2))!;
        Assert.Equal(("ssh-host-key-changed", Severity.Error), (changed.Code, changed.Severity));
        var old = recorded[recorded.IndexOf("SHA256:", StringComparison.Ordinal)..].Split(' ')[0];
        Assert.Contains(old, changed.Message);
        Assert.Contains("ssh-keygen -R", changed.Remedy);
        Assert.Contains(keys.File, changed.Remedy);
        Assert.Equal(2, changed.Message.Split("SHA256:").Length - 1);
    }

    [Fact]
    public void A_key_of_another_type_is_a_changed_key_too()
    {
        var keys = Keys();
        keys.Judge(Machine, Key(1));
        Assert.Equal("ssh-host-key-changed", keys.Judge(Machine, Key(1, "ssh-rsa"))!.Code);
        Assert.Equal(["ssh-ed25519"], keys.TypesOf(Machine));
    }

    [Fact]
    public void The_same_host_on_another_port_is_another_machine()
    {
        var keys = Keys();
        keys.Judge(Machine, Key(1));
        Assert.Equal("ssh-host-key-recorded", keys.Judge(Odd, Key(2))!.Code);
        Assert.Null(keys.Judge(Machine, Key(1)));
        Assert.Null(keys.Judge(Odd, Key(2)));
    }

    [Fact]
    public void A_machine_that_was_forgotten_is_met_anew_and_the_others_stay()
    {
        var keys = Keys();
        keys.Judge(Machine, Key(1));
        keys.Judge(Odd, Key(2));
        Assert.True(keys.Forget(Machine));
        Assert.False(keys.Forget(Machine));
        Assert.Equal("ssh-host-key-recorded", keys.Judge(Machine, Key(3))!.Code);
        Assert.Null(keys.Judge(Odd, Key(2)));
    }

    [Fact]
    public void Lines_as_OpenSSH_writes_them_are_understood_and_kept()
    {
        var file = Path.Combine(_folder, "known_hosts");
        var key = Convert.ToBase64String(Key(1));
        File.WriteAllText(file, $"""
            # a comment

            @cert-authority *.example ssh-ed25519 {key}
            !10.0.0.12,10.0.0.*,[10.0.0.11]:22?? ssh-ed25519 {key} somebody
            @revoked * ssh-ed25519 {Convert.ToBase64String(Key(9))}
            nonsense
            """);
        var keys = Keys();
        Assert.Null(keys.Judge(Machine, Key(1)));
        Assert.Null(keys.Judge(Odd, Key(1)));
        Assert.Equal("ssh-host-key-recorded", keys.Judge(new MachineAddress("10.0.0.12"), Key(4))!.Code);
        Assert.Equal("ssh-host-key-revoked", keys.Judge(Machine, Key(9))!.Code);
        var lines = File.ReadAllLines(file);
        Assert.Contains("nonsense", lines);
        Assert.Equal($"10.0.0.12 ssh-ed25519 {Convert.ToBase64String(Key(4))}", lines[^1]);
    }

    [Fact]
    public void Hashed_hosts_and_the_remedy_work_with_OpenSSHs_own_tool()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ssh-keygen"), "no ssh-keygen");
        var keys = Keys();
        keys.Judge(Odd, Key(1));
        Keygen("-H");
        Assert.StartsWith("|1|", File.ReadAllText(keys.File));
        Assert.Null(keys.Judge(Odd, Key(1)));
        Assert.Equal("ssh-host-key-changed", keys.Judge(Odd, Key(2))!.Code);
        Keygen("-R", Odd.ToString());
        Assert.Equal("ssh-host-key-recorded", keys.Judge(Odd, Key(2))!.Code);

        void Keygen(params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/ssh-keygen", [.. arguments, "-f", keys.File]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }

    [Fact]
    public void Forty_machines_met_at_once_by_several_programs_are_all_recorded()
    {
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 40 }, i =>
            Assert.Equal("ssh-host-key-recorded", Keys().Judge(new MachineAddress($"10.1.0.{i}"), Key((byte)i))!.Code));
        for (var i = 0; i < 40; i++)
            Assert.Null(Keys().Judge(new MachineAddress($"10.1.0.{i}"), Key((byte)i)));
        Assert.Equal(40, File.ReadAllLines(Keys().File).Length);
    }

    [Fact]
    public void What_another_program_changes_in_the_file_counts_at_once()
    {
        var (ours, others) = (Keys(), Keys());
        ours.Judge(Machine, Key(1));
        Assert.Null(ours.Judge(Machine, Key(1)));

        Assert.True(others.Forget(Machine));
        Assert.Empty(ours.TypesOf(Machine));
        others.Judge(Machine, Key(2));
        Assert.Equal("ssh-host-key-changed", ours.Judge(Machine, Key(1))!.Code);
        File.AppendAllText(ours.File, $"@revoked * ssh-ed25519 {Convert.ToBase64String(Key(2))}\n");
        Assert.Equal("ssh-host-key-revoked", ours.Judge(Machine, Key(2))!.Code);
    }

    private HostKeys Keys() => new(Path.Combine(_folder, "known_hosts"));

    /// <summary>A key as the protocol writes it: its type, then the rest, each with its length.</summary>
    private static byte[] Key(byte seed, string type = "ssh-ed25519")
    {
        var rest = Enumerable.Repeat(seed, 32).ToArray();
        return [0, 0, 0, (byte)type.Length, .. System.Text.Encoding.ASCII.GetBytes(type), 0, 0, 0, 32, .. rest];
    }
}
