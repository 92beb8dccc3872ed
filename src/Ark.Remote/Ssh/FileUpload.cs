using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>
/// Carries one file: looks what is there, sends what is missing to <c>path.part</c>, has it verified on the far side, and renames it.
/// </summary>
internal static class FileUpload
{
    private const int Block = 1 << 18;
    private const int Short = 66;

    internal static async Task<UploadResult> SendAsync(
        IRemoteShell shell, Stream content, string remotePath, UploadOptions options, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (!remotePath.StartsWith('/') || remotePath.EndsWith('/'))
            throw new ArgumentException($"{remotePath} is not the absolute path of a file.", nameof(remotePath));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Deadline);
        try
        {
            content.Position = 0;
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, deadline.Token).ConfigureAwait(false));
            var file = new Target(shell, remotePath, options, content.Length, hash);
            var there = await file.LookAsync(deadline.Token).ConfigureAwait(false);
            if (there.Whole)
            {
                progress?.Report(file.Size);
                return new UploadResult(hash, file.Size, 0);
            }
            var start = await MatchesAsync(content, there, deadline.Token).ConfigureAwait(false) ? there.PartSize : 0;
            await file.SendAsync(content, start, progress, deadline.Token).ConfigureAwait(false);
            return new UploadResult(hash, file.Size, file.Size - start);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RemoteException(
                new Problem("upload-deadline", $"{shell.Machine}:{remotePath}", $"The file was not there within {options.Deadline}.", "run it again: it goes on where it stopped"),
                e);
        }
    }

    /// <summary>Shell text that ends a transfer which cannot go on, as <see cref="Outlet"/> understands it.</summary>
    internal const string Refuse = "{ echo refused; cat >/dev/null; exit 1; }";

    /// <summary>Shell text that gives a file its owner and mode.</summary>
    internal static string Dress(UploadOptions options, string path) =>
        (options.Owner is { } owner ? $"chown -- {ShellText.Quote(owner)} {path} && " : "") + $"chmod -- {ShellText.Quote(options.Mode)} {path}";

    /// <summary>True when the part that is there is how the content begins.</summary>
    private static async Task<bool> MatchesAsync(Stream content, There there, CancellationToken cancellationToken)
    {
        if (there.PartSize == 0 || there.PartSize > content.Length)
            return false;
        content.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await CopyAsync(content, there.PartSize, (block, _) =>
        {
            hash.AppendData(block.Span);
            return ValueTask.CompletedTask;
        }, cancellationToken).ConfigureAwait(false);
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == there.PartHash;
    }

    private static async Task CopyAsync(
        Stream content, long length, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> to, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            while (length > 0)
            {
                var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    throw new EndOfStreamException("The content became shorter while it was sent.");
                await to(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What the machine has: the whole file, or a part of some file.</summary>
    private sealed record There(bool Whole, long PartSize, string PartHash);

    private sealed record Target(IRemoteShell Shell, string Path, UploadOptions Options, long Size, string Hash)
    {
        private string Names => $"f={ShellText.Quote(Path)}; p=$f.part; ";

        /// <summary>One round trip; a file that is whole gets its owner and mode on the way.</summary>
        internal async Task<There> LookAsync(CancellationToken cancellationToken)
        {
            var script = Names + $$"""
                hash() { h=$(sha256sum <"$1") && printf %s "${h%% *}"; }
                if [ -f "$f" ] && [ ! -L "$f" ] && [ "$(stat -c %s -- "$f")" = {{Size}} ] && [ "$(hash "$f")" = {{Hash}} ]; then
                  {{Dress(Options, "\"$f\"")}} && echo whole; exit
                fi
                if [ -f "$p" ] && [ "$(stat -c %s -- "$p")" -le {{Size}} ]; then echo part "$(stat -c %s -- "$p")" "$(hash "$p")"; else echo none; fi
                """;
            var command = new RemoteCommand(script) { Sudo = Options.Sudo, Deadline = Options.Deadline };
            var result = await Shell.RunAsync(command, cancellationToken).ConfigureAwait(false);
            var words = result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return words switch
            {
                _ when !result.Ok => throw Failed(result.Error),
                ["whole"] => new There(true, 0, ""),
                ["part", var size, var hash] => new There(false, long.Parse(size, CultureInfo.InvariantCulture), hash),
                _ => new There(false, 0, ""),
            };
        }

        internal async Task SendAsync(Stream content, long start, IProgress<long>? progress, CancellationToken cancellationToken)
        {
            // What ends too early stays for the next attempt; what is whole and wrong is of no use.
            var script = Names + $$"""
                umask 022; mkdir -p -- "$(dirname -- "$f")" || {{Refuse}}; umask 077
                cat {{(start > 0 ? ">>" : ">")}}"$p" || {{Refuse}}
                set -e
                [ "$(stat -c %s -- "$p")" -ge {{Size}} ] || exit {{Short}}
                h=$(sha256sum <"$p")
                if [ "${h%% *}" != {{Hash}} ]; then rm -f -- "$p"; echo 'the checksum differs after sending' >&2; exit 1; fi
                {{Dress(Options, "\"$p\"")}}
                mv -fT -- "$p" "$f"
                """;
            var stream = await Shell.OpenAsync(new RemoteCommand(script) { Sudo = Options.Sudo }, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                content.Position = start;
                var sent = start;
                progress?.Report(sent);
                using var outlet = new Outlet(stream);
                var result = await outlet.SendAsync(
                    () => CopyAsync(content, Size - start, async (block, token) =>
                    {
                        await outlet.WriteAsync(block, token).ConfigureAwait(false);
                        progress?.Report(sent += block.Length);
                    }, cancellationToken), cancellationToken).ConfigureAwait(false);
                if (!result.Ok)
                    throw Failed(result.ExitCode == Short ? "the transfer ended early" : result.Error);
            }
        }

        private RemoteException Failed(string why) => new(new Problem(
            "upload-failed", $"{Shell.Machine}:{Path}", $"The file could not be carried over: {why.Trim().ReplaceLineEndings(" ")}",
            $"look at the space and the rights of {System.IO.Path.GetDirectoryName(Path)}: df -h, ls -ld; then run it again, it goes on where it stopped"));
    }
}
