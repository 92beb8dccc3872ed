using System.Net;
using System.Net.Sockets;
using Ark.Core;
using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Ssh;

public sealed class MachinesTests(SshdFixture sshd) : IClassFixture<SshdFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bad_machines_are_told_apart_and_do_not_stop_the_good_ones()
    {
        await using var changed = await TestSshd.StartAsync(key: sshd.Sshd.Key);
        await using var foreign = await TestSshd.StartAsync();
        using var web = new Listener(client =>
        {
            client.GetStream().Write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8);
            client.Close();
        });
        var hostKeys = new HostKeys(Path.Combine(changed.Folder, "known_hosts"));
        hostKeys.Judge(changed.Address, [0, 0, 0, 11, .. "ssh-ed25519"u8, 0, 0, 0, 1, 7]);
        MachineAddress[] addresses =
            [sshd.Sshd.Address, new("no-such-machine.invalid"), new("127.0.0.1", TestSshd.FreePort()), web.Address, changed.Address, foreign.Address];

        await using var machines = await Machines.ConnectAsync(addresses, sshd.Sshd.Login, hostKeys, new SshOptions(), requireSudo: true, null, Token);

        Assert.False(machines.Complete);
        Assert.Equal(
            ["", "ssh-name-unknown", "ssh-refused", "ssh-failed", "ssh-host-key-changed", "ssh-auth"],
            machines.All.Select(m => m.Shell.Problems.FirstOrDefault(p => p.Severity == Severity.Error)?.Code ?? ""));
        Assert.All(machines.Problems, p => Assert.NotEmpty(p.Remedy));
        Assert.Equal(addresses.Select(a => a.ToString()), machines.All.Select(m => m.Address.ToString()));
        var good = Assert.Single(machines.Reached);
        Assert.True((await good.RunAsync(new RemoteCommand("true"), Token)).Ok);
        Assert.Same(good, machines[sshd.Sshd.Address.Host]);
    }

    [Fact]
    public async Task Machines_that_wait_for_their_turn_are_connected_to_as_well_and_keep_their_order()
    {
        MachineAddress[] addresses = [.. Enumerable.Range(2, 9).Select(i => new MachineAddress($"127.0.0.{i}", TestSshd.FreePort())), sshd.Sshd.Address];
        var told = new List<string>();
        var options = new SshOptions { MachinesAtOnce = 2 };

        await using var machines = await Machines.ConnectAsync(addresses, sshd.Sshd.Login, sshd.Sshd.HostKeys, options, requireSudo: false, new Told(told), Token);

        Assert.Equal(addresses, machines.All.Select(m => m.Address));
        Assert.All(machines.All.SkipLast(1), m => Assert.Equal("ssh-refused", Assert.Single(m.Shell.Problems).Code));
        Assert.True(machines.All[^1].Shell.Ok);
        Assert.Equal(addresses.Select(a => a.ToString()).Order(), told.Order());
    }

    [Fact]
    public async Task A_machine_that_is_silent_and_one_that_hangs_at_the_login_end_at_the_deadline_and_are_told_apart()
    {
        using var silent = new Listener(_ => { });
        using var greeter = new Listener(client => client.GetStream().Write("SSH-2.0-Stuck\r\n"u8));
        var options = new SshOptions { ConnectDeadline = TimeSpan.FromSeconds(8) };
        await using var machines = await Machines.ConnectAsync(
            [silent.Address, greeter.Address], sshd.Sshd.Login, sshd.Sshd.HostKeys, options, requireSudo: true, null, Token);
        Assert.Equal(["ssh-timeout", "ssh-timeout"], machines.Problems.Select(p => p.Code));
        Assert.Contains("accepts connections, but no SSH server said a word", machines.Problems[0].Message);
        Assert.Contains("did not finish", machines.Problems[1].Message);
    }

    [Fact]
    public async Task A_host_key_that_changed_lets_nothing_through_until_it_is_forgotten()
    {
        await using var first = await TestSshd.StartAsync();
        var hostKeys = new HostKeys(Path.Combine(sshd.Sshd.Folder, Guid.NewGuid().ToString("n")));
        var met = await SshShell.ConnectAsync(first.Address, first.Login, hostKeys, new SshOptions(), true, Token);
        Assert.Equal("ssh-host-key-recorded", Assert.Single(met.Problems).Code);
        await met.Value!.DisposeAsync();
        await first.StopAsync();
        await using var second = await TestSshd.StartAsync(port: first.Port, key: first.Key);

        var changed = await SshShell.ConnectAsync(second.Address, second.Login, hostKeys, new SshOptions(), true, Token);
        Assert.Equal("ssh-host-key-changed", Assert.Single(changed.Problems).Code);

        Assert.True(hostKeys.Forget(second.Address));
        var mended = await SshShell.ConnectAsync(second.Address, second.Login, hostKeys, new SshOptions(), true, Token);
        Assert.True(mended.Ok);
        await mended.Value.DisposeAsync();
    }

    [Fact]
    public async Task A_server_with_several_keys_is_asked_for_the_recorded_one()
    {
        await using var server = await TestSshd.StartAsync();
        var rsa = Path.Combine(server.Folder, "rsa");
        using (var keygen = System.Diagnostics.Process.Start("/usr/bin/ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", rsa]))
            await keygen.WaitForExitAsync(Token);
        await using var both = await TestSshd.StartAsync([$"HostKey {rsa}"], key: server.Key);
        var hostKeys = new HostKeys(Path.Combine(server.Folder, "hosts"));
        var line = (await File.ReadAllTextAsync(rsa + ".pub", Token)).Split(' ');
        Assert.Equal("ssh-host-key-recorded", hostKeys.Judge(both.Address, Convert.FromBase64String(line[1]))!.Code);
        var connected = await SshShell.ConnectAsync(both.Address, both.Login, hostKeys, new SshOptions(), true, Token);
        Assert.True(connected.Ok, string.Join('\n', connected.Problems));
        Assert.Empty(connected.Problems);
        await connected.Value.DisposeAsync();
    }

    [Fact]
    public async Task Ctrl_C_while_connecting_ends_at_once_without_waiting_for_the_deadline()
    {
        using var silent = new Listener(_ => { });
        using var cancel = new CancellationTokenSource();
        var connecting = Machines.ConnectAsync(
            [sshd.Sshd.Address, silent.Address], sshd.Sshd.Login, sshd.Sshd.HostKeys, new SshOptions { ConnectDeadline = TimeSpan.FromMinutes(30) }, true,
            new First(m => cancel.Cancel()), cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(TimeSpan.FromMinutes(5), Token));
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_is_a_problem_of_its_own()
    {
        var connected = await SshShell.ConnectAsync(
            sshd.Sshd.Address, new Login("root", null, new Secret("not a key")), sshd.Sshd.HostKeys, new SshOptions(), true, Token);
        Assert.Equal("ssh-key-unreadable", Assert.Single(connected.Problems).Code);
        Assert.DoesNotContain("not a key", connected.Problems[0].ToString());
    }

    private sealed class First(Action<MachineConnection> seen) : IProgress<MachineConnection>
    {
        public void Report(MachineConnection value) => seen(value);
    }

    /// <summary>Takes connections, says what it is told to, and then nothing any more.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _clients = [];

        internal Listener(Action<TcpClient> greet)
        {
            _listener.Start();
            _ = AcceptAsync(greet);
        }

        internal MachineAddress Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

        public void Dispose()
        {
            _listener.Stop();
            lock (_clients)
                _clients.ForEach(c => c.Dispose());
        }

        private async Task AcceptAsync(Action<TcpClient> greet)
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    lock (_clients)
                        _clients.Add(client);
                    greet(client);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // Closed.
            }
        }
    }

    private sealed class Told(List<string> machines) : IProgress<MachineConnection>
    {
        public void Report(MachineConnection value)
        {
            lock (machines)
                machines.Add(value.Address.ToString());
        }
    }
}
