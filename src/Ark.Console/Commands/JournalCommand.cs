using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Console.Output;
using Ark.Remote.Execution;
using Ark.Remote.State;
using Spectre.Console;

namespace Ark.Console.Commands;

/// <summary><c>ark journal</c>: what was done on this site, step by step; <c>ark audit</c>: who did it.</summary>
public static partial class JournalCommand
{
    public static Command CreateJournal()
    {
        var run = new Argument<string?>("run") { Description = "A run to show step by step; without it the runs are listed.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("journal", "Show what was done on this site, what is in flight, and what was when a run broke off.") { run };
        command.SetAction(parsed => parsed.GetValue(run) is { } name
            ? ShowRun(parsed.SiteFolder().Journal, name, parsed.WantsJson())
            : ShowRuns(parsed.SiteFolder().Journal, parsed.WantsJson()));
        return command;
    }

    public static Command CreateAudit()
    {
        var last = new Option<int?>("--last") { Description = "Only so many runs, the newest." };
        var command = new Command("audit", "Show who did what on this site from this console, when, and how it ended.") { last };
        command.SetAction(parsed =>
        {
            var runs = JournalRun.List(parsed.SiteFolder().Journal, LockHolder.Current());
            runs = [.. runs.TakeLast(parsed.GetValue(last) ?? runs.Count)];
            if (parsed.WantsJson())
            {
                System.Console.Out.WriteLine(JsonSerializer.Serialize(new RunList(runs), Json.Default.RunList));
                return ExitCode.Done;
            }

            var table = new Table { Border = TableBorder.Simple };
            table.AddColumns("When (UTC)", "Who", "Command", "Result", "Run");
            foreach (var run in runs)
                table.AddRow(Cells($"{run.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}", run.Who.Length == 0 ? "-" : run.Who.Split(',')[0], "ark " + run.Verb, run.Result, run.Run));
            Terminal.Out.Write(table);
            return ExitCode.Done;
        });
        return command;
    }

    private static int ShowRun(string directory, string run, bool json)
    {
        if (JournalRun.Find(directory, run) is not { } entries)
            return Talk.Problems([new("unknown-run", directory, $"There is no run {run}.", "ark journal")], ExitCode.Usage);
        foreach (var entry in entries)
            System.Console.Out.WriteLine(json ? JsonSerializer.Serialize(entry, JournalJson.Default.JournalEntry) : $"{entry.At:HH:mm:ss.fff}  {entry.Moment,-6}  {entry.Step}{Detail(entry)}");
        return ExitCode.Done;
    }

    private static string Detail(JournalEntry entry) =>
        entry.By is { } by ? $" by {by.Who}" : entry.Detail.Length == 0 ? "" : ": " + entry.Detail;

    private static int ShowRuns(string directory, bool json)
    {
        var runs = JournalRun.List(directory, LockHolder.Current());
        if (json) System.Console.Out.WriteLine(JsonSerializer.Serialize(new RunList(runs), Json.Default.RunList));
        else
            foreach (var run in runs)
                System.Console.Out.WriteLine($"{run.Run}  {run.Done} steps  {run.Result}");
        return ExitCode.Done;
    }

    private static Text[] Cells(params string[] texts) => [.. texts.Select(t => new Text(t))];

    /// <summary>What <c>--format json</c> gives; a part of the surface.</summary>
    internal sealed record RunList(IReadOnlyList<JournalRun> Runs);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(RunList))]
    internal sealed partial class Json : JsonSerializerContext;
}
