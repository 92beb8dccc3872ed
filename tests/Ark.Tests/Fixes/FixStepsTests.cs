using System.Text;
using Ark.Core.Planning;
using Ark.Remote.Execution;
using Ark.Remote.Fixes;
using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Fixes;

/// <summary>The scripts that change a machine and put it back, run by this computer's own shell in a folder.</summary>
public sealed class FixStepsTests : IDisposable
{
    private const string Machine = "10.0.0.11";

    private const string Run = "20261125-185530";

    private readonly string _folder = Directory.CreateTempSubdirectory("ark-fixes-").FullName;

    private readonly FixSteps _steps;

    public FixStepsTests() => _steps = new(new Dictionary<string, IRemoteShell> { [Machine] = new LocalShell(Machine) }, _folder + "/record");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_is_changed_and_put_back_byte_for_byte_with_its_permissions()
    {
        var path = Write("etc/a file.conf", "caf\u00e9 \u0001\r\nno end"u8.ToArray(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var before = Listing();

        await ApplyAsync(1, await EditedAsync(path, text => text + "\nmore\n"));

        Assert.Equal("caf\u00e9 \u0001\r\nno end\nmore\n", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var record = Assert.Single((await _steps.ListAsync(Stop)).Records);
        Assert.Equal((Run, 1, true, 0), (record.Run, record.Number, record.Whole, record.Moved.Count));
        await UndoAsync(1);
        Assert.Equal(before, Listing());
        Assert.Empty((await _steps.ListAsync(Stop)).Records);
    }

    [Fact]
    public async Task A_file_that_was_not_there_is_gone_again()
    {
        var path = _folder + "/etc/new.d/x.conf";
        Directory.CreateDirectory(_folder + "/etc/new.d");
        var before = Listing();

        await ApplyAsync(1, await EditedAsync(path, _ => "x\n"));

        Assert.Equal("x\n", File.ReadAllText(path));
        await UndoAsync(1);
        Assert.Equal(before, Listing());
    }

    [Fact]
    public async Task Folders_that_a_file_needed_are_gone_with_it()
    {
        Directory.CreateDirectory(_folder + "/etc");
        var before = Listing();

        await ApplyAsync(1, await EditedAsync(_folder + "/etc/a/b/x.conf", _ => "x\n"));
        Assert.Equal("x\n", File.ReadAllText(_folder + "/etc/a/b/x.conf"));
        await UndoAsync(1);

        Assert.Equal(before, Listing());
        Assert.False(Directory.Exists(_folder + "/etc/a"));
        Assert.False(Directory.Exists(_folder + "/record"));
    }

    [Fact]
    public async Task What_a_tool_does_to_links_files_and_folders_is_put_back()
    {
        Write("etc/kept", "kept"u8.ToArray());
        Write("etc/lost", "lost"u8.ToArray());
        Write("etc/changed", "before"u8.ToArray());
        File.CreateSymbolicLink(_folder + "/etc/link", "kept");
        File.CreateSymbolicLink(_folder + "/etc/gone", "nowhere");
        Directory.CreateDirectory(_folder + "/data");
        File.SetUnixFileMode(_folder + "/data", (UnixFileMode)0b111_111_111);
        var before = Listing();

        await ApplyAsync(1, new ApplyFix(Machine, Run, 1, ["some-check"])
        {
            Tracked = [_folder + "/etc/", _folder + "/data"],
            Do = $"cd {_folder}; rm etc/lost etc/gone; echo after > etc/changed; ln -sfn changed etc/link; echo new > etc/new; chmod 711 data; echo note > \"$step/note\"",
            Undo = $"[ \"$(cat \"$step/note\")\" = note ]; : > {_folder}/undone",
        });

        Assert.Equal("changed", new FileInfo(_folder + "/etc/link").LinkTarget);
        await UndoAsync(1);
        Assert.True(File.Exists(_folder + "/undone"));
        File.Delete(_folder + "/undone");
        Assert.Equal(before, Listing());
    }

    [Fact]
    public async Task What_a_tool_writes_while_it_is_told_to_forget_is_put_back_too()
    {
        Write("etc/changed", "before"u8.ToArray());
        var before = Listing();
        var fix = new ApplyFix(Machine, Run, 1, ["some-check"]) { Tracked = [_folder + "/etc/"], Do = $"cd {_folder}/etc; echo after > changed; echo new > new", Undo = $"cd {_folder}/etc; echo again > changed; echo again > new" };

        await ApplyAsync(1, fix);
        await UndoAsync(1);
        Assert.Equal(before, Listing());

        await Assert.ThrowsAsync<StepException>(() => ApplyAsync(1, fix with { Do = fix.Do + "; false" }));
        Assert.Equal(before, Listing());
    }

    [Fact]
    public async Task A_change_that_fails_leaves_nothing_behind()
    {
        var path = Write("etc/a.conf", "a\n"u8.ToArray());
        var before = Listing();
        var file = await EditedAsync(path, _ => "b\n");

        var failure = await Assert.ThrowsAsync<StepException>(() => ApplyAsync(1, file with { Tracked = [_folder + "/etc/"], Do = $"echo new > {_folder}/etc/new; echo no such thing >&2; exit 3" }));

        Assert.Contains("no such thing", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Listing());
        Assert.Empty((await _steps.ListAsync(Stop)).Records);
    }

    [Fact]
    public async Task What_was_changed_while_the_fix_was_planned_is_left_alone()
    {
        var path = Write("etc/a.conf", "a\n"u8.ToArray());
        var fix = await EditedAsync(path, _ => "b\n");
        File.WriteAllText(path, "somebody\n");

        var failure = await Assert.ThrowsAsync<StepException>(() => ApplyAsync(1, fix));

        Assert.Contains("was changed while", failure.Message, StringComparison.Ordinal);
        Assert.Equal("somebody\n", File.ReadAllText(path));
    }

    [Fact]
    public async Task What_was_changed_since_is_named_with_the_place_of_the_former_file_and_left_alone()
    {
        var path = Write("etc/a.conf", "a\n"u8.ToArray());
        await ApplyAsync(1, await EditedAsync(path, _ => "b\n"));
        File.AppendAllText(path, "somebody\n");

        var record = Assert.Single((await _steps.ListAsync(Stop)).Records);
        var moved = Assert.Single(record.Moved);
        Assert.Equal(path, moved.Path);
        Assert.Equal("a\n", File.ReadAllText(moved.Kept));
        await Assert.ThrowsAsync<StepException>(() => UndoAsync(1));
        Assert.Equal("b\nsomebody\n", File.ReadAllText(path));
    }

    [Fact]
    public async Task Somebodys_change_of_the_permissions_alone_counts_too()
    {
        var path = Write("etc/a.conf", "a\n"u8.ToArray());
        await ApplyAsync(1, await EditedAsync(path, _ => "b\n"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead);

        Assert.NotEmpty((await _steps.ListAsync(Stop)).Records.Single().Moved);
    }

    [Fact]
    public async Task What_somebody_put_back_by_hand_is_no_hindrance()
    {
        var path = Write("etc/a.conf", "a\n"u8.ToArray());
        var before = Listing();
        await ApplyAsync(1, await EditedAsync(path, _ => "b\n"));
        File.WriteAllText(path, "a\n");

        await UndoAsync(1);

        Assert.Equal(before, Listing());
    }

    [Fact]
    public async Task A_change_that_was_cut_off_in_the_middle_can_be_undone()
    {
        var path = Write("etc/a.conf", "a\n"u8.ToArray());
        var before = Listing();
        var fix = (await EditedAsync(path, _ => "b\n")) with { Do = "p=$PPID; while [ \"$(cat /proc/$p/comm)\" = sh ]; do next=$(cut -d ' ' -f 4 /proc/$p/stat); kill -9 $p; p=$next; done" };
        await Assert.ThrowsAsync<StepException>(() => ApplyAsync(1, fix));
        Assert.Equal("b\n", File.ReadAllText(path));

        var record = Assert.Single((await _steps.ListAsync(Stop)).Records);
        Assert.Equal((false, 0), (record.Whole, record.Moved.Count));
        await UndoAsync(1);
        Assert.Equal(before, Listing());
    }

    private Task ApplyAsync(int number, ApplyFix fix) => _steps.RunAsync(new Step { Id = $"fix:{Machine}:target", Target = Machine, Before = "before", After = "after", Work = fix with { Number = number } }, Stop);

    private Task UndoAsync(int number) => _steps.RunAsync(new Step { Id = $"undo:{Machine}:target", Target = Machine, Work = new UndoFix(Machine, Run, number) }, Stop);

    private async Task<ApplyFix> EditedAsync(string path, Func<string, string> edit)
    {
        var read = Assert.Single((await _steps.ReadAsync(new Dictionary<string, IReadOnlyList<string>> { [Machine] = [path] }, Stop)).Files);
        Assert.Equal(File.Exists(path) ? Encoding.Latin1.GetString(File.ReadAllBytes(path)) : "", read.Text);
        return new(Machine, Run, 1, ["some-check"]) { File = new(path, read.State, edit(read.Text), 0b110_100_100) };
    }

    private string Write(string name, byte[] bytes, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    /// <summary>Everything under the folder but the record: kind, permissions, and what it holds.</summary>
    private List<string> Listing() =>
    [
        .. new DirectoryInfo(_folder).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(f => !f.FullName.StartsWith(_folder + "/record", StringComparison.Ordinal))
            .OrderBy(f => f.FullName, StringComparer.Ordinal)
            .Select(f => $"{f.FullName} {(f.LinkTarget is null ? f.UnixFileMode : 0)} {f.LinkTarget ?? (f is FileInfo ? Convert.ToHexString(File.ReadAllBytes(f.FullName)) : "folder")}"),
    ];
}
