using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Processors and memory. Sizes are judged against the smallest machine of any published arrangement: 2 cores, 4 GB.</summary>
public static class HardwareChecks
{
    private const int LeastCores = 2;

    /// <summary>What a machine of 4 GB has left for programs once the kernel took its own.</summary>
    private const long LeastMemory = 35 * Sizes.GiB / 10;

    public static readonly IReadOnlyList<Check> All =
    [
        Of("cpu-count", null, CheckGroup.Hardware, "The machine has 2 processors or more", m => m.Cpu, (_, _, cpu) => cpu.Count >= LeastCores
            ? Pass($"{cpu.Count} processors")
            : Warn($"{cpu.Count} processor", $"{LeastCores} processors", "One processor serves the system, Docker and every container in turn.",
                "ask whoever keeps the machine for more processors")),
        Of("cpu-instructions", null, CheckGroup.Hardware, "The processor knows SSE 4.2", m => m.Cpu, Sse),
        Of("cpu-aes", null, CheckGroup.Hardware, "The processor encrypts by itself", m => m.Cpu, (_, _, cpu) => cpu.Flags.Contains("aes")
            ? Pass("aes")
            : Warn("no aes", "aes", "Every TLS connection costs several times the processor time.",
                "give the virtual machine the host's processor model (host-passthrough), or switch AES on in the firmware")),
        Of("cpu-governor", null, CheckGroup.Hardware, "Processors run at full speed", m => m.Cpu, (_, machine, cpu) => cpu.Governor switch
        {
            null => NotApplicable("the processor's frequency is not scaled here"),
            "powersave" or "conservative" => Warn($"governor {cpu.Governor}", "governor performance", "Processors save power and speed up late: latency suffers.",
                OsFamilies.Of(machine) == OsFamily.Rhel ? "tuned-adm profile throughput-performance" : Kept("cpu-governor", "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor", "performance")) with
                {
                    Fix = new SetKernelFile("cpu-governor", "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor", "performance", cpu.Governor),
                },
            var governor => Pass($"governor {governor}"),
        }),
        Of("memory-size", null, CheckGroup.Hardware, "The machine has 4 GB of memory or more", m => m.Memory, (_, _, memory) => memory.TotalBytes switch
        {
            >= LeastMemory => Pass(Sizes.Text(memory.TotalBytes)),
            < Sizes.GiB => Fail(Sizes.Text(memory.TotalBytes), "4 GiB", "Docker and one component do not fit.", "ask whoever keeps the machine for more memory"),
            _ => Warn(Sizes.Text(memory.TotalBytes), "4 GiB", "It is smaller than the smallest machine that an arrangement was published for.", "ask whoever keeps the machine for more memory"),
        }),
        Of("swap-off", null, CheckGroup.Hardware, "Nothing is swapped to disk", m => m.Memory, (_, _, memory) => memory.SwapBytes == 0
            ? Pass("no swap")
            : Warn($"{Sizes.Text(memory.SwapBytes)} of swap", "no swap", "Under pressure, databases and brokers wait for the disk instead of failing where it would be seen.", "swapoff -a") with { Fix = new DropSwap() }),
        Of("swap-after-reboot", null, CheckGroup.Hardware, "Nothing is swapped after a reboot either", m => m.Memory, (_, _, memory) => memory.SwapAfterReboot.Count == 0
            ? Pass("no swap in fstab")
            : Warn($"fstab: {string.Join("; ", memory.SwapAfterReboot)}", "no swap in fstab", "A reboot switches swap on again.",
                @"sed -ri.before '/^[^#]\S*\s+\S+\s+swap\s/s/^/# /' /etc/fstab") with { Fix = new DropSwap() }),
        Of("huge-pages", null, CheckGroup.Hardware, "Transparent huge pages are not forced upon programs", m => m.Memory, (_, machine, memory) => memory.TransparentHugePages switch
        {
            null => NotApplicable("the kernel has no transparent huge pages"),
            "always" => Warn("transparent huge pages: always", "transparent huge pages: madvise or never",
                "The kernel joins pages behind the programs' backs: databases and caches stall meanwhile.", HugePages(machine)) with
                {
                    Fix = new SetKernelFile("huge-pages", "/sys/kernel/mm/transparent_hugepage/enabled", "madvise", "always"),
                },
            var mode => Pass($"transparent huge pages: {mode}"),
        }),
    ];

    private static Finding Sse(CheckScope scope, HostFacts machine, CpuFacts cpu)
    {
        if (machine.Os is { Architecture: not "x86_64" } os)
            return NotApplicable($"SSE is of x86_64; this is {os.Architecture}");
        return cpu.Flags.Contains("sse4_2")
            ? Pass("sse4_2")
            : Warn("no sse4_2", "sse4_2", "Programs of today are often built for x86-64-v2 and end with 'illegal instruction' here.",
                "give the virtual machine the host's processor model (host-passthrough)");
    }

    private static string HugePages(HostFacts machine) => OsFamilies.Of(machine) == OsFamily.Rhel
        ? "grubby --update-kernel=ALL --args=transparent_hugepage=madvise && echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"
        : Kept("huge-pages", "/sys/kernel/mm/transparent_hugepage/enabled", "madvise");

    /// <summary>Writes a value into a file of the kernel, now and at every start.</summary>
    private static string Kept(string name, string file, string value) =>
        $"echo 'w {file} - - - - {value}' > /etc/tmpfiles.d/{name}.conf && systemd-tmpfiles --create /etc/tmpfiles.d/{name}.conf";
}
