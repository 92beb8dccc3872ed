using System.IO.Pipelines;

namespace Ark.Remote.Ssh;

/// <summary>
/// <see cref="RemoteStream"/> over an SSH session. SSH.NET's streams block, so a thread of its own carries the output into a pipe that can
/// be awaited and cancelled; it sleeps while nothing comes.
/// </summary>
internal sealed class SshRemoteStream : RemoteStream
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private readonly SshConnection _connection;
    private readonly SshSession _session;
    private readonly RunLine _line;
    private readonly Stream _input;
    private readonly Pipe _output = new(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false));
    private readonly Task<CommandResult> _completion;
    private int _inputClosed;
    private int _disposed;

    internal SshRemoteStream(SshConnection connection, SshSession session, RunLine line)
    {
        (_connection, _session, _line) = (connection, session, line);
        _input = session.OpenInput();
        _input.Write("\n"u8);
        _completion = EndAsync();
        _ = _completion.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        new Thread(Carry) { IsBackground = true, Name = "ark ssh stream" }.Start();
    }

    public override Task<CommandResult> Completion => _completion;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            // A caller that waits for the first byte without giving a buffer yet.
            var any = await _output.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            _output.Reader.AdvanceTo(any.Buffer.Start);
            return 0;
        }
        var result = await _output.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (_disposed != 0)
            return 0;
        var length = (int)Math.Min(result.Buffer.Length, buffer.Length);
        var taken = result.Buffer.Slice(0, length);
        foreach (var part in taken)
        {
            part.CopyTo(buffer);
            buffer = buffer[part.Length..];
        }
        _output.Reader.AdvanceTo(taken.End);
        return length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (buffer.IsEmpty)
            return;
        if (_completion.IsCompleted)
            throw Ended();
        var (bytes, offset, count) = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(buffer, out var array)
            ? (array.Array!, array.Offset, array.Count)
            : (buffer.ToArray(), 0, buffer.Length);
        // SSH.NET blocks while the far side does not read.
        var writing = Task.Run(() => _session.Write(_input, bytes, offset, count), CancellationToken.None);
        var first = await Task.WhenAny(writing, _completion).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (first != writing)
        {
            _ = writing.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
            throw Ended();
        }
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (Exception e) when (e is Renci.SshNet.Common.SshException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            throw _connection.LostException(e);
        }
    }

    public override Task CloseInputAsync(CancellationToken cancellationToken) => Task.Run(CloseInput, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (!_completion.IsCompleted)
        {
            await Task.Run(CloseInput).ConfigureAwait(false);
            await Task.WhenAny(_completion, Task.Delay(Grace)).ConfigureAwait(false);
            if (!_completion.IsCompleted)
                await _connection.EndRunAsync(_line).ConfigureAwait(false);
        }
        _session.Dispose();
        _output.Reader.CancelPendingRead();
        await _output.Reader.CompleteAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _ = DisposeAsync().AsTask();
    }

    private void CloseInput()
    {
        if (Interlocked.Exchange(ref _inputClosed, 1) != 0)
            return;
        try
        {
            _input.Dispose();
        }
        catch (Exception e) when (e is Renci.SshNet.Common.SshException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            // The session has ended: nobody waits for more input.
        }
    }

    private Exception Ended() => _completion.IsFaulted
        ? _completion.Exception!.InnerException!
        : new CommandEndedException();

    private async Task<CommandResult> EndAsync()
    {
        try
        {
            await _session.EndAsync(CancellationToken.None).ConfigureAwait(false);
            return _session.Result("");
        }
        catch (RemoteException)
        {
            // Wakes the thread that waits for output.
            _session.Command.OutputStream.Dispose();
            throw;
        }
    }

    /// <summary>The thread's work.</summary>
    private void Carry()
    {
        try
        {
            var output = _session.Command.OutputStream;
            while (true)
            {
                var memory = _output.Writer.GetMemory(1 << 14);
                var length = output.Read(memory.Span);
                if (length == 0)
                    break;
                _output.Writer.Advance(length);
                if (_output.Writer.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted)
                    break;
            }
            _completion.GetAwaiter().GetResult();
            _output.Writer.Complete();
        }
        catch (Exception e)
        {
            _output.Writer.Complete(e);
        }
    }
}
