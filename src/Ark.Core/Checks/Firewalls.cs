namespace Ark.Core.Checks;

/// <summary>How ports are opened, now and after a reboot, by the firewall that a machine runs.</summary>
internal static class Firewalls
{
    /// <summary>Of the firewalls that are active, the one that the others are kept by; empty: none of those known.</summary>
    public static string Unit(SecurityFacts security) => Array.Find(Units, security.FirewallServices.Contains) ?? "";

    private static readonly string[] Units = ["firewalld.service", "ufw.service", "nftables.service", "netfilter-persistent.service", "iptables.service"];

    /// <param name="machine">Null: nothing is known of it.</param>
    /// <param name="ports">TCP.</param>
    public static string Open(HostFacts? machine, IReadOnlyCollection<int> ports)
    {
        var services = machine?.Security?.FirewallServices ?? [];
        if (services.Contains("firewalld.service"))
            return $"firewall-cmd --permanent {string.Join(' ', ports.Select(p => $"--add-port={p}/tcp"))} && firewall-cmd --reload";
        if (services.Contains("ufw.service"))
            return $"ufw allow proto tcp to any port {string.Join(',', ports)}";
        if (services.Contains("nftables.service"))
            return $"nft insert rule inet filter input tcp dport '{{ {string.Join(", ", ports)} }}' accept, and the same rule in /etc/nftables.conf";
        var save = services.Contains("netfilter-persistent.service") ? " && netfilter-persistent save" : services.Contains("iptables.service") ? " && service iptables save" : "";
        return $"iptables -I INPUT -p tcp -m multiport --dports {string.Join(',', ports)} -j ACCEPT{save}";
    }
}
