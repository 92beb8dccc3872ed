using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Whether what will be placed on a machine fits on it. On a site that runs, what stands there already counts as both needed and used: it is told, and stops nothing.</summary>
public static class PlanChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        Planned("plan-memory", "There is memory for what will be placed", m => m.Memory, n => n.MemoryBytes > 0, (_, machine, memory, needs) => Fits(
            needs.MemoryBytes, memory.TotalBytes, memory.AvailableBytes, machine, "of memory", "free -m; ps aux --sort=-rss | head")),
        Planned("plan-disk", "There is disk for what will be placed", m => m.Storage, n => n.DiskBytes > 0, (scope, machine, storage, needs) => StorageChecks.Under(storage, scope.Site.DockerDir) is { } fs
            ? Fits(needs.DiskBytes, fs.Bytes, fs.FreeBytes, machine, $"on {fs.Mount}", StorageChecks.Largest(fs.Mount))
            : Untold(machine, $"the file system under {scope.Site.DockerDir}")),
        Planned("plan-processors", "There are processors for what will be placed", m => m.Cpu, n => n.Cpu > 0, (_, _, cpu, needs) => needs.Cpu <= cpu.Count
            ? Pass(FormattableString.Invariant($"{needs.Cpu:0.##} of {cpu.Count} processors"))
            : Warn($"{cpu.Count} processors", FormattableString.Invariant($"{needs.Cpu:0.##} processors"),
                "The instances together may use more than the machine has: under load they slow each other down.",
                "ask whoever keeps the machine for more processors, or lower the counts in task.yaml")),
    ];

    private static Check Planned<T>(string id, string title, Func<HostFacts, T?> fact, Func<MachineNeeds, bool> asks, Func<CheckScope, HostFacts, T, MachineNeeds, Finding> judge) where T : class =>
        Of(id, null, CheckGroup.Plan, title, fact, (scope, machine, known) => scope.Needs.GetValueOrDefault(machine.Machine) is { } needs && asks(needs)
            ? judge(scope, machine, known, needs)
            : NotApplicable("nothing of that kind will be placed on the machine"));

    private static Finding Fits(long needed, long total, long free, HostFacts machine, string where, string look)
    {
        var evidence = $"{Sizes.Text(free)} free of {Sizes.Text(total)} {where}";
        var wanted = $"{Sizes.Text(needed)} {where}";
        const string add = "ask whoever keeps the machine for more, or lower the counts in task.yaml";
        if (needed > total)
            return Fail(evidence, wanted, "The machine is smaller than what will be placed on it.", add);
        if (needed <= free)
            return Pass(evidence, wanted);
        return machine.Engine is { Swarm: "active" }
            ? Warn(evidence, wanted, "Some of it is used: by the instances themselves where they run already, or by something else.", look)
            : Fail(evidence, wanted, "Something else uses what is needed.", look);
    }
}
