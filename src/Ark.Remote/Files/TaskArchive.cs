using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Core.Tasks;

namespace Ark.Remote.Files;

/// <summary>
/// Unpacks <c>task_&lt;id&gt;.tgz</c>. The archive came from somewhere: it is read wholly into memory within limits, everything that could write
/// elsewhere or is not plain (links, devices, paths that lead out, names that stand twice) is refused, and only an archive without any problem is
/// written: beside its place first, then renamed into it.
/// </summary>
public static partial class TaskArchive
{
    /// <summary>Largest archive, packed, in bytes.</summary>
    public const long MaxPacked = 16 << 20;

    /// <summary>Most bytes that it may unpack to.</summary>
    public const long MaxUnpacked = 32 << 20;

    /// <summary>Most files and folders in it.</summary>
    public const int MaxEntries = 2_000;

    private const int LongestPath = 200;
    private const int DeepestPath = 12;
    private const int MostProblems = 100;
    private const int Block = 512;

    /// <summary>
    /// Unpacks into the folder <c>task_&lt;id&gt;</c> beside the archive.
    /// </summary>
    /// <param name="replace">A folder that is there and differs is replaced; otherwise it is a problem.</param>
    /// <returns>The folder; the same content already there is no problem. All that is wrong with the archive and its <c>task.yaml</c>.</returns>
    public static async Task<Outcome<string>> UnpackAsync(string archive, bool replace, CancellationToken cancel)
    {
        var read = await ReadAsync(archive, cancel);
        if (!read.Ok)
            return Outcome<string>.Fail(read.Problems);
        var directory = Path.GetDirectoryName(Path.GetFullPath(archive))!;
        var name = Path.GetFileNameWithoutExtension(archive);
        var folder = Path.Combine(directory, name);
        if (Directory.Exists(folder) && await IsSameAsync(folder, read.Value, cancel))
            return Outcome<string>.Of(folder);
        if (Path.Exists(folder) && !replace)
            return Outcome<string>.Fail(new Problem("task-exists", folder, "The folder is there already, with other content than the archive.", $"move {name} away, or delete {name}.tgz to keep the folder"));

        var fresh = Path.Combine(directory, $".{name}.{Guid.NewGuid():n}");
        try
        {
            await WriteAsync(fresh, read.Value, cancel);
            Swap(fresh, folder);
        }
        finally
        {
            if (Directory.Exists(fresh))
                Directory.Delete(fresh, recursive: true);
        }

        return Outcome<string>.Of(folder);
    }

    /// <summary>Path within the task's folder, with slashes, to content. Writes nothing.</summary>
    public static Task<Outcome<IReadOnlyDictionary<string, byte[]>>> ReadAsync(string archive, CancellationToken cancel) => ReadAsync(archive, archive, judge: true, cancel);

    /// <summary>The text of the archive's <c>task.yaml</c>, which is still to be judged, with its path as problems name it. Writes nothing.</summary>
    /// <param name="shown">The archive as problems name it.</param>
    public static async Task<(string Path, Outcome<string> Text)> ReadTaskAsync(string archive, string shown, CancellationToken cancel)
    {
        var read = await ReadAsync(archive, shown, judge: false, cancel);
        return ($"{shown}/task.yaml", read.Ok ? Outcome<string>.Of(Encoding.UTF8.GetString(read.Value["task.yaml"]).TrimStart('\uFEFF')) : Outcome<string>.Fail(read.Problems));
    }

    /// <param name="judge">The task's text too.</param>
    private static async Task<Outcome<IReadOnlyDictionary<string, byte[]>>> ReadAsync(string archive, string shown, bool judge, CancellationToken cancel)
    {
        var name = Path.GetFileName(archive);
        if (ArchiveName().Match(name) is not { Success: true } match)
            return Failed("bad-archive-name", shown, "The archive is not named task_<id>.tgz.", "name it as it was downloaded");
        var file = new FileInfo(archive);
        if (!file.Exists)
            return Failed("no-archive", shown, "There is no such file.", "look into the folder tasks");
        if (file.Length > MaxPacked)
            return Failed("oversized-archive", shown, $"The archive has {file.Length} bytes; at most {MaxPacked} are read.", "download it again: a task is small");
        var (tar, problem) = Inflate(await File.ReadAllBytesAsync(archive, cancel), shown);
        if (problem is not null)
            return Outcome<IReadOnlyDictionary<string, byte[]>>.Fail(problem);
        var entries = new Entries(shown);
        entries.Read(tar);
        return entries.Finish(match.Groups[1].Value, judge);
    }

    private static Outcome<IReadOnlyDictionary<string, byte[]>> Failed(string code, string place, string message, string remedy) =>
        Outcome<IReadOnlyDictionary<string, byte[]>>.Fail(new Problem(code, place, message, remedy));

    /// <summary>One gzip member to its end. .NET takes the end of the file for the end of the stream; the length behind the data tells the two apart.</summary>
    private static (byte[] Tar, Problem? Problem) Inflate(byte[] packed, string archive)
    {
        Problem Damaged() => new("truncated-archive", archive, "The archive is cut off or damaged.", "download it again, and compare checksums");
        if (packed.Length < 18 || packed[0] != 0x1f || packed[1] != 0x8b)
            return ([], new("not-an-archive", archive, "This is no gzip archive.", "download it again"));
        using var tar = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            for (int count; (count = gzip.Read(buffer)) > 0;)
            {
                if (tar.Length + count > MaxUnpacked)
                    return ([], new("oversized-archive", archive, $"The archive unpacks to more than {MaxUnpacked >> 20} MB.", "do not use it: a task is small"));
                tar.Write(buffer, 0, count);
            }
        }
        catch (InvalidDataException)
        {
            return ([], Damaged());
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packed.Length - 4));
        var bytes = tar.ToArray();
        var complete = length == (uint)bytes.Length && bytes.Length % Block == 0 && bytes.Length >= 2 * Block && !bytes.AsSpan(bytes.Length - (2 * Block)).ContainsAnyExcept((byte)0);
        return complete ? (bytes, null) : ([], Damaged());
    }

    private static async Task<bool> IsSameAsync(string folder, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancel)
    {
        var there = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).ToHashSet(StringComparer.Ordinal);
        if (!there.SetEquals(files.Keys))
            return false;
        foreach (var (path, content) in files)
        {
            var file = new FileInfo(Path.Combine(folder, path));
            if (file.LinkTarget is not null || file.Length != content.Length || !(await File.ReadAllBytesAsync(file.FullName, cancel)).SequenceEqual(content))
                return false;
        }

        return true;
    }

    private static async Task WriteAsync(string folder, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        foreach (var (path, content) in files)
        {
            var target = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, content, cancel);
        }
    }

    private static void Swap(string fresh, string folder)
    {
        var old = fresh + ".old";
        if (Path.Exists(folder))
            Directory.Move(folder, old);
        Directory.Move(fresh, folder);
        if (Directory.Exists(old))
            Directory.Delete(old, recursive: true);
        else
            File.Delete(old);
    }

    [GeneratedRegex(@"\Atask_([A-Za-z0-9][A-Za-z0-9-]{0,31})\.tgz\z")]
    private static partial Regex ArchiveName();

    /// <summary>Collects what an archive holds and what is wrong with it.</summary>
    private sealed class Entries(string archive)
    {
        private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
        private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
        private readonly List<Problem> _problems = [];

        public void Read(byte[] tar)
        {
            try
            {
                using var reader = new TarReader(new MemoryStream(tar));
                for (var count = 1; reader.GetNextEntry() is { } entry; count++)
                {
                    if (count > MaxEntries)
                    {
                        Add("oversized-archive", "", $"The archive has more than {MaxEntries} entries.", "do not use it: a task is small");
                        return;
                    }

                    if (entry.EntryType is not (TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes))
                        Take(entry);
                }
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or OverflowException)
            {
                // What the library makes of headers that are not those of tar.
                Add("truncated-archive", "", "The archive is cut off or damaged.", "download it again, and compare checksums");
            }
        }

        /// <summary>Files below the task's folder, which the archive may have as its only folder or leave out.</summary>
        public Outcome<IReadOnlyDictionary<string, byte[]>> Finish(string id, bool judge)
        {
            if (_problems.Count > 0)
                return Outcome<IReadOnlyDictionary<string, byte[]>>.Fail(_problems);
            var prefix = $"task_{id}/";
            var wrapped = _files.Keys.All(f => f.StartsWith(prefix, StringComparison.Ordinal));
            var files = new SortedDictionary<string, byte[]>(_files.ToDictionary(f => wrapped ? f.Key[prefix.Length..] : f.Key, f => f.Value), StringComparer.Ordinal);
            if (!files.TryGetValue("task.yaml", out var yaml))
                Add("no-task-file", "", $"The archive holds no task.yaml, neither at its top nor in task_{id}.", "download it again");
            else
                Task(id, wrapped ? prefix + "task.yaml" : "task.yaml", yaml, judge);
            return Outcome<IReadOnlyDictionary<string, byte[]>>.From(_problems, () => files);
        }

        private void Task(string id, string path, byte[] yaml, bool judge)
        {
            string text;
            try
            {
                text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(yaml);
            }
            catch (DecoderFallbackException)
            {
                Add("not-text", path, "The file is no UTF-8 text.", "download it again");
                return;
            }

            if (!judge)
                return;
            var task = TaskReader.Read(text, $"{archive}/{path}");
            _problems.AddRange(task.Problems);
            if (task.Ok && task.Value.Task.Id != id)
                _problems.Add(new("other-task", task.Value.PlaceOf("id"), $"The task's id is {task.Value.Task.Id}, the archive's name says {id}.", $"name the archive task_{task.Value.Task.Id}.tgz"));
        }

        private void Take(TarEntry entry)
        {
            var isFolder = entry.EntryType == TarEntryType.Directory;
            var path = Checked(entry.Name, isFolder);
            if (entry.EntryType is not (TarEntryType.Directory or TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                Add("not-a-file", entry.Name, $"{Kind(entry.EntryType)} is not taken from an archive.", "do not use the archive");
            else if (path is null)
                return;
            else if (isFolder)
                Folder(path, entry.Name);
            else
                File(path, entry);
        }

        private void Folder(string path, string name)
        {
            if (_files.ContainsKey(path))
                Add("duplicate-entry", name, "The path stands twice in the archive: as file and as folder.", "do not use the archive");
            for (var p = path; p.Length > 0; p = p[..Math.Max(0, p.LastIndexOf('/'))])
                _folders.Add(p);
        }

        private void File(string path, TarEntry entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            var parent = path[..Math.Max(0, path.LastIndexOf('/'))];
            for (var p = parent; p.Length > 0; p = p[..Math.Max(0, p.LastIndexOf('/'))])
            {
                if (_files.ContainsKey(p))
                    Add("duplicate-entry", entry.Name, $"'{Show(p)}' stands in the archive as file and as folder.", "do not use the archive");
            }

            if (_folders.Contains(path) || !_files.TryAdd(path, content.ToArray()))
                Add("duplicate-entry", entry.Name, "The path stands twice in the archive.", "do not use the archive");
            if (parent.Length > 0)
                Folder(parent, entry.Name);
        }

        /// <summary>The path without <c>./</c>; null, and a problem, where it could lead out of the folder or cannot be shown.</summary>
        private string? Checked(string name, bool isFolder)
        {
            var parts = name.Split('/').Where(p => p is not "." && p.Length > 0).ToList();
            if (name.StartsWith('/') || parts.Contains("..") || name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal))
                return Refused("path-escapes", name, "The path could lead out of the task's folder.");
            if (name.Any(char.IsControl) || name.Contains('\uFFFD', StringComparison.Ordinal))
                return Refused("bad-path", name, "The path holds control characters.");
            if (name.Length > LongestPath || parts.Count > DeepestPath)
                return Refused("bad-path", name, $"The path is longer than {LongestPath} characters or deeper than {DeepestPath} folders.");
            return parts.Count > 0 || isFolder ? string.Join('/', parts) : Refused("bad-path", name, "The entry has no name.");
        }

        private string? Refused(string code, string name, string message)
        {
            Add(code, name, message, "do not use the archive");
            return null;
        }

        private void Add(string code, string entry, string message, string remedy)
        {
            if (_problems.Count < MostProblems)
                _problems.Add(new(code, entry.Length == 0 ? archive : $"{archive}: {Show(entry)}", message, remedy));
        }

        private static string Show(string name)
        {
            var clipped = name.Length > 80 ? name[..77] + "..." : name;
            return string.Concat(clipped.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        }

        private static string Kind(TarEntryType type) => type switch
        {
            TarEntryType.SymbolicLink or TarEntryType.HardLink => "A link",
            TarEntryType.BlockDevice or TarEntryType.CharacterDevice => "A device",
            TarEntryType.Fifo => "A pipe",
            _ => $"An entry of type {type}",
        };
    }
}
