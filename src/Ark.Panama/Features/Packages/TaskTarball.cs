using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Ark.Panama.Features.Packages;

/// <summary>Writes <c>task_&lt;id&gt;.tgz</c>: one folder with <c>task.yaml</c>. The same text gives the same bytes: no time and no owner is in it.</summary>
public static class TaskTarball
{
    public static byte[] Write(string id, string yaml)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            tar.WriteEntry(Entry(TarEntryType.Directory, $"task_{id}/", UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
            var file = Entry(TarEntryType.RegularFile, $"task_{id}/task.yaml", UnixFileMode.None);
            file.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(yaml));
            tar.WriteEntry(file);
        }

        return packed.ToArray();
    }

    private static UstarTarEntry Entry(TarEntryType type, string path, UnixFileMode also) => new(type, path)
    {
        ModificationTime = DateTimeOffset.UnixEpoch,
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead | also,
    };
}
