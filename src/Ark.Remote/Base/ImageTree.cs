using System.Security.Cryptography;
using Ark.Remote.Files;
using Ark.Remote.Ssh;

namespace Ark.Remote.Base;

/// <summary>A folder in a registry's layout, carried to a machine: only what is missing there goes over the network.</summary>
internal static class ImageTree
{
    private static readonly UploadOptions Options = new() { Mode = "0644", Sudo = true };

    /// <summary>Blobs first, the links that name them last: a registry that serves the folder meanwhile never points to what is not there.</summary>
    public static async Task<TreeResult> SendAsync(IRemoteShell shell, string from, string to, IProgress<long>? progress, CancellationToken cancellation)
    {
        var root = Path.Combine(from, "docker");
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(from, f)).Order(StringComparer.Ordinal).ToList();
        var blobs = files.Where(IsBlob).Select(f => new TreeFile(f, new FileInfo(Path.Combine(from, f)).Length, f.Split('/')[^2])).ToList();
        var links = files.Where(f => !IsBlob(f)).Select(f => Link(from, f)).ToList();
        Stream Open(TreeFile file) => File.OpenRead(Path.Combine(from, file.Path));
        var first = await TreeUpload.SendAsync(shell, blobs, Open, to, Options, namesTellContent: true, progress, cancellation);
        var second = await TreeUpload.SendAsync(shell, links, Open, to, Options, namesTellContent: false, null, cancellation);
        return new(first.Files + second.Files, first.SentFiles + second.SentFiles, first.SentBytes + second.SentBytes);
    }

    /// <summary><c>docker/registry/v2/blobs/sha256/ab/abcd…/data</c></summary>
    private static bool IsBlob(string path) => path.StartsWith("docker/registry/v2/blobs/sha256/", StringComparison.Ordinal) && path.EndsWith("/data", StringComparison.Ordinal);

    private static TreeFile Link(string from, string path)
    {
        var content = File.ReadAllBytes(Path.Combine(from, path));
        return new(path, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }
}
