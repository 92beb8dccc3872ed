using System.CommandLine;
using System.Text.Json;
using Ark.Lab.Operations;
using Spectre.Console;

namespace Ark.Lab.Commands;

/// <summary><c>ark lab status</c></summary>
internal static class StatusCommand
{
    public static Command Make()
    {
        var format = new Option<string>("--format") { Description = "table or json", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("status", "Show a lab's machines: address, state (running, booting, stopped), cut off or not, process") { format };
        command.SetAction((line, cancellation) => LabCommands.OnLabAsync(line, async lab =>
        {
            var report = await LabReport.ReadAsync(lab, cancellation);
            if (line.GetValue(format) == "json")
                Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.LabReport));
            else
                Print(report);
            return Terminal.Done;
        }));
        return command;
    }

    private static void Print(LabReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("machine", "address", "state", "network", "pid");
        foreach (var m in report.Machines)
            table.AddRow(m.Name, m.Address, m.State switch { "running" => "[green]running[/]", "booting" => "[yellow]booting[/]", _ => "[red]stopped[/]" },
                m.Cut ? "[red]cut[/]" : "ok", m.Pid?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–");
        Console.Out.WriteLine($"lab {report.Name}, network {report.Subnet}, gateway and clock {report.Gateway}, account {report.User}, password {report.Password}");
        AnsiConsole.Write(table);
    }
}
