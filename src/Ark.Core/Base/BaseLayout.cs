using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ark.Core.Planning;
using Ark.Core.Sites;

namespace Ark.Core.Base;

/// <summary>What the base should be: which machine bears which part, and what its files say.</summary>
public sealed class BaseLayout
{
    private readonly Site _site;

    public BaseLayout(Site site, ClusterFacts? cluster)
    {
        _site = site;
        Client = site.ClientAddress.ToString();
        Machines = [.. site.Machines.Select(m => m.Name)];
        Hosts = Machines.Contains(Client) ? Machines : [Client, .. Machines];
        Mirror = Machines.FirstOrDefault(m => m != Client);
        Managers = ChooseManagers(cluster);
    }

    public string Client { get; }

    /// <summary>Machines that carry instances.</summary>
    public IReadOnlyList<string> Machines { get; }

    /// <summary>Machines that carry the base: those above, and the client if it stands outside.</summary>
    public IReadOnlyList<string> Hosts { get; }

    /// <summary>The machine that serves the same images if the client is lost; null on a site of one machine.</summary>
    public string? Mirror { get; }

    /// <summary>Machines that should be managers: 1 below three machines, 3 below seven, 5 from there on.</summary>
    public IReadOnlyList<string> Managers { get; }

    /// <summary>Kernel settings of every machine.</summary>
    public static IReadOnlyDictionary<string, string> Sysctls { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["net.core.somaxconn"] = "4096",
        ["net.ipv4.ip_forward"] = "1",
        ["vm.max_map_count"] = "262144",
    };

    public static string SysctlText { get; } =
        "# Written by ark base; changes are undone by the next run.\n" + string.Concat(Sysctls.Select(s => $"{s.Key} = {s.Value}\n"));

    /// <summary>Docker's configuration: data path, log rotation, address pools.</summary>
    public string DaemonText()
    {
        var pools = _site.DockerPools.SkipLast(_site.DockerPools.Count > 1 ? 1 : 0)
            .Select(p => (JsonNode)new JsonObject { ["base"] = Half(p, first: true), ["size"] = 24 });
        var daemon = new JsonObject
        {
            ["data-root"] = _site.DockerDir,
            ["default-address-pools"] = new JsonArray([.. pools]),
            ["log-driver"] = "json-file",
            ["log-opts"] = new JsonObject { ["max-file"] = "3", ["max-size"] = "20m" },
        };
        return daemon.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    /// <summary>Range for the Swarm's own networks: the last pool, or the upper half of the only one.</summary>
    public string SwarmPool() => _site.DockerPools.Count > 1 ? _site.DockerPools[^1].ToString() : Half(_site.DockerPools[0], first: false);

    /// <summary>Lines of the hosts file by which Docker finds the registry and its mirror.</summary>
    public string HostsText() => string.Concat(new[] { Client, Mirror }.Where(a => a is not null).Select(a => $"{a} {BaseNames.RegistryHost}\n"));

    /// <summary>The resolver of machines that use the site's own name servers.</summary>
    public string ResolverText(IEnumerable<string> servers) =>
        "# Written by ark base; `ark base --part names` with machine_dns=keep puts the former file back.\n"
        + $"search {_site.Domain}\n"
        + string.Concat(servers.Concat(_site.DnsForwarders.Select(f => f.ToString())).Distinct().Take(3).Select(s => $"nameserver {s}\n"))
        + "options timeout:1 attempts:2\n";

    /// <summary>Labels of a node: those of the properties, and Ark's own.</summary>
    public SortedDictionary<string, string> NodeLabels(string machine, MachineFacts facts)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ArkLabels.Machine] = machine,
            [ArkLabels.Disk] = facts.DiskBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in _site.Machines.FirstOrDefault(m => m.Name == machine)?.Labels ?? new Dictionary<string, string>())
            labels[name] = value;
        return labels;
    }

    private List<string> ChooseManagers(ClusterFacts? cluster)
    {
        var wanted = Machines.Count switch { < 3 => 1, < 7 => 3, _ => 5 };
        var already = (cluster?.Nodes ?? []).Where(n => n.IsManager && n.Machine is not null).Select(n => n.Machine!).ToHashSet();
        List<string> chosen = [];
        var rooms = new Dictionary<string, int>();
        var candidates = Machines.ToList();
        while (chosen.Count < wanted)
        {
            var next = candidates
                .OrderByDescending(already.Contains)
                .ThenBy(m => rooms.GetValueOrDefault(Room(m)!))
                .ThenByDescending(m => m == Client)
                .ThenBy(candidates.IndexOf)
                .First();
            candidates.Remove(next);
            rooms[Room(next)!] = rooms.GetValueOrDefault(Room(next)!) + 1;
            chosen.Add(next);
        }

        return chosen;
    }

    /// <summary>A machine's room; null where the site does not know the machine any more.</summary>
    public string? Room(string machine) => _site.Machines.FirstOrDefault(m => m.Name == machine)?.Room;

    /// <summary>One half of a network, so that the engine's own networks and the Swarm's never meet.</summary>
    private string Half(IPNetwork network, bool first)
    {
        if (_site.DockerPools.Count > 1) return network.ToString();
        var bytes = network.BaseAddress.GetAddressBytes();
        var length = network.PrefixLength + 1;
        if (!first) bytes[(length - 1) / 8] |= (byte)(0x80 >> ((length - 1) % 8));
        return $"{new IPAddress(bytes)}/{length}";
    }
}
