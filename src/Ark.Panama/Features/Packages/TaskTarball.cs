using System.Formats.Tar;
using System.IO.Compression;

namespace Ark.Panama.Features.Packages;

/// <summary>Writes <c>task_&lt;id&gt;.tgz</c>: one folder with <c>task.yaml</c> and what stands beside it. The same files give the same bytes: no time and no owner is in it.</summary>
public static class TaskTarball
{
    /// <param name="files">Name to content, in the order in which they are written.</param>
    public static byte[] Write(string id, params IEnumerable<(string Name, byte[] Content)> files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            tar.WriteEntry(Entry(TarEntryType.Directory, $"task_{id}/", UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
            foreach (var (name, content) in files)
            {
                var file = Entry(TarEntryType.RegularFile, $"task_{id}/{name}", UnixFileMode.None);
                file.DataStream = new MemoryStream(content);
                tar.WriteEntry(file);
            }
        }

        return packed.ToArray();
    }

    private static UstarTarEntry Entry(TarEntryType type, string path, UnixFileMode also) => new(type, path)
    {
        ModificationTime = DateTimeOffset.UnixEpoch,
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead | also,
    };
}
