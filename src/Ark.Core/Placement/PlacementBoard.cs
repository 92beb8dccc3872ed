namespace Ark.Core.Placement;

/// <summary>Who stands where, and what is free. Mutable; every attempt begins with a board of its own.</summary>
internal sealed class PlacementBoard
{
    /// <summary>The owner of a machine that a component of another task has for itself.</summary>
    public const int Stranger = int.MaxValue;

    private readonly PlacementModel _model;
    private readonly double[] _perCpu;
    private readonly double[] _perMemory;
    private readonly double[] _perDisk;
    private readonly Needs[] _capacity;

    public PlacementBoard(PlacementModel model)
    {
        _model = model;
        _capacity = [.. model.Machines.Select(m => PlacementModel.Offer(m.Capacity))];
        Free = [.. _capacity];
        _perCpu = [.. _capacity.Select(c => PerUnit(c.Cpu))];
        _perMemory = [.. _capacity.Select(c => PerUnit(c.Memory))];
        _perDisk = [.. _capacity.Select(c => PerUnit(c.Disk))];
        On = [.. model.Machines.Select(_ => new List<int>())];
        Of = [.. model.Kinds.Select(_ => new List<(int, int)>())];
        Occupants = [.. model.Machines.Select(m => m.Others.Count + (m.Reserved ? 1 : 0))];
        Owner = [.. model.Machines.Select(m => m.Reserved ? Stranger : -1)];
        Owned = new int[model.Machines.Length];
        Users = [.. Enumerable.Range(0, model.PortCount).Select(_ => new List<int>())];
        for (var m = 0; m < model.Machines.Length; m++)
        {
            foreach (var port in model.Taken[m])
                Users[port].Add(m);
        }
    }

    /// <summary>Per machine; negative where what stands there exceeds it.</summary>
    public Needs[] Free { get; }

    /// <summary>Per machine, the kinds of its instances.</summary>
    public List<int>[] On { get; }

    /// <summary>Per kind, its instances: number and machine.</summary>
    public List<(int Index, int Machine)>[] Of { get; }

    /// <summary>Per machine, instances of all kinds, those of other tasks too.</summary>
    public int[] Occupants { get; }

    /// <summary>Per machine, the exclusive kind that stands there, -1, or <see cref="Stranger"/>.</summary>
    public int[] Owner { get; }

    /// <summary>Per machine, instances of its owner.</summary>
    public int[] Owned { get; }

    /// <summary>Per port, machines on which it is in use.</summary>
    public List<int>[] Users { get; }

    public void Place(Kind kind, int index, int machine)
    {
        var (free, needs) = (Free[machine], kind.Needs);
        Free[machine] = new(free.Cpu - needs.Cpu, free.Memory - needs.Memory, free.Disk - needs.Disk);
        On[machine].Add(kind.Number);
        Of[kind.Number].Add((index, machine));
        Occupants[machine]++;
        if (kind.Exclusive && Owner[machine] < 0)
            Owner[machine] = kind.Number;
        if (Owner[machine] == kind.Number)
            Owned[machine]++;
        foreach (var port in kind.Ports)
            Users[port].Add(machine);
    }

    /// <summary>Takes back the kind's last <see cref="Place"/>.</summary>
    public void Unplace(Kind kind)
    {
        var machine = Of[kind.Number][^1].Machine;
        Of[kind.Number].RemoveAt(Of[kind.Number].Count - 1);
        var (free, needs) = (Free[machine], kind.Needs);
        Free[machine] = new(free.Cpu + needs.Cpu, free.Memory + needs.Memory, free.Disk + needs.Disk);
        On[machine].RemoveAt(On[machine].LastIndexOf(kind.Number));
        Occupants[machine]--;
        if (Owner[machine] == kind.Number && --Owned[machine] == 0)
            Owner[machine] = -1;
        foreach (var port in kind.Ports)
            Users[port].RemoveAt(Users[port].LastIndexOf(machine));
    }

    public bool HasRoom(in Needs needs, int machine)
    {
        ref readonly var free = ref Free[machine];
        return needs.Cpu <= free.Cpu && needs.Memory <= free.Memory && needs.Disk <= free.Disk;
    }

    /// <summary>Exclusive machines, in both directions.</summary>
    public bool MayJoin(Kind kind, int machine) => kind.Exclusive
        ? Occupants[machine] == 0 || (Owner[machine] == kind.Number && Owned[machine] == Occupants[machine])
        : Owner[machine] < 0;

    /// <summary>All rules but the labels, for one machine.</summary>
    public bool CanHold(Kind kind, int machine)
    {
        if (!HasRoom(kind.Needs, machine) || !MayJoin(kind, machine) || Array.IndexOf(_model.OthersApart[machine], kind.Number) >= 0)
            return false;
        foreach (var other in On[machine])
        {
            if (other == kind.Number ? kind.OnePerMachine : Array.IndexOf(kind.Apart, other) >= 0)
                return false;
        }

        foreach (var port in kind.Ports)
        {
            if (Users[port].Contains(machine))
                return false;
        }

        return true;
    }

    /// <summary>The machine's load, were <paramref name="needs"/> to stand there too: the largest of the three shares in use.</summary>
    public double LoadWith(in Needs needs, int machine)
    {
        ref readonly var free = ref Free[machine];
        ref readonly var all = ref _capacity[machine];
        var cpu = (all.Cpu - free.Cpu + needs.Cpu) * _perCpu[machine];
        var memory = (all.Memory - free.Memory + needs.Memory) * _perMemory[machine];
        var disk = (all.Disk - free.Disk + needs.Disk) * _perDisk[machine];
        return Math.Max(cpu, Math.Max(memory, disk));
    }

    public double Balance()
    {
        double sum = 0, highest = 0;
        var machines = 0;
        for (var m = 0; m < Free.Length; m++)
        {
            if (_model.Machines[m].Drained)
                continue;
            var load = LoadWith(default, m);
            sum += load;
            highest = Math.Max(highest, load);
            machines++;
        }

        return sum > 0 ? highest * machines / sum : 1;
    }

    private static double PerUnit(long capacity) => capacity > 0 ? 1.0 / capacity : 0;
}
