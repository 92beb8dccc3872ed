using System.Net;
using Ark.Core.Placement;

namespace Ark.Bench.Placement;

/// <summary>A machine as the peers see it.</summary>
internal sealed class Node(PlacementMachine machine)
{
    public PlacementMachine Machine { get; } = machine;

    public long Cpu { get; set; } = (long)(machine.Capacity.Cpus * 1000);

    public long Memory { get; set; } = machine.Capacity.MemoryBytes;

    public long Disk { get; set; } = machine.Capacity.DiskBytes;

    public int Instances { get; set; }

    public bool Exclusive { get; set; }

    public HashSet<PortUse> Ports { get; } = [.. machine.PortsTaken];

    public Dictionary<string, int> Components { get; } = new(StringComparer.Ordinal);
}

/// <summary>
/// Schedulers of the usual kind, written here for comparison: a chain of filters over all machines, then an order. They keep the same hard rules as Ark
/// and know nothing of rooms. They are the textbook's way, not the code of any product.
/// </summary>
internal sealed class Peer
{
    private readonly Node[] _nodes;
    private readonly Dictionary<string, HashSet<string>> _apart = new(StringComparer.Ordinal);

    public Peer(PlacementRequest request)
    {
        _nodes = [.. request.Machines.Select(m => new Node(m))];
        foreach (var (one, other) in request.Components.SelectMany(c => c.Rule.Apart.Select(a => (c.Name, a))))
        {
            Of(one).Add(other);
            Of(other).Add(one);
        }

        HashSet<string> Of(string name) => _apart.TryGetValue(name, out var set) ? set : _apart[name] = new(StringComparer.Ordinal);
    }

    /// <summary>
    /// Spread, a service at a time, as Swarm does it: all machines are filtered once a component and ordered by instances of the component, then by instances
    /// at all; its instances go over them in turn. Exclusive components come first, or none would find an empty machine.
    /// </summary>
    public List<(PlacementComponent Component, IPAddress Machine)> Spread(PlacementRequest request)
    {
        List<(PlacementComponent, IPAddress)> placed = [];
        foreach (var component in request.Components.OrderByDescending(c => c.Rule.Exclusive))
        {
            var able = _nodes.Where(n => Fits(component, n)).OrderBy(n => n.Components.GetValueOrDefault(component.Name)).ThenBy(n => n.Instances).Take(component.Count).ToList();
            var left = component.Count;
            while (left > 0 && able.Count > 0)
            {
                foreach (var node in able.Take(left))
                {
                    Put(component, node, placed);
                    left--;
                }

                able.RemoveAll(n => !Fits(component, n));
            }
        }

        return placed;
    }

    /// <summary>First fit decreasing: the largest components first, each instance to the first machine that passes the filters.</summary>
    public List<(PlacementComponent Component, IPAddress Machine)> FirstFit(PlacementRequest request)
    {
        List<(PlacementComponent, IPAddress)> placed = [];
        foreach (var component in request.Components.OrderByDescending(c => c.Rule.Exclusive).ThenByDescending(c => c.Resources.MemoryBytes))
        {
            for (var i = 0; i < component.Count && Array.Find(_nodes, n => Fits(component, n)) is { } node; i++)
                Put(component, node, placed);
        }

        return placed;
    }

    private static void Put(PlacementComponent component, Node node, List<(PlacementComponent, IPAddress)> placed)
    {
        node.Cpu -= (long)Math.Ceiling(component.Resources.Cpus * 1000);
        node.Memory -= component.Resources.MemoryBytes;
        node.Disk -= component.Resources.DiskBytes;
        node.Instances++;
        node.Exclusive |= component.Rule.Exclusive;
        node.Ports.UnionWith(component.Ports);
        node.Components[component.Name] = node.Components.GetValueOrDefault(component.Name) + 1;
        placed.Add((component, node.Machine.Address));
    }

    private bool Fits(PlacementComponent component, Node node)
    {
        if (component.Resources.MemoryBytes > node.Memory || component.Resources.DiskBytes > node.Disk || component.Resources.Cpus * 1000 > node.Cpu)
            return false;
        foreach (var (name, value) in component.Rule.Labels)
        {
            if (!node.Machine.Labels.TryGetValue(name, out var has) || has != value)
                return false;
        }

        if (component.Rule.Spread && node.Components.ContainsKey(component.Name))
            return false;
        if (component.Rule.Exclusive ? node.Instances > node.Components.GetValueOrDefault(component.Name) : node.Exclusive)
            return false;
        foreach (var port in component.Ports)
        {
            if (node.Ports.Contains(port))
                return false;
        }

        return !_apart.TryGetValue(component.Name, out var apart) || !apart.Overlaps(node.Components.Keys);
    }
}
