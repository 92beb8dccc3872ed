using Renci.SshNet;
using Renci.SshNet.Common;

namespace Ark.Remote.Ssh;

/// <summary>One exec session on a connection: a started command and its place among the connection's sessions.</summary>
internal sealed class SshSession : IDisposable
{
    /// <summary>Bytes of data in one packet, as OpenSSH takes them.</summary>
    private const int Packet = 32 * 1024;

    private readonly SshConnection _connection;
    private readonly Action _release;
    private readonly Task _ended;
    private int _disposed;

    private SshSession(SshCommand command, Task ended, SshConnection connection, Action release) =>
        (Command, _ended, _connection, _release) = (command, ended, connection, release);

    internal SshCommand Command { get; }

    /// <summary>Blocks until the server has started the command.</summary>
    internal static SshSession Start(SshClient client, string line, SshConnection connection, Action release)
    {
        var command = client.CreateCommand(line);
        try
        {
            return new SshSession(command, command.ExecuteAsync(CancellationToken.None), connection, release);
        }
        catch
        {
            command.Dispose();
            throw;
        }
    }

    /// <summary>The command's input; closing it tells the end, unless nothing was written.</summary>
    internal Stream OpenInput() => Command.CreateInputStream();

    /// <summary>
    /// Writes packet by packet, as long as the command runs. SSH.NET looks only before each write whether the session is still open, and
    /// OpenSSH drops the whole connection at data for one that is closed.
    /// </summary>
    internal void Write(Stream input, byte[] buffer, int offset, int count)
    {
        for (int length; count > 0 && !_ended.IsCompleted; offset += length, count -= length)
        {
            length = Math.Min(count, Packet);
            input.Write(buffer, offset, length);
        }
    }

    /// <summary>Waits for the command's end.</summary>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _connection.Lost);
        try
        {
            await _ended.WaitAsync(either.Token).ConfigureAwait(false);
            if (Command.ExitStatus is null && Command.ExitSignal is null)
                throw _connection.LostException();
            _connection.Answered();
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw _connection.LostException(e);
        }
        catch (Exception e) when (e is SshException or ObjectDisposedException)
        {
            throw _connection.LostException(e);
        }
    }

    /// <summary>The result of a command that has ended.</summary>
    internal CommandResult Result(string output) =>
        new(Command.ExitStatus ?? 128 + SignalNumber(Command.ExitSignal), output, Command.Error);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (_ended.IsCompleted)
        {
            Close();
            _release();
            return;
        }
        // Closing waits for the far side.
        _ = Task.Run(() =>
        {
            Close();
            _release();
        });
    }

    private void Close()
    {
        try
        {
            Command.Dispose();
        }
        catch (Exception e) when (e is SshException or ObjectDisposedException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            // The connection is gone, and the session with it.
        }
    }

    private static int SignalNumber(string? name) => name switch
    {
        "HUP" => 1,
        "INT" => 2,
        "QUIT" => 3,
        "ILL" => 4,
        "ABRT" => 6,
        "FPE" => 8,
        "KILL" => 9,
        "USR1" => 10,
        "SEGV" => 11,
        "USR2" => 12,
        "PIPE" => 13,
        "ALRM" => 14,
        "TERM" => 15,
        _ => 127,
    };
}
