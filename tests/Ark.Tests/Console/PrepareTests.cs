using System.Text;
using Ark.Console;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Console;

/// <summary><c>ark prepare</c> through the program, against three machines of a network of their own.</summary>
public sealed class PrepareTests(CarriedSite site) : IClassFixture<CarriedSite>, IAsyncLifetime
{
    // Nothing of it may ever be run, wherever it comes along.
    private const string Password = "p$(touch canary)';touch canary;\"`touch canary`";
    private readonly List<TestSshd> _machines = [];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestSshd.Missing is not null, TestSshd.Missing ?? "");
        Assert.SkipUnless(File.Exists("/usr/bin/sudo"), "no sudo: apt-get install sudo");
        foreach (var (address, index) in TestNetwork.Machines.Select((m, i) => (m, i)))
            _machines.Add(await TestSshd.StartWithAccountsAsync(site.Network, address, ("deploy", index == 1 ? "another" : Password, "deploy ALL=(ALL) ALL")));
        site.Begin();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _machines)
            await machine.DisposeAsync();
    }

    [Fact]
    public void A_machine_with_another_password_is_named_and_the_others_go_on()
    {
        var run = Prepare(Password + "\n");
        Assert.Equal(ExitCode.Failed, run.Exit);
        Assert.Equal([new("ssh-auth", "10.99.0.12")], CarriedSite.Errors(run.Error));
        Assert.Equal(["10.99.0.11 OK", "10.99.0.12 fail", "10.99.0.13 OK"], Machines(run.Out));
        Assert.Equal([true, false, true], _machines.Select(m => File.Exists($"{m.Folder}/home/deploy/.ssh/authorized_keys")));
        Assert.DoesNotContain("canary", run.Out + run.Error, StringComparison.Ordinal);
        NothingWasRun();

        // With its own password, it comes in later; the others are not asked for one again.
        var again = Prepare("another\n");
        Assert.Equal(ExitCode.Done, again.Exit);
        Assert.Equal(["10.99.0.11 OK", "10.99.0.12 OK", "10.99.0.13 OK"], Machines(again.Out));
    }

    [Fact]
    public async Task A_machine_that_refuses_is_named_and_the_others_go_on()
    {
        await _machines[2].StopAsync();
        await _machines[1].StopAsync();
        var run = Prepare(Password + "\n");
        Assert.Equal(ExitCode.Failed, run.Exit);
        Assert.Equal([new("ssh-refused", "10.99.0.12"), new("ssh-refused", "10.99.0.13")], CarriedSite.Errors(run.Error));
        Assert.Equal(["10.99.0.11 OK", "10.99.0.12 fail", "10.99.0.13 fail"], Machines(run.Out));
    }

    [Fact]
    public void A_password_of_nobody_is_wrong_on_every_machine()
    {
        foreach (var input in (string[])["", "\n", "wrong\n"])
        {
            var run = Prepare(input);
            Assert.Equal(ExitCode.Failed, run.Exit);
            Assert.Equal(TestNetwork.Machines.Select(m => new Listed("ssh-auth", m)), CarriedSite.Errors(run.Error));
        }
    }

    [Fact]
    public void Clear_secrets_are_warned_of_used_and_replaced_so_that_nothing_of_them_is_left_in_the_folder()
    {
        const string database = "Db$(touch canary)-secret";
        var written = "# kept\n" + CarriedSite.Good + $"machine_password={Password}\nmetadb_password={database}\n# kept too\n";
        site.Write("bin/ark.properties", written);
        var run = site.Ark(["prepare", "--site", site.Root, "--passphrase-file", site.PassphraseFile]);
        Assert.Equal(["10.99.0.11 OK", "10.99.0.12 fail", "10.99.0.13 OK"], Machines(run.Out));
        Assert.Equal(2, run.Error.Split("[clear-secret]").Length - 1);
        Assert.Contains("Encrypted in ark.properties: machine_password, metadb_password.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Out + run.Error, StringComparison.Ordinal);
        NothingWasRun();
        foreach (var secret in (string[])[Password, database])
            Assert.DoesNotContain(Directory.EnumerateFiles(site.Root, "*", SearchOption.AllDirectories), f => Holds(f, secret));
        var lines = site.Read("bin/ark.properties").Split('\n');
        Assert.Equal(written.Split('\n').Select(l => l.Split('=')[0]), lines.Select(l => l.Split('=')[0]));
        Assert.All(lines.Where(l => l.Contains("password", StringComparison.Ordinal)), l => Assert.Contains("_password=ENC(v1:", l, StringComparison.Ordinal));

        // What is encrypted works as well, is not warned of, and stays as it is; another passphrase does not open it.
        var encrypted = site.Read("bin/ark.properties");
        var again = site.Ark(["prepare", "--site", site.Root, "--passphrase-file", site.PassphraseFile]);
        Assert.Equal(["10.99.0.11 OK", "10.99.0.12 fail", "10.99.0.13 OK"], Machines(again.Out));
        Assert.DoesNotContain("[clear-secret]", again.Error, StringComparison.Ordinal);
        Assert.Equal(encrypted, site.Read("bin/ark.properties"));
        File.WriteAllText(site.PassphraseFile, "wrong battery");
        var attempts = site.Network.Attempts();
        var wrong = site.Ark(["prepare", "--site", site.Root, "--passphrase-file", site.PassphraseFile]);
        Assert.Equal((ExitCode.Usage, "wrong-passphrase"), (wrong.Exit, CarriedSite.Errors(wrong.Error)[0].Code));
        Assert.Equal(attempts, site.Network.Attempts());
    }

    [Fact]
    public void A_clear_secret_beside_an_encrypted_one_is_not_encrypted_with_another_passphrase()
    {
        site.Properties("machine_password=one");
        Assert.Equal(ExitCode.Done, site.Ark(["secret", "encrypt", "--site", site.Root, "--passphrase-file", site.PassphraseFile]).Exit);
        var mixed = site.Read("bin/ark.properties") + "metadb_password=two\n";
        site.Write("bin/ark.properties", mixed);
        File.WriteAllText(site.PassphraseFile, "wrong battery");
        foreach (var verb in (string[][])[["secret", "encrypt"], ["prepare"], ["prepare", "--password-stdin"]])
        {
            var run = site.Ark([.. verb, "--site", site.Root, "--passphrase-file", site.PassphraseFile], "p\n");
            Assert.Equal(ExitCode.Usage, run.Exit);
            Assert.Contains("wrong-passphrase", CarriedSite.Errors(run.Error).Select(p => p.Code));
            Assert.Equal(mixed, site.Read("bin/ark.properties"));
        }
    }

    [Fact]
    public void A_clear_password_without_a_passphrase_is_refused_and_nothing_is_touched()
    {
        site.Properties("machine_password=" + Password);
        var (before, attempts) = (CarriedSite.Fingerprint(site.Root), site.Network.Attempts());
        var run = site.Ark(["prepare", "--site", site.Root]);
        Assert.Equal(ExitCode.Usage, run.Exit);
        Assert.Equal(["no-passphrase", "clear-password"], CarriedSite.Errors(run.Error).Select(p => p.Code));
        Assert.Equal((before, attempts), (CarriedSite.Fingerprint(site.Root), site.Network.Attempts()));
    }

    private (int Exit, string Out, string Error) Prepare(string input) => site.Ark(["prepare", "--password-stdin", "--site", site.Root], input);

    private void NothingWasRun()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(site.Work));
        foreach (var machine in _machines)
            Assert.Empty(Directory.EnumerateFiles(machine.Folder, "canary*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }));
        Assert.False(File.Exists("/canary") || File.Exists("/root/canary"));
    }

    private static string[] Machines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)))];

    private static bool Holds(string file, string secret)
    {
        var bytes = File.ReadAllBytes(file);
        return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0
            || Encoding.UTF8.GetString(bytes).Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), StringComparison.Ordinal);
    }
}
