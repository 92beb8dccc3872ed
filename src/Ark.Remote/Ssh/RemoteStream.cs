namespace Ark.Remote.Ssh;

/// <summary>
/// Both directions of a running remote command: reading gives its standard output, writing goes to its standard input.
/// One reader and one writer at a time. A lost connection throws <see cref="RemoteException"/> from reads and writes,
/// a write to a command that has ended <see cref="CommandEndedException"/>. Disposing ends the command.
/// </summary>
public abstract class RemoteStream : Stream
{
    /// <summary>Tells the command that no more input comes; its output can still be read.</summary>
    public abstract Task CloseInputAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Completes when the command has ended: exit code and standard error; the output is empty, for it was read from the stream.
    /// </summary>
    public abstract Task<CommandResult> Completion { get; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);
}

/// <summary>Input was written to a command that has ended; <see cref="RemoteStream.Completion"/> tells how.</summary>
public sealed class CommandEndedException() : IOException("The command has ended and takes no more input.");
