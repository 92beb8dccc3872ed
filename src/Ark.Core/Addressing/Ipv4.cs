using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ark.Core.Addressing;

/// <summary>
/// IPv4 addresses as people write them: four decimal numbers, nothing else. (The BCL also reads <c>1</c>, <c>0x7f.1</c> and
/// octal <c>010.0.0.1</c>, each another address than the reader thinks.)
/// </summary>
public static class Ipv4
{
    /// <summary>Reads <c>10.0.0.11</c>; no leading zeros, no space.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        var parts = text.Split('.');
        if (parts.Length != 4)
            return false;
        uint number = 0;
        foreach (var part in parts)
        {
            if (part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || !part.All(char.IsAsciiDigit))
                return false;
            var octet = uint.Parse(part, CultureInfo.InvariantCulture);
            if (octet > 255)
                return false;
            number = (number << 8) | octet;
        }

        address = FromNumber(number);
        return true;
    }

    /// <summary>
    /// Reads <c>192.168.1.0/24</c>. Null, and why in <paramref name="reason"/>, where it is none or has bits set behind its prefix.
    /// </summary>
    public static IPNetwork? ParseNetwork(string text, out string reason)
    {
        reason = "it is not written as address/prefix, as in 192.168.1.0/24";
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryParse(text[..slash], out var address))
            return null;
        var tail = text[(slash + 1)..];
        if (tail.Length is 0 or > 2 || !tail.All(char.IsAsciiDigit) || (tail.Length == 2 && tail[0] == '0'))
            return null;
        var prefix = int.Parse(tail, CultureInfo.InvariantCulture);
        if (prefix > 32)
        {
            reason = "the prefix is longer than 32 bits";
            return null;
        }

        var network = FromNumber(ToNumber(address) & Mask(prefix));
        if (!network.Equals(address))
        {
            reason = $"{address} is an address within it; the network is {network}/{prefix}";
            return null;
        }

        reason = "";
        return new IPNetwork(network, prefix);
    }

    /// <summary>The address as a number, the first octet highest; addresses sort by it.</summary>
    public static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily != AddressFamily.InterNetwork || !address.TryWriteBytes(bytes, out _))
            throw new ArgumentException($"{address} is no IPv4 address.", nameof(address));
        return ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
    }

    public static IPAddress FromNumber(uint number) =>
        new([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    /// <summary>The bits of a prefix set, those behind it not.</summary>
    public static uint Mask(int prefix) => prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);

    /// <summary>The network's last address: the broadcast address where the prefix is shorter than 31.</summary>
    public static uint LastOf(IPNetwork network) => ToNumber(network.BaseAddress) | ~Mask(network.PrefixLength);

    public static bool Overlap(IPNetwork a, IPNetwork b) => a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress);
}
