using System.Globalization;
using Ark.Core.Catalog;
using Ark.Core.Planning;
using Ark.Core.Sites;
using Ark.Core.Tasks;

namespace Ark.Core.Checks;

/// <summary>What a task will take of each machine, before there is a cluster. Pure: the same facts give the same needs.</summary>
public static class TaskNeeds
{
    private const long T = 1L << 40;

    /// <summary>More than any component asks for.</summary>
    private static readonly Room Ample = new(4096, 16 * T, 1024 * T);

    /// <summary>
    /// The task placed on what the machines say they have. Where that fails it is placed as if every machine had room enough, so that checks
    /// name the machine that lacks some.
    /// </summary>
    /// <param name="machines">What they said; one that said nothing is taken to be like the largest of the others.</param>
    /// <returns>Machine to its needs; those that carry nothing are left out. Why nothing can be placed at all.</returns>
    public static Outcome<IReadOnlyDictionary<string, MachineNeeds>> Of(Site site, DeploymentTask task, Baseline baseline, IReadOnlyList<HostFacts> machines)
    {
        var known = machines.Select(m => (m.Machine, Room: RoomOf(m, site))).Where(m => m.Room is not null).ToDictionary(m => m.Machine, m => m.Room!);
        var others = known.Values.MaxBy(r => r.MemoryBytes) ?? Ample;
        var spots = Place(site, task, baseline, machine => known.GetValueOrDefault(machine, others));
        if (!spots.Ok) spots = Place(site, task, baseline, _ => Ample);
        return spots.Ok
            ? Outcome<IReadOnlyDictionary<string, MachineNeeds>>.Of(Sum(site, task, baseline, spots.Value), spots.Problems)
            : Outcome<IReadOnlyDictionary<string, MachineNeeds>>.Fail(spots.Problems);
    }

    /// <summary>Products of which the task has a component that not every product has.</summary>
    public static IReadOnlySet<string> Products(DeploymentTask task, Baseline baseline)
    {
        var names = task.Components.Select(c => c.Name).ToHashSet();
        return baseline.Products.Where(p => p.Components.Concat(p.Optional).Any(c => names.Contains(c) && !baseline.Products.All(o => o.Components.Contains(c))))
            .Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static Outcome<IReadOnlyDictionary<string, Spot>> Place(Site site, DeploymentTask task, Baseline baseline, Func<string, Room> room) => TaskPlacement.Place(new()
    {
        Site = site,
        Task = task,
        Baseline = baseline,
        Facts = new()
        {
            At = DateTimeOffset.UnixEpoch,
            Nodes = [.. site.Machines.Select(m => Node(m.Name, room(m.Name)))],
            Services = [],
            Configs = [],
            Secrets = [],
        },
    });

    private static NodeFacts Node(string machine, Room room) => new(
        machine, machine, machine, machine, IsManager: false, IsLeader: false, IsReady: true, IsDrained: false, room.Cpus, room.MemoryBytes,
        new Dictionary<string, string> { [ArkLabels.Disk] = room.DiskBytes.ToString(CultureInfo.InvariantCulture) });

    private static Room? RoomOf(HostFacts facts, Site site) =>
        facts is { Cpu: { } cpu, Memory: { } memory } && facts.Storage?.FileSystems.FirstOrDefault(f => f.Path == site.DockerDir) is { } disk ? new(cpu.Count, memory.TotalBytes, disk.Bytes) : null;

    private static Dictionary<string, MachineNeeds> Sum(Site site, DeploymentTask task, Baseline baseline, IReadOnlyDictionary<string, Spot> spots)
    {
        var chosen = task.Components.ToDictionary(c => c.Name);
        var instances = spots.Select(s => (Instance: s.Key, s.Value.Machine, Component: baseline.Find(s.Key[..s.Key.LastIndexOf('-')])!)).ToList();
        return instances.GroupBy(i => i.Machine).ToDictionary(g => g.Key, g => new MachineNeeds(
            g.Sum(i => (decimal)i.Component.Resources.Cpus),
            g.Sum(i => i.Component.Resources.MemoryBytes),
            g.Sum(i => i.Component.Resources.DiskBytes),
            Ports("tcp", g.Select(i => (i.Instance, i.Component, chosen[i.Component.Name]))))
        {
            UdpPorts = Ports("udp", g.Select(i => (i.Instance, i.Component, chosen[i.Component.Name]))),
        });

        Dictionary<int, string> Ports(string protocol, IEnumerable<(string Instance, Component Component, TaskComponent Task)> instances) =>
            site.Mode == SiteMode.Physical ? [] : PortsOf(protocol, instances);
    }

    private static Dictionary<int, string> PortsOf(string protocol, IEnumerable<(string Instance, Component Component, TaskComponent Task)> instances)
    {
        Dictionary<int, string> ports = [];
        foreach (var (instance, component, task) in instances)
            foreach (var port in component.Ports.Where(p => p.Protocol == protocol))
                ports.TryAdd(task.Ports.GetValueOrDefault(port.Name, port.Number), instance);
        return ports;
    }

    /// <param name="Cpus">Cores.</param>
    private sealed record Room(double Cpus, long MemoryBytes, long DiskBytes);
}
