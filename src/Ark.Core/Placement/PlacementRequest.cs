using System.Net;
using Ark.Core.Catalog;
using Ark.Core.Sites;
using Ark.Core.Tasks;

namespace Ark.Core.Placement;

/// <summary>What is to stand where: machines, components with their counts, and what stands already. The order of the lists decides nothing.</summary>
public sealed record PlacementRequest
{
    /// <summary>In VM mode a component's ports are the machine's: no two instances may use one there.</summary>
    public required SiteMode Mode { get; init; }

    public required IReadOnlyList<PlacementMachine> Machines { get; init; }

    /// <summary>Names are unique.</summary>
    public required IReadOnlyList<PlacementComponent> Components { get; init; }

    /// <summary>
    /// Instances of <see cref="Components"/> that run. They stay, whatever the rules say now, unless their machine is gone or drained;
    /// those above their component's count go and are not looked at.
    /// </summary>
    public IReadOnlyList<StandingInstance> Standing { get; init; } = [];
}

/// <summary>A machine that may carry instances.</summary>
public sealed record PlacementMachine
{
    public required IPAddress Address { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>One room if none says otherwise.</summary>
    public string Room { get; init; } = "";

    public required Capacity Capacity { get; init; }

    /// <summary>It takes nothing new, and what stands there goes elsewhere.</summary>
    public bool Drained { get; init; }

    /// <summary>Ports in use by what is not in the request: sshd, the registry, other tasks. Looked at in VM mode.</summary>
    public IReadOnlyList<PortUse> PortsTaken { get; init; } = [];

    /// <summary>Components of other tasks that stand here, for exclusive machines and <c>apart</c>; what they use is taken off the capacity already.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>One of <see cref="Others"/> has the machine for itself.</summary>
    public bool Reserved { get; init; }

    public static PlacementMachine Of(Machine machine, Capacity capacity) =>
        new() { Address = machine.Address, Labels = machine.Labels, Room = machine.Room, Capacity = capacity };
}

/// <summary>What a machine has for instances. Memory and disk are kept to; who means to oversubscribe cores gives more of them here.</summary>
/// <param name="Cpus">Cores; counted in thousandths.</param>
/// <param name="MemoryBytes">Bytes.</param>
/// <param name="DiskBytes">Bytes under Docker's data path.</param>
public sealed record Capacity(double Cpus, long MemoryBytes, long DiskBytes);

/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
public sealed record PortUse(int Number, string Protocol);

/// <summary>A component and how many instances of it are wanted.</summary>
public sealed record PlacementComponent
{
    public required string Name { get; init; }

    public required int Count { get; init; }

    public required ResourceNeeds Resources { get; init; }

    public PlacementRule Rule { get; init; } = new();

    /// <summary>As in effect: the catalogue's, with what the task changed.</summary>
    public IReadOnlyList<PortUse> Ports { get; init; } = [];

    /// <summary>Number of the instance (from 1) to its machine, where a person said so.</summary>
    public IReadOnlyDictionary<int, IPAddress> Pins { get; init; } = new Dictionary<int, IPAddress>();

    /// <summary>A component of the catalogue as a task wants it. What the task says of instances above the count is left out.</summary>
    public static PlacementComponent Of(Component component, TaskComponent task, int count) => new()
    {
        Name = component.Name,
        Count = count,
        Resources = component.Resources,
        Rule = component.Placement,
        Ports = [.. component.Ports.Select(p => new PortUse(task.Ports.GetValueOrDefault(p.Name, p.Number), p.Protocol))],
        Pins = Enumerable.Range(1, count)
            .Where(i => task.Machines.ContainsKey($"{component.Name}-{i}"))
            .ToDictionary(i => i, i => task.Machines[$"{component.Name}-{i}"]),
    };
}

/// <summary>An instance that runs. <paramref name="Index"/> counts from 1: 2 of <c>cache-2</c>.</summary>
public sealed record StandingInstance(string Component, int Index, IPAddress Machine);
