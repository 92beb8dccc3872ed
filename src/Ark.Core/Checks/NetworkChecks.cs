using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Interfaces and addresses, on each machine and among them.</summary>
public static class NetworkChecks
{
    /// <summary>Errors and drops since boot that an interface may show before somebody should know.</summary>
    private const long MostErrors = 10_000;

    private const string NoMac = "00:00:00:00:00:00";

    public static readonly IReadOnlyList<Check> All =
    [
        Of("address-on-interface", null, CheckGroup.Network, "The machine's address stands on one of its interfaces", m => m.Network, (_, machine, network) => Carrier(machine) is { } carrier
            ? Pass($"{machine.Machine} on {carrier.Name}")
            : Fail($"no interface has {machine.Machine}; there is {Listed(network)}", machine.Machine, "The address is translated on the way: Swarm and instances cannot bind to it.",
                "write the address of the interface into machine_ips: ip -4 -o addr")),
        Agreement.Same("interface-names-same", 8, CheckGroup.Network, "The interface that carries the address has the same name on all machines", m => Carrier(m)?.Name, Verdict.Warning,
            "The machines differ in hardware or in how their interfaces are named.", Rename),
        Agreement.Same("mtu-same", null, CheckGroup.Network, "The interface that carries the address has the same MTU on all machines",
            m => Carrier(m) is { } nic ? $"MTU {nic.Mtu}" : null, Verdict.Warning,
            "Large packets from one machine are dropped by another: transfers hang where small ones work.",
            (machine, most) => $"ip link set dev {Carrier(machine)!.Name} mtu {most[4..]}, and the same in the interface's configuration"),
        OfCarrier("interface-up", "The interface that carries the address is up", (_, nic) => nic.State is "up" or "unknown"
            ? Pass($"{nic.Name} {nic.State}")
            : Warn($"{nic.Name} {nic.State}", $"{nic.Name} up", "Its cable or its peer is gone; the machine was reached another way.", $"ip link set dev {nic.Name} up")),
        OfCarrier("interface-speed", "The interface that carries the address is of 1 Gbit/s or more", (_, nic) => nic.SpeedMbit switch
        {
            null => NotApplicable($"{nic.Name} tells no speed, as virtual interfaces do"),
            >= 1000 => Pass($"{nic.Name} {nic.SpeedMbit} Mbit/s"),
            _ => Warn($"{nic.Name} {nic.SpeedMbit} Mbit/s", "1000 Mbit/s", "The cable, the switch port or the negotiation is of an older kind.",
                $"ethtool -s {nic.Name} autoneg on, then look at cable and switch port"),
        }),
        OfCarrier("interface-errors", "The interface that carries the address shows few errors", (_, nic) => nic.Errors <= MostErrors
            ? Pass($"{nic.Name}: {nic.Errors} errors and drops since boot")
            : Warn($"{nic.Name}: {nic.Errors} errors and drops since boot", $"at most {MostErrors}", "Cable, port or driver lose packets, or the machine does not keep up with them.",
                $"ip -s link show dev {nic.Name}, then look at cable and switch port")),
        Of("default-route", null, CheckGroup.Network, "The machine has one default route", m => m.Network, DefaultRoute),
        Agreement.Unique("addresses-unique", null, CheckGroup.Network, "No two machines share an address", Addresses, "address", "The machines were cloned, or an address was given twice.",
            (machine, address) => $"give {machine.Machine} another address than {address}: ip -4 -o addr"),
        Agreement.Unique("macs-unique", null, CheckGroup.Network, "No two machines share a hardware address", Macs, "hardware address",
            "Virtual machines were cloned with their interfaces: the switch sends packets of one to the other.",
            (machine, mac) => $"give {machine.Machine} a new interface in place of {mac}, where its host is managed"),
        Across("neighbours-agree", null, CheckGroup.Network, "Each machine's address answers with that machine's hardware address", m => m.Network, Neighbours),
    ];

    /// <summary>The interface that carries the machine's address; null where none does, or nothing is known.</summary>
    internal static InterfaceFacts? Carrier(HostFacts machine) =>
        machine.Network?.Interfaces.FirstOrDefault(i => i.Addresses.Any(a => Bare(a) == machine.Machine));

    private static Check OfCarrier(string id, string title, Func<HostFacts, InterfaceFacts, Finding> judge) =>
        Of(id, null, CheckGroup.Network, title, m => m.Network, (_, machine, _) => Carrier(machine) is { } nic
            ? judge(machine, nic)
            : Unknown($"no interface has {machine.Machine}", "Which interface carries the machine's address is not known.", "ark check --only address-on-interface"));

    private static string Rename(HostFacts machine, string most) => Carrier(machine)?.Kind == "physical"
        ? $"printf '[Match]\\nMACAddress={Carrier(machine)!.Mac}\\n[Link]\\nName={most}\\n' > /etc/systemd/network/10-{most}.link, write {most} into the network's configuration, then: systemctl reboot"
        : $"make the {Carrier(machine)!.Kind} interface anew with the name {most} in the network's configuration";

    private static Finding DefaultRoute(CheckScope scope, HostFacts machine, NetworkFacts network)
    {
        var routes = network.Routes.Where(r => r.Destination == "default").ToList();
        var evidence = routes.Count == 0 ? "no default route" : string.Join("; ", routes.Select(r => $"via {r.Gateway ?? "no gateway"} on {r.Interface}"));
        return routes.Count switch
        {
            0 => Warn(evidence, "one", "Answers to whoever is in another network do not find their way.",
                $"ip route add default via GATEWAY{(Carrier(machine) is { } nic ? $" dev {nic.Name}" : "")}, and the same in the interface's configuration"),
            1 => Pass(evidence),
            _ => Warn(evidence, "one", "Several interfaces each brought a default route: answers may leave by another one than questions came in by.",
                $"ip route del default dev {Surplus(machine, routes).Interface}, and the same in the interface's configuration"),
        };
    }

    private static RouteFacts Surplus(HostFacts machine, List<RouteFacts> routes) => routes.Find(r => r.Interface != Carrier(machine)?.Name) ?? routes[^1];

    /// <summary>Docker's bridges have the same addresses everywhere: bridges count only where one carries the machine's own address.</summary>
    private static List<string>? Addresses(HostFacts machine) => machine.Network is not { } network ? null :
        [.. network.Interfaces.Where(i => i.Kind is not ("loopback" or "bridge") || i == Carrier(machine)).SelectMany(i => i.Addresses).Select(Bare).Distinct().Order(StringComparer.Ordinal)];

    private static List<string>? Macs(HostFacts machine) => machine.Network is not { } network ? null :
        [.. network.Interfaces.Where(i => i.Kind is not ("loopback" or "bridge") && i.Mac.Length > 0 && i.Mac != NoMac).Select(i => i.Mac.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<Finding> Neighbours(CheckScope scope, IReadOnlyList<(HostFacts Machine, NetworkFacts Fact)> known)
    {
        var macs = known.Select(k => (k.Machine.Machine, Macs: k.Fact.Interfaces.Select(i => i.Mac.ToLowerInvariant()).ToHashSet())).Where(m => m.Macs.Count > 0).ToLookup(m => m.Machine, m => m.Macs);
        return known.Select(k =>
        {
            var seen = k.Fact.Neighbours.Where(n => n.Key != k.Machine.Machine && macs.Contains(n.Key)).OrderBy(n => n.Key, StringComparer.Ordinal).ToList();
            var strange = seen.Where(n => !macs[n.Key].Any(m => m.Contains(n.Value.ToLowerInvariant()))).ToList();
            var finding = seen.Count == 0 ? NotApplicable("no other machine is a neighbour that was spoken to lately")
                : strange.Count == 0
                ? Pass($"{seen.Count} machines seen as neighbours, each with its own hardware address")
                : Fail(string.Join("; ", strange.Select(n => $"{n.Key} answers with {n.Value}")), "a hardware address of that machine",
                    "Somebody else has that address too, or stands between.", $"arping -D -c 3 -I {Carrier(k.Machine)?.Name ?? "INTERFACE"} {strange[0].Key}");
            return finding with { Machine = k.Machine.Machine };
        });
    }

    private static string Bare(string address) => address.Split('/')[0];

    private static string Listed(NetworkFacts network)
    {
        var others = network.Interfaces.Where(i => i.Kind != "loopback").SelectMany(i => i.Addresses.Select(a => $"{Bare(a)} on {i.Name}")).ToList();
        return others.Count == 0 ? "none" : string.Join(", ", others);
    }
}
