using System.Text.Json;
using Ark.Remote.State;

namespace Ark.Remote.Execution;

/// <summary>How far a run came.</summary>
public enum RunState
{
    /// <summary>It came to its end, well or not; its result says which.</summary>
    Ended,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>Its process does not run any more and wrote no last line.</summary>
    BrokenOff,

    /// <summary>It wrote no last line, and whether its process runs cannot be seen from here.</summary>
    Unknown,
}

/// <summary>A run as its journal tells it.</summary>
/// <param name="Who">For people: <c>ops@client1, process 4711</c>; empty where the journal does not say.</param>
/// <param name="Last">Time of the last line.</param>
/// <param name="Result">In words: <c>done</c>, <c>1 failed, 3 not begun</c>, <c>broke off in create-service:cache-2</c>.</param>
/// <param name="InFlight">Steps that were begun, of which nothing more is known.</param>
public sealed record JournalRun(
    string Run, string Verb, string Who, DateTimeOffset At, DateTimeOffset Last, RunState State, string Result, int Done, int Failed, IReadOnlyList<string> InFlight)
{
    /// <summary>All runs of a folder, the oldest first.</summary>
    /// <param name="asking">This process: it knows which others on the same system run.</param>
    public static IReadOnlyList<JournalRun> List(string directory, LockHolder asking) =>
        Directory.Exists(directory)
            ? [.. Directory.GetFiles(directory, "*" + Journal.Extension).Order(StringComparer.Ordinal).Select(f => Of(Path.GetFileNameWithoutExtension(f), Read(f), asking)).OfType<JournalRun>()]
            : [];

    /// <summary>The lines of a run; null where there is none of this name. A last line that a crash cut off is left out.</summary>
    public static IReadOnlyList<JournalEntry>? Find(string directory, string run) =>
        Path.Combine(directory, run + Journal.Extension) is var file && Path.GetFileName(run) == run && File.Exists(file) ? Read(file) : null;

    private static JournalRun? Of(string name, List<JournalEntry> entries, LockHolder asking)
    {
        if (entries.Count == 0) return null;
        var by = entries[0].By;
        var closed = entries.FirstOrDefault(e => e.Moment == "closed");
        var begun = entries.Where(e => e.Moment == "begin").Select(e => e.Step);
        List<string> open = [.. begun.Except(entries.Where(e => e.Moment is "done" or "failed").Select(e => e.Step))];
        var (done, failed) = (entries.Count(e => e.Moment == "done"), entries.Count(e => e.Moment == "failed"));
        var state = closed is not null ? RunState.Ended
            : by is null || by.Host.Length == 0 || by.Host != asking.Host ? RunState.Unknown
            : asking.KnowsDead(by) ? RunState.BrokenOff
            : RunState.Running;
        var verb = entries[0].Moment == "opened" ? entries[0].Step : name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..];
        return new(name, verb, by?.Who ?? "", entries[0].At, entries[^1].At, state, closed?.Detail ?? Words(state, open), done, failed, open);
    }

    private static string Words(RunState state, List<string> open)
    {
        var what = state switch { RunState.Running => "runs", RunState.BrokenOff => "broke off", _ => "no end on record" };
        return open.Count == 0 ? what : $"{what} in {string.Join(", ", open)}";
    }

    private static List<JournalEntry> Read(string file)
    {
        List<JournalEntry> entries = [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
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
