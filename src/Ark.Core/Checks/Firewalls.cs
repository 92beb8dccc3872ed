using Ark.Core.Placement;

namespace Ark.Core.Checks;

/// <summary>How ports are opened, now and after a reboot, by the firewall that a machine runs.</summary>
internal static class Firewalls
{
    /// <summary>Of the firewalls that are active, the one that the others are kept by; empty: none of those known.</summary>
    public static string Unit(SecurityFacts security) => Array.Find(Units, security.FirewallServices.Contains) ?? "";

    private static readonly string[] Units = ["firewalld.service", "ufw.service", "nftables.service", "netfilter-persistent.service", "iptables.service"];

    /// <param name="machine">Null: nothing is known of it.</param>
    /// <param name="ports">At least one.</param>
    public static string Open(HostFacts? machine, IReadOnlyCollection<PortUse> ports)
    {
        var services = machine?.Security?.FirewallServices ?? [];
        if (services.Contains("firewalld.service"))
            return $"firewall-cmd --permanent {string.Join(' ', ports.Select(p => $"--add-port={p.Number}/{p.Protocol}"))} && firewall-cmd --reload";
        if (services.Contains("ufw.service"))
            return EachProtocol(ports, (protocol, numbers) => $"ufw allow proto {protocol} to any port {string.Join(',', numbers)}");
        if (services.Contains("nftables.service"))
            return EachProtocol(ports, (protocol, numbers) => $"nft insert rule inet filter input {protocol} dport '{{ {string.Join(", ", numbers)} }}' accept") + ", and the same in /etc/nftables.conf";
        var save = services.Contains("netfilter-persistent.service") ? " && netfilter-persistent save" : services.Contains("iptables.service") ? " && service iptables save" : "";
        return EachProtocol(ports, (protocol, numbers) => $"iptables -I INPUT -p {protocol} -m multiport --dports {string.Join(',', numbers)} -j ACCEPT") + save;
    }

    private static string EachProtocol(IEnumerable<PortUse> ports, Func<string, IEnumerable<int>, string> command) =>
        string.Join(" && ", ports.GroupBy(p => p.Protocol, p => p.Number).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => command(g.Key, g.Order())));
}
