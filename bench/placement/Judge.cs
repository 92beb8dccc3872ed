using System.Net;
using Ark.Core.Placement;

namespace Ark.Bench.Placement;

/// <summary>Looks at a finished placement with the rules written once more; the same for all sides.</summary>
internal static class Judge
{
    /// <summary>Throws where a hard rule is broken.</summary>
    /// <returns>Highest over mean load; a machine's load is the largest share in use of cores, memory, disk.</returns>
    public static double Balance(PlacementRequest request, IReadOnlyList<(PlacementComponent Component, IPAddress Machine)> placed)
    {
        var byMachine = placed.GroupBy(p => p.Machine).ToDictionary(g => g.Key, g => g.Select(p => p.Component).ToList());
        List<double> loads = [];
        foreach (var machine in request.Machines)
        {
            var here = byMachine.GetValueOrDefault(machine.Address) ?? [];
            foreach (var broken in Broken(machine, here))
                throw new InvalidOperationException($"{machine.Address}: {broken}");
            loads.Add(new[]
            {
                here.Sum(c => c.Resources.Cpus) / machine.Capacity.Cpus,
                here.Sum(c => (double)c.Resources.MemoryBytes) / machine.Capacity.MemoryBytes,
                here.Sum(c => (double)c.Resources.DiskBytes) / machine.Capacity.DiskBytes,
            }.Max());
        }

        return loads.Max() / loads.Average();
    }

    /// <summary>Components whose fullest and emptiest rooms differ by at most one instance.</summary>
    public static int EvenOverRooms(PlacementRequest request, IReadOnlyList<(PlacementComponent Component, IPAddress Machine)> placed)
    {
        var roomOf = request.Machines.ToDictionary(m => m.Address, m => m.Room);
        var rooms = roomOf.Values.Distinct().ToList();
        return placed.GroupBy(p => p.Component.Name).Count(g =>
        {
            var counts = rooms.Select(r => g.Count(p => roomOf[p.Machine] == r)).ToList();
            return counts.Max() - counts.Min() <= 1;
        });
    }

    private static IEnumerable<string> Broken(PlacementMachine machine, List<PlacementComponent> here)
    {
        if (here.Sum(c => c.Resources.Cpus) > machine.Capacity.Cpus + 1e-6)
            yield return "cores";
        if (here.Sum(c => c.Resources.MemoryBytes) > machine.Capacity.MemoryBytes)
            yield return "memory";
        if (here.Sum(c => c.Resources.DiskBytes) > machine.Capacity.DiskBytes)
            yield return "disk";
        if (here.Any(c => c.Rule.Labels.Any(l => machine.Labels.GetValueOrDefault(l.Key) != l.Value)))
            yield return "labels";
        if (here.GroupBy(c => c.Name).Any(g => g.First().Rule.Spread && g.Count() > 1))
            yield return "spread";
        if (here.Any(c => c.Rule.Exclusive) && here.DistinctBy(c => c.Name).Count() > 1)
            yield return "exclusive";
        var names = here.Select(c => c.Name).ToHashSet();
        if (here.Any(c => c.Rule.Apart.Any(names.Contains)))
            yield return "apart";
        var ports = machine.PortsTaken.Concat(here.SelectMany(c => c.Ports)).ToList();
        if (ports.Distinct().Count() != ports.Count)
            yield return "ports";
    }
}
