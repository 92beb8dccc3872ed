using System.CommandLine;
using Ark.Core;
using Ark.Lab.Computer;
using Ark.Lab.Labs;
using Ark.Lab.Machines;
using Ark.Lab.Operations;

namespace Ark.Lab.Commands;

/// <summary><c>ark lab exec</c></summary>
internal static class ExecCommand
{
    public static Command Make()
    {
        var net = new Option<bool>("--net") { Description = "Run a command of this computer in the lab's network instead, from where machines can be reached: exec --net -- ssh ops@10.88.0.11" };
        var user = new Option<string>("--user", "-u") { Description = "The account inside the machine", DefaultValueFactory = _ => "root" };
        var words = new Argument<string[]>("machine -- command") { Description = "The machine (not with --net), then after -- the command and its arguments; without a command a shell", Arity = ArgumentArity.OneOrMore };
        var command = new Command("exec", "Run a command inside a machine, as root: exec m1 -- systemctl status. Input, output and exit code are the command's") { net, user, words };
        command.SetAction(line => LabCommands.OnLabAsync(line, lab => Task.FromResult(Run(lab, line.GetValue(net), line.GetRequiredValue(user), line.GetRequiredValue(words)))));
        return command;
    }

    /// <summary>Returns only when the command could not be run.</summary>
    private static int Run(LabDefinition lab, bool net, string user, IReadOnlyList<string> words)
    {
        if (net)
            return Become([.. LabSwitch.Enter(lab), .. words]);
        if (lab.All.FirstOrDefault(m => m.Name == words[0]) is not { } machine)
            return Terminal.Show(LabProblems.NoMachine(lab, words[0]));
        if (user is not ("root" or LabDefinition.User))
            return Terminal.Show(new Problem("no-account", "--user", $"Machines have no account {user}", $"root or {LabDefinition.User}"));
        if (RunningMachine.Leader(machine) is not { } leader)
            return Terminal.Show(new Problem("machine-off", machine.Name, "It is not running", $"./ark lab start {machine.Name} --name {lab.Name}"));
        ControlGroups.Join(leader);
        IReadOnlyList<string> command = words.Count > 1 ? [.. words.Skip(1)] : ["bash", "--login"];
        return Become([.. RunningMachine.Enter(leader, user), .. command]);
    }

    private static int Become(IReadOnlyList<string> command)
    {
        var failure = Native.Become(command);
        return Terminal.Show(new Problem("not-run", command[0], failure.Message));
    }
}
