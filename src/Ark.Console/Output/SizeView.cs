using System.Globalization;
using System.Text.Json;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Core.Yaml;
using Spectre.Console;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Output;

/// <summary>A resource plan as tables of at most 100 columns, or its JSON.</summary>
public static class SizeView
{
    private const int Widest = 100;

    public static void Show(SizingPlan plan, bool json)
    {
        if (json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(plan, SizingJson.Default.SizingPlan));
            return;
        }

        Terminal.Out.Profile.Width = Math.Min(Terminal.Out.Profile.Width, Widest);
        var mode = plan.Mode == SiteMode.Vm ? "vm" : "physical";
        Line($"{string.Join('+', plan.Products)}, {mode}, {Word(plan.Edition)}, {Word(plan.Purpose)}");
        Line($"{Text.Machines}: {plan.Machines} ({Origin(plan.Machines)}: {plan.Machines.Why})");
        Groups(plan);
        Table([Text.Component, Text.Product, Text.Instances, Text.Source, Text.Rule], plan.Instances.Select(i => Row(i.Count, i.Component, i.Product)));
        Table([Text.Amount, Text.Number, Text.Source, Text.Rule], Amounts(plan));
        Table([Text.Beside, Text.Number, Text.Size, Text.Rule], plan.Outside.Select(o => new[] { $"{Kind(o.Kind)}: {o.Why}", o.Count?.ToString() ?? "?", o.Size, o.Rules[0] }));
        Table([Text.Name, Text.Role, Text.Work, Text.Days], plan.People.Select(p => new[] { p.Name, p.Role, p.Work, p.Days.ToString() }));
        Nearest(plan);
        Section(Text.Notes, plan.Notes.Select(n => $"{n.Text} [{string.Join(", ", n.Rules)}]"));
        Section(Text.Rules, plan.Rules.Select(r => $"{r.Id} ({r.Section}): {r.Text}"));
    }

    private static void Groups(SizingPlan plan) => Table(
        [Text.Machines, Text.MachineType, Text.StandsOn, Text.Source, Text.Rule],
        plan.Groups.Select(g => new[] { $"{g.Id} {g.Count}", g.Type, string.Join(", ", g.Components), Origin(g.Count), g.Count.Rules[0] }));

    private static IEnumerable<string[]> Amounts(SizingPlan plan) =>
        plan.Carries.Select(a => Amount(Text.Carries, a))
            .Concat(plan.Needs.Select(a => Amount(Text.Needs, a)))
            .Concat(plan.Addresses.Select(a => Amount(Text.Addresses, a)))
            .Concat(plan.Disks.Select(a => Amount(Text.Disks, a)));

    private static string[] Amount(string heading, SizedAmount amount) =>
    [
        $"{heading}: {amount.Name}",
        amount.Unit == "bytes" ? Units.Write(amount.Amount.Value) : amount.Amount.Value.ToString("N0", CultureInfo.InvariantCulture) + (amount.Unit is "addresses" or "containers" ? "" : " " + amount.Unit),
        Origin(amount.Amount),
        amount.Amount.Rules[0],
    ];

    private static string[] Row(Sized count, string name, string of) => [name, of, count.ToString(), Origin(count), count.Rules[0]];

    private static void Nearest(SizingPlan plan)
    {
        if (plan.Nearest is not { } nearest)
            return;
        Section($"{Text.NearestRow}: {nearest.Row}, {nearest.Machines}; {nearest.Difference:+0;-0;0}", nearest.Lines.Select(l => $"{(l.Machines == 0 ? "" : $"{l.Machines:+0;-0} ")}{l.Text} [{string.Join(", ", l.Rules)}]"));
    }

    private static void Section(string heading, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
            return;
        Line("");
        Line(heading);
        foreach (var line in all)
            Terminal.Out.Write(new Padder(new Spectre.Console.Text(line), new Padding(2, 0, 0, 0)));
    }

    private static void Table(string[] headings, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns([.. headings.Select(Markup.Escape)]);
        foreach (var row in all)
            table.AddRow([.. row.Select(Markup.Escape)]);
        Terminal.Out.Write(table);
    }

    private static string Origin(Sized number) => number.Origin == SizeOrigin.Published ? Text.Published : Text.Computed;

    private static string Kind(string kind) => kind switch
    {
        "acceptance" => Text.AcceptanceMachines,
        "test" => Text.TestMachines,
        "businessDatabase" => Text.BusinessDatabases,
        "ftp" => Text.FtpServer,
        _ => Text.EdasNodes,
    };

    private static string Word<T>(T word) where T : struct, Enum => word.ToString().ToLowerInvariant();

    private static void Line(string text) => Terminal.Out.WriteLine(text);
}
