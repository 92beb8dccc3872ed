using System.CommandLine;
using Ark.Core;
using Ark.Lab.Labs;
using Ark.Lab.Machines;

namespace Ark.Lab.Commands;

/// <summary><c>ark lab reboot</c>, <c>stop</c> and <c>start</c></summary>
internal static class PowerCommands
{
    public static Command MakeReboot() => Make("reboot", "Restart machines and wait until they run again. What is on disk stays; processes, network and kernel settings do not", hasHard: true,
        (machine, hard, patience, cancellation) => Power.RebootAsync(machine, hard, patience, cancellation));

    public static Command MakeStop() => Make("stop", "Switch machines off, as one that is lost for good. They stay off until start or up", hasHard: true,
        (machine, hard, patience, cancellation) => Power.OffAsync(machine, hard, patience, cancellation));

    public static Command MakeStart() => Make("start", "Switch machines on and wait until they run", hasHard: false, async (machine, _, patience, cancellation) =>
    {
        await Power.OnAsync(machine, cancellation);
        return await Power.ReadyAsync(machine, patience, cancellation);
    });

    private static Command Make(string name, string description, bool hasHard, Func<Machine, bool, TimeSpan, CancellationToken, Task<Problem?>> act)
    {
        var machines = new Argument<string[]>("machines") { Description = "m1, m2 …", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All machines, at the same time" };
        var hard = new Option<bool>("--hard") { Description = "As when power is lost: nothing shuts down in order" };
        var timeout = LabCommands.Timeout();
        var command = new Command(name, description) { machines, all, timeout };
        if (hasHard)
            command.Add(hard);
        command.SetAction((line, cancellation) => LabCommands.OnLabAsync(line, async lab =>
        {
            var chosen = LabCommands.Machines(lab, line.GetValue(machines) ?? [], line.GetValue(all));
            if (!chosen.Ok)
                return Terminal.Show(chosen.Problems);
            using var turn = await LabRegister.ChangeAsync(lab.Name, cancellation);
            var patience = TimeSpan.FromSeconds(line.GetValue(timeout));
            var problems = await Task.WhenAll(chosen.Value.Select(m => act(m, hasHard && line.GetValue(hard), patience, cancellation)));
            return problems.OfType<Problem>().ToList() is { Count: > 0 } found ? Terminal.Show(found) : Terminal.Done;
        }));
        return command;
    }
}
