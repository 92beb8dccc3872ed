using System.Globalization;

namespace Ark.Lab.Computer;

/// <summary>
/// The control groups of the labs: one folder a machine in every hierarchy of the computer, v1 and v2, so that the machines' systemds do not see
/// each other and nothing that ran in a machine can be missed when it goes.
/// </summary>
internal static class ControlGroups
{
    /// <summary>The folder in each hierarchy that holds all labs.</summary>
    public const string All = "ark-lab";

    /// <summary>The mount points of all hierarchies.</summary>
    public static IReadOnlyList<string> Hierarchies() =>
        [.. Mounts.Read().Where(m => m.Type is "cgroup" or "cgroup2").Select(m => m.At).Distinct()];

    /// <summary>True where version 1 controllers are in use: a machine's systemd then has to use them too.</summary>
    public static bool IsVersion1() => Mounts.Read().Any(m => m.Type == "cgroup" && m.Options.Split(',').Contains("memory"));

    /// <summary>Moves the calling process into the control groups of another: what it does is accounted, limited and ended there.</summary>
    public static void Join(int pid)
    {
        var mounts = Mounts.Read().Where(m => m.Type is "cgroup" or "cgroup2").ToList();
        foreach (var line in File.ReadLines($"/proc/{pid}/cgroup"))
        {
            // hierarchy:controllers:path, where version 2 has no controllers
            var fields = line.Split(':', 3);
            var hierarchy = fields[1].Length == 0
                ? mounts.FirstOrDefault(m => m.Type == "cgroup2")
                : mounts.FirstOrDefault(m => m.Type == "cgroup" && m.Options.Split(',').Intersect(fields[1].Split(',')).Any());
            if (hierarchy is not null)
                File.WriteAllText($"{hierarchy.At}{fields[2]}/cgroup.procs", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The processes in a group and in all groups below it.</summary>
    public static IReadOnlyList<int> Processes(string group) =>
        [.. Folders(group).SelectMany(ReadProcesses).Distinct()];

    /// <summary>Removes the group and all groups below it from every hierarchy. Groups that still hold a process stay.</summary>
    public static void Remove(string group)
    {
        foreach (var folder in Folders(group).OrderByDescending(f => f.Length))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // A process in it has not quite ended: the caller tries again.
            }
        }
    }

    public static bool Exists(string group) => Folders(group).Any();

    private static IEnumerable<string> Folders(string group) =>
        Hierarchies().Select(h => $"{h}/{group}").Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateDirectories(f, "*", SearchOption.AllDirectories).Prepend(f)).ToList();

    private static List<int> ReadProcesses(string folder)
    {
        try
        {
            return [.. File.ReadLines($"{folder}/cgroup.procs").Select(l => int.Parse(l, CultureInfo.InvariantCulture)).Where(p => p != 0)];
        }
        catch (IOException)
        {
            return []; // gone, or a threaded group whose processes stand above it
        }
    }
}
