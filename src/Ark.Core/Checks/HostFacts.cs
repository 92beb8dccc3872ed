namespace Ark.Core.Checks;

/// <summary>
/// What one machine said of itself at one moment, as <c>ark check</c> gathers it in one round trip. It changes nothing on the machine. Whatever is null
/// could not be found out there; an empty list was looked at and is empty. Sizes are bytes, times are UTC. Saved as JSON and judged again elsewhere.
/// </summary>
public sealed record HostFacts
{
    /// <summary>Raised when a field changes its meaning; older files are refused.</summary>
    public const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Address as in the properties.</summary>
    public required string Machine { get; init; }

    /// <summary>When the machine was asked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why nothing else is known: the machine was not reached, or did not answer in time.</summary>
    public Problem? Unreached { get; init; }

    public OsFacts? Os { get; init; }

    public CpuFacts? Cpu { get; init; }

    public MemoryFacts? Memory { get; init; }

    public ClockFacts? Clock { get; init; }

    public NameFacts? Names { get; init; }

    public NetworkFacts? Network { get; init; }

    public SecurityFacts? Security { get; init; }

    public LimitFacts? Limits { get; init; }

    /// <summary>Kernel settings that Ark looks at, by name: the value now, and the one that the files under /etc and /usr/lib give after a reboot (null: no file sets it).</summary>
    public IReadOnlyDictionary<string, SysctlFacts>? Sysctls { get; init; }

    /// <summary>Kernel modules that Ark looks at: loaded (or built in), to be had, loaded after a reboot.</summary>
    public IReadOnlyDictionary<string, ModuleFacts>? Modules { get; init; }

    public StorageFacts? Storage { get; init; }

    public SoftwareFacts? Software { get; init; }

    /// <summary>Sockets that listen, TCP and UDP.</summary>
    public IReadOnlyList<ListenerFacts>? Listeners { get; init; }

    /// <summary>Null where no engine is installed or answers.</summary>
    public EngineFacts? Engine { get; init; }
}

/// <param name="Id"><c>ID</c> of os-release: <c>debian</c>, <c>rocky</c>.</param>
/// <param name="Like"><c>ID_LIKE</c>, space separated; may be empty.</param>
/// <param name="Version"><c>VERSION_ID</c>; where that has only the major version, as on CentOS 7, the number in redhat-release: <c>7.9.2009</c>.</param>
/// <param name="Architecture">As <c>uname -m</c>.</param>
/// <param name="Kernel">As <c>uname -r</c>.</param>
/// <param name="Virtualisation">As <c>systemd-detect-virt</c>: <c>none</c>, <c>kvm</c>…; null: not known.</param>
/// <param name="CgroupVersion">1, 2; null: not known.</param>
/// <param name="CgroupControllers">Enabled controllers, sorted.</param>
/// <param name="ServiceManager"><c>systemd</c>, or what process 1 is called.</param>
public sealed record OsFacts(
    string Id, string Like, string Version, string Name, string Architecture, string Kernel, string? Virtualisation, int? CgroupVersion, IReadOnlyList<string> CgroupControllers, string ServiceManager);

/// <param name="Count">Logical processors that are online.</param>
/// <param name="Flags">As /proc/cpuinfo has them (<c>flags</c> or <c>Features</c>), sorted.</param>
/// <param name="Governor">Of the first processor; null where there is no frequency scaling.</param>
public sealed record CpuFacts(int Count, string Model, IReadOnlyList<string> Flags, string? Governor);

/// <param name="SwapBytes">Size of all swap in use now.</param>
/// <param name="SwapAfterReboot">Swap lines of fstab that are not commented out.</param>
/// <param name="TransparentHugePages"><c>always</c>, <c>madvise</c>, <c>never</c>; null: the kernel has none.</param>
public sealed record MemoryFacts(long TotalBytes, long AvailableBytes, long SwapBytes, IReadOnlyList<string> SwapAfterReboot, string? TransparentHugePages);

/// <param name="OffsetSeconds">The machine's clock less the console's.</param>
/// <param name="UncertaintySeconds">Half the round trip: the offset is known no better.</param>
/// <param name="TimeZone"><c>Asia/Shanghai</c>.</param>
/// <param name="Service">Unit that keeps the time and is active: <c>chrony.service</c>; empty: none is.</param>
/// <param name="StartsAtBoot">That unit is enabled.</param>
/// <param name="Synchronised">What the service says; null: it does not say.</param>
/// <param name="Sources">Servers that it asks, as it names them.</param>
public sealed record ClockFacts(double OffsetSeconds, double UncertaintySeconds, string TimeZone, string Service, bool StartsAtBoot, bool? Synchronised, IReadOnlyList<string> Sources);

/// <param name="Hostname">As <c>hostname</c>.</param>
/// <param name="Static">As /etc/hostname.</param>
/// <param name="Addresses">What its own name resolves to there.</param>
/// <param name="MachineId">/etc/machine-id.</param>
/// <param name="Nameservers">Of resolv.conf.</param>
/// <param name="Search">Of resolv.conf.</param>
/// <param name="WildcardAddresses">What a name that cannot exist, in the first search domain, resolves to: should be empty; null: it took too long.</param>
/// <param name="HostsBlock">Text between Ark's marks in /etc/hosts; empty: none.</param>
public sealed record NameFacts(
    string Hostname, string Static, IReadOnlyList<string> Addresses, string MachineId, IReadOnlyList<string> Nameservers, IReadOnlyList<string> Search, IReadOnlyList<string>? WildcardAddresses, string HostsBlock);

/// <param name="Routes">IPv4 routes of the main table; the default route has the destination <c>default</c>.</param>
/// <param name="Neighbours">Address to hardware address, as the kernel has seen them.</param>
public sealed record NetworkFacts(IReadOnlyList<InterfaceFacts> Interfaces, IReadOnlyList<RouteFacts> Routes, IReadOnlyDictionary<string, string> Neighbours);

/// <param name="Addresses">IPv4 with prefix length: <c>10.0.0.11/24</c>.</param>
/// <param name="State"><c>up</c>, <c>down</c>, <c>unknown</c> (as operstate).</param>
/// <param name="SpeedMbit">Null: not known, as on virtual NICs.</param>
/// <param name="Kind"><c>physical</c>, <c>virtual</c>, <c>bond</c>, <c>bridge</c>, <c>vlan</c>, <c>loopback</c>.</param>
/// <param name="Errors">Receive and transmit errors and drops since boot.</param>
public sealed record InterfaceFacts(string Name, IReadOnlyList<string> Addresses, string Mac, int Mtu, string State, int? SpeedMbit, string Kind, long Errors)
{
    /// <summary>The bridge or bond that it is a port of (<c>ovs-system</c>: of Open vSwitch); empty: of none; null: not known.</summary>
    public string? Master { get; init; }
}

public sealed record RouteFacts(string Destination, string? Gateway, string Interface);

/// <param name="FirewallServices">Units of firewalls that are active: <c>firewalld.service</c>, <c>ufw.service</c>, <c>nftables.service</c>.</param>
/// <param name="FirewallAtBoot">Those that are enabled.</param>
/// <param name="InputRules">Rules of the input hook that drop or reject, as the tool prints them; Docker's own are left out. Null: cannot be read.</param>
/// <param name="InputPolicy"><c>accept</c>, <c>drop</c>; null: cannot be read.</param>
/// <param name="Selinux"><c>enforcing</c>, <c>permissive</c>, <c>disabled</c>, <c>absent</c>.</param>
/// <param name="SelinuxAtBoot">What /etc/selinux/config says; <c>absent</c> without the file.</param>
/// <param name="AppArmor">The kernel has it enabled.</param>
/// <param name="Root">The login is root itself.</param>
/// <param name="SudoWithoutPassword">The login becomes root without a question.</param>
/// <param name="Sshd">Settings of the running server as <c>sshd -T</c> prints them, those that Ark looks at. Null: cannot be read.</param>
public sealed record SecurityFacts(
    IReadOnlyList<string> FirewallServices, IReadOnlyList<string> FirewallAtBoot, IReadOnlyList<string>? InputRules, string? InputPolicy, string Selinux, string SelinuxAtBoot, bool AppArmor,
    bool Root, bool? SudoWithoutPassword, IReadOnlyDictionary<string, string>? Sshd);

/// <summary>Of a login of the site's account. -1: unlimited.</summary>
/// <param name="Umask">Octal, four digits.</param>
public sealed record LimitFacts(string Umask, long OpenFiles, long Processes, long CoreBytes);

public sealed record SysctlFacts(string? Now, string? AfterReboot);

public sealed record ModuleFacts(bool Loaded, bool Available, bool AfterReboot);

/// <param name="Disks">Whole disks, without loop and RAM disks.</param>
/// <param name="FileSystems">Those under the paths that Ark uses.</param>
/// <param name="FsyncP99Seconds">99th percentile of writes of 2 KiB with fdatasync under Docker's folder; null: not measured.</param>
/// <param name="RaidArrays">Of the kernel's md: <c>md0 raid10</c>. Controllers of hardware do not show.</param>
public sealed record StorageFacts(IReadOnlyList<DiskFacts> Disks, IReadOnlyList<FileSystemFacts> FileSystems, double? FsyncP99Seconds, IReadOnlyList<string> RaidArrays);

public sealed record DiskFacts(string Name, long Bytes, bool Rotational, string Model);

/// <param name="Path">A path that Ark uses.</param>
/// <param name="Mount">Where its file system is mounted.</param>
/// <param name="Device">What is mounted there.</param>
/// <param name="FType">Of XFS: true where directories tell file types; null elsewhere.</param>
/// <param name="Options">Mount options.</param>
/// <param name="Mode">Octal mode of the path; null: it is not there yet.</param>
/// <param name="Owner">Of the path; null: it is not there yet.</param>
public sealed record FileSystemFacts(
    string Path, string Mount, string Device, string Type, bool? FType, IReadOnlyList<string> Options, long Bytes, long FreeBytes, long Inodes, long FreeInodes, string? Mode, string? Owner);

/// <param name="PackageTool"><c>apt</c>, <c>dnf</c>, <c>yum</c>; empty: none.</param>
/// <param name="PackageSources">Sources that are switched on.</param>
/// <param name="MissingTools">Of the tools that Ark and its people use, those that are not there.</param>
/// <param name="Conflicts">Installed packages that stand in Docker's way: <c>podman-docker</c>, <c>docker-ce</c>.</param>
public sealed record SoftwareFacts(string PackageTool, IReadOnlyList<string> PackageSources, IReadOnlyList<string> MissingTools, IReadOnlyList<string> Conflicts);

/// <param name="Protocol"><c>tcp</c>, <c>udp</c>.</param>
/// <param name="Address">As bound; <c>*</c> for all.</param>
/// <param name="Process">Its name; empty: not known.</param>
public sealed record ListenerFacts(string Protocol, string Address, int Port, string Process);

/// <param name="ApiVersion">1.41…</param>
/// <param name="Swarm">inactive, pending, active, error, locked.</param>
public sealed record EngineFacts(string Version, string ApiVersion, string RootDirectory, string StorageDriver, string CgroupDriver, string Swarm);
