using System.Net;
using System.Text.RegularExpressions;
using Ark.Core.Addressing;
using Ark.Core.Sites;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>The ranges that Ark takes for containers against those in use on the machines, and the uplink of physical mode.</summary>
public static partial class SubnetChecks
{
    private const string OpenVswitch = "ovs-system";

    public static readonly IReadOnlyList<Check> All =
    [
        Of("docker-pools-clear", null, CheckGroup.Network, "Docker's ranges are used by nobody else", m => m.Network, (scope, _, network) =>
            Taken(network, scope.Site.DockerPools, _ => true) is { Count: > 0 } taken
                ? Fail(string.Join("; ", taken), "no route into docker_pools",
                    "A network of the customer has the same addresses: once Docker uses them, the machine does not reach it any more.", Property("docker_pools",
                    "a range clear of the customer's networks"))
                : Pass($"no route into {string.Join(", ", scope.Site.DockerPools)}")),
        Of("name-servers-clear", null, CheckGroup.Network, "No name server lies in a range for containers", m => m.Names, (scope, _, names) =>
        {
            var inside = names.Nameservers.Where(n => Ipv4.TryParse(n, out var address) && Ranges(scope.Site).Any(r => r.Contains(address))).ToList();
            return inside.Count == 0
                ? Pass(names.Nameservers.Count == 0 ? "asks no name server" : $"asks {string.Join(", ", names.Nameservers)}")
                : Fail(string.Join(", ", inside), $"none within {string.Join(", ", Ranges(scope.Site))}",
                    "Once Docker uses the range, the machine does not reach its name server any more.", Property("docker_pools", "a range clear of the customer's networks"));
        }),
        Of("pool-clear", 10, CheckGroup.Network, "The containers' VLAN is not a network of the machines", m => m.Network, (scope, _, network) => scope.Site.Pool is not { } pool
            ? NotApplicable("the site has no pool of addresses")
            : Taken(network, [pool.Subnet], r => r.Gateway is null) is { Count: > 0 } taken
                ? Fail(string.Join("; ", taken), $"no interface in {pool.Subnet}",
                    "The machine itself stands in the containers' subnet, which must be a VLAN of its own.", Property("ip_pool_subnet", "the subnet of a VLAN for containers only"))
                : Pass($"no interface in {pool.Subnet}")).Unless(Arises.InPhysicalMode),
        Of("pool-free", 10, CheckGroup.Network, "No address of the pool is in use", m => m.Network, (scope, _, network) => scope.Site.Pool is not { } pool
            ? NotApplicable("the site has no pool of addresses")
            : InUse(network, pool) is { Count: > 0 } used
                ? Fail(string.Join("; ", used), $"nobody at {pool.RangeText}", "Somebody else answers at addresses that containers would get.",
                    "free the address, or move ip_pool_start and ip_pool_end in ark.properties")
                : Pass($"nobody seen at {pool.RangeText}")).Unless(Arises.InPhysicalMode),
        Of("vlan-not-the-machines", 10, CheckGroup.Network, "The machine has no interface of its own in the containers' VLAN", m => m.Network, (scope, _, network) =>
            network.Interfaces.FirstOrDefault(i => i.Kind == "vlan" && VlanOf(i.Name) == scope.Site.VlanId && i.Addresses.Count > 0) is { } own
                ? Fail($"{own.Name} with {string.Join(", ", own.Addresses)}", $"VLAN {scope.Site.VlanId} for containers only",
                    "The machines already use that VLAN.", Property("vlan_id", "the id of a VLAN for containers only"))
                : Pass($"no interface of VLAN {scope.Site.VlanId} with an address")).Unless(Arises.InPhysicalMode),
        Of("uplink-exists", 12, CheckGroup.Network, "The uplink exists", m => m.Network, (scope, _, network) => Uplink(scope, network) is { } uplink
            ? Pass($"{uplink.Name}, {uplink.Kind}")
            : Fail($"no {scope.Site.Uplink} among {string.Join(", ", network.Interfaces.Where(i => i.Kind != "loopback").Select(i => i.Name))}",
                scope.Site.Uplink ?? "", "The interface has another name here, or is not there.",
                Property("uplink", "an interface that every machine has"))).Unless(Arises.InPhysicalMode),
        OfUplink("uplink-up", "The uplink is up", (_, uplink) => uplink.State == "up"
            ? Pass($"{uplink.Name} up")
            : Fail($"{uplink.Name} {uplink.State}", $"{uplink.Name} up", "It is switched off, or has no link to the switch.",
                $"ip link set dev {uplink.Name} up, then look at cable and switch port")),
        OfUplink("uplink-tagged", "The uplink carries tagged frames", (_, uplink) => uplink.Kind is "physical" or "bond" or "virtual"
            ? Pass($"{uplink.Name}, {uplink.Kind}")
            : Fail($"{uplink.Name}, {uplink.Kind}", "a physical interface or a bond",
                "An interface of this kind adds a tag of its own or bridges: the containers' tag does not get through.", Property("uplink", "a physical interface or bond"))),
        OfUplink("uplink-free", "The uplink is no port of somebody else's bridge", (machine, uplink) => uplink.Master switch
        {
            null => Untold(machine, $"whether {uplink.Name} is the port of a bridge"),
            "" => Pass($"{uplink.Name} is the port of no bridge"),
            OpenVswitch => Pass($"{uplink.Name} is a port of Open vSwitch"),
            var master => Fail($"{uplink.Name} is a port of {master}", $"{uplink.Name} the port of no bridge", "A bridge or bond takes its frames before Open vSwitch sees them.",
                machine.Network!.Interfaces.FirstOrDefault(i => i.Name == master)?.Kind == "bond"
                    ? $"write into ark.properties: uplink={master}"
                    : $"ip link set dev {uplink.Name} nomaster, or another uplink in ark.properties"),
        }),
    ];

    private static Check OfUplink(string id, string title, Func<HostFacts, InterfaceFacts, Finding> judge) =>
        Of(id, 12, CheckGroup.Network, title, m => m.Network, (scope, machine, network) => Uplink(scope, network) is { } uplink
            ? judge(machine, uplink)
            : NotApplicable($"there is no {scope.Site.Uplink} on this machine")).Unless(Arises.InPhysicalMode);

    private static InterfaceFacts? Uplink(CheckScope scope, NetworkFacts network) => network.Interfaces.FirstOrDefault(i => i.Name == scope.Site.Uplink);

    private static IEnumerable<IPNetwork> Ranges(Site site) => site is { Mode: SiteMode.Physical, Pool: { } pool } ? [.. site.DockerPools, pool.Subnet] : site.DockerPools;

    /// <summary>Routes into a range, but the default route and those of Docker's own bridges.</summary>
    private static List<string> Taken(NetworkFacts network, IEnumerable<IPNetwork> ranges, Func<RouteFacts, bool> counts) =>
    [
        .. from range in ranges
           from route in network.Routes
           where counts(route) && !DockersOwn().IsMatch(route.Interface) && NetworkOf(route) is { } other && Ipv4.Overlap(range, other)
           select $"route {route.Destination} on {route.Interface} overlaps {range}",
    ];

    /// <summary>Null for the default route, and for what is no IPv4 network.</summary>
    private static IPNetwork? NetworkOf(RouteFacts route)
    {
        var text = route.Destination.Contains('/', StringComparison.Ordinal) ? route.Destination : route.Destination + "/32";
        return Ipv4.ParseNetwork(text, out _) is { PrefixLength: > 0 } network ? network : null;
    }

    private static List<string> InUse(NetworkFacts network, AddressPool pool) =>
    [
        .. from neighbour in network.Neighbours
           where Ipv4.TryParse(neighbour.Key, out var address) && pool.InRange(address) && !pool.IsSpecial(address)
           orderby neighbour.Key
           select $"{neighbour.Key} answers with {neighbour.Value}",
    ];

    /// <summary>The id in <c>bond0.169</c> and <c>vlan169</c>; null where the name has none.</summary>
    private static int? VlanOf(string name) => VlanName().Match(name) is { Success: true } match && int.TryParse(match.Groups[1].Value, out var id) ? id : null;

    private static string Property(string key, string meaning) => $"write into ark.properties: {key}=<{meaning}>";

    [GeneratedRegex(@"\A(docker0|docker_gwbridge|br-[0-9a-f]{12}|veth[0-9a-z]+)\z")]
    private static partial Regex DockersOwn();

    [GeneratedRegex(@"(?:\.|\Avlan)([0-9]{1,4})\z")]
    private static partial Regex VlanName();
}
