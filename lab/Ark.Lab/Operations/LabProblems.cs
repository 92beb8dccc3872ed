using System.Net;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Lab.Computer;
using Ark.Lab.Labs;

namespace Ark.Lab.Operations;

/// <summary>What can stand in a lab's way, each found before anything is touched.</summary>
internal static partial class LabProblems
{
    private static readonly (string Program, string Package)[] Needed = [("systemd-nspawn", "systemd-container"), ("mmdebstrap", "mmdebstrap"), ("ip", "iproute2"),
        ("nsenter", "util-linux"), ("setpriv", "util-linux"), ("flock", "util-linux"), ("mount", "mount"), ("tar", "tar")];

    private const string Keys = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>A lab's name goes into names of namespaces and files.</summary>
    public static IReadOnlyList<Problem> OfName(string name) => LabName().IsMatch(name) ? []
        : [new("bad-lab-name", "--name", $"A lab cannot be named “{name}”", "use at most 20 small letters, digits and dashes, a letter first")];

    public static IReadOnlyList<Problem> OfSubnet(string subnet, int machines)
    {
        if (!IPNetwork.TryParse(subnet, out var network) || network.BaseAddress.GetAddressBytes().Length != 4 || network.ToString() != subnet)
            return [new("bad-subnet", "--subnet", $"“{subnet}” is not an IPv4 network", $"write it as {LabDefinition.DefaultSubnet}: the network's own address and its length")];
        if (network.PrefixLength is < 16 or > 27)
            return [new("bad-subnet", "--subnet", $"{subnet} is too {(network.PrefixLength < 16 ? "large" : "small")} for a lab", "take a network between /16 and /27")];
        return machines >= 1 && machines <= Math.Min(LabDefinition.Room(subnet), 200) ? []
            : [new("bad-machines", "--machines", $"{machines} machines do not fit: {subnet} has room for 1 to {Math.Min(LabDefinition.Room(subnet), 200)}", "choose another number or a larger --subnet")];
    }

    /// <summary>What this computer lacks.</summary>
    public static IReadOnlyList<Problem> OfComputer()
    {
        var packages = Needed.Where(n => Programs.Find(n.Program) is null).Select(n => n.Package)
            .Concat(File.Exists(Keys) ? [] : ["debian-archive-keyring"]).Distinct().ToList();
        List<Problem> problems = [];
        if (packages.Count > 0)
            problems.Add(new("missing-packages", "this computer", $"The lab needs {string.Join(", ", packages)}", $"sudo apt-get install -y {string.Join(' ', packages)}"));
        if (!File.ReadAllText("/proc/filesystems").Contains("overlay", StringComparison.Ordinal) && Programs.Find("modprobe") is null)
            problems.Add(new("no-overlay", "this computer", "The kernel has no overlay file system", "run the lab on a kernel with overlayfs: modprobe overlay"));
        if (Mounts.Of(LabHome.Root).Type is "overlay" or "overlayfs")
            problems.Add(new("clone-on-overlay", LabHome.Root, "Machines' disks cannot lie on an overlay file system, and this clone does", "put the clone on a disk or a volume of its own"));
        return problems;
    }

    public static IReadOnlyList<Problem> OfRights() => Native.IsRoot ? []
        : [new("not-root", "this computer", "The lab makes network namespaces and boots machines: that takes root", "sudo ./ark lab …")];

    /// <summary>The name belongs to a lab of another clone.</summary>
    public static IReadOnlyList<Problem> OfOwner(string name) => LabRegister.Owner(name) is { } owner && owner != LabHome.Of(name)
        ? [new("lab-of-another-clone", "--name", $"The lab {name} belongs to another clone: {owner}", "choose another --name, or go to that clone")] : [];

    public static Problem NoLab(string name)
    {
        var others = LabRegister.Names() is { Count: > 0 } names ? $"; this computer has: {string.Join(", ", names)}" : "";
        return new("no-lab", "--name", $"There is no lab {name}{others}", $"./ark lab up --name {name}");
    }

    public static Problem NoMachine(LabDefinition lab, string name) =>
        new("no-machine", name, $"The lab {lab.Name} has no machine {name}", $"it has {string.Join(", ", lab.All.Select(m => m.Name))}");

    [GeneratedRegex("^[a-z][a-z0-9-]{0,19}$")]
    private static partial Regex LabName();
}
