using System.Security.Cryptography;
using System.Text;
using Ark.Core;

namespace Ark.Remote.Images;

/// <summary>What came into a registry folder.</summary>
/// <param name="Images">Tags of the packages, <c>name:tag</c>, sorted.</param>
/// <param name="Blobs">Written anew; those that were there and sound are not counted.</param>
/// <param name="Bytes">Of the written blobs.</param>
public sealed record ImportedImages(IReadOnlyList<string> Images, int Blobs, long Bytes, ImageIndex Index);

/// <summary>
/// Merges image packages into a registry folder. All of them are read and proven first; only when nothing is wrong does anything change, file by file
/// and contents before names, so that a registry that serves the folder meanwhile never shows half an image.
/// </summary>
public static class ImageImport
{
    private const long Reserve = 256L << 20;

    private const UnixFileMode FolderMode = (UnixFileMode)0b111_101_101;

    private const UnixFileMode FileMode = (UnixFileMode)0b110_100_100;

    /// <param name="packages">Later ones win where two have the same file.</param>
    /// <param name="maxBytes">What the packages may unpack to; null: what the file system has free, less a reserve.</param>
    public static async Task<Outcome<ImportedImages>> RunAsync(IReadOnlyList<string> packages, string directory, long? maxBytes, CancellationToken cancel)
    {
        MakeFolder(directory);
        await using var @lock = await Workshop.LockAsync(Path.Combine(directory, ".ark-import.lock"), cancel);
        foreach (var left in Directory.GetDirectories(directory, ".ark-import-*")) Directory.Delete(left, recursive: true);
        var staging = Path.Combine(directory, $".ark-import-{Guid.NewGuid():n}");
        MakeFolder(staging);
        try
        {
            var budget = new Budget(maxBytes ?? new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace - Reserve);
            var run = new Run(directory, staging, budget);
            foreach (var package in packages) await run.StageAsync(package, cancel);
            return await run.FinishAsync(cancel);
        }
        finally
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    private static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent) MakeFolder(parent);
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, FolderMode); // the registry runs as somebody else, whatever our umask is
    }

    private sealed class Run(string directory, string staging, Budget budget)
    {
        private readonly List<Problem> _problems = [];
        private readonly Dictionary<string, PackageFileKind> _staged = new(StringComparer.Ordinal);
        private ImageIndex _index = ImageIndex.Empty;

        public async Task StageAsync(string package, CancellationToken cancel)
        {
            var (seen, before) = (0, _problems.Count);
            try
            {
                await foreach (var file in PackageReader.ReadAsync(package, _problems, budget, cancel))
                {
                    seen++;
                    await StageAsync(package, file, cancel);
                }
            }
            catch (Exception e) when (PackageReader.Unreadable(e))
            {
                _problems.Add(PackageReader.Broken(package, e));
            }
            if (seen == 0 && _problems.Count == before)
                _problems.Add(new Problem("no-images", package, $"The package holds nothing below {RegistryLayout.Root}, nor below data/{RegistryLayout.Root}.", "Name the folder or archive that ark images build or ark package made."));
        }

        /// <summary>Everything proven: puts the files in place. Otherwise: all problems, and nothing was changed.</summary>
        public async Task<Outcome<ImportedImages>> FinishAsync(CancellationToken cancel)
        {
            var old = await ImageIndex.ReadAsync(directory, cancel);
            if (!old.Ok) _problems.AddRange(old.Problems);
            if (_problems.Count == 0) FindGaps();
            if (_problems.Count > 0) return Outcome<ImportedImages>.Fail(_problems);
            long bytes = 0;
            var blobs = 0;
            foreach (var (path, kind) in _staged.OrderBy(f => f.Value))
            {
                cancel.ThrowIfCancellationRequested();
                var from = Path.Combine(staging, path);
                if (kind == PackageFileKind.Blob) (blobs, bytes) = (blobs + 1, bytes + new FileInfo(from).Length);
                var to = Path.Combine(directory, path);
                MakeFolder(Path.GetDirectoryName(to)!);
                File.Move(from, to, overwrite: true);
            }
            var index = old.Value!.With(_index);
            if (index.Images.Count > 0) await index.WriteAsync(directory, cancel);
            return Outcome<ImportedImages>.Of(new ImportedImages([.. StagedTags().Select(t => $"{t.Repository}:{t.Tag}").Order(StringComparer.Ordinal)], blobs, bytes, index));
        }

        private async Task StageAsync(string package, PackageFile file, CancellationToken cancel)
        {
            if (file.Kind == PackageFileKind.Blob)
            {
                await StageBlobAsync(package, file, cancel);
                return;
            }
            using var memory = new MemoryStream();
            await file.Content.CopyToAsync(memory, cancel);
            var text = Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
            if (file.Kind == PackageFileKind.Index)
            {
                var index = ImageIndex.Parse($"{package}: {file.Path}", text);
                _problems.AddRange(index.Problems);
                if (index.Ok) _index = _index.With(index.Value);
                return;
            }
            if (!RegistryLayout.IsLink(text) || (Named(file.Path) is { } named && text.Trim() != named))
            {
                _problems.Add(new Problem("bad-link", $"{package}: {file.Path}", "The link does not hold the digest that it should.", "Carry the package over again and compare its checksum."));
                return;
            }
            await WriteAsync(file.Path, memory.GetBuffer().AsMemory(0, (int)memory.Length), cancel);
            _staged[file.Path] = file.Kind;
        }

        /// <summary>Writes a blob while its digest is computed; one that stands in the folder already, whole, is only read.</summary>
        private async Task StageBlobAsync(string package, PackageFile file, CancellationToken cancel)
        {
            var there = new FileInfo(Path.Combine(directory, file.Path));
            var write = !(there.Exists && there.Length == file.Length && await DigestAsync(there.FullName, cancel) == file.Digest);
            var target = Path.Combine(staging, file.Path);
            MakeFolder(Path.GetDirectoryName(target)!);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var to = write ? new FileStream(target, System.IO.FileMode.Create, FileAccess.Write, FileShare.None, 0) : Stream.Null)
            {
                var buffer = new byte[1 << 20];
                for (int read; (read = await file.Content.ReadAsync(buffer, cancel)) > 0;)
                {
                    hash.AppendData(buffer, 0, read);
                    await to.WriteAsync(buffer.AsMemory(0, read), cancel);
                }
                if (to is FileStream written) written.Flush(flushToDisk: true);
            }
            if ("sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Digest)
            {
                _problems.Add(new Problem("broken-blob", $"{package}: {file.Path}", $"The blob {file.Digest} does not hold what its name says.", "Carry the package over again and compare its checksum."));
                return;
            }
            if (!write) return;
            File.SetUnixFileMode(target, FileMode);
            _staged[file.Path] = PackageFileKind.Blob;
        }

        private static async Task<string> DigestAsync(string file, CancellationToken cancel)
        {
            await using var stream = new FileStream(file, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
            return "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
        }

        private async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancel)
        {
            var target = Path.Combine(staging, path);
            MakeFolder(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, content, cancel);
            File.SetUnixFileMode(target, FileMode);
        }

        /// <summary>Every image that a package names must be whole once the packages lie over what is there.</summary>
        private void FindGaps()
        {
            foreach (var (repository, tag) in StagedTags())
            {
                var digest = RegistryLayout.Tag(staging, repository, tag)!;
                foreach (var missing in Missing(repository, digest))
                    _problems.Add(new Problem("incomplete-package", $"{repository}:{tag}", $"{missing} is neither in a package nor in the folder.", "Import the package that holds it in the same call."));
            }
            foreach (var (name, pin) in _index.Images)
                if (Missing(name, pin.Digest).Any(m => m.StartsWith("revision", StringComparison.Ordinal)))
                    _problems.Add(new Problem("incomplete-package", ImageIndex.FileName, $"{name}:{pin.Tag} is named there, but no package holds it.", "Import the package that holds it in the same call."));
        }

        private IEnumerable<string> Missing(string repository, string digest)
        {
            if (!Has(RegistryLayout.RevisionFolder("", repository, digest) + "/link"))
            {
                yield return $"revision {digest}";
                yield break;
            }
            if ((RegistryLayout.Manifest(staging, digest) ?? RegistryLayout.Manifest(directory, digest)) is not { } manifest)
            {
                yield return $"manifest {digest}";
                yield break;
            }
            foreach (var missing in manifest.Manifests.SelectMany(m => Missing(repository, m))) yield return missing;
            foreach (var blob in manifest.Blobs)
            {
                if (!Has(RegistryLayout.BlobFile("", blob.Digest))) yield return $"blob {blob.Digest}";
                if (!Has(RegistryLayout.LayerFolder("", repository, blob.Digest) + "/link")) yield return $"the link to layer {blob.Digest}";
            }
        }

        private bool Has(string path) => File.Exists(Path.Combine(staging, path)) || File.Exists(Path.Combine(directory, path));

        private IEnumerable<(string Repository, string Tag)> StagedTags() =>
            _staged.Where(f => f.Value == PackageFileKind.TagLink).Select(f => f.Key.Split("/_manifests/tags/"))
                .Select(p => (p[0][(RegistryLayout.Root.Length + "/repositories/".Length)..], p[1].Split('/')[0]));

        /// <summary>The digest that a link's own path promises; null for a tag's.</summary>
        private static string? Named(string path)
        {
            var parts = path.Split('/');
            return parts[^3] == "sha256" ? "sha256:" + parts[^2] : null;
        }
    }
}
