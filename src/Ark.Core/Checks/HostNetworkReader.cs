using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Ark.Core.Checks;

/// <summary>Interfaces, routes, neighbours and sockets.</summary>
internal static partial class HostNetworkReader
{
    private const string Folder = "/sys/class/net/";

    internal static NetworkFacts? Network(HostText text)
    {
        if (text.Exit("addresses") != 0) return null;
        var addresses = text.Lines("addresses").Select(HostText.Words).Where(w => w.Length > 3 && w[2] == "inet").ToLookup(w => w[1].Split('@')[0], w => w[3]);
        var names = text.Files
            .Where(f => f.StartsWith(Folder, StringComparison.Ordinal) && f.EndsWith("/mtu", StringComparison.Ordinal))
            .Select(f => f[Folder.Length..^"/mtu".Length])
            .Order(StringComparer.Ordinal);
        return new([.. names.Select(name => Interface(text, name, [.. addresses[name]])).OfType<InterfaceFacts>()], [.. Routes(text)], Neighbours(text));
    }

    private static InterfaceFacts? Interface(HostText text, string name, IReadOnlyList<string> addresses)
    {
        string? Value(string file) => text.Value($"{Folder}{name}/{file}");
        if (HostText.Number(Value("mtu")) is not { } mtu || mtu is < 0 or > int.MaxValue) return null;
        var kind = Kind(text, name);
        return new(
            name, addresses, Value("address") ?? "", (int)mtu, Value("operstate") ?? "unknown",
            kind is "physical" or "bond" && HostText.Number(Value("speed")) is { } speed and > 0 and < int.MaxValue ? (int)speed : null,
            kind,
            ((string[])["rx_errors", "tx_errors", "rx_dropped", "tx_dropped"]).Sum(counter => Math.Clamp(HostText.Number(Value("statistics/" + counter)) ?? 0, 0, 1L << 60)))
        {
            Master = Master(text, name),
        };
    }

    /// <summary>The interface above that has this one for a port. Null where the kernel tells only that there is one.</summary>
    private static string? Master(HostText text, string name)
    {
        if (!text.Names.Contains($"{Folder}{name}/master")) return text.Has("names") ? "" : null;
        var below = $"/lower_{name}";
        return text.Names
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal) && n.EndsWith(below, StringComparison.Ordinal))
            .Select(n => n[Folder.Length..^below.Length])
            .Order(StringComparer.Ordinal)
            .FirstOrDefault(above => HostText.Setting(text.File($"{Folder}{above}/uevent"), "DEVTYPE", '=') is not ("vlan" or "macvlan" or "macvtap" or "ipvlan"));
    }

    private static string Kind(HostText text, string name)
    {
        const string loopback = "772";
        var device = HostText.Setting(text.File($"{Folder}{name}/uevent"), "DEVTYPE", '=');
        if (text.Value($"{Folder}{name}/type") == loopback) return "loopback";
        if (device == "bond" || text.Names.Contains($"{Folder}{name}/bonding")) return "bond";
        if (device == "bridge" || text.Names.Contains($"{Folder}{name}/bridge")) return "bridge";
        if (device == "vlan") return "vlan";
        return text.Names.Contains($"{Folder}{name}/device") ? "physical" : "virtual";
    }

    /// <summary>The kernel writes addresses as hexadecimal numbers, the lowest byte first in the address.</summary>
    private static IEnumerable<RouteFacts> Routes(HostText text)
    {
        foreach (var line in text.File("/proc/net/route").Skip(1))
        {
            if (HostText.Words(line) is not [var name, var to, var via, _, _, _, _, var mask, ..] || Hex(to) is not { } network || Hex(via) is not { } gateway || Hex(mask) is not { } bits) continue;
            var destination = bits == 0 && network == 0 ? "default" : $"{new IPAddress(network)}/{System.Numerics.BitOperations.PopCount(bits)}";
            yield return new(destination, gateway == 0 ? null : new IPAddress(gateway).ToString(), name);
        }
    }

    private static uint? Hex(string text) =>
        text.Length == 8 && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static SortedDictionary<string, string> Neighbours(HostText text)
    {
        var neighbours = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var words in text.File("/proc/net/arp").Skip(1).Select(HostText.Words).Where(w => w.Length == 6 && w[2] != "0x0")) neighbours[words[0]] = words[3];
        return neighbours;
    }

    internal static IReadOnlyList<ListenerFacts>? Listeners(HostText text) => text.Exit("listeners") != 0 ? null :
    [
        .. text.Lines("listeners")
            .Select(HostText.Words)
            .Where(w => w.Length > 4 && w[0] is "tcp" or "udp")
            .Select(w => (Words: w, Colon: w[4].LastIndexOf(':')))
            .Where(l => l.Colon > 0)
            .Select(l => (Protocol: l.Words[0], Address: Bound(l.Words[4][..l.Colon]), Port: HostText.Number(l.Words[4][(l.Colon + 1)..]), Process: Process().Match(string.Join(' ', l.Words[5..]))))
            .Where(l => l.Port is > 0 and < 65536)
            .Select(l => new ListenerFacts(l.Protocol, l.Address, (int)l.Port!, l.Process.Success ? l.Process.Groups[1].Value : ""))
            .Distinct()
            .OrderBy(l => l.Protocol, StringComparer.Ordinal).ThenBy(l => l.Port).ThenBy(l => l.Address, StringComparer.Ordinal),
    ];

    private static string Bound(string address)
    {
        var plain = address.Split('%')[0].Trim('[', ']');
        return plain is "0.0.0.0" or "::" or ":" or "" ? "*" : plain;
    }

    [GeneratedRegex(@"users:\(\(""([^""]*)""", RegexOptions.CultureInvariant)]
    private static partial Regex Process();
}
