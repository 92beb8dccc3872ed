using System.CommandLine;
using Ark.Lab.Labs;

namespace Ark.Lab.Commands;

/// <summary><c>ark lab cut</c> and <c>heal</c></summary>
internal static class CableCommands
{
    public static Command Make(string name, bool plugged, string description)
    {
        var machines = new Argument<string[]>("machines") { Description = "m1, m2 …", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All machines" };
        var command = new Command(name, description) { machines, all };
        command.SetAction((line, cancellation) => LabCommands.OnLabAsync(line, async lab =>
        {
            var chosen = LabCommands.Machines(lab, line.GetValue(machines) ?? [], line.GetValue(all));
            if (!chosen.Ok)
                return Terminal.Show(chosen.Problems);
            foreach (var machine in chosen.Value)
                await LabSwitch.PlugAsync(machine, plugged, cancellation);
            return Terminal.Done;
        }));
        return command;
    }
}
