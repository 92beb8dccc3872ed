using System.Net;
using Ark.Core.Placement;
using Ark.Core.Sites;

namespace Ark.Core.Tests.Placement;

/// <summary>The rules once more, written for clearness: judges placements, and finds by trying everything whether one exists.</summary>
internal static class PlacementRules
{
    public sealed record Spot(PlacementComponent Component, int Index, IPAddress Machine);

    /// <summary>Instances that stay whatever the rules say.</summary>
    public static List<Spot> Staying(PlacementRequest request) =>
    [
        .. from s in request.Standing
           let c = request.Components.Single(c => c.Name == s.Component)
           where s.Index <= c.Count && request.Machines.Any(m => m.Address.Equals(s.Machine) && !m.Drained)
           select new Spot(c, s.Index, s.Machine),
    ];

    /// <summary>What is wrong with putting <paramref name="next"/> beside <paramref name="placed"/>.</summary>
    public static string? Against(PlacementRequest request, IReadOnlyCollection<Spot> placed, Spot next)
    {
        var machine = request.Machines.Single(m => m.Address.Equals(next.Machine));
        var here = placed.Where(p => p.Machine.Equals(next.Machine)).ToList();
        var (name, rule, needs) = (next.Component.Name, next.Component.Rule, next.Component.Resources);
        if (machine.Drained)
            return "drained";
        if (rule.Labels.Any(l => machine.Labels.GetValueOrDefault(l.Key) != l.Value))
            return "label";
        if (rule.Spread && here.Any(h => h.Component.Name == name))
            return "spread";
        if (here.Any(h => h.Component.Name != name && (rule.Apart.Contains(h.Component.Name) || h.Component.Rule.Apart.Contains(name))))
            return "apart";
        if (rule.Apart.Any(machine.Others.Contains))
            return "apart from another task's";
        if (machine.Reserved || (rule.Exclusive && (machine.Others.Count > 0 || here.Any(h => h.Component.Name != name))))
            return "exclusive";
        if (here.Any(h => h.Component.Rule.Exclusive && h.Component.Name != name))
            return "exclusive to another";
        if (request.Mode == SiteMode.Vm && next.Component.Ports.Intersect([.. machine.PortsTaken, .. here.SelectMany(h => h.Component.Ports)]).Any())
            return "port";
        if (here.Sum(h => Milli(h.Component.Resources.Cpus)) + Milli(needs.Cpus) > Milli(machine.Capacity.Cpus))
            return "cores";
        if (here.Sum(h => h.Component.Resources.MemoryBytes) + needs.MemoryBytes > machine.Capacity.MemoryBytes)
            return "memory";
        if (here.Sum(h => h.Component.Resources.DiskBytes) + needs.DiskBytes > machine.Capacity.DiskBytes)
            return "disk";
        return next.Component.Pins.TryGetValue(next.Index, out var pin) && !pin.Equals(next.Machine) ? "pin" : null;
    }

    /// <summary>Everything that a result breaks; empty for a good one.</summary>
    public static List<string> Violations(PlacementRequest request, PlacementResult result)
    {
        List<string> found = [];
        var staying = Staying(request);
        var placed = staying.ToList();
        foreach (var instance in result.Instances)
        {
            var stays = staying.Find(s => s.Component.Name == instance.Component && s.Index == instance.Index);
            if (stays is not null && !stays.Machine.Equals(instance.Machine))
                found.Add($"{instance.Instance} moved");
            if ((stays is null) != instance.IsNew)
                found.Add($"{instance.Instance} is new or not");
            if (stays is not null)
                continue;
            var spot = new Spot(request.Components.Single(c => c.Name == instance.Component), instance.Index, instance.Machine);
            if (Against(request, placed, spot) is { } rule)
                found.Add($"{instance.Instance} on {instance.Machine}: {rule}");
            placed.Add(spot);
        }

        var wanted = request.Components.OrderBy(c => c.Name, StringComparer.Ordinal).SelectMany(c => Enumerable.Range(1, c.Count).Select(i => $"{c.Name}-{i}"));
        if (!wanted.SequenceEqual(result.Instances.Select(i => i.Instance)))
            found.Add("not exactly what is wanted");
        return found;
    }

    /// <summary>Tries every machine for every instance.</summary>
    public static bool Exists(PlacementRequest request)
    {
        var staying = Staying(request);
        if (staying.Any(s => s.Component.Pins.TryGetValue(s.Index, out var pin) && !pin.Equals(s.Machine)))
            return false;
        var open = request.Components
            .SelectMany(c => Enumerable.Range(1, c.Count).Select(i => (c, i)))
            .Where(o => !staying.Exists(s => s.Component == o.c && s.Index == o.i))
            .ToList();
        return Try(0, staying);

        bool Try(int at, List<Spot> placed)
        {
            if (at == open.Count)
                return true;
            foreach (var machine in request.Machines)
            {
                var next = new Spot(open[at].c, open[at].i, machine.Address);
                if (Against(request, placed, next) is null && Try(at + 1, [.. placed, next]))
                    return true;
            }

            return false;
        }
    }

    private static long Milli(double cpus) => (long)Math.Round(cpus * 1000);
}
