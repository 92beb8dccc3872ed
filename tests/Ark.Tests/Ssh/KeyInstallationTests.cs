using Ark.Core;
using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Ssh;

public sealed class KeyInstallationTests : IAsyncLifetime
{
    private const string Password = "p4ss 'word\"$";
    private TestSshd _sshd = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestSshd.Missing is not null, TestSshd.Missing ?? "");
        Assert.SkipUnless(File.Exists("/usr/bin/sudo"), "no sudo: apt-get install sudo");
        _sshd = await TestSshd.StartWithAccountsAsync(
            ("ops", Password, "ops ALL=(ALL) ALL"),
            ("free", Password, "free ALL=(ALL) NOPASSWD: ALL"),
            ("poor", Password, null),
            ("root", Password, null));
    }

    public async ValueTask DisposeAsync()
    {
        if (_sshd is not null)
            await _sshd.DisposeAsync();
    }

    [Fact]
    public async Task The_password_is_used_once_and_then_the_key_and_sudo_do_without()
    {
        var first = await EnsureAsync("ops");
        Assert.True(first.Ok, string.Join('\n', first.Problems));
        Assert.Equal("key installed, sudo without a password", first.Value);
        Assert.Equal("ssh-host-key-recorded", Assert.Single(first.Problems).Code);

        await using var shell = await ConnectAsync("ops");
        Assert.Equal("root\n", (await shell.RunAsync(new RemoteCommand("id -un") { Sudo = true }, Token)).Output);
        Assert.Equal("ops\n", (await shell.RunAsync(new RemoteCommand("id -un"), Token)).Output);
        var modes = await shell.RunAsync(new RemoteCommand("stat -c '%a %U' ~ops/.ssh ~ops/.ssh/authorized_keys /etc/sudoers.d/zz-ark; ls /etc/sudoers.d; visudo -c >&2") { Sudo = true }, Token);
        Assert.Equal("700 ops\n600 ops\n440 root\ntest-free\ntest-ops\nzz-ark\n", modes.Output);
        Assert.True(modes.Ok, modes.Error);

        var again = await EnsureAsync("ops", () => throw new InvalidOperationException("The password was asked for again."));
        Assert.Equal("the key is there", again.Value);
        Assert.Empty(again.Problems);
    }

    [Fact]
    public async Task A_rule_that_was_lost_is_put_back_beside_what_else_is_in_the_file()
    {
        await EnsureAsync("ops");
        await using (var root = await RootAsync())
            Assert.True((await root.RunAsync(new RemoteCommand("chmod u+w /etc/sudoers.d/zz-ark; echo 'other ALL=(ALL) ALL' >/etc/sudoers.d/zz-ark"), Token)).Ok);
        Assert.Equal("key installed, sudo without a password", (await EnsureAsync("ops")).Value);
        await using var shell = await ConnectAsync("ops");
        Assert.Equal(
            "other ALL=(ALL) ALL\nops ALL=(ALL) NOPASSWD: ALL\n",
            (await shell.RunAsync(new RemoteCommand("cat /etc/sudoers.d/zz-ark") { Sudo = true }, Token)).Output);
        Assert.Equal("1\n", (await shell.RunAsync(new RemoteCommand("wc -l <~/.ssh/authorized_keys"), Token)).Output);
    }

    [Fact]
    public async Task A_key_is_added_below_others_though_the_file_ends_without_a_line_end()
    {
        await using (var root = await RootAsync())
            Assert.True((await root.RunAsync(new RemoteCommand("mkdir ~ops/.ssh; printf 'ssh-ed25519 AAAA somebody' >~ops/.ssh/authorized_keys; chown -R ops: ~ops/.ssh"), Token)).Ok);
        Assert.True((await EnsureAsync("ops")).Ok);
        await using var shell = await ConnectAsync("ops");
        Assert.Equal(
            $"ssh-ed25519 AAAA somebody\n{_sshd.Key.PublicLine}\n", (await shell.RunAsync(new RemoteCommand("cat ~/.ssh/authorized_keys"), Token)).Output);
    }

    [Fact]
    public async Task An_account_that_needs_no_password_for_sudo_gets_no_rule()
    {
        Assert.Equal("key installed", (await EnsureAsync("free")).Value);
        await using var shell = await ConnectAsync("free");
        Assert.False((await shell.RunAsync(new RemoteCommand("test -e /etc/sudoers.d/zz-ark") { Sudo = true }, Token)).Ok);
    }

    [Fact]
    public async Task Root_needs_only_the_key()
    {
        Assert.Equal("key installed", (await EnsureAsync("root")).Value);
        await using var shell = await ConnectAsync("root");
        Assert.Equal("root\n", (await shell.RunAsync(new RemoteCommand("id -un") { Sudo = true }, Token)).Output);
    }

    [Fact]
    public async Task An_account_that_may_not_become_root_is_told_in_sudos_words()
    {
        var problem = Assert.Single((await EnsureAsync("poor")).Problems, p => p.Severity == Severity.Error);
        Assert.Equal("ssh-no-sudo", problem.Code);
        Assert.Contains("not in the sudoers file", problem.Message);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_stands_nowhere()
    {
        var outcome = await EnsureAsync("ops", () => new Secret("canary-wrong"));
        var problem = Assert.Single(outcome.Problems, p => p.Severity == Severity.Error);
        Assert.Equal("ssh-auth", problem.Code);
        Assert.Contains("the password", problem.Message);
        Assert.DoesNotContain("canary", string.Join('\n', outcome.Problems));
    }

    [Fact]
    public async Task Without_a_password_what_is_missing_is_told()
    {
        var outcome = await EnsureAsync("ops", () => null);
        Assert.Equal("no-password", Assert.Single(outcome.Problems, p => p.Severity == Severity.Error).Code);
    }

    [Fact]
    public async Task Two_installations_at_once_leave_one_key()
    {
        await Task.WhenAll(EnsureAsync("root"), EnsureAsync("root"));
        await using var shell = await ConnectAsync("root");
        Assert.Equal("1\n", (await shell.RunAsync(new RemoteCommand("sort -u ~/.ssh/authorized_keys | wc -l"), Token)).Output);
    }

    private Task<Outcome<string>> EnsureAsync(string user, Func<Secret?>? password = null) => KeyInstallation.EnsureAsync(
        _sshd.Address, user, password ?? (() => new Secret(Password)), _sshd.Key, _sshd.HostKeys, new SshOptions(), Token);

    private async Task<SshShell> ConnectAsync(string user) => await ConnectAsync(Login.WithKey(user, _sshd.Key), requireSudo: true);

    private Task<SshShell> RootAsync() => ConnectAsync(Login.WithPassword("root", new Secret(Password)), requireSudo: false);

    private async Task<SshShell> ConnectAsync(Login login, bool requireSudo)
    {
        var shell = await SshShell.ConnectAsync(_sshd.Address, login, _sshd.HostKeys, new SshOptions(), requireSudo, Token);
        Assert.True(shell.Ok, string.Join('\n', shell.Problems));
        return shell.Value;
    }
}
