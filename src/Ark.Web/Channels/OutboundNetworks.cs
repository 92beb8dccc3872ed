using System.Net;
using System.Net.Sockets;
using Ark.Core;

namespace Ark.Web.Channels;

/// <summary>
/// Where a host may connect to on behalf of those who use it. Networks of a data centre are allowed; the host itself, its link, clouds' metadata
/// services and whatever is no single machine are not, unless the setting <c>Channels:AllowedNetworks</c> names them (CIDRs with commas between).
/// It is the address connected to that is judged, when it is connected to: what a name resolved to before counts for nothing.
/// </summary>
public sealed class OutboundNetworks
{
    public const string Refused = "address-not-allowed";
    public const string Why = "Connections to the host itself, its link, metadata services and multicast are not allowed.";
    public const string Remedy = "name another address; an administrator can allow networks by the setting Channels:AllowedNetworks";

    private static readonly IReadOnlyList<IPNetwork> Never =
    [
        .. new[]
        {
            "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/3",
            "100.100.100.200/32", "168.63.129.16/32", // metadata services outside the link's network
            "::/96", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::/32", "2001::/32", // the last: Teredo carries addresses of version 4
        }.Select(IPNetwork.Parse),
    ];

    private readonly IReadOnlyList<IPNetwork> _allowed;

    /// <exception cref="FormatException">A network is none: a wrong setting is told at the start.</exception>
    public OutboundNetworks(string? allowed) => _allowed =
        [.. (allowed ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(IPNetwork.Parse)];

    public bool Allows(IPAddress address)
    {
        var judged = Embedded(address);
        return _allowed.Any(n => n.Contains(judged)) || !Never.Any(n => n.Contains(judged));
    }

    /// <summary>Connects to the first address of the host that is allowed and answers.</summary>
    /// <exception cref="ForbiddenAddressException">None of them is allowed.</exception>
    /// <exception cref="SocketException">The name is unknown, or nobody answers.</exception>
    public async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        var found = await Dns.GetHostAddressesAsync(host, cancellation);
        var addresses = found.Where(Allows).ToList();
        if (addresses.Count == 0 && found.Length > 0)
            throw new ForbiddenAddressException();
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>An address of version 4 can be written as one of version 6: mapped, translated (NAT64) or 6to4.</summary>
    private static IPAddress Embedded(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        if (bytes.AsSpan(0, 12).SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
            return new(bytes.AsSpan(12, 4));
        return bytes is [0x20, 0x02, ..] ? new(bytes.AsSpan(2, 4)) : new(bytes); // without its zone, which networks do not have
    }
}

/// <summary>The host's address is one that must not be connected to.</summary>
public sealed class ForbiddenAddressException() : Exception(OutboundNetworks.Why)
{
    public static Problem Problem { get; } = new(OutboundNetworks.Refused, "", OutboundNetworks.Why, OutboundNetworks.Remedy);
}
