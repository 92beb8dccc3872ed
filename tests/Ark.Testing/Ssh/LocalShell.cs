using System.Diagnostics;
using Ark.Remote.Ssh;

namespace Ark.Testing.Ssh;

/// <summary>A machine that is this computer: scripts are run by its own shell, as whoever runs the test.</summary>
public sealed class LocalShell(string machine) : IRemoteShell
{
    public string Machine => machine;

    public bool NeedsSudo => false;

    public async Task<CommandResult> RunAsync(RemoteCommand command, CancellationToken cancellationToken)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "PATH=$PATH:/usr/sbin:/sbin; " + command.Script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(cancellationToken), shell.StandardError.ReadToEndAsync(cancellationToken));
        await shell.StandardInput.BaseStream.WriteAsync(command.Input ?? [], cancellationToken);
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(cancellationToken);
        return new(shell.ExitCode, await output, await error);
    }

    public Task<UploadResult> UploadAsync(Stream content, string remotePath, UploadOptions options, IProgress<long>? progress, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This shell only runs scripts.");

    public Task<RemoteStream> OpenAsync(RemoteCommand command, CancellationToken cancellationToken) => throw new NotSupportedException("This shell only runs scripts.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
