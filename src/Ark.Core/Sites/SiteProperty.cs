namespace Ark.Core.Sites;

/// <summary>One key that <c>ark.properties</c> may have.</summary>
/// <param name="Example">What a value looks like; remedies show it.</param>
public sealed record SiteProperty(string Key, string Meaning, string Example)
{
    /// <summary>Schema versions that this program reads.</summary>
    public const int Schema = 1;

    /// <summary>All keys, in the order in which a file is best written.</summary>
    public static IReadOnlyList<SiteProperty> All { get; } =
    [
        new("schema", "version of this file's format; 1 if left out", "1"),
        new("mode", "physical or vm", "physical"),
        new("aliware_version", "product line", "3.1.x"),
        new("domain", "the customer's root domain", "shop.example"),
        new("region", "the region that the cluster belongs to", "east-1"),
        new("task_id", "the task chosen if a command names none", "527"),
        new("machine_ips", "the machines, separated by commas or line ends", "10.0.0.11,10.0.0.12,10.0.0.13"),
        new("client_ip", "the machine on which the console runs", "10.0.0.11"),
        new("machine_user", "one account on all machines: with sudo, or root", "deploy"),
        new("machine_password", "its password; left out, it is asked for", "ENC(…)"),
        new("ssh_port", "where sshd listens on the machines; 22 if left out", "22"),
        new("machine_labels", "labels by machine, as JSON", """{"10.0.0.11":{"nodetype":"drds"}}"""),
        new("machine_dns", "dncs: machines resolve names through DNCS; keep: they stay as they are", "keep"),
        new("docker_dir", "where Docker keeps its data", "/data/docker"),
        new("docker_pools", "address ranges for Docker's own networks, clear of the customer's", "10.201.0.0/16"),
        new("registry_dir", "root folder of the image packages on the client", "/var/images"),
        new("registry_url", "image registry on the internet, where internet=yes", "registry.shop.example/middleware"),
        new("internet", "yes: images come from registry_url; no: from registry_dir", "no"),
        new("ntp_server", "time source of all machines", "10.0.0.1"),
        new("dns_forwarders", "name servers for names outside the task's domain", "10.0.0.2,10.0.0.3"),
        new("ip_pool_subnet", "the containers' VLAN", "192.168.1.0/24"),
        new("ip_pool_start", "host number of the pool's first address", "10"),
        new("ip_pool_end", "host number of the pool's last address", "100"),
        new("vlan_id", "physical mode: id of the containers' VLAN, not the machines'", "169"),
        new("vlan_gateway", "physical mode: gateway of the containers' VLAN", "192.168.1.254"),
        new("uplink", "physical mode: NIC or bond that carries the VLAN", "bond0"),
        new("use_container_metadb", "line 3.0: yes, Ark deploys the metadata database; no, it is the customer's", "yes"),
        new("metadb_ip", "the customer's metadata database", "10.0.0.50"),
        new("metadb_port", "its port", "3306"),
        new("metadb_user", "its user", "ark"),
        new("metadb_password", "that user's password; left out, it is asked for", "ENC(…)"),
    ];

    /// <summary>Keys whose values are secrets.</summary>
    public static IReadOnlyList<string> Secrets { get; } = ["machine_password", "metadb_password"];

    /// <summary>Keys that only physical mode knows.</summary>
    public static IReadOnlyList<string> PhysicalOnly { get; } = ["vlan_id", "vlan_gateway", "uplink"];

    public static SiteProperty Of(string key) => All.First(p => p.Key == key);
}
