using System.Net;

namespace Ark.Core.Addressing;

/// <summary>The range of VLAN addresses that containers may get.</summary>
/// <param name="Subnet">IPv4, /16 to /30.</param>
/// <param name="First">
/// First host number, inclusive: the last octet (10 in <c>192.168.1.0/24</c> means 192.168.1.10; in <c>192.168.1.128/25</c>, 130 means 192.168.1.130).
/// In a subnet wider than /24 numbers go on beyond 255: 300 in <c>10.16.8.0/22</c> means 10.16.9.44.
/// </param>
/// <param name="Last">Last host number, inclusive.</param>
/// <param name="Gateway">Never given to a container.</param>
public sealed record AddressPool(IPNetwork Subnet, int First, int Last, IPAddress Gateway)
{
    public IPAddress FirstAddress => AddressOf(Subnet, First);

    public IPAddress LastAddress => AddressOf(Subnet, Last);

    /// <summary>What a host number means in a subnet; it may lie outside.</summary>
    public static IPAddress AddressOf(IPNetwork subnet, int hostNumber) =>
        Ipv4.FromNumber((Ipv4.ToNumber(subnet.BaseAddress) & ~0xFFu) + (uint)hostNumber);

    /// <summary>True within first and last; the gateway too.</summary>
    public bool InRange(IPAddress address)
    {
        var number = Ipv4.ToNumber(address);
        return number >= Ipv4.ToNumber(FirstAddress) && number <= Ipv4.ToNumber(LastAddress);
    }

    /// <summary>True for the subnet's network, broadcast and gateway addresses.</summary>
    public bool IsSpecial(IPAddress address)
    {
        var number = Ipv4.ToNumber(address);
        return address.Equals(Gateway) || number == Ipv4.ToNumber(Subnet.BaseAddress) || number == Ipv4.LastOf(Subnet);
    }

    /// <summary><c>10.16.9.10–10.16.9.100</c>, as messages show it.</summary>
    public string RangeText => $"{FirstAddress}–{LastAddress}";
}
