using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Core;
using Ark.Core.Catalog;

namespace Ark.Remote.Images;

/// <summary>Makes an archive that <c>docker load</c> takes out of an image in a registry folder: for the registry's own image, which must run before there is a registry.</summary>
public static partial class ImageArchive
{
    /// <param name="name">What the engine calls the image once it is loaded: <c>ark/registry:3f2a9c01b7de</c>.</param>
    /// <param name="file">Replaced in one step.</param>
    public static async Task<Outcome<string>> WriteAsync(string directory, string repository, ImagePin pin, string name, string file, CancellationToken cancel)
    {
        var missing = RegistryLayout.Missing(directory, repository, pin.Digest);
        if (missing.Count > 0 || RegistryLayout.Manifest(directory, pin.Digest) is not { Config: { } config } manifest)
            return Outcome<string>.Fail(new Problem("incomplete-package", directory, $"{repository}:{pin.Tag} lacks {string.Join(", ", missing.DefaultIfEmpty("a plain manifest"))}.", $"ark images build {repository}"));
        var layers = manifest.Blobs.Skip(1).Select(b => b.Digest).ToList();
        var list = new LoadFile(Hex(config) + ".json", [name], [.. layers.Select(l => Hex(l) + ".tar")]);
        var temporary = $"{file}.{Guid.NewGuid():n}";
        try
        {
            await using (var to = new FileStream(temporary, FileMode.CreateNew))
            await using (var tar = new TarWriter(to, TarEntryFormat.Ustar))
            {
                using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes([list], LoadJson.Default.LoadFileArray));
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "manifest.json") { DataStream = json, ModificationTime = DateTimeOffset.UnixEpoch }, cancel);
                foreach (var (digest, entry) in layers.Distinct().Select(l => (l, Hex(l) + ".tar")).Prepend((config, list.Config)))
                {
                    await using var blob = File.OpenRead(RegistryLayout.BlobFile(directory, digest));
                    await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, entry) { DataStream = blob, ModificationTime = DateTimeOffset.UnixEpoch }, cancel);
                }
            }
            File.Move(temporary, file, overwrite: true);
            return Outcome<string>.Of(name);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string Hex(string digest) => digest["sha256:".Length..];

    internal sealed record LoadFile(string Config, IReadOnlyList<string> RepoTags, IReadOnlyList<string> Layers);

    [JsonSerializable(typeof(LoadFile[]))]
    internal sealed partial class LoadJson : JsonSerializerContext;
}
