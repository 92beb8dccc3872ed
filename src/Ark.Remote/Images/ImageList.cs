namespace Ark.Remote.Images;

/// <summary>One tag of an image in a registry folder.</summary>
/// <param name="Size">Bytes of its configuration and layers, compressed as they are carried; what it shares with others counts in each.</param>
public sealed record ListedImage(string Repository, string Tag, string Digest, long Size, DateTimeOffset? Created);

/// <summary>What a registry folder holds, for people and for <c>--format json</c>.</summary>
public static class ImageList
{
    /// <summary>Sorted by repository and tag. Tags whose manifest cannot be read are left out: <see cref="ImageCheck"/> names them.</summary>
    public static IReadOnlyList<ListedImage> Read(string directory)
    {
        var contents = RegistryContents.Read(directory);
        return
        [
            .. from repository in contents.Repositories
               from tag in repository.Value.Tags
               where tag.Value is not null && contents.Manifests.ContainsKey(tag.Value)
               let manifest = contents.Manifests[tag.Value]
               let inner = manifest.Manifests.Select(m => contents.Manifests.GetValueOrDefault(m)).OfType<ManifestContent>().Prepend(manifest)
               let size = inner.SelectMany(m => m.Blobs).DistinctBy(b => b.Digest).Sum(b => b.Size)
               select new ListedImage(repository.Key, tag.Key, tag.Value, size, inner.Select(m => RegistryLayout.Created(directory, m)).FirstOrDefault(c => c is not null)),
        ];
    }
}
