using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>
/// A site of twenty machines, of which four are bad: one is off, one shows another host key than the recorded one, one refuses the login, one hangs after
/// it. Where <see cref="Hold"/> is there, every script that looks at them waits for ever.
/// </summary>
public sealed class TwentyMachines : IAsyncLifetime
{
    public const string Off = "10.99.0.14", Changed = "10.99.0.17", Refusing = "10.99.0.23", Hanging = "10.99.0.30";

    /// <summary>To which one sshd listens.</summary>
    private const int MostAddresses = 16;

    private readonly List<TestSshd> _sshds = [];

    public CarriedSite Site { get; } = new();

    public IReadOnlyList<string> All { get; } = [.. Enumerable.Range(11, 20).Select(i => $"10.99.0.{i}")];

    public IEnumerable<string> Good => All.Except([Off, Changed, Refusing, Hanging]);

    public string Hold => Path.Combine(Site.Work, "hold");

    /// <summary>A line for each script that waits: the mark of its run.</summary>
    public string Held => Path.Combine(Site.Work, "held");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestSshd.Missing is not null, TestSshd.Missing ?? "");
        Assert.SkipUnless(File.Exists("/usr/bin/sudo"), "no sudo: apt-get install sudo");
        await Site.InitializeAsync();
        foreach (var address in All.Except(TestNetwork.Machines)) await Site.Network.RunAsync("ip", "address", "add", address + "/32", "dev", "lo");
        Site.Prepared().Properties("machine_ips=" + string.Join(',', All));
        Site.Write("var/ssh/known_hosts", $"{Changed} {SshKey.Generate("another").PublicLine}\n");
        foreach (var some in All.Where(a => a != Off).Chunk(MostAddresses)) _sshds.Add(await StartAsync(some));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sshd in _sshds) await sshd.DisposeAsync();
        await Site.DisposeAsync();
    }

    private async Task<TestSshd> StartAsync(IReadOnlyList<string> addresses)
    {
        var sshd = await TestSshd.StartWithAccountsAsync(
            Site.Network, addresses, [$"Match LocalAddress {Refusing}", "AuthorizedKeysFile none", $"Match LocalAddress {Hanging}", "ForceCommand cat >/dev/null"],
            ("deploy", "p-4417-x", "Defaults secure_path=/home/stand-in:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\ndeploy ALL=(ALL) NOPASSWD: ALL"));
        await LetInAsync(sshd);
        var uname = Path.Combine(Directory.CreateDirectory(Path.Combine(sshd.Folder, "home/stand-in")).FullName, "uname");
        await File.WriteAllTextAsync(uname, $"#!/bin/sh\n[ -e {Hold} ] || exec /bin/uname \"$@\"\necho $ARK_RUN >>{Held}\nexec sleep 600\n");
        File.SetUnixFileMode(uname, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return sshd;
    }

    /// <summary>Lets the console's key in.</summary>
    public async Task LetInAsync(TestSshd sshd)
    {
        var home = Directory.CreateDirectory(Path.Combine(sshd.Folder, "home/deploy/.ssh")).FullName;
        await File.WriteAllTextAsync(Path.Combine(home, "authorized_keys"), SshKey.Load(Path.Combine(Site.Root, "var/ssh/id")).PublicLine + "\n");
    }
}
