using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Ark.Remote.Images;

/// <summary>
/// One folder under <c>images/</c>: a Dockerfile and what it copies, or <c>base.yaml</c> for an image that mmdebstrap makes.
/// Every file of the folder counts for the tag and is sent to the engine.
/// </summary>
/// <param name="Name">The folder's name, and the image's repository in a package and on a site: <c>metadb</c>.</param>
/// <param name="Parents">Names of the images of the same collection that it stands on or copies from.</param>
/// <param name="Tag">First 12 hex digits of a sha256 over the folder's files (path, executable or not, content) and the parents' tags.</param>
public sealed partial record ImageFolder(string Name, string Directory, IReadOnlyList<string> Parents, string Tag)
{
    /// <summary>Stands before an image's name in an engine, so that nobody takes it for an image of a public registry.</summary>
    public const string Prefix = "ark/";

    /// <summary>A program in the folder that makes what is not in the clone, in <c>prepared/</c>: such an image is built only where it is named.</summary>
    public const string Prepare = "prepare";

    /// <summary>Null where nothing has to be made before the image is built.</summary>
    public bool? IsPrepared => File.Exists(Path.Combine(Directory, Prepare)) ? System.IO.Directory.Exists(Path.Combine(Directory, "prepared")) : null;

    /// <summary>What Dockerfiles and the engine that builds call it: <c>ark/metadb</c>.</summary>
    public string LocalName => Prefix + Name;

    /// <summary>Where the image is described: shown with problems.</summary>
    public string Recipe => Path.Combine(Directory, IsBase(Directory) ? BaseImage.FileName : "Dockerfile");

    internal static bool IsBase(string directory) => File.Exists(Path.Combine(directory, BaseImage.FileName));

    /// <summary>The names of our own images that a Dockerfile takes anything from, in order of appearance.</summary>
    public static IReadOnlyList<string> ParentsOf(string dockerfile) =>
        [.. OwnImage().Matches(dockerfile).Select(m => m.Groups["name"].Value).Distinct()];

    /// <summary>The Dockerfile with every one of our own images pinned to its tag, so that no other build can get between.</summary>
    public static string Pin(string dockerfile, IReadOnlyDictionary<string, string> tags) =>
        OwnImage().Replace(dockerfile, m => $"{m.Groups["before"].Value}{Prefix}{m.Groups["name"].Value}:{tags[m.Groups["name"].Value]}");

    /// <summary>The tag of a folder's content on top of its parents' tags.</summary>
    internal static string TagOf(string directory, IEnumerable<string> parentTags)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in Entries(directory))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry.Kind}\0{entry.Path}\0{entry.Content.Length}\0"));
            hash.AppendData(entry.Content);
        }
        foreach (var tag in parentTags) hash.AppendData(Encoding.UTF8.GetBytes($"parent\0{tag}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    /// <summary>
    /// Writes the folder as a tar file for the engine: in fixed order, owned by root, with modes 644 and 755 and a fixed time, whatever the clone's umask was.
    /// </summary>
    internal async Task WriteContextAsync(Stream to, string dockerfile, CancellationToken cancel)
    {
        await using var tar = new TarWriter(to, TarEntryFormat.Gnu, leaveOpen: true);
        foreach (var entry in Entries(Directory).Where(e => e.Path != "Dockerfile").Append(new Entry('f', "Dockerfile", Encoding.UTF8.GetBytes(dockerfile))))
        {
            var type = entry.Kind == 'l' ? TarEntryType.SymbolicLink : TarEntryType.RegularFile;
            var item = new GnuTarEntry(type, entry.Path) { ModificationTime = DateTimeOffset.UnixEpoch, Mode = ModeOf(entry.Kind) };
            if (entry.Kind == 'l') item.LinkName = Encoding.UTF8.GetString(entry.Content);
            else item.DataStream = new MemoryStream(entry.Content);
            await tar.WriteEntryAsync(item, cancel);
        }
    }

    private static UnixFileMode ModeOf(char kind)
    {
        const UnixFileMode plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        return kind == 'f' ? plain : plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    }

    /// <summary>Files and links below a folder, sorted by path: 'f' plain, 'x' executable, 'l' link (content: its target).</summary>
    private static IEnumerable<Entry> Entries(string directory)
    {
        var all = new DirectoryInfo(directory).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(i => i.LinkTarget is not null || i is FileInfo)
            .Select(i => (Info: i, Path: Path.GetRelativePath(directory, i.FullName).Replace('\\', '/')))
            .OrderBy(i => i.Path, StringComparer.Ordinal);
        foreach (var (info, path) in all)
        {
            if (info.LinkTarget is { } target) yield return new Entry('l', path, Encoding.UTF8.GetBytes(target));
            else yield return new Entry((info.UnixFileMode & UnixFileMode.UserExecute) != 0 ? 'x' : 'f', path, File.ReadAllBytes(info.FullName));
        }
    }

    private readonly record struct Entry(char Kind, string Path, byte[] Content);

    [GeneratedRegex(@"(?<before>^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?|^[ \t]*COPY[ \t]+(?:--\S+[ \t]+)*--from=)ark/(?<name>[a-z0-9][a-z0-9._-]*)(?::[\w.-]+)?(?=\s|$)",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex OwnImage();
}
