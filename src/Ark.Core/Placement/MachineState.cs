namespace Ark.Core.Placement;

/// <summary>What is free on a machine and who owns it, close together in memory: a pass looks at it for every component.</summary>
internal struct MachineState
{
    private readonly double _perCpu;
    private readonly double _perMemory;
    private readonly double _perDisk;
    private readonly double _cpuBias;
    private readonly double _memoryBias;
    private readonly double _diskBias;

    public MachineState(in Needs capacity, int occupants, int owner)
    {
        (Free, Occupants, Owner) = (capacity, occupants, owner);
        (_perCpu, _cpuBias) = Share(capacity.Cpu);
        (_perMemory, _memoryBias) = Share(capacity.Memory);
        (_perDisk, _diskBias) = Share(capacity.Disk);
    }

    /// <summary>Negative where what stands there exceeds the capacity.</summary>
    public Needs Free { get; private set; }

    /// <summary>Instances of all kinds, those of other tasks too.</summary>
    public int Occupants { get; private set; }

    /// <summary>The exclusive kind that stands there, -1, or <see cref="PlacementBoard.Stranger"/>.</summary>
    public int Owner { get; private set; }

    private int _owned;

    public readonly bool HasRoom(in Needs needs) => needs.Cpu <= Free.Cpu && needs.Memory <= Free.Memory && needs.Disk <= Free.Disk;

    /// <summary>Exclusive machines, in both directions.</summary>
    public readonly bool MayJoin(Kind kind) => kind.Exclusive
        ? Occupants == 0 || (Owner == kind.Number && _owned == Occupants)
        : Owner < 0;

    /// <summary>The load, were <paramref name="needs"/> to stand there too: the largest of the three shares in use.</summary>
    public readonly double LoadWith(in Needs needs)
    {
        var cpu = ((Free.Cpu - needs.Cpu) * _perCpu) + _cpuBias;
        var memory = ((Free.Memory - needs.Memory) * _perMemory) + _memoryBias;
        var disk = ((Free.Disk - needs.Disk) * _perDisk) + _diskBias;
        var least = cpu < memory ? cpu : memory;
        return 1 - (disk < least ? disk : least);
    }

    public void Take(Kind kind)
    {
        var needs = kind.Needs;
        Free = new(Free.Cpu - needs.Cpu, Free.Memory - needs.Memory, Free.Disk - needs.Disk);
        Occupants++;
        if (kind.Exclusive && Owner < 0)
            Owner = kind.Number;
        if (Owner == kind.Number)
            _owned++;
    }

    public void Give(Kind kind)
    {
        var needs = kind.Needs;
        Free = new(Free.Cpu + needs.Cpu, Free.Memory + needs.Memory, Free.Disk + needs.Disk);
        Occupants--;
        if (Owner == kind.Number && --_owned == 0)
            Owner = -1;
    }

    /// <summary>The share that one unit is, and what to add: a machine that has nothing of something is not thereby full.</summary>
    private static (double PerUnit, double Bias) Share(long capacity) => capacity > 0 ? (1.0 / capacity, 0) : (0, 1);
}
