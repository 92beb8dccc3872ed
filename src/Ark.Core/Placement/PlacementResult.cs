using System.Net;

namespace Ark.Core.Placement;

public sealed record PlacementResult
{
    /// <summary>Every instance wanted, sorted by component and number.</summary>
    public required IReadOnlyList<PlacedInstance> Instances { get; init; }

    /// <summary>
    /// The highest load of a machine over the mean load; 1 is perfect. A machine's load is the largest of its shares in use of cores, memory, disk.
    /// Drained machines do not count; 1 where nothing is in use.
    /// </summary>
    public required double Balance { get; init; }
}

/// <param name="Instance"><c>cache-2</c></param>
/// <param name="MovedFrom">The drained or lost machine that it leaves; null for what stays or is new.</param>
public sealed record PlacedInstance(string Component, int Index, string Instance, IPAddress Machine, string Room, bool IsNew, IPAddress? MovedFrom);
