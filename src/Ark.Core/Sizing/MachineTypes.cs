namespace Ark.Core.Sizing;

/// <summary>A kind of machine that sizes are counted in (spec §5.1, §5.2).</summary>
/// <param name="Name">The source's name: <c>Q46.22</c>.</param>
/// <param name="MemoryBytes">Bytes; G counts in 1024, as everywhere in Ark.</param>
/// <param name="UsableDiskBytes">Bytes left after RAID; where the source names no RAID, all disks together.</param>
/// <param name="Storage">As printed.</param>
/// <param name="Nic">As printed; empty where the source says nothing.</param>
public sealed record MachineType(string Name, int Cores, long MemoryBytes, long UsableDiskBytes, string Storage, string Nic, string Os, string Rule);

/// <summary>The machines of the published tables.</summary>
public static class MachineTypes
{
    public const long G = 1L << 30;

    private const string Os = "CentOS/RHEL 7.2 or later, 64 bit, \"WebServer\" install (not minimal), kernel ≥ 3.10";

    public static readonly MachineType Ordinary = new("Q46.22", 56, 192 * G, 1200 * G, "4 × 600 GB SAS, RAID 10 (1.2 TB usable)", "", Os, SizingRules.MachineOrdinary.Id);

    public static readonly MachineType Arms = new("Q48", 56, 384 * G, ((3 * 480) + (9 * 2000)) * G, "3 × 480 GB SSD, 9 × 2 TB SATA 7,200 rpm", "10 GbE", Os, SizingRules.MachineArms.Id);

    public static readonly MachineType Vm = new("VM 8c32g", 8, 32 * G, 300 * G, "300 GB free under / or on a separate /data", "", Os, SizingRules.MachineVm.Id);

    public static readonly MachineType DrdsVm = new("VM 16c32g", 16, 32 * G, 300 * G, "300 GB free under / or on a separate /data", "", Os, SizingRules.MachineVm.Id);

    public static readonly IReadOnlyList<MachineType> All = [Ordinary, Arms, Vm, DrdsVm];

    /// <summary>Memory speed that both physical machines need, as printed.</summary>
    public const string MemorySpeed = "≥ 1333 MHz";

    /// <summary>Versions at the time of the published tables; today's are Ark's own.</summary>
    public const string VersionsThen = "Docker 1.11.1, OVS 2.3.2-dev, VLAN 1.1.3-dev";
}
