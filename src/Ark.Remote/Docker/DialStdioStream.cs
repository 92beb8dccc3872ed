using Ark.Core;
using Ark.Remote.Ssh;
using Docker.DotNet.Handler.Abstractions;

namespace Ark.Remote.Docker;

/// <summary>A connection to Docker; an end before the first byte is told with what the machine said about it.</summary>
internal sealed class DialStdioStream(RemoteStream inner, string machine) : WriteClosableStream
{
    private bool _answered;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override bool CanCloseWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void CloseWrite() => inner.CloseInputAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (length > 0)
            _answered = true;
        else if (!_answered && !buffer.IsEmpty)
            await ExplainAsync(cancellationToken).ConfigureAwait(false);
        return length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandEndedException) when (!_answered)
        {
            await ExplainAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private async Task ExplainAsync(CancellationToken cancellationToken)
    {
        var result = await inner.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (result.Ok)
            return;
        var said = result.Error.Trim();
        throw new RemoteException(new Problem(
            "docker-unreachable", machine,
            $"Docker cannot be reached: {(said.Length == 0 ? $"docker system dial-stdio ended with {result.ExitCode}" : said.ReplaceLineEndings(" "))}",
            result.ExitCode == 127 ? "ark base installs Docker" : "systemctl status docker on the machine"));
    }
}
