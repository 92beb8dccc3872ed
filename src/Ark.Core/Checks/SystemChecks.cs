using Ark.Core.Sites;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>The operating system, on each machine and among them.</summary>
public static class SystemChecks
{
    /// <summary>The oldest version of each system that Ark is meant for, as major and minor.</summary>
    private static readonly Dictionary<string, (int Major, int Minor)> Oldest = new(StringComparer.OrdinalIgnoreCase)
    {
        ["rhel"] = (7, 2), ["centos"] = (7, 2), ["rocky"] = (8, 0), ["almalinux"] = (8, 0), ["anolis"] = (7, 0), ["openEuler"] = (20, 3), ["kylin"] = (10, 0), ["debian"] = (10, 0), ["ubuntu"] = (18, 4),
    };

    private static readonly string[] Controllers = ["cpu", "cpuset", "memory", "pids"];

    private const string Known = "RHEL or CentOS 7.2, Rocky 8, Alma 8, Anolis 7, openEuler 20.03, Kylin V10, Debian 10, Ubuntu 18.04, or later";

    public static readonly IReadOnlyList<Check> All =
    [
        Of("os-supported", 1, CheckGroup.System, "The operating system is one that Ark is meant for", m => m.Os, Os),
        Of("architecture", 1, CheckGroup.System, "The system is a 64-bit one", m => m.Os, (_, _, os) => os.Architecture is "x86_64" or "aarch64"
            ? Pass(os.Architecture)
            : Fail(os.Architecture, "x86_64 or aarch64", "Images are made for 64-bit processors only.", "install a 64-bit system on the machine")),
        Of("kernel-version", 1, CheckGroup.System, "The kernel is 3.10 or later", m => m.Os, Kernel),
        Of("service-manager", null, CheckGroup.System, "Services are systemd's", m => m.Os, (_, _, os) => os.ServiceManager == "systemd"
            ? Pass("systemd")
            : Fail(os.ServiceManager, "systemd", "Ark starts Docker and keeps it over a reboot by systemd.", "install a system that is run by systemd")),
        Of("cgroup-controllers", null, CheckGroup.System, "The kernel limits processors, memory and processes of containers", m => m.Os, Cgroups),
        Of("machine-kind", null, CheckGroup.System, "The machine is of the kind that the mode is meant for", m => m.Os, Kind),
        Agreement.Same("os-same", null, CheckGroup.System, "All machines run the same system", m => m.Os is { } os ? $"{os.Id} {os.Version}" : null, Verdict.Warning,
            "Packages, paths and faults differ between systems: what works on one must be tried on the other too.", (_, most) => $"install {most} on the machine"),
        Agreement.Same("kernel-same", null, CheckGroup.System, "All machines run the same kernel", m => m.Os?.Kernel, Verdict.Warning,
            "The machines were not updated together, or not restarted after it.", Update),
        Agreement.Same("architecture-same", null, CheckGroup.System, "All machines have one architecture", m => m.Os?.Architecture, Verdict.Fail,
            "Images are carried for one architecture; on another they do not start.", (machine, most) => $"take {machine.Machine} out of machine_ips, or give it {most} hardware"),
        Agreement.Same("cgroups-same", null, CheckGroup.System, "All machines have one version of control groups", m => m.Os?.CgroupVersion is { } version ? $"cgroup v{version}" : null, Verdict.Warning,
            "Figures of memory and processors mean different things under v1 and v2.",
            (machine, most) => Grub(machine, most.EndsWith('2') ? "systemd.unified_cgroup_hierarchy=1" : "systemd.unified_cgroup_hierarchy=0")),
    ];

    private static Finding Os(CheckScope scope, HostFacts machine, OsFacts os)
    {
        var evidence = os.Name.Length > 0 ? os.Name : os.Id.Length > 0 ? $"{os.Id} {os.Version}" : "a system without a name";
        if (!Oldest.TryGetValue(os.Id, out var oldest))
        {
            return OsFamilies.Of(os) == OsFamily.Unknown
                ? Fail(evidence, Known, "It is of neither the RHEL nor the Debian family.", "install one of them on the machine")
                : Warn(evidence, Known, $"It is like {os.Like}, but Ark was not tried on it.", "install one of those wanted, or try a test deployment there first");
        }

        if (Number(os.Version) is not { } version)
            return Untold(machine, $"the version of {evidence}");
        if (version.Major == oldest.Major && oldest.Minor > 0 && !os.Version.Contains('.', StringComparison.Ordinal))
            return Untold(machine, $"the minor version of {evidence}");
        return version.CompareTo(oldest) >= 0
            ? Pass(evidence)
            : Fail($"{evidence} ({os.Version})", Known, "It is older than what Ark was made for.", $"install {os.Id} {oldest.Major}.{oldest.Minor} or later on the machine");
    }

    private static Finding Kernel(CheckScope scope, HostFacts machine, OsFacts os) => Number(os.Kernel) switch
    {
        null => Untold(machine, $"the version of kernel '{os.Kernel}'"),
        { } version when version.CompareTo((3, 10)) >= 0 => Pass(os.Kernel),
        _ => Fail(os.Kernel, "3.10 or later", "Docker needs what came with 3.10.", Update(machine, "")),
    };

    private static Finding Cgroups(CheckScope scope, HostFacts machine, OsFacts os)
    {
        if (os.CgroupVersion is not { } version)
            return Untold(machine, "the version of control groups");
        var missing = Controllers.Except(os.CgroupControllers).ToList();
        return missing.Count == 0
            ? Pass($"cgroup v{version}: {string.Join(", ", os.CgroupControllers)}")
            : Warn($"cgroup v{version} without {string.Join(", ", missing)}", string.Join(", ", Controllers), "The kernel was started without them: limits of containers have no effect.",
                Grub(machine, missing.Contains("memory") ? "cgroup_enable=memory" : "cgroup_no_v1=none"));
    }

    private static Finding Kind(CheckScope scope, HostFacts machine, OsFacts os) => os.Virtualisation switch
    {
        null => Untold(machine, "what kind of machine it is"),
        "docker" or "podman" or "openvz" or "wsl" or "rkt" => Fail(os.Virtualisation, "a machine, or a virtual machine",
            "It is a container of somebody else, in which Docker does not run well.", "give the site a machine in its place"),
        "lxc" or "lxc-libvirt" or "systemd-nspawn" => Warn(os.Virtualisation, "a machine, or a virtual machine",
            "It shares its kernel with other containers: kernel settings and modules are not its own.", "fine for a trial; in production give the site a machine in its place"),
        "none" => Pass("physical"),
        _ when scope.Site.Mode == SiteMode.Physical => Warn(os.Virtualisation, "none: a physical machine",
            "The mode is physical, yet the machine is virtual: tagged frames pass only if its host lets them.",
            "write mode=vm into ark.properties, or ask whoever keeps the host to let the VLAN through"),
        _ => Pass(os.Virtualisation),
    };

    private static string Update(HostFacts machine, string most) => OsFamilies.Of(machine) == OsFamily.Debian
        ? "apt-get update && apt-get dist-upgrade -y && systemctl reboot"
        : $"{(machine.Software?.PackageTool == "yum" ? "yum" : "dnf")} update -y kernel && systemctl reboot";

    /// <summary>Adds a word to the kernel's command line and restarts.</summary>
    private static string Grub(HostFacts machine, string word) => OsFamilies.Of(machine) == OsFamily.Debian
        ? $"sed -i 's/^GRUB_CMDLINE_LINUX=\"/&{word} /' /etc/default/grub && update-grub && systemctl reboot"
        : $"grubby --update-kernel=ALL --args={word} && systemctl reboot";

    /// <summary>Major and minor of <c>V10</c>, <c>7.9</c>, <c>3.10.0-1160.el7.x86_64</c>; null where it starts with no number.</summary>
    internal static (int Major, int Minor)? Number(string version)
    {
        var parts = version.TrimStart('v', 'V').Split('.', '-', ' ', '+');
        if (!int.TryParse(parts[0], out var major))
            return null;
        return (major, parts.Length > 1 && int.TryParse(parts[1], out var minor) ? minor : 0);
    }
}
