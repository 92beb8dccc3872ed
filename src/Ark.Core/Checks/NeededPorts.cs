using System.Net;
using Ark.Core.Addressing;
using Ark.Core.Placement;
using Ark.Core.Planning;

namespace Ark.Core.Checks;

/// <summary>Ports that Ark and its instances use; for checks, and for the round of connections between machines.</summary>
public static class NeededPorts
{
    /// <summary>
    /// All that a firewall must let in on one machine, TCP and UDP: Swarm's, the registry's, those of instances that will be placed there, and the time
    /// server's where the machine is the site's. What the client has on its loopback only, port 80, is left out. Sorted, TCP first.
    /// </summary>
    public static IReadOnlyList<PortUse> Through(CheckScope scope, string machine)
    {
        IEnumerable<PortUse> time = scope.Site.NtpServer == machine ? [new(DatagramProbe.TimePort, "udp")] : [];
        return [.. OfBase(scope, "").Concat(scope.Needs.GetValueOrDefault(machine)?.AllPorts().Select(p => p.Port) ?? []).Concat(time).Distinct().OrderBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Number)];
    }

    /// <summary>The same for the others to try, with what listens there already.</summary>
    public static IReadOnlyList<PortTarget> Targets(CheckScope scope, string machine)
    {
        var facts = scope.Find(machine);
        return [.. Through(scope, machine).Select(p => new PortTarget(machine, p.Number) { Protocol = p.Protocol, Listener = facts is null ? null : Ways.Listener(facts, p)?.Process })];
    }

    /// <summary>What the base listens on, on one machine; SSH left out, which listens already.</summary>
    internal static IEnumerable<PortUse> OfBase(CheckScope scope, string machine)
    {
        var address = Ipv4.TryParse(machine, out var known) ? known : IPAddress.None;
        return TaskPlacement.PortsOfBase(new(address, new Dictionary<string, string>()), scope.Site).Where(p => p.Number != scope.Site.SshPort || p.Protocol != "tcp");
    }
}
