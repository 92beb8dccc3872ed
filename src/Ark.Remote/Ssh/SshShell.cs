using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>
/// <see cref="IRemoteShell"/> over SSH: one connection for commands and a few streams, further ones for more streams, each made when first
/// needed and made anew after it was lost.
/// </summary>
public sealed class SshShell : IRemoteShell
{
    private readonly SshConnector _connector;
    private readonly Dial _dial;
    private readonly Dial _streamDial;
    private readonly List<SshConnection> _streamConnections = [];
    private SshConnection _commands;
    private bool _disposed;

    private SshShell(SshConnector connector, SshConnection commands)
    {
        (_connector, _commands) = (connector, commands);
        (_dial, _streamDial) = (new Dial(connector, connector.Options.StreamsBesideCommands), new Dial(connector, connector.Options.SessionsPerConnection));
    }

    public string Machine => _connector.Address.ToString();

    public bool NeedsSudo => !_connector.Login.IsRoot;

    /// <summary>Who logged in.</summary>
    public string User => _connector.Login.User;

    /// <summary>Where the machine's sshd listens.</summary>
    public MachineAddress Address => _connector.Address;

    /// <summary>
    /// Connects and logs in; with <paramref name="requireSudo"/> also proves that root can be had without a password.
    /// A first contact adds a warning with the host key's fingerprint.
    /// </summary>
    public static async Task<Outcome<SshShell>> ConnectAsync(
        MachineAddress address, Login login, HostKeys hostKeys, SshOptions options, bool requireSudo, CancellationToken cancellationToken)
    {
        PoolThreads.KeepReady(1);
        var connector = new SshConnector(address, login, hostKeys, options);
        var connected = await connector.ConnectAsync(options.StreamsBesideCommands, cancellationToken).ConfigureAwait(false);
        if (!connected.Ok)
            return Outcome<SshShell>.Fail(connected.Problems);
        var shell = new SshShell(connector, connected.Value);
        if (!requireSudo || !shell.NeedsSudo)
            return Outcome<SshShell>.Of(shell, connected.Problems);
        try
        {
            var root = await shell.RunAsync(new RemoteCommand("true") { Sudo = true, Deadline = options.ConnectDeadline }, cancellationToken)
                .ConfigureAwait(false);
            if (root.Ok)
                return Outcome<SshShell>.Of(shell, connected.Problems);
            await shell.DisposeAsync().ConfigureAwait(false);
            return Outcome<SshShell>.Fail([SshProblems.NoSudo(shell.Machine, login.User, root.Error.Trim()), .. connected.Problems]);
        }
        catch (RemoteException e)
        {
            await shell.DisposeAsync().ConfigureAwait(false);
            return Outcome<SshShell>.Fail([e.Problem, .. connected.Problems]);
        }
        catch
        {
            await shell.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<CommandResult> RunAsync(RemoteCommand command, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(command.Deadline);
        var line = Sh.Line(command.Script, command.Sudo && NeedsSudo, command.Input is { Length: > 0 } ? Sh.Input.Bytes : Sh.Input.None);
        try
        {
            var connection = await CommandConnectionAsync(deadline.Token).ConfigureAwait(false);
            return await connection.RunAsync(line, command.Input, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RemoteException(_commands.Hangs ? SshProblems.Hangs(Address, User, command.Deadline) : SshProblems.TooSlow(Address, command), e);
        }
    }

    public Task<UploadResult> UploadAsync(
        Stream content, string remotePath, UploadOptions options, IProgress<long>? progress, CancellationToken cancellationToken) =>
        FileUpload.SendAsync(this, content, remotePath, options, progress, cancellationToken);

    public async Task<RemoteStream> OpenAsync(RemoteCommand command, CancellationToken cancellationToken)
    {
        if (command.Input is not null)
            throw new ArgumentException("A stream's input is written to the stream.", nameof(command));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(command.Deadline);
        // SSH.NET sends the end of input only after some input, so there is always a line for the shell to swallow.
        var line = Sh.Line("read -r _; " + command.Script, command.Sudo && NeedsSudo, Sh.Input.Stream);
        try
        {
            var (connection, session) = await StreamSessionAsync(line, deadline.Token).ConfigureAwait(false);
            return new SshRemoteStream(connection, session, line);
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RemoteException(SshProblems.TooSlow(Address, command), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await _commands.DisposeAsync().ConfigureAwait(false);
        foreach (var connection in _streamConnections.ToList())
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The connection for commands: the one there is if it answers, a new one otherwise.</summary>
    private async Task<SshConnection> CommandConnectionAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var current = _commands;
        if (await current.ProveAsync(cancellationToken).ConfigureAwait(false))
            return current;
        await _dial.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_commands.Alive)
            {
                var lost = _commands;
                _commands = await _dial.ConnectAsync(cancellationToken).ConfigureAwait(false);
                await lost.DisposeAsync().ConfigureAwait(false);
            }
            return _commands;
        }
        finally
        {
            _dial.Leave();
        }
    }

    private async Task<(SshConnection Connection, SshSession Session)> StreamSessionAsync(RunLine line, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        SshConnection connection;
        await _streamDial.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            connection = await ReservedStreamConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _streamDial.Leave();
        }
        return (connection, await connection.StartStreamAsync(line, cancellationToken).ConfigureAwait(false));
    }

    private async Task<SshConnection> ReservedStreamConnectionAsync(CancellationToken cancellationToken)
    {
        foreach (var connection in _streamConnections.Prepend(_commands).ToList())
        {
            if (connection.Alive && connection.TryReserve())
            {
                if (await connection.ProveAsync(cancellationToken).ConfigureAwait(false))
                    return connection;
                connection.Unreserve();
            }
            if (!connection.Alive && _streamConnections.Remove(connection))
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
        var added = await _streamDial.ConnectAsync(cancellationToken).ConfigureAwait(false);
        added.TryReserve();
        _streamConnections.Add(added);
        return added;
    }

    /// <summary>Lets one task connect at a time. Those who waited while it failed share the failure instead of waiting once more each.</summary>
    private sealed class Dial(SshConnector connector, int streams)
    {
        private readonly SemaphoreSlim _gate = new(1, 1);
        private int _failures;
        private Problem? _failure;

        internal async Task EnterAsync(CancellationToken cancellationToken)
        {
            var before = Volatile.Read(ref _failures);
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_failures == before || _failure is null)
                return;
            _gate.Release();
            throw new RemoteException(_failure);
        }

        internal void Leave() => _gate.Release();

        internal async Task<SshConnection> ConnectAsync(CancellationToken cancellationToken)
        {
            var connected = await connector.ConnectAsync(streams, cancellationToken).ConfigureAwait(false);
            if (connected.Ok)
                return connected.Value;
            _failure = connected.Problems.First(p => p.Severity == Severity.Error);
            _failures++;
            throw new RemoteException(_failure);
        }
    }
}
