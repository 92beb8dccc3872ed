namespace Ark.Remote.Ssh;

/// <summary>
/// Writes to a receiving script that says <c>refused</c> as soon as it cannot go on, and then waits for the end of its input: the sender stops
/// at once, and nothing is ever sent to a command that has ended.
/// </summary>
internal sealed class Outlet : Stream
{
    private readonly RemoteStream _stream;
    private readonly Task<bool> _refused;

    internal Outlet(RemoteStream stream)
    {
        _stream = stream;
        _refused = RefusedAsync();
        _ = _refused.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
    }

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Sends, tells the end of the input, and waits for the script's end.</summary>
    internal async Task<CommandResult> SendAsync(Func<Task> send, CancellationToken cancellationToken)
    {
        try
        {
            await send().ConfigureAwait(false);
        }
        catch (CommandEndedException)
        {
            // Its own words tell why.
        }
        await _stream.CloseInputAsync(cancellationToken).ConfigureAwait(false);
        return await _stream.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_refused.IsCompletedSuccessfully)
            throw new CommandEndedException();
        await _stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Completes at the first word of the receiver, or at its end.</summary>
    private async Task<bool> RefusedAsync() => await _stream.ReadAsync(new byte[16]).ConfigureAwait(false) > 0;
}
