using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Ark.Core;
using Ark.Remote.Ssh;

namespace Ark.Remote.Files;

/// <summary>A file of a set that is carried to a machine.</summary>
/// <param name="Path">Below the set's folder, with <c>/</c>; no <c>..</c>, backslash or line break.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 hex digits.</param>
public sealed record TreeFile(string Path, long Size, string Sha256)
{
    /// <summary>Octal; null: that of the options.</summary>
    public string? Mode { get; init; }
}

/// <summary>What carrying a set did.</summary>
public sealed record TreeResult(int Files, int SentFiles, long SentBytes);

/// <summary>
/// Carries many files: one round trip finds what is missing, one stream carries it. Every file appears whole and verified or not at all,
/// also when the stream is cut: what had arrived by then is kept. Files that are not in the set stay untouched.
/// </summary>
public static class TreeUpload
{
    /// <summary>From this size on a file goes by itself, so that a cut in its middle costs nothing.</summary>
    private const long Large = 64L << 20;

    private const string Stage = ".ark-part";

    /// <param name="open">Opens a file of the set for reading; seekable when it is large.</param>
    /// <param name="progress">Told the bytes carried so far, of those that were missing.</param>
    /// <exception cref="RemoteException">A file is not what the set says, and then nothing was sent; or the machine was lost or refused: a further attempt sends only what is still missing.</exception>
    public static async Task<TreeResult> SendAsync(
        IRemoteShell shell,
        IReadOnlyCollection<TreeFile> files,
        Func<TreeFile, Stream> open,
        string remoteFolder,
        UploadOptions options,
        IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        foreach (var file in files)
            Check(file.Path);
        var missing = await MissingAsync(shell, files, remoteFolder, options, cancellationToken).ConfigureAwait(false);
        await VerifyAsync(missing, open, cancellationToken).ConfigureAwait(false);
        var small = missing.Where(f => f.Size < Large).ToList();
        var sent = 0L;
        if (small.Count > 0)
        {
            await SendTarAsync(shell, small, open, remoteFolder, options, size => progress?.Report(sent += size), cancellationToken).ConfigureAwait(false);
            sent = small.Sum(f => f.Size);
        }
        foreach (var file in missing.Where(f => f.Size >= Large))
        {
            var before = sent;
            var one = progress is null ? null : new Offset(progress, before);
            using var content = open(file);
            await shell.UploadAsync(content, $"{remoteFolder.TrimEnd('/')}/{file.Path}", options with { Mode = file.Mode ?? options.Mode }, one, cancellationToken)
                .ConfigureAwait(false);
            sent += file.Size;
        }
        return new TreeResult(files.Count, missing.Count, missing.Sum(f => f.Size));
    }

    private static async Task<List<TreeFile>> MissingAsync(
        IRemoteShell shell, IReadOnlyCollection<TreeFile> files, string folder, UploadOptions options, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
            return [];
        var command = new RemoteCommand($"cd -- {ShellText.Quote(folder)} 2>/dev/null || exit 0; xargs -0 -r sha256sum -- 2>/dev/null; exit 0")
        {
            Input = Encoding.UTF8.GetBytes(string.Concat(files.Select(f => f.Path + "\0"))),
            Sudo = options.Sudo,
            Deadline = options.Deadline,
        };
        var result = await shell.RunAsync(command, cancellationToken).ConfigureAwait(false);
        var there = new HashSet<string>(result.Output.Split('\n'));
        return [.. files.Where(f => !there.Contains($"{f.Sha256}  {f.Path}"))];
    }

    /// <summary>What the set says of its files must hold before the first of them is sent.</summary>
    private static async Task VerifyAsync(List<TreeFile> files, Func<TreeFile, Stream> open, CancellationToken cancellationToken)
    {
        List<string> broken = [];
        foreach (var file in files)
        {
            var content = open(file);
            await using (content.ConfigureAwait(false))
            {
                if (content.Length != file.Size || Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false)) != file.Sha256)
                    broken.Add(file.Path);
            }
        }

        if (broken.Count > 0)
            throw new RemoteException(new Problem(
                "broken-file", broken[0], $"{(broken.Count == 1 ? "The file does" : $"This and {broken.Count - 1} more files do")} not hold what the digest says; nothing was sent.",
                "carry the package over again, and compare it: ark package verify ."));
    }

    private static async Task SendTarAsync(
        IRemoteShell shell, List<TreeFile> files, Func<TreeFile, Stream> open, string folder, UploadOptions options, Action<long> carried, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Deadline);
        var stream = await shell.OpenAsync(new RemoteCommand(Receive(folder, options)) { Sudo = options.Sudo }, deadline.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var outlet = new Outlet(stream);
            var result = await outlet.SendAsync(() => WriteTarAsync(outlet, files, open, options, carried, deadline.Token), deadline.Token).ConfigureAwait(false);
            if (!result.Ok)
                throw new RemoteException(new Problem(
                    "upload-failed", $"{shell.Machine}:{folder}", $"The files could not be carried over: {result.Error.Trim().ReplaceLineEndings(" ")}",
                    $"look at the space and the rights of {folder}: df -h, ls -ld; then run it again, it sends only what is missing"));
        }
    }

    private static async Task WriteTarAsync(
        Stream to, List<TreeFile> files, Func<TreeFile, Stream> open, UploadOptions options, Action<long> carried, CancellationToken cancellationToken)
    {
        var buffered = new BufferedStream(to, 1 << 18);
        var tar = new TarWriter(buffered, TarEntryFormat.Pax, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            await tar.WriteEntryAsync(Sums(files), cancellationToken).ConfigureAwait(false);
            foreach (var file in files)
            {
                var content = open(file);
                await using (content.ConfigureAwait(false))
                {
                    if (content.Length != file.Size)
                        throw new InvalidDataException($"{file.Path} has {content.Length} bytes, not {file.Size} as the set says.");
                    await tar.WriteEntryAsync(Entry(file.Path, file.Mode ?? options.Mode, content), cancellationToken).ConfigureAwait(false);
                }
                carried(file.Size);
            }
        }
        await buffered.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Unpacks beside, then moves what is verified; a stream that is cut short leaves the last file unverified.
    /// </summary>
    private static string Receive(string folder, UploadOptions options) => $$"""
        trap '' PIPE; exec 3>&1 >/dev/null
        umask 022; mkdir -p -- {{ShellText.Quote(folder)}} && cd -- {{ShellText.Quote(folder)}} && rm -rf {{Stage}} && mkdir -m 700 {{Stage}} && cd {{Stage}} || { echo refused >&3; cat; exit 1; }
        tar -xpf - --no-same-owner; whole=$?
        [ $whole -eq 0 ] || { echo refused >&3; cat; }
        [ -f .sums ] || exit 1
        sha256sum -c .sums 2>/dev/null | sed -n 's/: OK$//p' >.good
        if [ "$(wc -l <.good)" -lt "$(wc -l <.sums)" ]; then
          [ $whole -ne 0 ] || { echo 'a checksum differs after sending' >&2; whole=1; }
        fi
        {{(options.Owner is { } owner ? $"tr '\\n' '\\0' <.good | xargs -0 -r chown -- {ShellText.Quote(owner)} || exit 1" : ":")}}
        sed -n 's,/[^/]*$,,p' .good | sort -u | tr '\n' '\0' | (cd .. && xargs -0 -r mkdir -p --) || exit 1
        while IFS= read -r p; do mv -fT -- "$p" "../$p" || exit 1; done <.good
        cd .. && rm -rf {{Stage}}; exit $whole
        """;

    /// <summary>The list of checksums, which goes first.</summary>
    private static PaxTarEntry Sums(List<TreeFile> files) =>
        Entry(".sums", "0600", new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(files.Select(f => $"{f.Sha256}  {f.Path}\n")))));

    private static PaxTarEntry Entry(string path, string mode, Stream content) => new(TarEntryType.RegularFile, path)
    {
        Mode = (UnixFileMode)Convert.ToInt32(mode, 8),
        DataStream = content,
    };

    private static void Check(string path)
    {
        if (path.Length == 0 || path.StartsWith('/') || path.Any(c => c is '\\' or '\n' or '\r' or '\0')
            || path.Split('/').Any(part => part is "" or "." or ".." or Stage) || path is ".sums" or ".good")
            throw new ArgumentException($"{path} cannot be carried: it is not a plain path below the folder.", nameof(path));
    }

    private sealed class Offset(IProgress<long> progress, long before) : IProgress<long>
    {
        public void Report(long value) => progress.Report(before + value);
    }
}
