using Ark.Core.Planning;

namespace Ark.Core.Fixes;

/// <summary>A change as the machine has it on record.</summary>
/// <param name="Before">In words, as it was planned.</param>
/// <param name="After">In words, as it was planned.</param>
/// <param name="Moved">Paths that are not any more what the change made of them, each with the place where the machine keeps what was there before it.</param>
/// <param name="Whole">The change ran to its end.</param>
public sealed record FixRecord(string Machine, string Run, int Number, string Target, string Before, string After, IReadOnlyList<MovedPath> Moved, bool Whole);

/// <param name="Kept">Where the file of before lies; empty: there was none.</param>
public sealed record MovedPath(string Path, string Kept);

/// <summary>Plans how a run of fixes is undone: what came last goes first. A change of which somebody changed a file since is left as it is.</summary>
public static class UndoPlanner
{
    public static (Plan Plan, IReadOnlyList<Problem> Problems) Plan(string run, IReadOnlyList<FixRecord> records)
    {
        List<Step> steps = [];
        foreach (var machine in records.Where(r => r.Run == run && r.Moved.Count == 0).GroupBy(r => r.Machine))
        {
            Step? last = null;
            foreach (var record in machine.OrderByDescending(r => r.Number))
            {
                last = new()
                {
                    Id = $"undo:{record.Machine}:{record.Target}",
                    Target = record.Machine,
                    Before = record.After,
                    After = record.Before,
                    Needs = last is null ? [] : [last.Id],
                    Work = new UndoFix(record.Machine, run, record.Number),
                };
                steps.Add(last);
            }
        }

        return (new($"undoing {run}", steps), [.. records.Where(r => r.Run == run).SelectMany(record => record.Moved.Select(moved => Later(records, record, moved) is { } later ? ChangedByRun(record, moved, later) : Changed(record, moved)))]);
    }

    /// <summary>The last run after this one that changed the file too; null: none did.</summary>
    private static string? Later(IReadOnlyList<FixRecord> records, FixRecord record, MovedPath moved) =>
        records.Where(r => r.Machine == record.Machine && r.Target == moved.Path && string.CompareOrdinal(r.Run, record.Run) > 0).Select(r => r.Run).Max(StringComparer.Ordinal);

    private static Problem ChangedByRun(FixRecord record, MovedPath moved, string later) =>
        new("fix-changed-later", $"{record.Machine}: {moved.Path}", $"The run {later} changed it after this one.", $"ark check --undo {later}, then: ark check --undo {record.Run}");

    private static Problem Changed(FixRecord record, MovedPath moved) => new(
        "fix-changed-since", $"{record.Machine}: {moved.Path}",
        record.Whole ? "Somebody changed it after the fix: it is left as it is." : "The fix was interrupted while it was at work here.",
        moved.Kept.Length > 0 ? $"compare the two, and put it right by hand: diff {moved.Kept} {moved.Path}" : $"there was no such file before; if nobody needs it: rm {moved.Path}");
}
