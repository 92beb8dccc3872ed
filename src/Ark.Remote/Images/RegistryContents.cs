namespace Ark.Remote.Images;

/// <summary>What a folder in the registry's layout holds, as read at one moment: a value to reason about.</summary>
/// <param name="Blobs">By digest.</param>
/// <param name="Manifests">Readable manifests among the blobs that some repository calls one, by digest.</param>
/// <param name="Uploads">Repositories into which somebody is writing an image right now.</param>
public sealed record RegistryContents(
    IReadOnlyDictionary<string, StoredRepository> Repositories, IReadOnlyDictionary<string, StoredBlob> Blobs,
    IReadOnlyDictionary<string, ManifestContent> Manifests, IReadOnlyList<string> Uploads)
{
    /// <summary>Reads names, links, sizes and manifests; no large blob is opened.</summary>
    public static RegistryContents Read(string directory)
    {
        var repositories = new SortedDictionary<string, StoredRepository>(StringComparer.Ordinal);
        var manifests = new Dictionary<string, ManifestContent>();
        var uploads = new List<string>();
        foreach (var name in RegistryLayout.Repositories(directory))
        {
            var tags = RegistryLayout.Tags(directory, name).ToDictionary(t => t, t => RegistryLayout.Tag(directory, name, t));
            var revisions = RegistryLayout.Revisions(directory, name);
            repositories[name] = new StoredRepository(
                new SortedDictionary<string, string?>(tags, StringComparer.Ordinal),
                revisions.ToDictionary(d => d, d => Written(RegistryLayout.RevisionFolder(directory, name, d))),
                RegistryLayout.Layers(directory, name).ToDictionary(d => d, d => Written(RegistryLayout.LayerFolder(directory, name, d))));
            foreach (var digest in revisions)
                if (!manifests.ContainsKey(digest) && RegistryLayout.Manifest(directory, digest) is { } manifest) manifests[digest] = manifest;
            var upload = Path.Combine(RegistryLayout.RepositoryFolder(directory, name), "_uploads");
            if (Directory.Exists(upload) && Directory.EnumerateFileSystemEntries(upload).Any()) uploads.Add(name);
        }
        var blobs = new SortedDictionary<string, StoredBlob>(StringComparer.Ordinal);
        foreach (var digest in RegistryLayout.Blobs(directory))
        {
            var file = new FileInfo(RegistryLayout.BlobFile(directory, digest));
            if (file.Exists) blobs[digest] = new StoredBlob(file.Length, file.LastWriteTimeUtc);
        }
        return new RegistryContents(repositories, blobs, manifests, uploads);
    }

    /// <summary>Every digest that a manifest leads to, itself included, whether it is there or not.</summary>
    public IReadOnlySet<string> Reach(string digest)
    {
        var reached = new HashSet<string> { digest };
        var open = new Stack<string>([digest]);
        while (open.TryPop(out var next))
        {
            if (!Manifests.TryGetValue(next, out var manifest)) continue;
            reached.UnionWith(manifest.Blobs.Select(b => b.Digest));
            foreach (var inner in manifest.Manifests)
                if (reached.Add(inner)) open.Push(inner);
        }
        return reached;
    }

    private static DateTimeOffset Written(string folder)
    {
        var link = new FileInfo(Path.Combine(folder, "link"));
        return link.Exists ? link.LastWriteTimeUtc : DateTimeOffset.UnixEpoch;
    }
}

/// <summary>One repository. Digests of revisions (manifests) and layers (configurations too) come with the time at which they were written.</summary>
/// <param name="Tags">Tag to manifest digest; null where its link cannot be read.</param>
public sealed record StoredRepository(
    IReadOnlyDictionary<string, string?> Tags, IReadOnlyDictionary<string, DateTimeOffset> Revisions, IReadOnlyDictionary<string, DateTimeOffset> Layers);

/// <param name="Size">Bytes.</param>
public sealed record StoredBlob(long Size, DateTimeOffset Written);
