using System.CommandLine;
using Ark.Core;
using Ark.Lab.Labs;
using Ark.Lab.Operations;

namespace Ark.Lab.Commands;

/// <summary>The program's command line: what every command shares, and the list of them.</summary>
internal static class LabCommands
{
    public static readonly Option<string> Name = new("--name", "-n")
    {
        Description = "The lab's name; labs of different names stand side by side",
        DefaultValueFactory = _ => LabDefinition.DefaultName,
        Recursive = true,
    };

    public static RootCommand Root()
    {
        RootCommand root = new("A lab of real machines on this computer: systemd, sshd, sudo, a network of their own, no Docker. Try it: ark lab up")
        {
            Name,
            UpCommand.Make(),
            DownCommand.Make(),
            StatusCommand.Make(),
            ExecCommand.Make(),
            PowerCommands.MakeReboot(),
            PowerCommands.MakeStop(),
            PowerCommands.MakeStart(),
            CableCommands.Make("cut", plugged: false, "Take a machine off the network: both its cables out of the switch. Its loopback and its console stay"),
            CableCommands.Make("heal", plugged: true, "Put a machine's cables back"),
        };
        root.HelpName = "ark lab";
        return root;
    }

    /// <summary>Runs a command that needs an existing lab of this clone.</summary>
    public static Task<int> OnLabAsync(ParseResult line, Func<LabDefinition, Task<int>> command) => Terminal.RunAsync(() =>
    {
        var name = line.GetRequiredValue(Name);
        List<Problem> problems = [.. LabProblems.OfName(name), .. LabProblems.OfRights()];
        if (problems.Count == 0)
            problems.AddRange(LabProblems.OfOwner(name));
        if (problems.Count > 0)
            return Task.FromResult(Terminal.Show(problems));
        return LabDefinition.Read(name) is { } lab ? command(lab) : Task.FromResult(Terminal.Show(LabProblems.NoLab(name)));
    });

    /// <summary>The machines named on the command line, or the problems with the names.</summary>
    public static Outcome<IReadOnlyList<Machine>> Machines(LabDefinition lab, IReadOnlyList<string> names, bool all = false)
    {
        if (all)
            return Outcome<IReadOnlyList<Machine>>.Of([.. lab.All]);
        if (names.Count == 0)
            return Outcome<IReadOnlyList<Machine>>.Fail(new Problem("no-machine", "--all", "No machine is named", "name some, such as m2, or --all"));
        var problems = names.Where(n => lab.All.All(m => m.Name != n)).Select(n => LabProblems.NoMachine(lab, n)).ToList();
        return Outcome<IReadOnlyList<Machine>>.From(problems, () => [.. names.Distinct().Select(n => lab.All.First(m => m.Name == n))]);
    }

    public static Option<int> Timeout() => new("--timeout")
    {
        Description = "Seconds to wait until machines are ready",
        DefaultValueFactory = _ => 300,
    };
}
