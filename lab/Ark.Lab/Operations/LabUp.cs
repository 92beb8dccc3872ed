using System.Diagnostics;
using Ark.Core;
using Ark.Lab.Labs;
using Ark.Lab.Machines;
using Ark.Lab.Roots;

namespace Ark.Lab.Operations;

/// <summary>What is asked of a lab; null leaves what it has, or the default for a new one.</summary>
internal sealed record LabWish(string Name, int? Machines, string? Subnet);

/// <summary>Makes a lab, or what is missing of it, and waits until every machine runs.</summary>
internal static class LabUp
{
    /// <summary>Doing it again changes nothing; asking for more machines adds them. What it leaves when interrupted, <see cref="LabDown"/> removes.</summary>
    public static async Task<Outcome<LabDefinition>> RunAsync(LabWish wish, TimeSpan patience, Action<string> tell, CancellationToken cancellation)
    {
        if (Check(wish) is { Count: > 0 } problems)
            return Outcome<LabDefinition>.Fail(problems);
        using var turn = await LabRegister.ChangeAsync(wish.Name, cancellation);
        var planned = Plan(wish, LabDefinition.Read(wish.Name));
        if (!planned.Ok)
            return planned;

        var root = await new MachineRoot().EnsureAsync(tell, cancellation);
        if (!root.Ok)
            return Outcome<LabDefinition>.Fail(root.Problems);

        var lab = planned.Value;
        lab.Write();
        await LabRegister.EnterAsync(lab, cancellation);
        MachineFiles.WriteLab(lab, root.Value.Folder);
        await LabSwitch.EnsureAsync(lab, cancellation);

        var off = lab.All.Where(m => RunningMachine.Leader(m) is null).ToList();
        if (off.Count > 0)
            tell($"booting {string.Join(", ", off.Select(m => m.Name))}");
        foreach (var machine in off)
        {
            MachineFiles.WriteMachine(machine, root.Value.Folder);
            await Power.OnAsync(machine, cancellation);
        }
        var found = await Task.WhenAll(lab.All.Select(m => ReadyAsync(m, off.Contains(m), patience, tell, cancellation)));
        return Outcome<LabDefinition>.From([.. found.OfType<Problem>()], () => lab);
    }

    private static IReadOnlyList<Problem> Check(LabWish wish)
    {
        var existing = LabProblems.OfName(wish.Name).Count == 0 ? LabDefinition.Read(wish.Name) : null;
        return [.. LabProblems.OfName(wish.Name),
            .. LabProblems.OfSubnet(wish.Subnet ?? existing?.Subnet ?? LabDefinition.DefaultSubnet, wish.Machines ?? existing?.Machines ?? LabDefinition.DefaultMachines),
            .. LabProblems.OfRights(), .. LabProblems.OfComputer(), .. LabProblems.OfOwner(wish.Name)];
    }

    private static Outcome<LabDefinition> Plan(LabWish wish, LabDefinition? existing)
    {
        if (existing is null)
            return Outcome<LabDefinition>.Of(new(wish.Name, wish.Subnet ?? LabDefinition.DefaultSubnet, wish.Machines ?? LabDefinition.DefaultMachines));
        var mend = $"./ark lab down --name {wish.Name}, then up again";
        if (wish.Subnet is { } subnet && subnet != existing.Subnet)
            return Outcome<LabDefinition>.Fail(new Problem("other-subnet", "--subnet", $"The lab {wish.Name} has the network {existing.Subnet} already", mend));
        if (wish.Machines < existing.Machines)
            return Outcome<LabDefinition>.Fail(new Problem("fewer-machines", "--machines", $"The lab {wish.Name} has {existing.Machines} machines: up adds, it does not remove", $"./ark lab stop m{existing.Machines}, or {mend}"));
        return Outcome<LabDefinition>.Of(existing with { Machines = wish.Machines ?? existing.Machines });
    }

    private static async Task<Problem?> ReadyAsync(Machine machine, bool wasOff, TimeSpan patience, Action<string> tell, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var problem = await Power.ReadyAsync(machine, patience, cancellation);
        if (problem is null && wasOff)
            tell($"{machine.Name} {machine.Address} is ready after {clock.Elapsed.TotalSeconds:0.0} s");
        return problem;
    }
}
