using System.CommandLine;
using System.Text.Json;
using Ark.Remote.Execution;

namespace Ark.Console.Commands;

/// <summary><c>ark journal</c>: what was done on this site, run by run.</summary>
public static class JournalCommand
{
    public static Command Create()
    {
        var run = new Argument<string?>("run") { Description = "A run to show; without it the runs are listed.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("journal", "Show what was done on this site, and what was in flight when a run broke off.") { run };
        command.SetAction(parsed => Show(parsed.SiteFolder().Journal, parsed.GetValue(run), parsed.WantsJson()));
        return command;
    }

    private static int Show(string directory, string? run, bool json)
    {
        var files = Directory.Exists(directory) ? Directory.GetFiles(directory, "*.jsonl").Order(StringComparer.Ordinal).ToList() : [];
        if (run is not null)
        {
            files = [.. files.Where(f => Path.GetFileNameWithoutExtension(f) == run)];
            if (files.Count == 0) return Talk.Problems([new("unknown-run", directory, $"There is no run {run}.", "ark journal")], ExitCode.Usage);
            foreach (var entry in Read(files[0]))
                System.Console.Out.WriteLine(json ? JsonSerializer.Serialize(entry, JournalJson.Default.JournalEntry) : $"{entry.At:HH:mm:ss.fff}  {entry.Moment,-6}  {entry.Step}{(entry.Detail.Length == 0 ? "" : ": " + entry.Detail)}");
            return ExitCode.Done;
        }

        foreach (var file in files)
        {
            var entries = Read(file);
            var open = entries.Where(e => e.Moment == "begin").Select(e => e.Step).Except(entries.Where(e => e.Moment != "begin").Select(e => e.Step)).ToList();
            var failed = entries.Count(e => e.Moment == "failed");
            var state = open.Count > 0 ? "broke off in " + string.Join(", ", open) : failed > 0 ? $"{failed} failed" : "done";
            System.Console.Out.WriteLine($"{Path.GetFileNameWithoutExtension(file)}  {entries.Count(e => e.Moment == "done")} steps  {state}");
        }

        return ExitCode.Done;
    }

    /// <summary>A last line that the crash cut off is left out.</summary>
    private static List<JournalEntry> Read(string file)
    {
        List<JournalEntry> entries = [];
        foreach (var line in File.ReadLines(file))
        {
            try
            {
                if (JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry) is { } entry) entries.Add(entry);
            }
            catch (JsonException)
            {
                break;
            }
        }

        return entries;
    }
}
