using System.Net;
using System.Text.RegularExpressions;
using Ark.Core.Addressing;

namespace Ark.Core.Sites;

/// <summary>The address ranges of a site: the containers' VLAN, Docker's own networks, name servers.</summary>
internal sealed partial record SiteNetwork(
    AddressPool? Pool, int? VlanId, string? Uplink, IReadOnlyList<IPAddress> DnsForwarders, IReadOnlyList<IPNetwork> DockerPools)
{
    public static SiteNetwork Read(SiteFields fields, SiteMode? mode, IReadOnlyList<IPAddress> machines)
    {
        var forwarders = Forwarders(fields);
        var pools = DockerNetworks(fields, machines, forwarders);
        var pool = ReadPool(fields, mode);
        if (mode == SiteMode.Vm)
        {
            foreach (var key in SiteProperty.PhysicalOnly.Where(k => fields.LineOf(k) > 0))
                fields.Add("physical-only-key", fields.LineOf(key), $"The key '{key}' is for physical mode only; the mode here is vm.", "take it out, or write mode=physical");
            return new(null, null, null, forwarders, pools);
        }

        var needed = mode == SiteMode.Physical;
        var vlan = fields.Number("vlan_id", needed ? fields.Need("vlan_id") : fields.Get("vlan_id"), 1, 4094);
        var uplink = fields.Matching("uplink", needed ? fields.Need("uplink") : fields.Get("uplink"), Interface(), "the name of a network interface");
        if (pool is not null)
            Conflicts(fields, pool, machines, pools);
        return new(pool, vlan, uplink, forwarders, pools);
    }

    /// <summary>Checked in both modes where it is written, since the keys are legal in both.</summary>
    private static AddressPool? ReadPool(SiteFields fields, SiteMode? mode)
    {
        var physical = mode == SiteMode.Physical;
        string? Value(string key) => physical ? fields.Need(key) : fields.Get(key);
        var subnet = Value("ip_pool_subnet") is { } text ? Subnet(fields, text) : null;
        var first = fields.Number("ip_pool_start", Value("ip_pool_start"), 0, 65535);
        var last = fields.Number("ip_pool_end", Value("ip_pool_end"), 0, 65535);
        var gateway = mode == SiteMode.Vm ? null : fields.Address("vlan_gateway", Value("vlan_gateway"));
        if (first > last)
            fields.Add("bad-pool", fields.LineOf("ip_pool_start"), $"ip_pool_start={first} is greater than ip_pool_end={last}.", "exchange them");
        if (subnet is not { } network)
            return null;
        var inside = Inside(fields, network, "ip_pool_start", first) & Inside(fields, network, "ip_pool_end", last);
        if (gateway is null || first is null || last is null)
            return null;
        var pool = new AddressPool(network, first.Value, last.Value, gateway);
        Gateway(fields, pool, inside && first <= last);
        return pool;
    }

    private static IPNetwork? Subnet(SiteFields fields, string text)
    {
        var line = fields.LineOf("ip_pool_subnet");
        var network = fields.Network("ip_pool_subnet", text, line);
        if (network is null or { PrefixLength: >= 16 and <= 30 })
            return network;
        fields.Add("bad-cidr", line, $"ip_pool_subnet: /{network.Value.PrefixLength} is no size for a pool; from /16 to /30 are possible.", "write for example ip_pool_subnet=192.168.1.0/24");
        return null;
    }

    private static bool Inside(SiteFields fields, IPNetwork subnet, string key, int? hostNumber)
    {
        if (hostNumber is not { } number)
            return false;
        var address = AddressPool.AddressOf(subnet, number);
        var (value, lowest, highest) = (Ipv4.ToNumber(address), Ipv4.ToNumber(subnet.BaseAddress) + 1, Ipv4.LastOf(subnet) - 1);
        if (value >= lowest && value <= highest)
            return true;
        var origin = lowest & ~0xFFu;
        fields.Add("pool-outside", fields.LineOf(key), $"{key}={number} means {address}, which is outside the hosts of {subnet}.", $"write a number from {lowest - origin} to {highest - origin}");
        return false;
    }

    private static void Gateway(SiteFields fields, AddressPool pool, bool rangeIsGood)
    {
        var line = fields.LineOf("vlan_gateway");
        var number = Ipv4.ToNumber(pool.Gateway);
        if (!pool.Subnet.Contains(pool.Gateway))
            fields.Add("bad-gateway", line, $"The gateway {pool.Gateway} is outside the subnet {pool.Subnet}.", "write an address of the subnet");
        else if (number == Ipv4.ToNumber(pool.Subnet.BaseAddress) || number == Ipv4.LastOf(pool.Subnet))
            fields.Add("bad-gateway", line, $"The gateway {pool.Gateway} is the network or broadcast address of {pool.Subnet}.", "write the gateway's own address");
        else if (rangeIsGood && pool.InRange(pool.Gateway))
            fields.Add("gateway-in-pool", line, $"The gateway {pool.Gateway} lies within the pool {pool.RangeText}; no container gets it.", "move ip_pool_start or ip_pool_end if that is not meant", Severity.Warning);
    }

    private static void Conflicts(SiteFields fields, AddressPool pool, IReadOnlyList<IPAddress> machines, IReadOnlyList<IPNetwork> dockerPools)
    {
        var line = fields.LineOf("ip_pool_subnet");
        var inside = machines.Where(pool.Subnet.Contains).ToList();
        if (inside.Count > 0)
            fields.Add("pool-overlap", line, $"{Listed(inside)} of machine_ips lie{(inside.Count == 1 ? "s" : "")} within the containers' subnet {pool.Subnet}, which must be a VLAN of its own.", "write another ip_pool_subnet");
        foreach (var docker in dockerPools.Where(d => Ipv4.Overlap(d, pool.Subnet)))
            fields.Add("pool-overlap", fields.LineOf("docker_pools"), $"docker_pools: {docker} overlaps ip_pool_subnet={pool.Subnet}.", "write docker_pools=<a range clear of the customer's networks>");
    }

    private static List<IPAddress> Forwarders(SiteFields fields) =>
        [.. fields.Items("dns_forwarders").Select(i => fields.Address("dns_forwarders", i.Item, i.Line)).OfType<IPAddress>().Distinct()];

    private static List<IPNetwork> DockerNetworks(SiteFields fields, IReadOnlyList<IPAddress> machines, IReadOnlyList<IPAddress> forwarders)
    {
        List<(IPNetwork Network, int Line)> pools = [];
        foreach (var (item, line) in fields.Items("docker_pools"))
        {
            if (fields.Network("docker_pools", item, line) is not { } network)
                continue;
            if (network.PrefixLength is < 8 or > 24)
                fields.Add("bad-cidr", line, $"docker_pools: /{network.PrefixLength} is no size for a range; from /8 to /24 are possible.", "write for example docker_pools=10.201.0.0/16");
            else if (pools.Find(p => Ipv4.Overlap(p.Network, network)) is { Line: > 0 } other)
                fields.Add("pool-overlap", line, $"docker_pools: {network} overlaps {other.Network}.", "keep one of them");
            else
                pools.Add((network, line));
        }

        if (fields.Get("docker_pools") is null)
            pools.Add((IPNetwork.Parse(SiteReader.DefaultDockerPool), fields.LineOf("docker_pools")));
        if (pools is [{ Network.PrefixLength: > 23 }])
            fields.Add("bad-cidr", pools[0].Line, $"docker_pools: {pools[0].Network} alone is too small: half of it is for Docker on each machine, half for the Swarm's networks, /24 each.", "write a second range, or one of /23 or larger");
        foreach (var (network, line) in pools)
            Clear(fields, network, line, machines, forwarders);
        return [.. pools.Select(p => p.Network)];
    }

    /// <summary>Whatever stands in Docker's ranges could not be reached from the machines any more.</summary>
    private static void Clear(SiteFields fields, IPNetwork network, int line, IReadOnlyList<IPAddress> machines, IReadOnlyList<IPAddress> forwarders)
    {
        List<string> inside = [];
        if (machines.Where(m => network.Contains(m)).ToList() is { Count: > 0 } hit)
            inside.Add($"{Listed(hit)} of machine_ips");
        inside.AddRange(forwarders.Where(f => network.Contains(f)).Select(f => $"{f} of dns_forwarders"));
        foreach (var key in (string[])["client_ip", "ntp_server", "metadb_ip"])
        {
            if (Ipv4.TryParse(fields.Get(key) ?? "", out var address) && network.Contains(address))
                inside.Add($"{key}={address}");
        }

        if (inside.Count > 0)
            fields.Add("pool-overlap", line, $"docker_pools: {network}{(line == 0 ? ", taken since nothing is written," : "")} contains {string.Join(", ", inside)}.", "write docker_pools=<a range clear of the customer's networks>");
    }

    private static string Listed(List<IPAddress> addresses) =>
        addresses.Count <= 3 ? string.Join(", ", addresses) : $"{addresses[0]} and {addresses.Count - 1} more";

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,14}\z")]
    private static partial Regex Interface();
}
