using System.Diagnostics;
using System.Text.Json;
using Ark.Console;
using Ark.Remote.Execution;
using Ark.Remote.State;
using Xunit;

namespace Ark.Tests.Execution;

/// <summary>What stands in the journal, and what <c>ark journal</c> and <c>ark audit</c> make of it.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string _site = Directory.CreateTempSubdirectory("ark-journal-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_site, "var", "journal");

    public void Dispose() => Directory.Delete(_site, recursive: true);

    [Fact]
    public async Task A_run_tells_who_did_what_and_how_it_ended()
    {
        await WriteAsync("machine drain", LockHolder.Current(), ["begin a", "done a", "begin b", "failed b"], "1 failed, 2 not begun");
        var run = Assert.Single(JournalRun.List(Folder, LockHolder.Current()));
        Assert.Equal(("machine drain", RunState.Ended, "1 failed, 2 not begun", 1, 1), (run.Verb, run.State, run.Result, run.Done, run.Failed));
        Assert.Equal(LockHolder.Current().Who, run.Who);
        Assert.EndsWith("Z-machine-drain", run.Run, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_of_a_run_that_goes_on_are_in_flight()
    {
        await WriteAsync("apply", LockHolder.Current(), ["begin a", "done a", "begin b"], null);
        var run = Assert.Single(JournalRun.List(Folder, LockHolder.Current()));
        Assert.Equal((RunState.Running, "runs in b"), (run.State, run.Result));
        Assert.Equal(["b"], run.InFlight);
    }

    [Fact]
    public async Task A_run_whose_process_is_gone_broke_off()
    {
        await WriteAsync("apply", LockHolder.Current() with { Process = "4711/1" }, ["begin b"], null);
        Assert.Equal("broke off in b", Assert.Single(JournalRun.List(Folder, LockHolder.Current())).Result);
    }

    [Fact]
    public async Task Of_a_run_on_another_machine_it_is_only_said_what_is_known()
    {
        await WriteAsync("apply", new("ann@client2, process 9", "elsewhere", "9/9"), ["begin b"], null);
        Assert.Equal((RunState.Unknown, "no end on record in b"), JournalRun.List(Folder, LockHolder.Current())[0] is var run ? (run.State, run.Result) : default);
    }

    [Fact]
    public async Task A_last_line_that_a_crash_cut_off_is_left_out()
    {
        await WriteAsync("apply", LockHolder.Current(), ["begin a", "done a"], null);
        var file = Directory.GetFiles(Folder)[0];
        await File.AppendAllTextAsync(file, "{\"at\":\"2026-", Cancellation);
        Assert.Equal(3, JournalRun.Find(Folder, Path.GetFileNameWithoutExtension(file))!.Count);
        Assert.Null(JournalRun.Find(Folder, "../journal/" + Path.GetFileNameWithoutExtension(file)));
    }

    [Fact]
    public async Task Audit_lists_who_did_what_and_journal_shows_a_run()
    {
        await WriteAsync("base", new("ann@client2, process 9", "elsewhere", "9/9"), ["begin a", "done a"], "done");
        var json = JsonDocument.Parse(Ark("audit", "--format", "json").Out).RootElement.GetProperty("runs")[0];
        Assert.Equal(("base", "ann@client2, process 9", "done"), (json.GetProperty("verb").GetString(), json.GetProperty("who").GetString(), json.GetProperty("result").GetString()));
        var table = Ark("audit").Out;
        Assert.Contains("ann@client2 ", table, StringComparison.Ordinal);
        Assert.Contains("ark base", table, StringComparison.Ordinal);
        var run = json.GetProperty("run").GetString()!;
        Assert.Contains($"{run}  1 steps  done", Ark("journal").Out, StringComparison.Ordinal);
        Assert.Contains("opened  base by ann@client2, process 9", Ark("journal", run).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Ark("journal", "nothing").Exit);
    }

    private async Task WriteAsync(string verb, LockHolder by, string[] lines, string? result)
    {
        var time = TimeProvider.System;
        await using var journal = await Journal.OpenAsync(Folder, verb, by, time, Cancellation);
        foreach (var line in lines) await journal.WriteAsync(time.GetUtcNow(), line.Split(' ')[0], line.Split(' ')[1], "", Cancellation);
        if (result is not null) await journal.CloseAsync(time.GetUtcNow(), result);
    }

    private (int Exit, string Out) Ark(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ark"), [.. arguments, "--site", _site]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync(Cancellation);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
