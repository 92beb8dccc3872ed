using System.Diagnostics;
using Ark.Core;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Ark.Remote.Ssh;

/// <summary>
/// One authenticated connection, with a bounded number of sessions and a pulse: once the machine stops answering, everything that waits
/// on the connection ends with <see cref="RemoteException"/>. Never reconnects; <see cref="SshShell"/> makes a new one.
/// </summary>
internal sealed class SshConnection : IAsyncDisposable
{
    /// <summary>Longest wait of SSH.NET for a far side that does not read its input.</summary>
    private static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(5);

    private readonly SshClient _client;
    private readonly MachineAddress _address;
    private readonly SshOptions _options;
    private readonly SemaphoreSlim _sessions;
    private readonly CancellationTokenSource _lost = new();
    private Problem? _reason;
    private int _active;
    private long _lastAnswer = Stopwatch.GetTimestamp();

    internal SshConnection(SshClient client, MachineAddress address, SshOptions options)
    {
        (_client, _address, _options) = (client, address, options);
        _sessions = new SemaphoreSlim(options.SessionsPerConnection);
        _client.ConnectionInfo.Timeout = LongestStall;
        _client.ErrorOccurred += (_, e) => Lose(SshProblems.Lost(_address, e.Exception.Message));
        _ = PulseAsync();
    }

    /// <summary>False once the connection was lost or disposed.</summary>
    internal bool Alive => !_lost.IsCancellationRequested && _client.IsConnected;

    /// <summary>Takes a session's place if one is free, for <see cref="StartReservedAsync"/>.</summary>
    internal bool TryReserve() => _sessions.Wait(0, CancellationToken.None);

    /// <summary>Gives back a place that was reserved and not used.</summary>
    internal void Unreserve() => _sessions.Release();

    /// <summary>Cancelled when the connection is lost or disposed.</summary>
    internal CancellationToken Lost => _lost.Token;

    /// <summary>Why the connection was lost.</summary>
    internal RemoteException LostException(Exception? cause = null) =>
        new(_reason ?? SshProblems.Lost(_address, "the connection was closed"), cause);

    /// <summary>Proves a connection that was idle for a while; false when it is lost.</summary>
    internal async Task<bool> ProveAsync(CancellationToken cancellationToken)
    {
        if (!Alive)
            return false;
        return Stopwatch.GetElapsedTime(_lastAnswer) < _options.PulseInterval || await ProbeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs one line to its end. The caller bounds it by the token.</summary>
    internal async Task<CommandResult> RunAsync(string line, byte[]? input, CancellationToken cancellationToken)
    {
        using var session = await StartAsync(line, cancellationToken).ConfigureAwait(false);
        if (input is { Length: > 0 })
        {
            // Not awaited: a command may end without reading its input, and the write then stalls.
            _ = Task.Run(() => { using (var sink = session.OpenInput()) session.Write(sink, input, 0, input.Length); }, CancellationToken.None)
                .ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        }
        await session.EndAsync(cancellationToken).ConfigureAwait(false);
        return session.Result(session.Command.Result);
    }

    /// <summary>Starts one line in a session of its own, waiting for a free one.</summary>
    internal async Task<SshSession> StartAsync(string line, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lost);
        try
        {
            await _sessions.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw LostException();
        }
        return await StartReservedAsync(line, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts one line in the place that was reserved; the place is given back with the session, or when this fails.</summary>
    internal async Task<SshSession> StartReservedAsync(string line, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lost);
        Interlocked.Increment(ref _active);
        try
        {
            return await OpenAsync(line, Release, either.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Release();
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw;
            if (e is RemoteException or ArgumentException)
                throw;
            throw Lost.IsCancellationRequested ? LostException(e) : new RemoteException(SshProblems.Lost(_address, e.Message), e);
        }
    }

    /// <summary>Runs a short line beside the counted sessions: a sign of life, or ending what was cancelled.</summary>
    internal async Task RunAsideAsync(string line, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lost);
        using var session = await OpenOnceAsync(line, static () => { }, either.Token).ConfigureAwait(false);
        await session.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Lose(SshProblems.Lost(_address, "the connection was closed"));
        await Task.CompletedTask.ConfigureAwait(false);
    }

    private void Release()
    {
        Interlocked.Decrement(ref _active);
        _sessions.Release();
    }

    /// <summary>Opens a session and starts the line, trying again while the server has none free.</summary>
    private async Task<SshSession> OpenAsync(string line, Action release, CancellationToken cancellationToken)
    {
        for (var pause = 50; ; pause = Math.Min(pause * 2, 1000))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await OpenOnceAsync(line, release, cancellationToken).ConfigureAwait(false);
            }
            catch (SshException e) when (IsRefusedSession(e))
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Opens a session. SSH.NET blocks until the server answers, so it waits on the pool, and is left alone there when that takes too long.</summary>
    private async Task<SshSession> OpenOnceAsync(string line, Action release, CancellationToken cancellationToken)
    {
        var starting = Task.Run(() => SshSession.Start(_client, line, this, release), CancellationToken.None);
        try
        {
            return await starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = starting.ContinueWith(
                static t =>
                {
                    if (t.IsCompletedSuccessfully)
                        t.Result.Abandon();
                    else
                        _ = t.Exception;
                },
                TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>True when the server answered that it allows no further session now; SSH.NET has no type of its own for that.</summary>
    private static bool IsRefusedSession(Exception e) => e.GetType() == typeof(SshException);

    private async Task PulseAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(_options.PulseInterval);
            while (await timer.WaitForNextTickAsync(Lost).ConfigureAwait(false))
                if (Volatile.Read(ref _active) > 0)
                    await ProbeAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) { }
    }

    /// <summary>Asks for a sign of life; without one the connection is lost.</summary>
    private async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.PulseDeadline);
        try
        {
            await RunAsideAsync("exit 0", deadline.Token).ConfigureAwait(false);
            Answered();
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (SshException e) when (IsRefusedSession(e))
        {
            Answered();
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or RemoteException or SshException or ObjectDisposedException)
        {
            Lose(SshProblems.Silent(_address, _options.PulseDeadline));
            return false;
        }
    }

    internal void Answered() => Volatile.Write(ref _lastAnswer, Stopwatch.GetTimestamp());

    /// <summary>Ends everything that waits on this connection. The client is closed aside: closing may block while the network is cut.</summary>
    private void Lose(Problem reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null)
            return;
        _lost.Cancel();
        _ = Task.Run(() =>
        {
            try
            {
                _client.Dispose();
            }
            catch (Exception e) when (e is SshException or IOException or InvalidOperationException or System.Net.Sockets.SocketException)
            {
                // The connection is given up anyway.
            }
        });
    }
}
