using System.Net;

namespace Ark.Core.Addressing;

/// <summary>The range of VLAN addresses that containers may get.</summary>
/// <param name="Subnet">IPv4, at most /24 long hosts are meant by last octet: <c>192.168.1.0/24</c>.</param>
/// <param name="First">First host number (last octet), inclusive.</param>
/// <param name="Last">Last host number, inclusive.</param>
/// <param name="Gateway">Never given to a container.</param>
public sealed record AddressPool(IPNetwork Subnet, int First, int Last, IPAddress Gateway);
