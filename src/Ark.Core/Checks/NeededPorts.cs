using System.Net;
using Ark.Core.Addressing;
using Ark.Core.Placement;
using Ark.Core.Planning;

namespace Ark.Core.Checks;

/// <summary>Ports that Ark and its instances use; for checks, and for the round of connections between machines.</summary>
public static class NeededPorts
{
    /// <summary>TCP ports on which the others must reach one machine: Swarm's, the registry's, and those of instances that will be placed there. What the client has on its loopback only, port 80, is left out. Sorted.</summary>
    public static IReadOnlyList<int> On(CheckScope scope, string machine) =>
        [.. OfBase(scope, "").Where(p => p.Protocol == "tcp").Select(p => p.Number).Concat(scope.Needs.GetValueOrDefault(machine)?.Ports.Keys ?? []).Distinct().Order()];

    /// <summary>All that a firewall must let in on one machine, TCP and UDP. Sorted.</summary>
    public static IReadOnlyList<PortUse> Through(CheckScope scope, string machine) =>
        [.. OfBase(scope, "").Concat((scope.Needs.GetValueOrDefault(machine)?.Ports.Keys ?? []).Select(p => new PortUse(p, "tcp"))).Distinct().OrderBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Number)];

    /// <summary>What the base listens on, on one machine; SSH left out, which listens already.</summary>
    internal static IEnumerable<PortUse> OfBase(CheckScope scope, string machine)
    {
        var address = Ipv4.TryParse(machine, out var known) ? known : IPAddress.None;
        return TaskPlacement.PortsOfBase(new(address, new Dictionary<string, string>()), scope.Site).Where(p => p.Number != scope.Site.SshPort || p.Protocol != "tcp");
    }
}
