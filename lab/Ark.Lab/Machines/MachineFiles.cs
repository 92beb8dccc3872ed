using Ark.Lab.Computer;
using Ark.Lab.Labs;

namespace Ark.Lab.Machines;

/// <summary>What the lab writes to disk for a machine to run: its identity in the top layer of its disk, and what its supervisor needs to know.</summary>
internal static class MachineFiles
{
    private static readonly string[] Scripts = ["supervise.sh", "boot.sh", "groups.sh", "clock.sh"];

    /// <summary>Writes the files that all machines of a lab share.</summary>
    public static void WriteLab(LabDefinition lab, string root)
    {
        foreach (var script in Scripts)
            Replace(Path.Combine(lab.Folder, script), LabHome.Script(script));
        Replace(Path.Combine(lab.Folder, "lab.env"), $"""
            GROUP='{ControlGroups.All}/{lab.Name}'
            SWITCH='{lab.Switch}'
            HIERARCHIES='{string.Join(' ', ControlGroups.Hierarchies())}'
            UNIFIED={(ControlGroups.IsVersion1() ? 0 : 1)}
            KERNEL_SETTINGS='{LabRegister.KernelSettingsFile}'

            """);
        Link(Path.Combine(lab.Folder, "lower"), root);
    }

    /// <summary>Writes a new machine's disk and identity. A machine that has them keeps them.</summary>
    public static void WriteMachine(Machine machine, string root)
    {
        var marker = Path.Combine(machine.Folder, "machine.env");
        if (File.Exists(marker))
            return;
        foreach (var folder in (string[])["upper/etc/network/interfaces.d", "upper/etc/chrony/sources.d", "work", "root", "docker", "data"])
            Directory.CreateDirectory(Path.Combine(machine.Folder, folder));
        Link(Path.Combine(machine.Folder, "lower"), root);

        var etc = Path.Combine(machine.Folder, "upper/etc");
        File.WriteAllText($"{etc}/hostname", machine.Name + "\n");
        File.WriteAllText($"{etc}/hosts", $"127.0.0.1\tlocalhost\n127.0.1.1\t{machine.Name}\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        File.WriteAllText($"{etc}/resolv.conf", $"nameserver {machine.Lab.Gateway}\n");
        File.WriteAllText($"{etc}/machine-id", Guid.NewGuid().ToString("N") + "\n");
        File.WriteAllText($"{etc}/chrony/sources.d/site.sources", $"server {machine.Lab.Gateway} iburst\n");
        File.WriteAllText($"{etc}/network/interfaces.d/cards", $"""
            auto lo
            iface lo inet loopback

            auto eth0
            iface eth0 inet static
              address {machine.Address}/{machine.Lab.Subnet.Split('/')[1]}
              gateway {machine.Lab.Gateway}

            # The trunk: tagged frames of any VLAN.
            auto eth1
            iface eth1 inet manual
              up ip link set dev eth1 up

            """);
        Replace(marker, $"""
            MACHINE={machine.Name}
            NAMESPACE='{machine.Namespace}'
            MAC0={machine.HardwareAddress(0)}
            MAC1={machine.HardwareAddress(1)}

            """);
    }

    private static void Link(string path, string target)
    {
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
    }

    /// <summary>A running shell reads its script from the file it opened: the file is replaced, not rewritten.</summary>
    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
