using System.Net;
using System.Net.Sockets;
using System.Text;
using Ark.Core;
using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Ssh;

/// <summary>What happens when machines go, hang or come back, and when somebody presses Ctrl-C.</summary>
public sealed class LossTests(SshdFixture sshd) : IClassFixture<SshdFixture>
{
    private static readonly SshOptions Watchful = new() { PulseInterval = TimeSpan.FromSeconds(1), PulseDeadline = TimeSpan.FromSeconds(5) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_past_its_deadline_is_told_and_its_processes_are_ended()
    {
        await using var shell = await sshd.ConnectAsync();
        var mark = Mark();
        var slow = new RemoteCommand($": {mark}; (sleep 4242 & wait) & sleep 4243") { Deadline = TimeSpan.FromSeconds(1) };
        var problem = (await Assert.ThrowsAsync<RemoteException>(() => shell.RunAsync(slow, Token))).Problem;
        Assert.Equal("ssh-deadline", problem.Code);
        Assert.Contains(mark, problem.Message);
        await NoneAsync(shell, mark);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_remote_processes_though_they_ignore_being_asked()
    {
        await using var shell = await sshd.ConnectAsync();
        var mark = Mark();
        using var cancel = new CancellationTokenSource();
        var running = shell.RunAsync(new RemoteCommand($"trap '' TERM HUP; echo >{sshd.Sshd.Folder}/{mark}; while :; do sleep 1; done"), cancel.Token);
        while (!File.Exists($"{sshd.Sshd.Folder}/{mark}"))
            await Task.Delay(20, Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await NoneAsync(shell, mark);
        Assert.True((await shell.RunAsync(new RemoteCommand("true"), Token)).Ok);
    }

    [Fact]
    public async Task Places_of_cancelled_commands_are_given_back()
    {
        await using var shell = await sshd.ConnectAsync();
        var mark = Mark();
        for (var round = 0; round < 4; round++)
        {
            // Some are cancelled while they open, some while they run.
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(20 + round * 100));
            var hanging = Enumerable.Range(0, 12).Select(_ => shell.RunAsync(new RemoteCommand($": {mark}; sleep 4244; :"), cancel.Token)).ToList();
            foreach (var command in hanging)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command);
        }
        var after = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => shell.RunAsync(new RemoteCommand($"echo {i}"), Token)));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}\n"), after.Select(r => r.Output));
        await NoneAsync(shell, mark);
    }

    [Fact]
    public async Task A_connection_lost_during_a_command_is_told_and_the_next_command_connects_anew()
    {
        await using var own = await TestSshd.StartAsync();
        await using var shell = await SshdFixture.ConnectAsync(own);
        var running = shell.RunAsync(new RemoteCommand("echo >~/started; sleep 30"), Token);
        while (!File.Exists($"{own.Folder}/started"))
            await Task.Delay(20, Token);
        await own.EndSessionsAsync();
        Assert.Equal("ssh-lost", (await Assert.ThrowsAsync<RemoteException>(() => running)).Problem.Code);
        Assert.Equal("again\n", (await shell.RunAsync(new RemoteCommand("echo again"), Token)).Output);
    }

    [Fact]
    public async Task A_machine_that_restarts_between_commands_is_connected_to_anew()
    {
        await using var own = await TestSshd.StartAsync();
        await using var shell = await SshdFixture.ConnectAsync(own);
        await own.StopAsync();
        await own.StartAgainAsync();
        Assert.Equal("back\n", (await shell.RunAsync(new RemoteCommand("echo back"), Token)).Output);
    }

    [Fact]
    public async Task A_machine_that_falls_silent_is_noticed_by_commands_and_streams_alike()
    {
        await using var cut = new Cut(sshd.Sshd.Port);
        var shell = await ThroughAsync(cut);
        await using var stream = await shell.OpenAsync(new RemoteCommand("cat"), Token);
        var reading = stream.ReadAsync(new byte[1], Token).AsTask();
        var running = shell.RunAsync(new RemoteCommand("sleep 600") { Deadline = TimeSpan.FromHours(1) }, Token);
        cut.Silent = true;
        foreach (var waiting in (Task[])[running, reading])
        {
            var problem = (await Assert.ThrowsAsync<RemoteException>(() => waiting.WaitAsync(TimeSpan.FromMinutes(5), Token))).Problem;
            Assert.Equal("ssh-lost", problem.Code);
            Assert.Contains("not answered", problem.Message);
        }
        await shell.DisposeAsync();
    }

    [Fact]
    public async Task A_machine_that_lets_in_and_runs_nothing_is_named_as_one_that_hangs()
    {
        await using var own = await TestSshd.StartAsync(["ForceCommand cat >/dev/null"]);
        async Task<Problem> RunAsync(TimeSpan pulse, TimeSpan deadline)
        {
            var shell = await SshShell.ConnectAsync(own.Address, own.Login, own.HostKeys, new SshOptions { PulseInterval = TimeSpan.FromMilliseconds(200), PulseDeadline = pulse }, requireSudo: false, Token);
            await using var connected = shell.Value!;
            return (await Assert.ThrowsAsync<RemoteException>(() => connected.RunAsync(new RemoteCommand("true") { Deadline = deadline }, Token))).Problem;
        }

        // Whichever of the two ends first: the patience with the machine, or the command's time.
        foreach (var problem in await Task.WhenAll(RunAsync(TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)), RunAsync(TimeSpan.FromHours(1), TimeSpan.FromSeconds(10))))
        {
            Assert.Equal("ssh-hangs", problem.Code);
            Assert.Contains("ForceCommand", problem.Remedy);
        }
    }

    [Fact]
    public async Task A_short_silence_is_survived()
    {
        await using var cut = new Cut(sshd.Sshd.Port);
        await using var shell = await ThroughAsync(cut, new SshOptions { PulseInterval = TimeSpan.FromMilliseconds(200), PulseDeadline = TimeSpan.FromSeconds(60) });
        var running = shell.RunAsync(new RemoteCommand("sleep 2; echo done"), Token);
        await Task.Delay(500, Token);
        cut.Silent = true;
        await Task.Delay(2500, Token);
        cut.Silent = false;
        Assert.Equal("done\n", (await running).Output);
    }

    [Fact]
    public async Task A_command_to_a_silent_machine_ends_within_its_deadline()
    {
        await using var cut = new Cut(sshd.Sshd.Port);
        var shell = await ThroughAsync(cut, new SshOptions());
        cut.Silent = true;
        var command = new RemoteCommand("true") { Deadline = TimeSpan.FromSeconds(1) };
        var problem = (await Assert.ThrowsAsync<RemoteException>(() => shell.RunAsync(command, Token).WaitAsync(TimeSpan.FromMinutes(5), Token))).Problem;
        Assert.Equal("ssh-deadline", problem.Code);
        await shell.DisposeAsync();
    }

    [Fact]
    public async Task Those_who_wait_for_a_machine_that_is_gone_are_all_told_together()
    {
        await using var own = await TestSshd.StartAsync();
        await using var shell = await SshdFixture.ConnectAsync(own);
        await own.StopAsync();
        var commands = Enumerable.Range(0, 12).Select(_ => shell.RunAsync(new RemoteCommand("true"), Token)).ToList();
        foreach (var command in commands)
            Assert.Contains((await Assert.ThrowsAsync<RemoteException>(() => command)).Problem.Code, (string[])["ssh-refused", "ssh-lost"]);
    }

    [Fact]
    public async Task A_stream_carries_both_ways_and_ends_one_way_at_a_time()
    {
        await using var shell = await sshd.ConnectAsync();
        await using var stream = await shell.OpenAsync(new RemoteCommand("cat; echo end; echo error >&2; exit 6"), Token);
        await stream.WriteAsync("hello\n"u8.ToArray(), Token);
        Assert.Equal("hello", await LineAsync(stream));
        await stream.CloseInputAsync(Token);
        Assert.Equal("end", await LineAsync(stream));
        Assert.Equal("", await LineAsync(stream));
        Assert.Equal(new CommandResult(6, "", "error\n"), await stream.Completion);
        await Assert.ThrowsAsync<CommandEndedException>(async () => await stream.WriteAsync("more"u8.ToArray(), Token));
    }

    [Fact]
    public async Task The_input_of_a_stream_ends_though_nothing_was_written()
    {
        await using var shell = await sshd.ConnectAsync();
        await using var stream = await shell.OpenAsync(new RemoteCommand("cat; echo end"), Token);
        await stream.CloseInputAsync(Token);
        Assert.Equal("end", await LineAsync(stream));
    }

    [Fact]
    public async Task Twenty_streams_at_once_are_more_than_one_connection_bears_and_commands_go_on_beside()
    {
        await using var shell = await sshd.ConnectAsync();
        var streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shell.OpenAsync(new RemoteCommand("cat"), Token)));
        for (var i = 0; i < streams.Length; i++)
            await streams[i].WriteAsync(Encoding.UTF8.GetBytes($"{i}\n"), Token);
        for (var i = 0; i < streams.Length; i++)
            Assert.Equal($"{i}", await LineAsync(streams[i]));
        Assert.True((await shell.RunAsync(new RemoteCommand("true"), Token)).Ok);
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_that_is_disposed_ends_its_command()
    {
        await using var shell = await sshd.ConnectAsync();
        var mark = Mark();
        var stream = await shell.OpenAsync(new RemoteCommand($"echo up; : {mark}; while :; do sleep 1; done"), Token);
        Assert.Equal("up", await LineAsync(stream));
        await stream.DisposeAsync();
        await NoneAsync(shell, mark);
    }

    [Fact]
    public async Task A_read_can_be_cancelled_and_the_stream_goes_on()
    {
        await using var shell = await sshd.ConnectAsync();
        await using var stream = await shell.OpenAsync(new RemoteCommand("cat"), Token);
        using var cancel = new CancellationTokenSource();
        var reading = stream.ReadAsync(new byte[1], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await stream.WriteAsync("still here\n"u8.ToArray(), Token);
        Assert.Equal("still here", await LineAsync(stream));
    }

    private static string Mark() => "mark" + Guid.NewGuid().ToString("n");

    /// <summary>No process has the mark in its command line any more, but the one that looks.</summary>
    private static async Task NoneAsync(SshShell shell, string mark)
    {
        var (start, end) = (mark[..8], mark[8..]);
        for (var tries = 0; ; tries++)
        {
            var found = await shell.RunAsync(new RemoteCommand($"a={start}; grep -ls $a{end} /proc/[0-9]*/cmdline; true"), Token);
            if (found.Output.Length == 0)
                return;
            Assert.True(tries < 100, "still running: " + found.Output);
            await Task.Delay(50, Token);
        }
    }

    private static async Task<string> LineAsync(RemoteStream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, Token) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return Encoding.UTF8.GetString([.. line]);
    }

    private async Task<SshShell> ThroughAsync(Cut cut, SshOptions? options = null)
    {
        var hostKeys = new HostKeys(Path.Combine(sshd.Sshd.Folder, Guid.NewGuid().ToString("n")));
        var shell = await SshShell.ConnectAsync(cut.Address, sshd.Sshd.Login, hostKeys, options ?? Watchful, true, Token);
        Assert.True(shell.Ok, string.Join('\n', shell.Problems));
        return shell.Value;
    }

    /// <summary>A wire to the sshd that can be cut: while silent it carries nothing, in either direction, and closes nothing.</summary>
    private sealed class Cut : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _closed = new();
        private readonly int _port;

        internal Cut(int port)
        {
            _port = port;
            _listener.Start();
            _ = AcceptAsync();
        }

        internal MachineAddress Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

        internal volatile bool Silent;

        public async ValueTask DisposeAsync()
        {
            await _closed.CancelAsync();
            _listener.Stop();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var near = await _listener.AcceptTcpClientAsync(_closed.Token);
                    _ = CarryAsync(near);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Closed.
            }
        }

        private async Task CarryAsync(TcpClient near)
        {
            using var one = near;
            using var far = new TcpClient();
            await far.ConnectAsync(IPAddress.Loopback, _port, _closed.Token);
            await Task.WhenAny(PumpAsync(near.GetStream(), far.GetStream()), PumpAsync(far.GetStream(), near.GetStream()));
        }

        private async Task PumpAsync(NetworkStream from, NetworkStream to)
        {
            var buffer = new byte[65536];
            try
            {
                for (int length; (length = await from.ReadAsync(buffer, _closed.Token)) > 0;)
                {
                    while (Silent)
                        await Task.Delay(20, _closed.Token);
                    await to.WriteAsync(buffer.AsMemory(0, length), _closed.Token);
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // One side closed.
            }
        }
    }
}
