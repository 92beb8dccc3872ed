using Ark.Core;
using Ark.Lab.Computer;
using Ark.Lab.Labs;

namespace Ark.Lab.Operations;

/// <summary>
/// Removes a lab by its name, from whatever state it is in: its processes, namespaces, control groups and files. It trusts no record of what was made:
/// everything bears the lab's name.
/// </summary>
internal static class LabDown
{
    public static async Task<Problem?> RunAsync(string name, CancellationToken cancellation)
    {
        using var turn = await LabRegister.ChangeAsync(name, cancellation);
        var group = $"{ControlGroups.All}/{name}";
        if (await EndAsync(name, group, cancellation) is { Count: > 0 } stubborn)
            return new("lab-does-not-end", name, $"Processes do not end: {string.Join(", ", stubborn)}", $"look at them with ps, then ./ark lab down --name {name}");
        foreach (var space in LabSwitch.Namespaces(name).OrderByDescending(n => n.EndsWith("-sw", StringComparison.Ordinal)))
            await LabSwitch.RemoveNamespaceAsync(space, cancellation);
        if (await RemoveFilesAsync(LabHome.Of(name), cancellation) is { } problem)
            return problem;
        await LabRegister.LeaveAsync(name, cancellation);
        ControlGroups.Remove(ControlGroups.All);
        return null;
    }

    /// <summary>True when anything of the lab is there.</summary>
    public static bool IsNeeded(string name) =>
        Directory.Exists(LabHome.Of(name)) || LabSwitch.Namespaces(name).Count > 0 || ControlGroups.Exists($"{ControlGroups.All}/{name}") || LabRegister.Owner(name) is not null;

    /// <summary>Kills until nothing is left, and waits until this computer has forgotten it. What would not go is returned.</summary>
    private static async Task<IReadOnlyList<int>> EndAsync(string name, string group, CancellationToken cancellation)
    {
        HashSet<int> killed = [];
        IReadOnlyList<int> left = [];
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var networks = await LabSwitch.NetworksAsync(LabSwitch.Namespaces(name), cancellation);
            left = [.. Processes.All().Where(IsOfLab)];
            foreach (var process in left)
                Native.Kill(process, IsOfLab);
            killed.UnionWith(left);
            ControlGroups.Remove(group);
            if (left.Count == 0 && !ControlGroups.Exists(group) && !killed.Any(p => Directory.Exists($"/proc/{p}")))
                break;
            await Task.Delay(50, cancellation);

            bool IsOfLab(int process) => Belongs(process, name, group, networks);
        }
        return left;
    }

    /// <summary>True for what runs in its machines, keeps them, has not come so far yet, or was started in its networks.</summary>
    private static bool Belongs(int process, string name, string group, IReadOnlySet<string> networks)
    {
        if (process == Environment.ProcessId || Processes.IsOver(process))
            return false;
        var folder = LabHome.Of(name) + "/";
        return Processes.IsInGroup(process, group)
            || (Processes.Network(process) is { } network && networks.Contains(network))
            || (Processes.Arguments(process) is ["sh" or "bash" or "setsid" or "unshare", ..] words
                && words.Any(w => w.StartsWith(folder, StringComparison.Ordinal) && w.EndsWith(".sh", StringComparison.Ordinal)));
    }

    private static async Task<Problem?> RemoveFilesAsync(string folder, CancellationToken cancellation)
    {
        if (Mounts.Read().FirstOrDefault(m => Mounts.IsUnder(m.At, folder)) is { } mount)
            return new("mounted-in-lab", mount.At, "Something is mounted in the lab's folder that the lab did not mount", $"umount {mount.At}, then down again");
        var answer = await Programs.RunAsync(["rm", "-rf", "--one-file-system", folder], cancellation);
        return answer.Ok ? null : new("files-stay", folder, $"The lab's files could not be removed: {answer.Error.Trim()}", $"rm -rf {folder}");
    }
}
