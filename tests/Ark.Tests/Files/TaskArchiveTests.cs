using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Ark.Core;
using Ark.Remote.Files;
using Xunit;

namespace Ark.Tests.Files;

public sealed class TaskArchiveTests : IDisposable
{
    private const string Yaml = "schema: 1\nid: \"527\"\nbaseline: open-3.1\ncomponents: {cache: {}}\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-task-");

    private string Archive => Path.Combine(_folder.FullName, "tasks", "task_527.tgz");

    private string Unpacked => Path.Combine(_folder.FullName, "tasks", "task_527");

    public TaskArchiveTests() => Directory.CreateDirectory(Path.GetDirectoryName(Archive)!);

    public void Dispose() => _folder.Delete(recursive: true);

    private static TarEntry File(string path, string content) =>
        new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private static TarEntry Link(TarEntryType type, string path, string target) => new PaxTarEntry(type, path) { LinkName = target };

    private static byte[] Pack(params TarEntry[] entries)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        return packed.ToArray();
    }

    private async Task<Outcome<string>> Unpack(byte[] archive, bool replace = false)
    {
        await System.IO.File.WriteAllBytesAsync(Archive, archive, TestContext.Current.CancellationToken);
        return await TaskArchive.UnpackAsync(Archive, replace, TestContext.Current.CancellationToken);
    }

    /// <summary>All files and folders there are, the archive itself left out.</summary>
    private string[] Left() =>
    [
        .. Directory.EnumerateFileSystemEntries(_folder.FullName, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(f => Path.GetRelativePath(_folder.FullName, f))
            .Where(f => f is not ("tasks" or "tasks/task_527.tgz"))
            .Order(StringComparer.Ordinal),
    ];

    private async Task RefusedWith(byte[] archive, params string[] codes)
    {
        var outcome = await Unpack(archive);
        Assert.Equal(codes, outcome.Problems.Select(p => p.Code));
        Assert.All(outcome.Problems, p => Assert.StartsWith(Archive, p.Place, StringComparison.Ordinal));
        Assert.Empty(Left());
    }

    [Fact]
    public async Task A_task_with_its_folder_is_unpacked()
    {
        var outcome = await Unpack(Pack(new PaxTarEntry(TarEntryType.Directory, "./task_527/"), File("./task_527/task.yaml", Yaml), File("task_527/extra/notes.txt", "n")));
        Assert.Equal(Unpacked, outcome.Value);
        Assert.Equal(["tasks/task_527", "tasks/task_527/extra", "tasks/task_527/extra/notes.txt", "tasks/task_527/task.yaml"], Left());
        Assert.Equal(Yaml, await System.IO.File.ReadAllTextAsync(Path.Combine(Unpacked, "task.yaml"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_task_without_a_folder_is_unpacked_into_its_own()
    {
        Assert.True((await Unpack(Pack(File("task.yaml", Yaml), File("extra/a", "1")))).Ok);
        Assert.Equal(["tasks/task_527", "tasks/task_527/extra", "tasks/task_527/extra/a", "tasks/task_527/task.yaml"], Left());
    }

    [Fact]
    public async Task What_tar_writes_is_read()
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder.FullName, "source", "task_527"));
        await System.IO.File.WriteAllTextAsync(Path.Combine(source.FullName, "task.yaml"), Yaml, TestContext.Current.CancellationToken);
        using var tar = System.Diagnostics.Process.Start("tar", ["-czf", Archive, "-C", source.Parent!.FullName, "task_527"]);
        await tar.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, tar.ExitCode);
        Assert.True((await TaskArchive.UnpackAsync(Archive, false, TestContext.Current.CancellationToken)).Ok);
        Assert.True(System.IO.File.Exists(Path.Combine(Unpacked, "task.yaml")));
    }

    [Fact]
    public async Task Every_cut_of_an_archive_is_found()
    {
        var archive = Pack(File("task.yaml", Yaml), File("b", string.Concat(Enumerable.Range(0, 2000))));
        foreach (var length in Enumerable.Range(0, 24).Select(i => archive.Length * i / 24).Append(archive.Length - 1))
        {
            var outcome = await Unpack(archive[..length]);
            Assert.Contains(Assert.Single(outcome.Problems).Code, (string[])["truncated-archive", "not-an-archive"]);
            Assert.Empty(Left());
        }
    }

    [Fact]
    public async Task A_changed_byte_is_found_or_changes_nothing()
    {
        var archive = Pack(File("task.yaml", Yaml));
        for (var i = 0; i < archive.Length; i++)
        {
            var changed = archive.ToArray();
            changed[i] ^= 0x10;
            if ((await Unpack(changed)).Ok)
            {
                // Gzip has bits without meaning: time and system in the header, padding between blocks.
                Assert.Equal(["tasks/task_527", "tasks/task_527/task.yaml"], Left());
                Assert.Equal(Yaml, await System.IO.File.ReadAllTextAsync(Path.Combine(Unpacked, "task.yaml"), TestContext.Current.CancellationToken));
                Directory.Delete(Unpacked, recursive: true);
            }

            Assert.Empty(Left());
        }
    }

    [Fact]
    public Task Links_are_refused() => RefusedWith(
        Pack(File("task.yaml", Yaml), Link(TarEntryType.SymbolicLink, "a", "/etc/passwd"), Link(TarEntryType.HardLink, "b", "task.yaml"), Link(TarEntryType.SymbolicLink, "task_527", "/tmp")),
        "not-a-file", "not-a-file", "not-a-file");

    [Fact]
    public Task Devices_and_pipes_are_refused() => RefusedWith(
        Pack(File("task.yaml", Yaml), new PaxTarEntry(TarEntryType.CharacterDevice, "zero") { DeviceMajor = 1, DeviceMinor = 5 }, new PaxTarEntry(TarEntryType.Fifo, "pipe")),
        "not-a-file", "not-a-file");

    [Theory]
    [InlineData("../evil")]
    [InlineData("task_527/../../evil")]
    [InlineData("/tmp/evil")]
    [InlineData("a/..")]
    [InlineData("..\\evil")]
    [InlineData("c:evil")]
    public Task Paths_that_lead_out_are_refused(string path) => RefusedWith(Pack(File("task.yaml", Yaml), File(path, "x")), "path-escapes");

    [Theory]
    [InlineData("a\u0001b", "bad-path")]
    [InlineData("a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", "bad-path")]
    [InlineData("task.yaml", "duplicate-entry")]
    [InlineData("./task.yaml", "duplicate-entry")]
    [InlineData("task.yaml/a", "duplicate-entry")]
    public async Task Odd_paths_and_paths_that_stand_twice_are_refused(string path, string code)
    {
        var outcome = await Unpack(Pack(File("task.yaml", Yaml), File(path, "x")));
        Assert.Contains(outcome.Problems, p => p.Code == code);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task Too_much_is_refused_without_being_unpacked()
    {
        await RefusedWith(Pack(File("task.yaml", Yaml), File("zeros", new string('\0', (int)TaskArchive.MaxUnpacked))), "oversized-archive");
        await RefusedWith(Pack([.. Enumerable.Range(0, TaskArchive.MaxEntries + 1).Select(i => File($"f{i}", ""))]), "oversized-archive");
        await RefusedWith(new byte[TaskArchive.MaxPacked + 1], "oversized-archive");
    }

    [Fact]
    public async Task What_is_no_archive_of_a_task_is_named()
    {
        await RefusedWith(Encoding.UTF8.GetBytes("<html>not found, please sign in</html>"), "not-an-archive");
        await RefusedWith(Pack(File("task_528/task.yaml", Yaml)), "no-task-file");
        await RefusedWith(Pack(File("task.yaml", Yaml.Replace("527", "528", StringComparison.Ordinal))), "other-task");
        await RefusedWith(Pack(File("task.yaml", "schema: 1\nid: \"527\"\ncomponents: {cache: {cuont: 1}}\n")), "missing-key", "unknown-key");
        var misnamed = await TaskArchive.UnpackAsync(Path.Combine(_folder.FullName, "task_a;b.tgz"), false, TestContext.Current.CancellationToken);
        Assert.Equal("bad-archive-name", Assert.Single(misnamed.Problems).Code);
    }

    [Fact]
    public async Task A_folder_that_differs_is_replaced_only_if_told()
    {
        await Unpack(Pack(File("task.yaml", Yaml), File("old", "1")));
        Assert.True((await Unpack(Pack(File("old", "1"), File("task.yaml", Yaml)))).Ok);
        var other = Pack(File("task.yaml", Yaml), File("new", "2"));
        Assert.Equal("task-exists", Assert.Single((await Unpack(other)).Problems).Code);
        Assert.Contains("tasks/task_527/old", Left());
        Assert.True((await Unpack(other, replace: true)).Ok);
        Assert.Equal(["tasks/task_527", "tasks/task_527/new", "tasks/task_527/task.yaml"], Left());
    }
}
