using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ark.Remote.Images;

namespace Ark.EndToEnd.Sites;

/// <summary>Another version of an image that was built: the same layers with another configuration, as an image package in a folder.</summary>
internal static class ImageVariant
{
    /// <summary>Makes the package <paramref name="to"/> with <paramref name="image"/> under <paramref name="tag"/>.</summary>
    /// <param name="change">Changes the <c>config</c> of the image's configuration: its labels, its entrypoint.</param>
    public static async Task MakeAsync(string from, string image, string to, string tag, Action<JsonObject> change, CancellationToken cancellation)
    {
        var digest = RegistryLayout.Tag(from, image, RegistryLayout.Tags(from, image)[0])!;
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(RegistryLayout.BlobFile(from, digest), cancellation))!.AsObject();
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(RegistryLayout.BlobFile(from, (string)manifest["config"]!["digest"]!), cancellation))!.AsObject();
        change(configuration["config"]!.AsObject());
        var text = System.Text.Encoding.UTF8.GetBytes(configuration.ToJsonString());
        manifest["config"]!["digest"] = await BlobAsync(to, text, cancellation);
        manifest["config"]!["size"] = text.Length;
        foreach (var layer in manifest["layers"]!.AsArray().Select(l => (string)l!["digest"]!))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(RegistryLayout.BlobFile(to, layer))!);
            File.Copy(RegistryLayout.BlobFile(from, layer), RegistryLayout.BlobFile(to, layer), overwrite: true);
        }

        var made = await BlobAsync(to, System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()), cancellation);
        await LinkAsync(RegistryLayout.RevisionFolder(to, image, made), made, cancellation);
        await LinkAsync(Path.Combine(RegistryLayout.TagFolder(to, image, tag), "current"), made, cancellation);
        await LinkAsync(Path.Combine(RegistryLayout.TagFolder(to, image, tag), "index/sha256", made["sha256:".Length..]), made, cancellation);
        foreach (var blob in manifest["layers"]!.AsArray().Append(manifest["config"]!).Select(b => (string)b!["digest"]!))
            await LinkAsync(RegistryLayout.LayerFolder(to, image, blob), blob, cancellation);
    }

    private static async Task<string> BlobAsync(string to, byte[] content, CancellationToken cancellation)
    {
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        Directory.CreateDirectory(Path.GetDirectoryName(RegistryLayout.BlobFile(to, digest))!);
        await File.WriteAllBytesAsync(RegistryLayout.BlobFile(to, digest), content, cancellation);
        return digest;
    }

    private static Task LinkAsync(string folder, string digest, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        return File.WriteAllTextAsync(Path.Combine(folder, "link"), digest, cancellation);
    }
}
