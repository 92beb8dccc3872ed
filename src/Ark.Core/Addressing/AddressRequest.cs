using System.Net;
using Ark.Core.Sites;

namespace Ark.Core.Addressing;

/// <summary>Which instances need an address, and what is in use already. The order of the lists decides nothing, that of <see cref="Freed"/> apart.</summary>
public sealed record AddressRequest
{
    public required SiteMode Mode { get; init; }

    /// <summary>Physical mode only.</summary>
    public AddressPool? Pool { get; init; }

    /// <summary>Instances of the task; names are unique.</summary>
    public required IReadOnlyList<AddressWish> Wanted { get; init; }

    /// <summary>Instance to the address that it has in the cluster: of all tasks, those on their way out too.</summary>
    public IReadOnlyDictionary<string, IPAddress> Standing { get; init; } = new Dictionary<string, IPAddress>();

    /// <summary>Addresses set aside, by what they are for: instances of task.yaml above the count, other tasks, what is not Ark's.</summary>
    public IReadOnlyDictionary<string, IPAddress> Reserved { get; init; } = new Dictionary<string, IPAddress>();

    /// <summary>Machines' addresses, never given to a container.</summary>
    public IReadOnlyList<IPAddress> Machines { get; init; } = [];

    /// <summary>Addresses that were in use once, the longest free first. They are given again when nothing else is left.</summary>
    public IReadOnlyList<IPAddress> Freed { get; init; } = [];
}

/// <param name="Machine">Where the instance is placed: in VM mode its address.</param>
/// <param name="Written">The address that <c>task.yaml</c> gives it, if any.</param>
public sealed record AddressWish(string Component, int Index, IPAddress Machine, IPAddress? Written = null)
{
    /// <summary><c>cache-2</c></summary>
    public string Instance => $"{Component}-{Index}";
}

/// <param name="IsNew">The instance has had none until now.</param>
public sealed record AssignedAddress(string Instance, IPAddress Address, bool IsNew);

/// <summary>An address for every instance wanted, sorted by component and number.</summary>
public sealed record AddressPlan(IReadOnlyList<AssignedAddress> Assigned)
{
    public IPAddress Of(string instance) => Assigned.First(a => a.Instance == instance).Address;
}
