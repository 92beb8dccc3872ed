using Ark.Core;
using Ark.Core.Catalog;

namespace Ark.Remote.Images;

/// <summary>Which image is meant: by tag, by digest, or both.</summary>
/// <param name="Digest">The manifest's.</param>
public sealed record ImageReference(string Repository, string? Tag, string? Digest)
{
    /// <summary>Reads <c>name:tag</c>, <c>name@sha256:…</c> or <c>name:tag@sha256:…</c>; null for anything else.</summary>
    public static ImageReference? Parse(string text)
    {
        var at = text.IndexOf('@');
        var digest = at < 0 ? null : text[(at + 1)..];
        var name = at < 0 ? text : text[..at];
        var colon = name.LastIndexOf(':');
        var tag = colon < 0 ? null : name[(colon + 1)..];
        if (colon >= 0) name = name[..colon];
        var good = ImageIndex.IsRepository(name) && (tag is not null || digest is not null) && (tag is null || ImageIndex.IsTag(tag)) && (digest is null || ImageIndex.IsDigest(digest));
        return good ? new ImageReference(name, tag, digest) : null;
    }

    public static ImageReference Of(string repository, ImagePin pin) => new(repository, pin.Tag, pin.Digest);

    public override string ToString() => Repository + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);
}

/// <summary>A link of a repository to a manifest or layer.</summary>
public sealed record StoredLink(string Repository, string Digest);

/// <summary>What nobody needs any more.</summary>
/// <param name="Tags">With their repositories.</param>
/// <param name="Bytes">That the blobs take.</param>
/// <param name="Young">Blobs that nobody needs either, but that are younger than the grace time: an image may be on its way in.</param>
public sealed record Garbage(
    IReadOnlyList<(string Repository, string Tag)> Tags, IReadOnlyList<StoredLink> Manifests, IReadOnlyList<StoredLink> Layers,
    IReadOnlyList<string> Repositories, IReadOnlyList<string> Blobs, long Bytes, int Young)
{
    public bool IsEmpty => Tags.Count + Manifests.Count + Layers.Count + Blobs.Count + Repositories.Count == 0;
}

/// <summary>Finds and removes what a list of images does not need.</summary>
public static class ImageGarbage
{
    /// <summary>
    /// Everything that no kept image leads to. Problems, and then nothing is to be removed: an empty list, a kept image that is not there or whose manifest
    /// cannot be read, an upload under way.
    /// </summary>
    /// <param name="keep">Images to keep; whoever asks names every one that a service, a rollback or a package may still need.</param>
    /// <param name="now">The time to which <paramref name="grace"/> is counted back: what was written later stays.</param>
    public static Outcome<Garbage> Find(RegistryContents contents, IReadOnlyList<ImageReference> keep, DateTimeOffset now, TimeSpan grace)
    {
        var problems = new List<Problem>();
        if (keep.Count == 0) problems.Add(new Problem("nothing-kept", "--keep", "No image is named that is to be kept.", "Name each one: --keep NAME:TAG, or --keep images.yaml."));
        problems.AddRange(contents.Uploads.Select(r => new Problem("upload-under-way", r, $"An image is being written into {r}.", "Wait until it is there, or remove its _uploads folder.")));
        var manifests = new HashSet<StoredLink>();
        var needed = new HashSet<string>();
        foreach (var image in keep) Keep(image);
        if (problems.Count > 0) return Outcome<Garbage>.Fail(problems);

        foreach (var (name, repository) in contents.Repositories)
        {
            foreach (var digest in repository.Revisions.Where(r => r.Value > now - grace).Select(r => r.Key)) Keep(new ImageReference(name, null, digest));
            needed.UnionWith(repository.Layers.Where(l => l.Value > now - grace).Select(l => l.Key)); // of an image whose manifest comes last
        }
        needed.UnionWith(manifests.SelectMany(m => contents.Reach(m.Digest)));
        return Outcome<Garbage>.From(problems, () => Rest(contents, manifests, needed, now - grace));

        void Keep(ImageReference image)
        {
            var repository = contents.Repositories.GetValueOrDefault(image.Repository);
            var digest = image.Digest ?? (image.Tag is null ? null : repository?.Tags.GetValueOrDefault(image.Tag));
            if (repository is null || digest is null || !repository.Revisions.ContainsKey(digest))
                problems.Add(new Problem("no-such-image", image.ToString(), "This image is to be kept, but it is not there.", "Look at ark images list DIR, and write the name as it stands there."));
            else if (contents.Reach(digest).Any(d => (d == digest || repository.Revisions.ContainsKey(d)) && !contents.Manifests.ContainsKey(d)))
                problems.Add(new Problem("broken-manifest", image.ToString(), "What this image needs cannot be told: its manifest is not readable.", "ark images verify DIR"));
            else
                manifests.UnionWith(contents.Reach(digest).Where(repository.Revisions.ContainsKey).Select(d => new StoredLink(image.Repository, d)));
        }
    }

    /// <summary>Removes it, names before contents: whoever reads meanwhile finds an image whole or not at all.</summary>
    public static void Remove(string directory, Garbage garbage)
    {
        foreach (var (repository, tag) in garbage.Tags) Delete(RegistryLayout.TagFolder(directory, repository, tag));
        foreach (var link in garbage.Manifests)
        {
            Delete(RegistryLayout.RevisionFolder(directory, link.Repository, link.Digest));
            foreach (var tag in RegistryLayout.Tags(directory, link.Repository))
                Delete(Path.Combine(RegistryLayout.TagFolder(directory, link.Repository, tag), "index/sha256", link.Digest["sha256:".Length..]));
        }
        foreach (var link in garbage.Layers) Delete(RegistryLayout.LayerFolder(directory, link.Repository, link.Digest));
        foreach (var repository in garbage.Repositories)
        {
            var folder = RegistryLayout.RepositoryFolder(directory, repository);
            foreach (var own in new[] { "_manifests", "_layers", "_uploads" }) Delete(Path.Combine(folder, own));
            for (var top = RegistryLayout.RepositoryFolder(directory, ""); folder.Length > top.Length && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
                Directory.Delete(folder);
        }
        foreach (var digest in garbage.Blobs) Delete(Path.GetDirectoryName(RegistryLayout.BlobFile(directory, digest))!);
    }

    private static Garbage Rest(RegistryContents contents, HashSet<StoredLink> manifests, HashSet<string> needed, DateTimeOffset limit)
    {
        var reached = manifests.GroupBy(m => m.Repository).ToDictionary(g => g.Key, g => g.SelectMany(m => contents.Reach(m.Digest)).ToHashSet());
        var layers =
            from repository in contents.Repositories
            from layer in repository.Value.Layers
            where layer.Value <= limit && !(reached.TryGetValue(repository.Key, out var mine) && mine.Contains(layer.Key))
            select new StoredLink(repository.Key, layer.Key);
        var droppedTags =
            from repository in contents.Repositories
            from tag in repository.Value.Tags
            where tag.Value is null || !manifests.Contains(new StoredLink(repository.Key, tag.Value))
            select (repository.Key, tag.Key);
        var dropped = contents.Repositories.SelectMany(r => r.Value.Revisions.Keys.Select(d => new StoredLink(r.Key, d))).Where(l => !manifests.Contains(l)).ToList();
        var unneeded = contents.Blobs.Where(b => !needed.Contains(b.Key)).ToList();
        var old = unneeded.Where(b => b.Value.Written <= limit).ToList();
        var allLayers = layers.ToList();
        var empty = contents.Repositories.Where(r =>
            r.Value.Revisions.Keys.All(d => dropped.Contains(new StoredLink(r.Key, d))) && r.Value.Layers.Keys.All(d => allLayers.Contains(new StoredLink(r.Key, d)))).Select(r => r.Key);
        return new Garbage([.. droppedTags], dropped, allLayers, [.. empty], [.. old.Select(b => b.Key)], old.Sum(b => b.Value.Size), unneeded.Count - old.Count);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
