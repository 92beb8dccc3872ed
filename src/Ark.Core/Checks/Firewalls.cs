using Ark.Core.Placement;

namespace Ark.Core.Checks;

/// <summary>How ports are opened, now and after a reboot, by the firewall that a machine runs.</summary>
internal static class Firewalls
{
    public const string Ufw = "ufw.service";

    /// <summary>Of the firewalls that are active, the one that the others are kept by; empty: none of those known.</summary>
    public static string Unit(SecurityFacts security) => Array.Find(Units, security.FirewallServices.Contains) ?? "";

    private static readonly string[] Units = ["firewalld.service", Ufw, "nftables.service", "netfilter-persistent.service", "iptables.service"];

    /// <summary>As many as one rule of iptables, or of ufw, may name.</summary>
    private const int MostPorts = 15;

    /// <summary>Ports a rule, each rule of one protocol and of no more ports than it may name. Sorted.</summary>
    public static IEnumerable<(string Protocol, int[] Numbers)> InRules(IEnumerable<PortUse> ports) =>
        from protocol in ports.OrderBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Number).GroupBy(p => p.Protocol, p => p.Number)
        from some in protocol.Chunk(MostPorts)
        select (protocol.Key, some);

    /// <param name="machine">Null: nothing is known of it.</param>
    /// <param name="ports">TCP.</param>
    public static string Open(HostFacts? machine, IReadOnlyCollection<int> ports)
    {
        var services = machine?.Security?.FirewallServices ?? [];
        if (services.Contains("firewalld.service"))
            return $"firewall-cmd --permanent {string.Join(' ', ports.Select(p => $"--add-port={p}/tcp"))} && firewall-cmd --reload";
        var rules = InRules(ports.Select(p => new PortUse(p, "tcp"))).Select(r => string.Join(',', r.Numbers));
        if (services.Contains(Ufw))
            return string.Join(" && ", rules.Select(r => $"ufw allow proto tcp to any port {r}"));
        if (services.Contains("nftables.service"))
            return $"nft insert rule inet filter input tcp dport '{{ {string.Join(", ", ports)} }}' accept, and the same rule in /etc/nftables.conf";
        var save = services.Contains("netfilter-persistent.service") ? " && netfilter-persistent save" : services.Contains("iptables.service") ? " && service iptables save" : "";
        return string.Join(" && ", rules.Select(r => $"iptables -I INPUT -p tcp -m multiport --dports {r} -j ACCEPT")) + save;
    }
}
