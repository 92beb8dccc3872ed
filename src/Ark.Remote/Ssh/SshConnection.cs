using System.Collections.Concurrent;
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

    private static readonly TimeSpan EndingGrace = TimeSpan.FromSeconds(3);

    private readonly SshClient _client;
    private readonly MachineAddress _address;
    private readonly SshOptions _options;
    private readonly SemaphoreSlim _sessions;
    private readonly SemaphoreSlim _streams;
    private readonly CancellationTokenSource _lost = new();
    private readonly SemaphoreSlim _ending = new(1, 1);
    private readonly ConcurrentQueue<RunLine> _doomed = new();
    private Problem? _reason;
    private int _active;
    private long _lastAnswer = Stopwatch.GetTimestamp();

    /// <summary>When the session of a sign of life was opened that has not ended yet; 0: there is none.</summary>
    private long _probed;

    /// <param name="streams">How many of its sessions streams may take: those last, and commands must not wait for their end.</param>
    internal SshConnection(SshClient client, MachineAddress address, SshOptions options, int streams)
    {
        (_client, _address, _options) = (client, address, options);
        _sessions = new SemaphoreSlim(options.SessionsPerConnection);
        _streams = new SemaphoreSlim(streams);
        _client.ConnectionInfo.Timeout = LongestStall;
        _client.ErrorOccurred += (_, e) => Lose(SshProblems.Lost(_address, e.Exception.Message));
        _ = PulseAsync();
    }

    /// <summary>False once the connection was lost or disposed.</summary>
    internal bool Alive => !_lost.IsCancellationRequested && _client.IsConnected;

    /// <summary>The server answers, but what is run there does not end, however little it is: <c>exit 0</c> has taken half a pulse's interval or longer.</summary>
    internal bool Hangs => Volatile.Read(ref _probed) is var since and not 0 && Stopwatch.GetElapsedTime(since) >= _options.PulseInterval / 2;

    /// <summary>Takes a stream's place if one is free, for <see cref="StartStreamAsync"/>.</summary>
    internal bool TryReserve()
    {
        if (!_streams.Wait(0, CancellationToken.None)) return false;
        if (_sessions.Wait(0, CancellationToken.None)) return true;
        _streams.Release();
        return false;
    }

    /// <summary>Gives back a place that was reserved and not used.</summary>
    internal void Unreserve()
    {
        _sessions.Release();
        _streams.Release();
    }

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

    /// <summary>Runs one line to its end. The caller bounds it by the token; cancelled, its processes are ended.</summary>
    internal async Task<CommandResult> RunAsync(RunLine line, byte[]? input, CancellationToken cancellationToken)
    {
        using var session = await StartAsync(line, cancellationToken).ConfigureAwait(false);
        if (input is { Length: > 0 })
        {
            // Not awaited: a command may end without reading its input, and the write then stalls.
            _ = Task.Run(() => { using (var sink = session.OpenInput()) session.Write(sink, input, 0, input.Length); }, CancellationToken.None)
                .ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        }
        try
        {
            await session.EndAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await EndRunAsync(line).ConfigureAwait(false);
            throw;
        }
        return session.Result(session.Command.Result);
    }

    /// <summary>
    /// Ends the processes of a run that nobody waits for any more, if the machine still answers, and waits a little for that. Runs that are
    /// to end at the same time share one session, for which there is always room.
    /// </summary>
    internal async Task EndRunAsync(RunLine line)
    {
        _doomed.Enqueue(line);
        await Task.WhenAny(EndDoomedAsync(), Task.Delay(EndingGrace)).ConfigureAwait(false);
    }

    private async Task EndDoomedAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Lost);
        deadline.CancelAfter(_options.PulseDeadline);
        var entered = false;
        try
        {
            await _ending.WaitAsync(deadline.Token).ConfigureAwait(false);
            entered = true;
            var runs = new List<RunLine>();
            while (_doomed.TryDequeue(out var doomed))
                runs.Add(doomed);
            if (runs.Count == 0)
                return;
            using var session = await OpenAsync(Sh.EndLine(runs).Text, static () => { }, deadline.Token).ConfigureAwait(false);
            await session.EndAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or RemoteException or SshException or ObjectDisposedException)
        {
            // The machine is out of reach; its sshd notices in its own time.
            Forget(e);
        }
        finally
        {
            if (entered)
                _ending.Release();
        }
    }

    /// <summary>Starts one line in a session of its own, waiting for a free one.</summary>
    internal async Task<SshSession> StartAsync(RunLine line, CancellationToken cancellationToken)
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
        return await StartAsync(line, () => _sessions.Release(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts one line in the place that was reserved; the place is given back with the session, or when this fails.</summary>
    internal Task<SshSession> StartStreamAsync(RunLine line, CancellationToken cancellationToken) => StartAsync(line, Unreserve, cancellationToken);

    /// <param name="leave">Gives the session's place back.</param>
    private async Task<SshSession> StartAsync(RunLine line, Action leave, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lost);
        Interlocked.Increment(ref _active);
        var opening = OpenAsync(line.Text, Release, either.Token);
        void Release()
        {
            Interlocked.Decrement(ref _active);
            leave();
        }

        try
        {
            return await opening.ConfigureAwait(false);
        }
        catch (LateSessionException e)
        {
            _ = EndLateAsync(e.Starting, line, Release);
            cancellationToken.ThrowIfCancellationRequested();
            throw LostException(e);
        }
        catch (Exception e)
        {
            Release();
            if (e is RemoteException or ArgumentException || (e is OperationCanceledException && cancellationToken.IsCancellationRequested))
                throw;
            throw Lost.IsCancellationRequested ? LostException(e) : new RemoteException(SshProblems.Lost(_address, e.Message), e);
        }
    }

    /// <summary>A session that opens after its caller has gone is closed, and what it started is ended.</summary>
    private async Task EndLateAsync(Task<SshSession> starting, RunLine line, Action release)
    {
        try
        {
            using var session = await starting.ConfigureAwait(false);
            await EndRunAsync(line).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SshException or RemoteException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            release();
        }
    }

    public ValueTask DisposeAsync()
    {
        Lose(SshProblems.Lost(_address, "the connection was closed"));
        return ValueTask.CompletedTask;
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
        cancellationToken.ThrowIfCancellationRequested();
        var starting = Task.Run(() => SshSession.Start(_client, line, this, release), CancellationToken.None);
        try
        {
            return await starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new LateSessionException(starting, cancellationToken);
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
        SshSession? session = null;
        try
        {
            session = await OpenOnceAsync("exit 0", static () => { }, deadline.Token).ConfigureAwait(false);
            Volatile.Write(ref _probed, Stopwatch.GetTimestamp());
            await session.EndAsync(deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            Forget(e);
            throw;
        }
        catch (SshException e) when (IsRefusedSession(e))
        {
            Answered();
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or RemoteException or SshException or ObjectDisposedException)
        {
            Forget(e);
            Lose(session is not null && e is OperationCanceledException
                ? SshProblems.Hangs(_address, _client.ConnectionInfo.Username, _options.PulseDeadline)
                : SshProblems.Silent(_address, _options.PulseDeadline));
            return false;
        }
        finally
        {
            if (!Lost.IsCancellationRequested)
                Volatile.Write(ref _probed, 0);
            session?.Dispose();
        }
    }

    /// <summary>A session that opens too late is closed unseen.</summary>
    private static void Forget(Exception e)
    {
        if (e is LateSessionException late)
            _ = late.Starting.ContinueWith(static t => { if (t.IsCompletedSuccessfully) t.Result.Dispose(); else _ = t.Exception; }, TaskScheduler.Default);
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

    /// <summary>The caller has gone before its session was open.</summary>
    private sealed class LateSessionException(Task<SshSession> starting, CancellationToken token) : OperationCanceledException(token)
    {
        internal Task<SshSession> Starting => starting;
    }
}
