using System.Globalization;
using System.Net;
using Ark.Core.Addressing;
using Ark.Core.Base;
using Ark.Core.Catalog;
using Ark.Core.Placement;
using Ark.Core.Sites;
using Ark.Core.Tasks;

namespace Ark.Core.Planning;

/// <summary>What decides where a task's instances stand.</summary>
public sealed record TaskPlacementRequest
{
    public required Site Site { get; init; }

    public required DeploymentTask Task { get; init; }

    public required Baseline Baseline { get; init; }

    public required ClusterFacts Facts { get; init; }

    /// <summary>Machines whose instances must go elsewhere, beside those whose node is drained.</summary>
    public IReadOnlySet<string> Drained { get; init; } = new HashSet<string>();

    /// <summary>Machine to the names of its volumes: an instance that comes back stands where its data is.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Volumes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Addresses on record, of all tasks; looked at in physical mode.</summary>
    public IReadOnlyList<AddressRecord> Records { get; init; } = [];
}

/// <summary>Gives every instance of a task its machine and its address, around what stands on the site. Pure.</summary>
public static class TaskPlacement
{
    /// <summary>Ports that the base uses on every machine: Swarm's and the registries'.</summary>
    private static readonly IReadOnlyList<PortUse> BasePorts = [new(2377, "tcp"), new(7946, "tcp"), new(7946, "udp"), new(4789, "udp"), new(BaseNames.RegistryPort, "tcp")];

    /// <returns>Instance name to its spot, or every problem of placement, or of addressing.</returns>
    public static Outcome<IReadOnlyDictionary<string, Spot>> Place(TaskPlacementRequest request)
    {
        var (task, facts) = (request.Task, request.Facts);
        var wanted = task.Components.Select(c => (Task: c, Component: request.Baseline.Find(c.Name)!)).Where(c => TaskResolver.Outside(request.Site, c.Component) is null).ToList();
        var names = wanted.Select(c => c.Component.Name).ToHashSet();
        var placed = Placer.Place(new()
        {
            Mode = request.Site.Mode,
            Machines = [.. request.Site.Machines.Select(m => Machine(m, request, names))],
            Components = [.. wanted.Select(c => PlacementComponent.Of(c.Component, c.Task, TaskResolver.CountOf(c.Task, c.Component, task.Purpose)))],
            Standing =
            [
                .. facts.Services.Where(s => names.Contains(s.Component) && IPAddress.TryParse(s.Spec.Machine, out _)).Select(s => new StandingInstance(s.Component, TaskResolver.IndexOf(s.Name), IPAddress.Parse(s.Spec.Machine))),
                .. wanted.SelectMany(c => WithData(c.Component.Name, TaskResolver.CountOf(c.Task, c.Component, task.Purpose), request)),
            ],
        });
        if (!placed.Ok) return Outcome<IReadOnlyDictionary<string, Spot>>.Fail(placed.Problems);
        var addresses = AddressAllocator.Allocate(Addresses(request, placed.Value));
        List<Problem> problems = [.. placed.Problems, .. addresses.Problems];
        return Outcome<IReadOnlyDictionary<string, Spot>>.From(problems, () =>
            placed.Value.Instances.ToDictionary(i => i.Instance, i => new Spot(i.Machine.ToString(), addresses.Value!.Of(i.Instance).ToString(), i.Room)));
    }

    /// <summary>Instances that do not stand, where exactly one machine that may carry them has a volume of theirs.</summary>
    private static IEnumerable<StandingInstance> WithData(string component, int count, TaskPlacementRequest request)
    {
        for (var index = 1; index <= count; index++)
        {
            var name = TaskResolver.InstanceName(component, index);
            if (request.Facts.Find(name) is not null) continue;
            var homes = request.Site.Machines.Where(m => !request.Drained.Contains(m.Name) && request.Volumes.GetValueOrDefault(m.Name, []).Any(v => v.StartsWith(name + ".", StringComparison.Ordinal))).ToList();
            if (homes.Count == 1) yield return new(component, index, homes[0].Address);
        }
    }

    /// <summary>Ports that are in use on a machine before any task comes.</summary>
    public static IReadOnlyList<PortUse> PortsOfBase(Machine machine, Site site) =>
        [new(site.SshPort, "tcp"), .. BasePorts, .. machine.Address.Equals(site.ClientAddress) ? [new PortUse(80, "tcp")] : Array.Empty<PortUse>()];

    /// <summary>Machines' addresses, which no container gets; the client's among them.</summary>
    public static IReadOnlyList<IPAddress> MachineAddresses(Site site) => [.. site.Machines.Select(m => m.Address).Append(site.ClientAddress).Distinct()];

    /// <summary>
    /// Addresses on record that are only reserved: other tasks' instances that do not stand yet, and what <c>task.yaml</c> writes for instances
    /// above the count.
    /// </summary>
    private static AddressRequest Addresses(TaskPlacementRequest request, PlacementResult placed)
    {
        var (site, task) = (request.Site, request.Task);
        var written = task.Components.SelectMany(c => c.Addresses).ToDictionary(a => a.Key, a => a.Value);
        var names = placed.Instances.Select(i => i.Instance).ToHashSet();
        if (site.Pool is not { } pool)
            return new() { Mode = site.Mode, Wanted = [.. placed.Instances.Select(i => new AddressWish(i.Component, i.Index, i.Machine, written.GetValueOrDefault(i.Instance)))], Standing = Standing(request.Facts) };

        var book = AddressBook.Of(request.Facts, request.Records);
        var reserved = new Dictionary<string, IPAddress>(book.ReservedByOthers(task.Id));
        foreach (var (instance, address) in written.Where(w => !names.Contains(w.Key))) reserved.TryAdd(instance, address);
        var machines = MachineAddresses(site);
        var own = book.Recorded.GetValueOrDefault(task.Id) ?? new Dictionary<string, IPAddress>();
        var taken = book.Standing.Values.Concat(reserved.Values).Concat(written.Values).ToHashSet();

        // What was given to an instance and put on record before a run broke off is its, as long as nothing speaks against it.
        IPAddress? Given(string instance) =>
            own.TryGetValue(instance, out var address) && !taken.Contains(address) && pool.InRange(address) && !pool.IsSpecial(address) && !machines.Contains(address) ? address : null;

        return new()
        {
            Mode = site.Mode,
            Pool = pool,
            Wanted = [.. placed.Instances.Select(i => new AddressWish(i.Component, i.Index, i.Machine, written.GetValueOrDefault(i.Instance) ?? Given(i.Instance)))],
            Standing = book.Standing,
            Reserved = reserved,
            Machines = machines,
            Freed = book.Freed,
        };
    }

    /// <summary>In VM mode every instance that stands has its machine's address.</summary>
    private static Dictionary<string, IPAddress> Standing(ClusterFacts facts) =>
        facts.Services.Where(s => Ipv4.TryParse(s.Spec.Machine, out _)).ToDictionary(s => s.Name, s => IPAddress.Parse(s.Spec.Machine));

    /// <summary>A machine less what instances of other tasks, and of components that the task no longer names, use of it.</summary>
    private static PlacementMachine Machine(Machine machine, TaskPlacementRequest request, HashSet<string> names)
    {
        var node = request.Facts.Nodes.FirstOrDefault(n => n.Machine == machine.Name);
        var others = request.Facts.Services.Where(s => s.Spec.Machine == machine.Name && !names.Contains(s.Component)).ToList();
        var uses = others.Select(s => InstanceUse.Of(s.Spec)).ToList();
        var disk = long.TryParse(node?.Labels.GetValueOrDefault(ArkLabels.Disk), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        var free = new Capacity(
            (node?.Cpus ?? 0) - others.Sum(s => s.Spec.CpuReservation), (node?.MemoryBytes ?? 0) - others.Sum(s => s.Spec.MemoryReservation), disk - uses.Sum(u => u.DiskBytes));
        return PlacementMachine.Of(machine, free) with
        {
            Drained = request.Drained.Contains(machine.Name) || node is null || node.IsDrained,
            PortsTaken = [.. PortsOfBase(machine, request.Site).Concat(uses.SelectMany(u => u.Ports)).Distinct()],
            Others = [.. others.Select(s => s.Component).Distinct()],
            Reserved = uses.Any(u => u.Exclusive),
        };
    }
}
