namespace Ark.Core.Placement;

/// <summary>A component, with names resolved to numbers.</summary>
internal sealed class Kind
{
    public required int Number { get; init; }

    public required PlacementComponent Component { get; init; }

    public required Needs Needs { get; init; }

    /// <summary>By spread, or because two instances would want one port.</summary>
    public required bool OnePerMachine { get; init; }

    /// <summary>Numbers of ports, in VM mode.</summary>
    public required int[] Ports { get; init; }

    /// <summary>Kinds that must not share a machine with this, whichever of the two says so.</summary>
    public int[] Apart { get; set; } = [];

    /// <summary>Machines with a component of another task that must not share one with this.</summary>
    public int[] ApartFromOthers { get; set; } = [];

    /// <summary>Machines that are not drained and bear the labels, by room.</summary>
    public required int[][] Candidates { get; init; }

    public required int CandidateCount { get; init; }

    /// <summary>Numbers of instances (from 1) that need a machine, the pinned ones left out.</summary>
    public List<int> Wanted { get; } = [];

    /// <summary>Pinned instances that need their machine.</summary>
    public List<(int Index, int Machine)> Pinned { get; } = [];

    public string Name => Component.Name;

    public bool Exclusive => Component.Rule.Exclusive;
}

/// <summary>Cores in thousandths, bytes, bytes.</summary>
internal readonly record struct Needs(long Cpu, long Memory, long Disk);
