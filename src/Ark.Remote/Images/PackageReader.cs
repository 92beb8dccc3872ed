using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Ark.Core;

namespace Ark.Remote.Images;

/// <summary>One file of an image package.</summary>
/// <param name="Path">Below the registry's root folder, without <c>data/</c>: safe to be joined to a folder.</param>
/// <param name="Digest">For a blob: the digest that its path promises.</param>
internal sealed record PackageFile(string Path, PackageFileKind Kind, string? Digest, long Length, Stream Content);

/// <summary>In the order in which files come into the folder: contents before the names that lead to them.</summary>
internal enum PackageFileKind { Blob, LayerLink, RevisionLink, TagIndexLink, TagLink, Index }

/// <summary>Reads image packages: folders, .tar and .tar.gz with <c>docker/registry/v2</c> at their root or below <c>data/</c>.</summary>
internal static partial class PackageReader
{
    private const int MaxEntries = 500_000;

    private const int MaxLinkBytes = 200;

    private const int MaxIndexBytes = 1 << 20;

    /// <summary>The package's files in its order. What is wrong with one is added to <paramref name="problems"/>, and the reading goes on where that is possible.</summary>
    /// <param name="budget">Bytes that the files of all packages may have together; counts down.</param>
    public static async IAsyncEnumerable<PackageFile> ReadAsync(string package, List<Problem> problems, Budget budget, [EnumeratorCancellation] CancellationToken cancel)
    {
        var count = 0;
        await foreach (var entry in EntriesAsync(package, problems, cancel))
        {
            if (++count > MaxEntries)
            {
                problems.Add(new Problem("oversize", package, $"The package has more than {MaxEntries} entries."));
                yield break;
            }
            if (!budget.Take(entry.Length))
            {
                problems.Add(new Problem("oversize", $"{package}: {Show(entry.Name)}", "There is no room for what the package unpacks to.", "Make room in the registry folder's file system."));
                yield break;
            }
            if (Classify(package, entry, problems) is { } file) yield return file;
        }
    }

    private static PackageFile? Classify(string package, Entry entry, List<Problem> problems)
    {
        var place = $"{package}: {Show(entry.Name)}";
        var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        if (entry.Content is null)
        {
            problems.Add(new Problem("link-in-package", place, "An image package holds plain files and folders only, and this is neither.", "Make the package again with plain files."));
            return null;
        }
        if (path.StartsWith('/') || path.Split('/').Contains("..") || path.Any(char.IsControl))
        {
            problems.Add(new Problem("path-escape", place, "This path leads out of the folder.", "Do not use this package: it was not made by Ark."));
            return null;
        }
        if (path.StartsWith("data/", StringComparison.Ordinal)) path = path["data/".Length..];
        if (path == ImageIndex.FileName) return Limited(PackageFileKind.Index, MaxIndexBytes);
        if (!path.StartsWith(RegistryLayout.Root + "/", StringComparison.Ordinal)) return null; // something beside the images: a README, checksums
        if (Blob().Match(path) is { Success: true } blob)
        {
            var hex = blob.Groups["hex"].Value;
            if (hex.StartsWith(blob.Groups["two"].Value, StringComparison.Ordinal)) return new PackageFile(path, PackageFileKind.Blob, "sha256:" + hex, entry.Length, entry.Content);
        }
        if (Repository().Match(path) is { Success: true } repository && ImageIndex.IsRepository(repository.Groups["name"].Value))
        {
            if (repository.Groups["other"].Success) return null;
            if (repository.Groups["layer"].Success) return Limited(PackageFileKind.LayerLink, MaxLinkBytes);
            if (repository.Groups["revision"].Success) return Limited(PackageFileKind.RevisionLink, MaxLinkBytes);
            if (repository.Groups["index"].Success) return Limited(PackageFileKind.TagIndexLink, MaxLinkBytes);
            return Limited(PackageFileKind.TagLink, MaxLinkBytes);
        }
        problems.Add(new Problem("bad-layout", place, "A registry has no such file.", "Unpack it and look: blobs/ and repositories/ belong below docker/registry/v2."));
        return null;

        PackageFile? Limited(PackageFileKind kind, long max)
        {
            if (entry.Length <= max) return new PackageFile(path, kind, null, entry.Length, entry.Content);
            problems.Add(new Problem("oversize", place, $"A file of this kind has at most {max} bytes, not {entry.Length}.", "Do not use this package: it was not made by a registry."));
            return null;
        }
    }

    private static IAsyncEnumerable<Entry> EntriesAsync(string package, List<Problem> problems, CancellationToken cancel)
    {
        if (Directory.Exists(package)) return FolderAsync(package, cancel);
        if (File.Exists(package)) return TarAsync(package, problems, cancel);
        problems.Add(new Problem("no-package", package, "There is no such file or folder."));
        return AsyncEnumerable.Empty<Entry>();
    }

    private static async IAsyncEnumerable<Entry> FolderAsync(string package, [EnumeratorCancellation] CancellationToken cancel)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        foreach (var info in new DirectoryInfo(package).EnumerateFileSystemInfos("*", options).OrderBy(i => i.FullName, StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(package, info.FullName);
            if (info.LinkTarget is not null || info is FileInfo { Attributes: var a } && (a & FileAttributes.Device) != 0) yield return new Entry(name, 0, null);
            else if (info is FileInfo file)
            {
                await using var content = new FileStream(file.FullName, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
                yield return new Entry(name, content.Length, content);
            }
        }
    }

    private static async IAsyncEnumerable<Entry> TarAsync(string package, List<Problem> problems, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var file = new FileStream(package, new FileStreamOptions { BufferSize = 1 << 16, Options = FileOptions.SequentialScan });
        var magic = new byte[2];
        var zipped = await file.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancel) == 2 && magic is [0x1f, 0x8b];
        file.Position = 0;
        await using var stream = zipped ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        await using var tar = new TarReader(stream);
        while (true)
        {
            TarEntry? entry;
            try
            {
                entry = await tar.GetNextEntryAsync(copyData: false, cancel);
            }
            catch (Exception e) when (Unreadable(e))
            {
                problems.Add(Broken(package, e));
                yield break;
            }
            if (entry is null) yield break;
            if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes) continue;
            var plain = entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;
            yield return new Entry(entry.Name, entry.Length, plain ? entry.DataStream ?? Stream.Null : null);
        }
    }

    /// <summary>Does this say that an archive is damaged, and not that something here is wrong?</summary>
    public static bool Unreadable(Exception e) => e is InvalidDataException or EndOfStreamException or FormatException;

    public static Problem Broken(string package, Exception e) =>
        new("bad-archive", package, $"The archive ends early or is damaged: {e.Message}", "Carry it over again and compare its checksum.");

    private static string Show(string name)
    {
        var clean = string.Concat(name.Take(200).Select(c => char.IsControl(c) ? '?' : c));
        return name.Length > 200 ? clean + "…" : clean;
    }

    private readonly record struct Entry(string Name, long Length, Stream? Content);

    [GeneratedRegex(@"\Adocker/registry/v2/blobs/sha256/(?<two>[0-9a-f]{2})/(?<hex>[0-9a-f]{64})/data\z")]
    private static partial Regex Blob();

    [GeneratedRegex("""
        \Adocker/registry/v2/repositories/(?<name>[a-z0-9._/-]{1,255}?)/(?:
            (?<layer>_layers/sha256/[0-9a-f]{64}/link)
          | _manifests/(?<revision>revisions/sha256/[0-9a-f]{64}/link)
          | _manifests/tags/[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}/(?:(?<index>index/sha256/[0-9a-f]{64}/link) | current/link)
          | (?<other>_uploads/.* | _manifests/revisions/sha256/[0-9a-f]{64}/signatures/.*)
        )\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Repository();
}

/// <summary>Bytes that may still be used.</summary>
internal sealed class Budget(long bytes)
{
    private long _left = bytes;

    public bool Take(long bytes) => bytes >= 0 && (_left -= bytes) >= 0;
}
