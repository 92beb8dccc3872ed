using System.CommandLine;
using Ark.Core;
using Ark.Lab.Operations;

namespace Ark.Lab.Commands;

/// <summary><c>ark lab down</c></summary>
internal static class DownCommand
{
    public static Command Make()
    {
        var command = new Command("down", "Remove a lab with all that is on its machines: processes, namespaces, disks. Also what an interrupted up left");
        command.SetAction((line, cancellation) => Terminal.RunAsync(async () =>
        {
            var name = line.GetRequiredValue(LabCommands.Name);
            List<Problem> problems = [.. LabProblems.OfName(name), .. LabProblems.OfRights()];
            if (problems.Count == 0)
                problems.AddRange(LabProblems.OfOwner(name));
            if (problems.Count > 0)
                return Terminal.Show(problems);
            if (!LabDown.IsNeeded(name))
            {
                Terminal.Tell($"there is no lab {name}");
                return Terminal.Done;
            }
            if (await LabDown.RunAsync(name, cancellation) is { } problem)
                return Terminal.Show(problem);
            Terminal.Tell($"{name} is gone");
            return Terminal.Done;
        }));
        return command;
    }
}
