using Ark.Core.Placement;

namespace Ark.Core.Checks;

/// <summary>How ports are opened, now and after a reboot, by the firewall that a machine runs.</summary>
internal static class Firewalls
{
    public const string Ufw = "ufw.service";

    /// <summary>Of the firewalls that are active, the one that the others are kept by; empty: none of those known.</summary>
    public static string Unit(SecurityFacts security) => Array.Find(Units, security.FirewallServices.Contains) ?? "";

    private static readonly string[] Units = ["firewalld.service", Ufw, "nftables.service", "netfilter-persistent.service", "iptables.service"];

    /// <summary>As many ports as one rule of iptables, or of ufw, may name.</summary>
    private const int MostPorts = 15;

    /// <summary>Ports a rule, each rule of one protocol. Sorted.</summary>
    public static IEnumerable<(string Protocol, int[] Numbers)> InRules(IEnumerable<PortUse> ports, int most = MostPorts) =>
        from protocol in ports.OrderBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Number).GroupBy(p => p.Protocol, p => p.Number)
        from some in protocol.Chunk(most)
        select (protocol.Key, some);

    /// <param name="machine">Null: nothing is known of it.</param>
    /// <param name="ports">At least one.</param>
    public static string Open(HostFacts? machine, IReadOnlyCollection<PortUse> ports)
    {
        var services = machine?.Security?.FirewallServices ?? [];
        if (services.Contains("firewalld.service"))
            return $"firewall-cmd --permanent {string.Join(' ', ports.Select(p => $"--add-port={p.Number}/{p.Protocol}"))} && firewall-cmd --reload";
        if (services.Contains(Ufw))
            return Each(InRules(ports), (protocol, numbers) => $"ufw prepend allow proto {protocol} to any port {string.Join(',', numbers)}");
        if (services.Contains("nftables.service"))
            return Each(InRules(ports, int.MaxValue), (protocol, numbers) => $"nft insert rule inet filter input {protocol} dport '{{ {string.Join(", ", numbers)} }}' accept") + ", and the same in /etc/nftables.conf";
        var save = services.Contains("netfilter-persistent.service") ? " && netfilter-persistent save" : services.Contains("iptables.service") ? " && service iptables save" : "";
        return Each(InRules(ports), (protocol, numbers) => $"iptables -I INPUT -p {protocol} -m multiport --dports {string.Join(',', numbers)} -j ACCEPT") + save;
    }

    private static string Each(IEnumerable<(string Protocol, int[] Numbers)> rules, Func<string, int[], string> command) => string.Join(" && ", rules.Select(r => command(r.Protocol, r.Numbers)));
}
