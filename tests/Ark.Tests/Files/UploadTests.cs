using System.Security.Cryptography;
using System.Text;
using Ark.Core;
using Ark.Remote.Files;
using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Ark.Tests.Ssh;
using Xunit;

namespace Ark.Tests.Files;

public sealed class UploadTests(SshdFixture sshd) : IClassFixture<SshdFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder { get; } = Directory.CreateDirectory(Path.Combine(sshd.Sshd.Folder, Guid.NewGuid().ToString("n"))).FullName;

    [Fact]
    public async Task A_file_arrives_whole_with_its_mode_and_owner_and_its_folder_is_made()
    {
        await using var shell = await sshd.ConnectAsync();
        var content = Bytes(3_000_000);
        var path = $"{Folder}/deep/it's a file";
        var seen = new List<long>();
        var result = await shell.UploadAsync(
            new MemoryStream(content), path, new UploadOptions { Mode = "0640", Owner = "daemon:daemon", Sudo = true }, new Now(seen.Add), Token);
        Assert.Equal(new UploadResult(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, content.Length), result);
        Assert.Equal(content, await File.ReadAllBytesAsync(path, Token));
        var stat = await shell.RunAsync(new RemoteCommand($"stat -c '%a %U %G' {ShellText.Quote(path)}"), Token);
        Assert.Equal("640 daemon daemon\n", stat.Output);
        Assert.Equal(content.Length, seen[^1]);
        Assert.False(File.Exists(path + ".part"));
    }

    [Fact]
    public async Task A_file_that_is_there_already_is_not_sent_but_gets_its_mode()
    {
        await using var shell = await sshd.ConnectAsync();
        var path = $"{Folder}/file";
        await shell.UploadAsync(new MemoryStream("text"u8.ToArray()), path, new UploadOptions(), null, Token);
        var again = await shell.UploadAsync(new MemoryStream("text"u8.ToArray()), path, new UploadOptions { Mode = "0600" }, null, Token);
        Assert.Equal(0, again.Sent);
        Assert.Equal("600", Mode(path));
    }

    [Fact]
    public async Task An_empty_file_arrives()
    {
        await using var shell = await sshd.ConnectAsync();
        await shell.UploadAsync(new MemoryStream(), $"{Folder}/empty", new UploadOptions(), null, Token);
        Assert.Equal(0, new FileInfo($"{Folder}/empty").Length);
    }

    [Fact]
    public async Task An_upload_that_was_cut_goes_on_where_it_stopped_and_the_old_file_stands_until_the_end()
    {
        await using var shell = await sshd.ConnectAsync();
        var content = Bytes(8_000_000);
        var path = $"{Folder}/file";
        await File.WriteAllTextAsync(path, "old", Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shell.UploadAsync(
            new MemoryStream(content), path, new UploadOptions(), new Now(sent => { if (sent > 5_000_000) enough.Cancel(); }), enough.Token));
        Assert.Equal("old", await File.ReadAllTextAsync(path, Token));
        var part = new FileInfo(path + ".part").Length;
        Assert.InRange(part, 1, content.Length - 1);

        var result = await shell.UploadAsync(new MemoryStream(content), path, new UploadOptions(), null, Token);
        Assert.Equal(content.Length - part, result.Sent);
        Assert.Equal(content, await File.ReadAllBytesAsync(path, Token));
    }

    [Fact]
    public async Task A_connection_that_is_lost_in_the_middle_is_told_and_the_next_upload_goes_on()
    {
        await using var sshd2 = await TestSshd.StartAsync();
        await using var shell = await SshdFixture.ConnectAsync(sshd2);
        var content = Bytes(8_000_000);
        var path = $"{Folder}/file";
        var cut = false;
        var problem = await Assert.ThrowsAsync<RemoteException>(() => shell.UploadAsync(
            new MemoryStream(content), path, new UploadOptions(), new Now(sent =>
            {
                if (sent > 5_000_000 && !cut)
                {
                    cut = true;
                    sshd2.EndSessionsAsync().GetAwaiter().GetResult();
                }
            }), Token));
        Assert.Equal("ssh-lost", problem.Problem.Code);
        Assert.False(File.Exists(path));
        var result = await shell.UploadAsync(new MemoryStream(content), path, new UploadOptions(), null, Token);
        Assert.InRange(result.Sent, 1, content.Length - 1);
        Assert.Equal(content, await File.ReadAllBytesAsync(path, Token));
    }

    [Fact]
    public async Task A_part_of_something_else_is_not_built_upon()
    {
        await using var shell = await sshd.ConnectAsync();
        var path = $"{Folder}/file";
        await File.WriteAllBytesAsync(path + ".part", Bytes(1000), Token);
        var content = Bytes(5000);
        var result = await shell.UploadAsync(new MemoryStream(content), path, new UploadOptions(), null, Token);
        Assert.Equal(5000, result.Sent);
        Assert.Equal(content, await File.ReadAllBytesAsync(path, Token));
    }

    [Fact]
    public async Task A_target_that_cannot_be_written_is_told_in_the_machines_words()
    {
        await using var shell = await sshd.ConnectAsync();
        await File.WriteAllTextAsync($"{Folder}/file", "", Token);
        var failed = await Assert.ThrowsAsync<RemoteException>(() =>
            shell.UploadAsync(new MemoryStream(Bytes(20_000_000)), $"{Folder}/file/below", new UploadOptions(), null, Token));
        Assert.Equal("upload-failed", failed.Problem.Code);
        Assert.Contains("cannot create directory", failed.Problem.Message);
    }

    [Fact]
    public async Task A_full_disk_is_told_in_the_machines_words()
    {
        await using var shell = await sshd.ConnectAsync();
        var mounted = await shell.RunAsync(new RemoteCommand($"mkdir {Folder}/small && mount -t tmpfs -o size=1m tmpfs {Folder}/small"), Token);
        Assert.SkipUnless(mounted.Ok, "nothing can be mounted here");
        try
        {
            var failed = await Assert.ThrowsAsync<RemoteException>(() =>
                shell.UploadAsync(new MemoryStream(Bytes(20_000_000)), $"{Folder}/small/file", new UploadOptions(), null, Token));
            Assert.Contains("No space left", failed.Problem.Message);
        }
        finally
        {
            await shell.RunAsync(new RemoteCommand($"umount {Folder}/small"), Token);
        }
    }

    [Fact]
    public async Task A_set_of_files_arrives_and_only_what_is_missing_or_different_is_sent_again()
    {
        await using var shell = await sshd.ConnectAsync();
        var set = new Set("bin/ark", "tasks/a b/task.yaml", "top", "registry/é/data");
        var first = await set.SendAsync(shell, Folder);
        Assert.Equal(new TreeResult(4, 4, set.Bytes), first);
        set.AssertAt(Folder);
        Assert.Equal("755", Mode($"{Folder}/bin/ark"));
        Assert.Equal("644", Mode($"{Folder}/top"));

        Assert.Equal(0, (await set.SendAsync(shell, Folder)).SentFiles);

        await File.WriteAllTextAsync($"{Folder}/top", "tampered", Token);
        File.Delete($"{Folder}/bin/ark");
        await File.WriteAllTextAsync($"{Folder}/stranger", "stays", Token);
        Assert.Equal(2, (await set.SendAsync(shell, Folder)).SentFiles);
        set.AssertAt(Folder);
        Assert.True(File.Exists($"{Folder}/stranger"));
        Assert.Empty(Directory.GetFileSystemEntries(Folder, ".ark*"));
    }

    [Fact]
    public async Task A_set_that_is_cut_keeps_what_arrived_and_shows_no_half_file()
    {
        await using var sshd2 = await TestSshd.StartAsync();
        await using var shell = await SshdFixture.ConnectAsync(sshd2);
        var set = new Set(20, 400_000);
        var cut = false;
        var progress = new Now(sent =>
        {
            if (sent < 6_000_000 || cut)
                return;
            cut = true;
            sshd2.EndSessionsAsync().GetAwaiter().GetResult();
        });
        await Assert.ThrowsAsync<RemoteException>(() => set.SendAsync(shell, Folder, progress));
        // The far side tidies up by itself once it has noticed.
        await WaitAsync(() => !Directory.Exists($"{Folder}/.ark-part"));
        var arrived = Directory.GetFiles(Folder).Length;
        Assert.InRange(arrived, 1, 19);
        foreach (var file in Directory.GetFiles(Folder))
            Assert.Equal(set[Path.GetFileName(file)], await File.ReadAllBytesAsync(file, Token));
        Assert.Equal(20 - arrived, (await set.SendAsync(shell, Folder)).SentFiles);
        set.AssertAt(Folder);
    }

    [Fact]
    public async Task A_file_that_is_not_what_the_set_says_is_named_before_anything_is_sent()
    {
        await using var shell = await sshd.ConnectAsync();
        var file = new TreeFile("wrong", 4, new string('0', 64));
        var sound = new TreeFile("sound", 4, Convert.ToHexStringLower(SHA256.HashData("text"u8)));
        var failed = await Assert.ThrowsAsync<RemoteException>(() => TreeUpload.SendAsync(
            shell, [sound, file], _ => new MemoryStream("text"u8.ToArray()), Folder, new UploadOptions(), null, Token));
        Assert.Equal(("broken-file", "wrong"), (failed.Problem.Code, failed.Problem.Place));
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_sent_never_appears()
    {
        await using var shell = await sshd.ConnectAsync();
        var file = new TreeFile("restless", 4, Convert.ToHexStringLower(SHA256.HashData("text"u8)));
        var opened = 0;
        var failed = await Assert.ThrowsAsync<RemoteException>(() => TreeUpload.SendAsync(
            shell, [file], _ => new MemoryStream(opened++ == 0 ? "text"u8.ToArray() : "tixt"u8.ToArray()), Folder, new UploadOptions(), null, Token));
        Assert.Contains("checksum", failed.Problem.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a\nb")]
    [InlineData("")]
    public async Task A_path_that_leaves_the_folder_is_refused(string path)
    {
        var shell = new ScriptedShell("m");
        await Assert.ThrowsAsync<ArgumentException>(() => TreeUpload.SendAsync(
            shell, [new TreeFile(path, 0, "")], _ => Stream.Null, "/srv", new UploadOptions(), null, Token));
        Assert.Empty(shell.Ran);
    }

    [Fact]
    public async Task A_local_file_that_cannot_be_read_stops_the_upload_at_once()
    {
        await using var shell = await sshd.ConnectAsync();
        var file = new TreeFile("gone", 4, new string('0', 64));
        await Assert.ThrowsAsync<FileNotFoundException>(() => TreeUpload.SendAsync(
            shell, [file], _ => File.OpenRead($"{Folder}/nowhere"), Folder, new UploadOptions(), null, Token));
    }

    private static string Mode(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private static byte[] Bytes(int count) => RandomNumberGenerator.GetBytes(count);

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 1200, "waited a minute in vain");
            await Task.Delay(50, Token);
        }
    }

    private sealed class Now(Action<long> seen) : IProgress<long>
    {
        public void Report(long value) => seen(value);
    }

    private sealed class Set
    {
        private readonly Dictionary<string, byte[]> _files;

        internal Set(params string[] paths) => _files = paths.ToDictionary(p => p, p => Encoding.UTF8.GetBytes("content of " + p));

        internal Set(int count, int size) => _files = Enumerable.Range(0, count).ToDictionary(i => $"f{i:00}", _ => UploadTests.Bytes(size));

        internal byte[] this[string path] => _files[path];

        internal long Bytes => _files.Values.Sum(f => (long)f.Length);

        internal Task<TreeResult> SendAsync(IRemoteShell shell, string folder, IProgress<long>? progress = null) => TreeUpload.SendAsync(
            shell,
            [.. _files.Select(f => new TreeFile(f.Key, f.Value.Length, Convert.ToHexStringLower(SHA256.HashData(f.Value))) { Mode = f.Key.StartsWith("bin/", StringComparison.Ordinal) ? "0755" : null })],
            f => new MemoryStream(_files[f.Path]),
            folder, new UploadOptions(), progress, Token);

        internal void AssertAt(string folder)
        {
            foreach (var (path, content) in _files)
                Assert.Equal(content, File.ReadAllBytes(Path.Combine(folder, path)));
        }
    }
}
