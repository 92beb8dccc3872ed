using System.Net;
using Ark.Core.Addressing;
using Ark.Core.Sites;

namespace Ark.Core.Placement;

/// <summary>The request in arrays: machines sorted by address, components by name, rooms and ports as numbers. Immutable once built.</summary>
internal sealed class PlacementModel
{
    private readonly Dictionary<IPAddress, int> _numberOf = [];
    private readonly Dictionary<string, int> _kindOf = new(StringComparer.Ordinal);
    private readonly Dictionary<PortUse, int> _ports = [];
    private readonly Dictionary<string, (int[][] ByRoom, int Count)> _candidates = new(StringComparer.Ordinal);

    public PlacementModel(PlacementRequest request)
    {
        Machines = [.. request.Machines.OrderBy(m => Ipv4.ToNumber(m.Address))];
        for (var i = 0; i < Machines.Length; i++)
            _numberOf.Add(Machines[i].Address, i);
        Rooms = [.. Machines.Select(m => m.Room).Distinct().Order(StringComparer.Ordinal)];
        var roomNumbers = Rooms.Index().ToDictionary(r => r.Item, r => r.Index, StringComparer.Ordinal);
        RoomOf = [.. Machines.Select(m => roomNumbers[m.Room])];
        Kinds = [.. request.Components.OrderBy(c => c.Name, StringComparer.Ordinal).Select((c, i) => ToKind(c, i, request.Mode))];
        foreach (var kind in Kinds)
            _kindOf.Add(kind.Name, kind.Number);
        Parted();
        Taken = [.. Machines.Select(m => request.Mode == SiteMode.Vm ? m.PortsTaken.Select(PortNumber).Distinct().ToArray() : [])];
        Scarcity = Scarce();
        Distribute(request);
    }

    public PlacementMachine[] Machines { get; }

    public string[] Rooms { get; }

    public int[] RoomOf { get; }

    public Kind[] Kinds { get; }

    /// <summary>Per machine, numbers of ports that what is not in the request uses.</summary>
    public int[][] Taken { get; }

    /// <summary>Per machine, how many of the sets of labels that components ask for it fulfils: the fewer, the less it is missed by others.</summary>
    public int[] Scarcity { get; }

    /// <summary>Instances that stay, by kind and number.</summary>
    public List<(int Kind, int Index, int Machine)> Kept { get; } = [];

    /// <summary>Where instances stood that must move.</summary>
    public Dictionary<(int Kind, int Index), IPAddress> Leaving { get; } = [];

    public List<Problem> Problems { get; } = [];

    public int PortCount => _ports.Count;

    public string PortName(int port) => _ports.First(p => p.Value == port).Key is var use ? $"{use.Protocol}/{use.Number}" : "";

    public static Needs Offer(Capacity capacity) =>
        new((long)Math.Floor((capacity.Cpus * 1000) + 1e-6), capacity.MemoryBytes, capacity.DiskBytes);

    public static bool Bears(PlacementMachine machine, PlacementComponent component) =>
        component.Rule.IsMetBy(machine.Labels);

    private Kind ToKind(PlacementComponent component, int number, SiteMode mode)
    {
        var ports = mode == SiteMode.Vm ? component.Ports.Select(PortNumber).Distinct().ToArray() : [];
        var (byRoom, count) = CandidatesOf(component);
        return new()
        {
            Number = number,
            Component = component,
            Needs = new((long)Math.Ceiling((component.Resources.Cpus * 1000) - 1e-6), component.Resources.MemoryBytes, component.Resources.DiskBytes),
            OnePerMachine = component.Rule.Spread || ports.Length > 0,
            Ports = ports,
            Candidates = byRoom,
            CandidateCount = count,
        };
    }

    private int PortNumber(PortUse port)
    {
        if (!_ports.TryGetValue(port, out var number))
            _ports[port] = number = _ports.Count;
        return number;
    }

    /// <summary>Found once for each set of labels.</summary>
    private (int[][] ByRoom, int Count) CandidatesOf(PlacementComponent component)
    {
        var key = string.Join('\n', component.Rule.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
        if (_candidates.TryGetValue(key, out var found))
            return found;
        var byRoom = Rooms.Select(_ => new List<int>()).ToArray();
        for (var m = 0; m < Machines.Length; m++)
        {
            if (!Machines[m].Drained && Bears(Machines[m], component))
                byRoom[RoomOf[m]].Add(m);
        }

        return _candidates[key] = ([.. byRoom.Select(r => r.ToArray())], byRoom.Sum(r => r.Count));
    }

    private void Parted()
    {
        var others = Machines.Index().SelectMany(m => m.Item.Others.Select(o => (Component: o, Machine: m.Index))).ToLookup(o => o.Component, o => o.Machine, StringComparer.Ordinal);
        var apart = Kinds.Select(_ => new SortedSet<int>()).ToArray();
        foreach (var kind in Kinds)
        {
            foreach (var other in kind.Component.Rule.Apart)
            {
                if (!_kindOf.TryGetValue(other, out var number) || number == kind.Number)
                    continue;
                apart[kind.Number].Add(number);
                apart[number].Add(kind.Number);
            }
        }

        foreach (var kind in Kinds)
        {
            kind.Apart = [.. apart[kind.Number]];
            kind.ApartFromOthers = [.. kind.Component.Rule.Apart.SelectMany(a => others[a]).Distinct().Order()];
        }
    }

    private int[] Scarce()
    {
        var scarcity = new int[Machines.Length];
        foreach (var (byRoom, _) in _candidates.Values)
        {
            foreach (var machine in byRoom.SelectMany(r => r))
                scarcity[machine]++;
        }

        return scarcity;
    }

    /// <summary>Which instances stay, which are pinned, which are to be placed.</summary>
    private void Distribute(PlacementRequest request)
    {
        Dictionary<(int, int), IPAddress> standing = [];
        foreach (var instance in request.Standing)
        {
            if (!_kindOf.TryGetValue(instance.Component, out var kind))
                throw new ArgumentException($"{instance.Component}-{instance.Index} stands, but its component is not in the request.", nameof(request));
            standing.Add((kind, instance.Index), instance.Machine);
        }

        foreach (var kind in Kinds)
        {
            for (var index = 1; index <= kind.Component.Count; index++)
            {
                var stands = standing.GetValueOrDefault((kind.Number, index));
                if (stands is not null && _numberOf.TryGetValue(stands, out var machine) && !Machines[machine].Drained)
                    Keep(kind, index, machine);
                else
                    Want(kind, index, stands);
            }
        }
    }

    private void Keep(Kind kind, int index, int machine)
    {
        Kept.Add((kind.Number, index, machine));
        var (name, address) = ($"{kind.Name}-{index}", Machines[machine].Address);
        if (kind.Component.Pins.TryGetValue(index, out var pin) && !pin.Equals(address))
            Problems.Add(new("pinned-elsewhere", name, $"{name} runs on {address} and is pinned to {pin}: what runs is not moved.", $"take the pin out of task.yaml, or first: ark machine drain {address}"));
        if (!Bears(Machines[machine], kind.Component))
            Problems.Add(new("stays-against-rule", name, $"{name} stays on {address}, which lacks the label {MissingLabel(kind, machine)}.", $"ark machine drain {address} moves it", Severity.Warning));
    }

    public string MissingLabel(Kind kind, int machine) => string.Join(", ", kind.Component.Rule.Labels
        .Where(l => Machines[machine].Labels.GetValueOrDefault(l.Key) != l.Value)
        .OrderBy(l => l.Key, StringComparer.Ordinal)
        .Select(l => $"{l.Key}={l.Value}"));

    private void Want(Kind kind, int index, IPAddress? leaves)
    {
        if (leaves is not null)
            Leaving[(kind.Number, index)] = leaves;
        var name = $"{kind.Name}-{index}";
        if (!kind.Component.Pins.TryGetValue(index, out var pin))
            kind.Wanted.Add(index);
        else if (_numberOf.TryGetValue(pin, out var machine))
            kind.Pinned.Add((index, machine));
        else
            Problems.Add(new("unknown-machine", name, $"{name} is pinned to {pin}, which is not a machine of the site.", "pin it to one of machine_ips, or take the pin out"));
    }
}
