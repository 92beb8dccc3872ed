using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ark.Remote.Images;

/// <summary>One blob that a manifest refers to.</summary>
/// <param name="Size">Bytes, as the manifest says.</param>
public sealed record BlobReference(string Digest, long Size);

/// <summary>What a manifest refers to: blobs of one image, or further manifests of an index over architectures.</summary>
public sealed record ManifestContent(IReadOnlyList<BlobReference> Blobs, IReadOnlyList<string> Manifests)
{
    /// <summary>The configuration's digest: the first blob; null for an index.</summary>
    public string? Config => Manifests.Count == 0 && Blobs.Count > 0 ? Blobs[0].Digest : null;
}

/// <summary>The folders and files of a registry's own storage (<c>docker/registry/v2</c>), read without a registry.</summary>
public static partial class RegistryLayout
{
    /// <summary>Below a registry's root folder.</summary>
    public const string Root = "docker/registry/v2";

    /// <summary>Manifests are small; what is larger is none.</summary>
    public const int MaxManifestBytes = 4 << 20;

    public static string RepositoryFolder(string directory, string repository) => Path.Combine(directory, Root, "repositories", repository);

    public static string BlobFile(string directory, string digest)
    {
        var hex = digest["sha256:".Length..];
        return Path.Combine(directory, Root, "blobs/sha256", hex[..2], hex, "data");
    }

    public static string TagFolder(string directory, string repository, string tag) => Path.Combine(RepositoryFolder(directory, repository), "_manifests/tags", tag);

    public static string RevisionFolder(string directory, string repository, string digest) =>
        Path.Combine(RepositoryFolder(directory, repository), "_manifests/revisions/sha256", digest["sha256:".Length..]);

    public static string LayerFolder(string directory, string repository, string digest) =>
        Path.Combine(RepositoryFolder(directory, repository), "_layers/sha256", digest["sha256:".Length..]);

    /// <summary>Every repository (<c>metadb</c>), sorted.</summary>
    public static IReadOnlyList<string> Repositories(string directory)
    {
        var root = Path.Combine(directory, Root, "repositories");
        return Directory.Exists(root) ? [.. Below(root).Order(StringComparer.Ordinal)] : [];

        IEnumerable<string> Below(string folder)
        {
            if (Directory.Exists(Path.Combine(folder, "_manifests")) || Directory.Exists(Path.Combine(folder, "_layers"))) yield return Path.GetRelativePath(root, folder);
            foreach (var child in Directory.GetDirectories(folder).Where(d => !Path.GetFileName(d).StartsWith('_')))
                foreach (var found in Below(child)) yield return found;
        }
    }

    public static IReadOnlyList<string> Tags(string directory, string repository) => Names(Path.Combine(RepositoryFolder(directory, repository), "_manifests/tags"));

    /// <summary>Digests of the manifests that a repository has.</summary>
    public static IReadOnlyList<string> Revisions(string directory, string repository) => Digests(Path.Combine(RepositoryFolder(directory, repository), "_manifests/revisions/sha256"));

    /// <summary>Digests of the layers and configurations that a repository may serve.</summary>
    public static IReadOnlyList<string> Layers(string directory, string repository) => Digests(Path.Combine(RepositoryFolder(directory, repository), "_layers/sha256"));

    /// <summary>Digests of all blobs, sorted.</summary>
    public static IEnumerable<string> Blobs(string directory)
    {
        var root = Path.Combine(directory, Root, "blobs/sha256");
        return Names(root).SelectMany(two => Digests(Path.Combine(root, two)));
    }

    /// <summary>The manifest digest that a tag points at; null where there is no such tag or its link is no digest.</summary>
    public static string? Tag(string directory, string repository, string tag) => Link(Path.Combine(TagFolder(directory, repository, tag), "current/link"));

    /// <summary>The digest in a link file, or null.</summary>
    public static string? Link(string file)
    {
        if (!File.Exists(file) || new FileInfo(file).Length > 200) return null;
        var text = File.ReadAllText(file).Trim();
        return ImageIndex.IsDigest(text) ? text : null;
    }

    /// <summary>Is this text a link's? Registries write a digest without a line end.</summary>
    public static bool IsLink(string text) => ImageIndex.IsDigest(text.Trim());

    /// <summary>Reads a manifest blob; null where it is missing, too large or no manifest that we know.</summary>
    public static ManifestContent? Manifest(string directory, string digest)
    {
        var file = BlobFile(directory, digest);
        return File.Exists(file) && new FileInfo(file).Length <= MaxManifestBytes ? Parse(File.ReadAllBytes(file)) : null;
    }

    /// <summary>What an image needs and the layout lacks (existence only), each as a readable name.</summary>
    public static IReadOnlyList<string> Missing(string directory, string repository, string digest)
    {
        if (Link(Path.Combine(RevisionFolder(directory, repository, digest), "link")) != digest) return [$"revision {digest}"];
        if (Manifest(directory, digest) is not { } manifest) return [$"manifest {digest}"];
        var missing = manifest.Manifests.SelectMany(m => Missing(directory, repository, m)).ToList();
        foreach (var blob in manifest.Blobs)
        {
            if (!File.Exists(BlobFile(directory, blob.Digest))) missing.Add($"blob {blob.Digest}");
            if (Link(Path.Combine(LayerFolder(directory, repository, blob.Digest), "link")) != blob.Digest) missing.Add($"layer link {blob.Digest}");
        }
        return missing;
    }

    /// <summary>Reads a manifest or an index (Docker schema 2, OCI); null where it is neither.</summary>
    public static ManifestContent? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, LayoutJson.Default.ManifestFile) is not { SchemaVersion: 2 } file) return null;
            var all = (file.Manifests ?? []).Concat(file.Layers ?? []).Concat(file.Config is null ? [] : [file.Config]).ToList();
            if (all.Count == 0 || all.Any(d => d.Digest is null || !ImageIndex.IsDigest(d.Digest))) return null;
            var blobs = file.Config is null ? [] : (file.Layers ?? []).Prepend(file.Config);
            return new ManifestContent([.. blobs.Select(b => new BlobReference(b.Digest!, b.Size))], [.. (file.Manifests ?? []).Select(m => m.Digest!)]);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>When an image was made, from its configuration; null where it does not say.</summary>
    public static DateTimeOffset? Created(string directory, ManifestContent manifest)
    {
        if (manifest.Config is not { } config || !File.Exists(BlobFile(directory, config)) || new FileInfo(BlobFile(directory, config)).Length > MaxManifestBytes) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(BlobFile(directory, config)), LayoutJson.Default.ConfigFile)?.Created;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> Names(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)] : [];

    private static IReadOnlyList<string> Digests(string folder) => [.. Names(folder).Select(n => "sha256:" + n).Where(ImageIndex.IsDigest)];

    internal sealed record DescriptorFile(string? Digest, long Size);

    internal sealed record ManifestFile(int SchemaVersion, DescriptorFile? Config, IReadOnlyList<DescriptorFile>? Layers, IReadOnlyList<DescriptorFile>? Manifests);

    internal sealed record ConfigFile(DateTimeOffset? Created);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(ManifestFile))]
    [JsonSerializable(typeof(ConfigFile))]
    internal sealed partial class LayoutJson : JsonSerializerContext;
}
