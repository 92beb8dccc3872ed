using System.CommandLine;
using System.Diagnostics;
using Ark.Lab.Labs;
using Ark.Lab.Operations;

namespace Ark.Lab.Commands;

/// <summary><c>ark lab up</c></summary>
internal static class UpCommand
{
    public static Command Make()
    {
        var machines = new Option<int?>("--machines", "-m") { Description = $"How many machines; more than there are adds some. A new lab has {LabDefinition.DefaultMachines}" };
        var subnet = new Option<string?>("--subnet") { Description = $"The machines' network. A new lab has {LabDefinition.DefaultSubnet}: the switch .1, machines .11, .12 …" };
        var timeout = LabCommands.Timeout();
        var command = new Command("up", "Make a lab, or what is missing of it, and boot its machines. Again: nothing to do") { machines, subnet, timeout };
        command.SetAction((line, cancellation) => Terminal.RunAsync(async () =>
        {
            var clock = Stopwatch.StartNew();
            var wish = new LabWish(line.GetRequiredValue(LabCommands.Name), line.GetValue(machines), line.GetValue(subnet));
            var made = await LabUp.RunAsync(wish, TimeSpan.FromSeconds(line.GetValue(timeout)), Terminal.Tell, cancellation);
            if (!made.Ok)
                return Terminal.Show(made.Problems);
            var lab = made.Value;
            Terminal.Tell($"{lab.Name} is up: {string.Join(", ", lab.All.Select(m => $"{m.Name} {m.Address}"))} ({clock.Elapsed.TotalSeconds:0.0} s)");
            Terminal.Tell($"log in: ./ark lab exec --net --name {lab.Name} -- ssh {LabDefinition.User}@{lab.Machine(1).Address} (password {LabDefinition.Password}); as root: ./ark lab exec m1 --name {lab.Name} -- bash");
            return Terminal.Done;
        }));
        return command;
    }
}
