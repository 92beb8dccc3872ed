using System.Security.Cryptography;
using Ark.Remote.Files;
using Ark.Remote.Ssh;

namespace Ark.Remote.Images;

/// <summary>
/// Carries a registry folder to a machine, the only way in which one gets there. (<see cref="ImageImport"/> fills a folder of this machine from
/// packages.) Only what is missing or damaged there goes over the network; every file is compared with its digest before it is sent, and on the
/// machine before it appears.
/// </summary>
public static class ImageTree
{
    private const string Blobs = RegistryLayout.Root + "/blobs/sha256/";

    private static readonly UploadOptions Options = new() { Mode = "0644", Sudo = true };

    /// <summary>Blobs first, the links that name them last: a registry that serves the folder meanwhile never points to what is not there.</summary>
    /// <param name="from">A registry's root folder on this machine.</param>
    /// <param name="to">The same on the other.</param>
    /// <exception cref="RemoteException">The machine was lost or refused; or a blob does not hold what its name says, and then nothing was sent.</exception>
    public static async Task<TreeResult> SendAsync(IRemoteShell shell, string from, string to, IProgress<long>? progress, CancellationToken cancellation)
    {
        var root = Path.Combine(from, RegistryLayout.Root);
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(from, f)).Order(StringComparer.Ordinal).ToList();
        var blobs = files.Where(IsBlob).Select(f => new TreeFile(f, new FileInfo(Path.Combine(from, f)).Length, f.Split('/')[^2])).ToList();
        var links = files.Where(f => !IsBlob(f)).Select(f => Link(from, f)).ToList();
        Stream Open(TreeFile file) => File.OpenRead(Path.Combine(from, file.Path));
        var first = await TreeUpload.SendAsync(shell, blobs, Open, to, Options, progress, cancellation);
        var second = await TreeUpload.SendAsync(shell, links, Open, to, Options, null, cancellation);
        return new(first.Files + second.Files, first.SentFiles + second.SentFiles, first.SentBytes + second.SentBytes);
    }

    /// <summary><c>docker/registry/v2/blobs/sha256/ab/abcd…/data</c></summary>
    private static bool IsBlob(string path) => path.StartsWith(Blobs, StringComparison.Ordinal) && path.EndsWith("/data", StringComparison.Ordinal);

    private static TreeFile Link(string from, string path)
    {
        var content = File.ReadAllBytes(Path.Combine(from, path));
        return new(path, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }
}
