using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ark.Core;

namespace Ark.Remote.Images;

/// <summary>What <see cref="ImageCheck"/> looked at and found good.</summary>
/// <param name="Bytes">Of all blobs.</param>
public sealed record CheckedImages(int Images, int Blobs, long Bytes);

/// <summary>
/// Proves a registry folder: every blob holds what its name says, and everything that an image needs is there.
/// Problems: <c>broken-blob</c>, <c>missing-blob</c>, <c>missing-link</c>, <c>broken-tag</c>, <c>broken-manifest</c>, <c>missing-image</c> (in <c>images.yaml</c> only).
/// </summary>
public static class ImageCheck
{
    private const string Remedy = "Import the package that holds it again: ark images import PACKAGE --registry-dir DIR";

    public static async Task<Outcome<CheckedImages>> RunAsync(string directory, CancellationToken cancel)
    {
        if (!Directory.Exists(Path.Combine(directory, RegistryLayout.Root)))
            return Outcome<CheckedImages>.Fail(new Problem("no-registry-folder", directory, $"There is no {RegistryLayout.Root} in it.", "Name the folder above docker/registry/v2."));
        var index = await ImageIndex.ReadAsync(directory, cancel);
        var contents = RegistryContents.Read(directory);
        var broken = await BrokenBlobsAsync(directory, contents, cancel);
        var problems = index.Ok ? [] : index.Problems.ToList();
        problems.AddRange(ProblemsOf(directory, contents, broken));
        foreach (var (name, pin) in index.Value?.Images ?? new Dictionary<string, Ark.Core.Catalog.ImagePin>())
            if (contents.Repositories.GetValueOrDefault(name)?.Tags.GetValueOrDefault(pin.Tag) != pin.Digest)
                problems.Add(new Problem("missing-image", Path.Combine(directory, ImageIndex.FileName), $"{name}:{pin.Tag} with the digest {pin.Digest} is not in the folder.", Remedy));
        var images = contents.Repositories.Values.Sum(r => r.Tags.Count);
        return Outcome<CheckedImages>.From(problems, () => new CheckedImages(images, contents.Blobs.Count, contents.Blobs.Values.Sum(b => b.Size)));
    }

    /// <summary>The problems of a folder, given which of its blobs do not hold what their names say.</summary>
    public static IReadOnlyList<Problem> ProblemsOf(string directory, RegistryContents contents, IReadOnlySet<string> broken)
    {
        var problems = new List<Problem>();
        var users = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var (name, repository) in contents.Repositories)
        {
            foreach (var (tag, digest) in repository.Tags)
            {
                var place = RegistryLayout.TagFolder(directory, name, tag);
                if (digest is null) problems.Add(new Problem("broken-tag", place, $"The tag {name}:{tag} points at nothing.", Remedy));
                else if (!repository.Revisions.ContainsKey(digest)) problems.Add(new Problem("missing-link", place, $"{name}:{tag} needs the manifest {digest}, and the repository has no link to it.", Remedy));
            }
            foreach (var revision in repository.Revisions.Keys)
            {
                var tags = repository.Tags.Where(t => t.Value is not null && contents.Reach(t.Value).Contains(revision)).Select(t => $"{name}:{t.Key}").ToList();
                if (tags.Count == 0) tags.Add($"{name}@{revision}");
                foreach (var digest in Direct(contents, revision))
                {
                    if (!users.TryGetValue(digest, out var set)) users[digest] = set = new SortedSet<string>(StringComparer.Ordinal);
                    set.UnionWith(tags);
                    if (digest != revision && !repository.Layers.ContainsKey(digest) && !repository.Revisions.ContainsKey(digest) && contents.Blobs.ContainsKey(digest))
                        problems.Add(new Problem("missing-link", RegistryLayout.RepositoryFolder(directory, name), $"{string.Join(", ", tags)} needs {digest}, which is there, but the repository has no link to it.", Remedy));
                }
                if (contents.Blobs.ContainsKey(revision) && !contents.Manifests.ContainsKey(revision) && !broken.Contains(revision))
                    problems.Add(new Problem("broken-manifest", RegistryLayout.BlobFile(directory, revision), $"{string.Join(", ", tags)}: {revision} is no manifest that Ark knows.", Remedy));
            }
        }
        foreach (var (digest, images) in users.Where(u => !contents.Blobs.ContainsKey(u.Key)))
            problems.Add(new Problem("missing-blob", RegistryLayout.BlobFile(directory, digest), $"The blob {digest} is missing; needed by {string.Join(", ", images)}.", Remedy));
        foreach (var digest in broken.Order(StringComparer.Ordinal))
            problems.Add(new Problem("broken-blob", RegistryLayout.BlobFile(directory, digest),
                $"The blob {digest} does not hold what its name says; needed by {(users.TryGetValue(digest, out var images) ? string.Join(", ", images) : "no image")}.", Remedy));
        return problems;
    }

    /// <summary>A manifest and what it names itself.</summary>
    private static IEnumerable<string> Direct(RegistryContents contents, string revision) =>
        contents.Manifests.TryGetValue(revision, out var manifest) ? manifest.Blobs.Select(b => b.Digest).Concat(manifest.Manifests).Prepend(revision).Distinct() : [revision];

    private static async Task<IReadOnlySet<string>> BrokenBlobsAsync(string directory, RegistryContents contents, CancellationToken cancel)
    {
        var broken = new ConcurrentBag<string>();
        var options = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount, 1, 8) };
        await Parallel.ForEachAsync(contents.Blobs.Keys, options, async (digest, c) =>
        {
            await using var stream = new FileStream(RegistryLayout.BlobFile(directory, digest), new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
            if ("sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, c)) != digest) broken.Add(digest);
        });
        return broken.ToHashSet();
    }
}
