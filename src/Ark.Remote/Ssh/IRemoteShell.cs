namespace Ark.Remote.Ssh;

/// <summary>
/// A shell on one machine: runs commands, carries files, opens streams. Safe for use by many tasks at once.
/// A command that ends with any exit code is a result; what keeps it from ending (the machine gone, the deadline over)
/// throws <see cref="RemoteException"/>, cancellation throws <see cref="OperationCanceledException"/>.
/// </summary>
public interface IRemoteShell : IAsyncDisposable
{
    /// <summary>The machine as the site's properties name it: its host, with the port where that is not 22.</summary>
    string Machine { get; }

    /// <summary>True when the login is not root, so that <see cref="RemoteCommand.Sudo"/> makes a difference.</summary>
    bool NeedsSudo { get; }

    /// <summary>
    /// Runs a POSIX shell script and waits for its end. Cancelled or past its deadline, the remote processes are ended too,
    /// as far as the machine can still be reached.
    /// </summary>
    /// <exception cref="RemoteException">The machine could not be reached, went away, or the deadline passed.</exception>
    Task<CommandResult> RunAsync(RemoteCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// Makes <paramref name="remotePath"/> hold exactly <paramref name="content"/>: nothing is sent when it does already, an interrupted
    /// upload goes on where it stopped, and the file appears under its name only when whole and verified.
    /// </summary>
    /// <param name="content">A seekable stream, read from its start.</param>
    /// <param name="remotePath">Absolute path of the file; its folder is made.</param>
    /// <param name="progress">Told the bytes that are there so far, those of an earlier attempt included.</param>
    /// <exception cref="RemoteException">As <see cref="RunAsync"/>; also when the far side refuses or its checksum differs.</exception>
    Task<UploadResult> UploadAsync(
        Stream content, string remotePath, UploadOptions options, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Starts a command and connects to its standard input and output, for as long as the stream lives.
    /// <see cref="RemoteCommand.Deadline"/> bounds the start only; <see cref="RemoteCommand.Input"/> must be null.
    /// </summary>
    /// <exception cref="RemoteException">The machine could not be reached.</exception>
    Task<RemoteStream> OpenAsync(RemoteCommand command, CancellationToken cancellationToken);
}
