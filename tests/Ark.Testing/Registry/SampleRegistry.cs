using System.Security.Cryptography;
using System.Text;
using Ark.Core.Catalog;
using Ark.Remote.Images;

namespace Ark.Testing.Registry;

/// <summary>A folder in the registry's layout with small made-up images: sound ones, to be served, carried, or damaged by a test.</summary>
public sealed class SampleRegistry : IDisposable
{
    private ImageIndex _index = ImageIndex.Empty;

    public SampleRegistry() => Directory = System.IO.Directory.CreateTempSubdirectory("ark-registry-").FullName;

    public string Directory { get; }

    public static string DigestOf(string content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    /// <summary>Adds an image whose layers hold these texts, and its entry in <c>images.yaml</c>.</summary>
    /// <returns>The manifest's digest.</returns>
    public string Add(string repository, string tag, params string[] layers)
    {
        var config = Blob($$"""{"architecture":"amd64","os":"linux","created":"2026-01-02T03:04:05Z","about":"{{repository}}:{{tag}}"}""");
        var blobs = layers.Select(Blob).ToList();
        var entries = string.Join(',', blobs.Select(b => $$"""{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{b.Size}},"digest":"{{b.Digest}}"}"""));
        var manifest = Blob($$"""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{config.Size}},"digest":"{{config.Digest}}"},"layers":[{{entries}}]}""");
        foreach (var blob in blobs.Append(config)) Link(RegistryLayout.LayerFolder(Directory, repository, blob.Digest), blob.Digest);
        Link(RegistryLayout.RevisionFolder(Directory, repository, manifest.Digest), manifest.Digest);
        Point(repository, tag, manifest.Digest);
        _index = _index.With(repository, new ImagePin(tag, manifest.Digest));
        File.WriteAllText(Path.Combine(Directory, ImageIndex.FileName), _index.ToString());
        return manifest.Digest;
    }

    /// <summary>Lets a tag mean a manifest.</summary>
    public void Point(string repository, string tag, string digest)
    {
        Link(Path.Combine(RegistryLayout.TagFolder(Directory, repository, tag), "current"), digest);
        Link(Path.Combine(RegistryLayout.TagFolder(Directory, repository, tag), "index/sha256", digest["sha256:".Length..]), digest);
    }

    public string BlobFile(string digest) => RegistryLayout.BlobFile(Directory, digest);

    /// <summary>Paths below the folder, with their contents: to see that nothing changed.</summary>
    public static IReadOnlyDictionary<string, string> Snapshot(string directory) => System.IO.Directory.Exists(directory)
        ? System.IO.Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))
            .ToDictionary(f => Path.GetRelativePath(directory, f), f => DigestOf(File.ReadAllText(f)))
        : new Dictionary<string, string>();

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private BlobReference Blob(string content)
    {
        var file = BlobFile(DigestOf(content));
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return new BlobReference(DigestOf(content), Encoding.UTF8.GetByteCount(content));
    }

    private static void Link(string folder, string digest)
    {
        System.IO.Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "link"), digest);
    }
}
