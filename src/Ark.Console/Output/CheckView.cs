using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Console.Texts;
using Ark.Core.Checks;
using Spectre.Console;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Output;

/// <summary>What checks found, and which checks there are, in a terminal. Lines are not broken: commands can be copied, and logs searched.</summary>
public static partial class CheckView
{
    private const int Unbroken = 100_000;

    /// <summary>Check by check in groups, machines of which the same was found together; the last line is the summary.</summary>
    /// <param name="checks">Of the report.</param>
    /// <param name="all">Also what passed and what does not apply.</param>
    public static void Show(IAnsiConsole console, CheckReport report, IReadOnlyList<FoldedCheck> checks, bool all)
    {
        console.Profile.Width = Unbroken;
        if (report.NotReached.Count > 0) Heading(console, Text.NotReached);
        foreach (var machine in report.NotReached)
            console.MarkupLineInterpolated($"  [red]✗[/] {machine.Machine}: {Talk.Plain(CheckWords.Say(machine.Message))} [[{machine.Code}]] → {Talk.Plain(CheckWords.Say(machine.Remedy))}");
        foreach (var group in checks.Where(c => c.Findings.Any(f => Shown(f, all))).GroupBy(c => c.Check.Group))
        {
            Heading(console, CheckWords.Of(group.Key));
            foreach (var check in group) Show(console, check, report.Summary.Machines, all);
        }

        if (WayMatrix.Of(report) is { } ways)
        {
            Heading(console, Text.Ways);
            var table = new Table { Border = TableBorder.Simple };
            foreach (var name in ways.Head) table.AddColumn(Markup.Escape(name));
            foreach (var row in ways.Rows) table.AddRow([.. row.Select(Markup.Escape)]);
            console.Write(table);
        }

        console.WriteLine(CheckWords.Summary(report, CheckTally.Of(checks)));
    }

    /// <summary>Every check with its group and the requirement that it answers.</summary>
    public static void List(IReadOnlyList<Check> checks, bool json)
    {
        if (json)
        {
            var lines = checks.Select(c => new ListedCheck(c.Id, c.Requirement, JsonNamingPolicy.CamelCase.ConvertName(c.Group.ToString()), c.Title));
            System.Console.Out.WriteLine(JsonSerializer.Serialize(new CheckList([.. lines]), CheckListJson.Default.CheckList));
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(Text.Group, Text.RequirementNumber, Text.Id, Text.Check);
        foreach (var check in checks)
            table.AddRow(CheckWords.Of(check.Group), check.Requirement?.ToString() ?? "", check.Id, Markup.Escape(CheckWords.Title(check)));
        Terminal.Out.Write(table);
    }

    private static void Show(IAnsiConsole console, FoldedCheck check, int machines, bool all)
    {
        console.MarkupLineInterpolated($"  [{Colour(check.Verdict)}]{Sign(check.Verdict)}[/] {CheckWords.Title(check.Check)} [grey]({CheckWords.Name(check.Check)})[/]");
        foreach (var finding in check.Findings.Where(f => Shown(f, all)))
        {
            console.MarkupLineInterpolated($"    [{Colour(finding.Verdict)}]{CheckWords.Of(finding.Verdict)}[/]  {CheckWords.Machines(finding.Machines, machines)}");
            foreach (var seen in finding.Evidence)
                Line(console, Text.Seen, Evidence(check.Check, finding, seen));
            Line(console, Text.Wanted, CheckWords.Say(check.Check, finding.Wanted));
            Line(console, Text.Cause, CheckWords.Say(check.Check, finding.Cause));
            Line(console, Text.Remedy, CheckWords.Say(check.Check, finding.Remedy));
        }
    }

    /// <summary>With the machines that said it, where not all of the finding did.</summary>
    internal static string Evidence(Check check, FoldedFinding finding, FoldedEvidence seen)
    {
        var text = CheckWords.Say(check, seen.Text);
        return finding.Evidence.Count == 1 || seen.Machines.Count == 0 ? text : $"{MachineRuns.Text(seen.Machines)}: {text}";
    }

    private static bool Shown(FoldedFinding finding, bool all) => all || IsProblem(finding.Verdict);

    /// <summary>True for what somebody has to know of.</summary>
    internal static bool IsProblem(Verdict verdict) => verdict is Verdict.Fail or Verdict.CouldNotCheck or Verdict.Warning;

    private static void Heading(IAnsiConsole console, string text) => console.MarkupLineInterpolated($"[bold]{text}[/]");

    private static void Line(IAnsiConsole console, string name, string text)
    {
        if (text.Length > 0) console.MarkupLineInterpolated($"      [grey]{name}:[/] {Talk.Plain(text)}");
    }

    private static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Fail => "✗",
        Verdict.CouldNotCheck => "?",
        Verdict.Warning => "!",
        Verdict.Pass => "✓",
        _ => "-",
    };

    private static string Colour(Verdict verdict) => verdict switch
    {
        Verdict.Fail => "red",
        Verdict.CouldNotCheck => "fuchsia",
        Verdict.Warning => "yellow",
        Verdict.Pass => "green",
        _ => "grey",
    };

    /// <summary>What <c>--list --format json</c> gives; a part of the surface.</summary>
    internal sealed record CheckList(IReadOnlyList<ListedCheck> Checks);

    internal sealed record ListedCheck(string Id, int? Requirement, string Group, string Title);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
    [JsonSerializable(typeof(CheckList))]
    internal sealed partial class CheckListJson : JsonSerializerContext;
}
