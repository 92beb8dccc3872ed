using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Console.Texts;
using Ark.Core.Checks;
using Ark.Core.Fixes;
using Ark.Core.Planning;
using Spectre.Console;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Output;

/// <summary>What is changed to mend findings, and what was, in a terminal.</summary>
public static partial class FixView
{
    private const int Unbroken = 100_000;

    /// <summary>A line a change, before and after, with the machines on which it is the same.</summary>
    /// <param name="machines">How many the site has.</param>
    public static void Show(Plan plan, int machines, IAnsiConsole console)
    {
        // Lines are not broken; what is shown later may be as wide as the terminal is.
        var width = console.Profile.Width;
        console.Profile.Width = Math.Max(width, Unbroken);
        foreach (var (target, change) in plan.Steps.GroupBy(Target).SelectMany(t => t.GroupBy(s => (s.Before, s.After)).Select(c => (t.Key, c))))
        {
            console.MarkupLineInterpolated($"[yellow]~[/] {Words(target)}  [grey]({CheckWords.Machines([.. change.Select(s => s.Target)], machines)})[/]");
            console.MarkupLineInterpolated($"    [red]-[/] {Words(change.Key.Before)}");
            console.MarkupLineInterpolated($"    [green]+[/] {Words(change.Key.After)}");
        }

        console.MarkupLineInterpolated($"{string.Format(null, Text.Changes, plan.Steps.Count, plan.Steps.Select(s => s.Target).Distinct().Count())}");
        console.Profile.Width = width;
    }

    /// <summary>What is changed, without the machine on which it is.</summary>
    private static string Target(Step step) => step.Id[(step.Id.IndexOf(step.Target, StringComparison.Ordinal) + step.Target.Length + 1)..];

    /// <summary>Of an undo they come from a machine.</summary>
    private static string Words(string words) => Talk.Plain(CheckWords.Fix(words));

    /// <summary>Every run that machines have on record, the latest first.</summary>
    public static void Runs(IReadOnlyList<FixRecord> records, bool json)
    {
        var runs = records.GroupBy(r => r.Run).OrderByDescending(g => g.Key, StringComparer.Ordinal)
            .Select(g => new FixRunLine(g.Key, [.. g.Select(r => r.Machine).Distinct()], [.. g.Select(r => new FixLine(r.Machine, r.Target, r.Before, r.After, r.Moved.Count == 0))])).ToList();
        if (json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(new FixRuns(runs), FixRunsJson.Default.FixRuns));
            return;
        }

        if (runs.Count == 0)
        {
            System.Console.Out.WriteLine(Text.NoChanges);
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(Text.Id, Text.Machines, Text.ChangesTitle);
        foreach (var run in runs)
            table.AddRow(run.Id, Markup.Escape(MachineRuns.Text(run.Machines)), run.Changes.Count.ToString(CultureInfo.InvariantCulture));
        Terminal.Out.Write(table);
    }

    /// <summary>What <c>--undo --format json</c> gives; a part of the surface.</summary>
    internal sealed record FixRuns(IReadOnlyList<FixRunLine> Runs);

    internal sealed record FixRunLine(string Id, IReadOnlyList<string> Machines, IReadOnlyList<FixLine> Changes);

    /// <param name="Undoable">Nobody changed since what the change made.</param>
    internal sealed record FixLine(string Machine, string Target, string Before, string After, bool Undoable);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
    [JsonSerializable(typeof(FixRuns))]
    internal sealed partial class FixRunsJson : JsonSerializerContext;
}
