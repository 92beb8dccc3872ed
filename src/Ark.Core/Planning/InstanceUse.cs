using System.Globalization;
using System.Net;
using Ark.Core.Addressing;
using Ark.Core.Placement;

namespace Ark.Core.Planning;

/// <summary>
/// What an instance takes of its machine and of the pool, beside cores and memory. It stands in its service's labels, so that another task of
/// the site, which knows nothing of the component, plans around it.
/// </summary>
public sealed record InstanceUse
{
    /// <summary>Ports that it listens on, as in effect.</summary>
    public IReadOnlyList<PortUse> Ports { get; init; } = [];

    /// <summary>Bytes set aside under Docker's data path.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Nothing else stands on its machine.</summary>
    public bool Exclusive { get; init; }

    /// <summary>Its address of the pool; null where it has its machine's.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>What the labels of a service say; those that are not there, or were spoilt by hand, say nothing.</summary>
    public static InstanceUse Of(ServiceSpec spec) => new()
    {
        Ports = [.. spec.Labels.GetValueOrDefault(ArkLabels.Ports, "").Split(' ').Select(Port).OfType<PortUse>()],
        DiskBytes = long.TryParse(spec.Labels.GetValueOrDefault(ArkLabels.Disk), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0,
        Exclusive = spec.Labels.GetValueOrDefault(ArkLabels.Exclusive) == "true",
        Address = Ipv4.TryParse(spec.Labels.GetValueOrDefault(ArkLabels.Address, ""), out var address) ? address : null,
    };

    /// <summary>The address under which an instance is reached: its own, or its machine's.</summary>
    public static string AddressOf(ServiceSpec spec) => Of(spec).Address?.ToString() ?? spec.Machine;

    public void AddTo(SortedDictionary<string, string> labels)
    {
        if (Ports.Count > 0) labels[ArkLabels.Ports] = string.Join(' ', Ports.Select(p => $"{p.Protocol}/{p.Number.ToString(CultureInfo.InvariantCulture)}").Order(StringComparer.Ordinal));
        if (DiskBytes > 0) labels[ArkLabels.Disk] = DiskBytes.ToString(CultureInfo.InvariantCulture);
        if (Exclusive) labels[ArkLabels.Exclusive] = "true";
        if (Address is not null) labels[ArkLabels.Address] = Address.ToString();
    }

    private static PortUse? Port(string text) =>
        text.Split('/') is ["tcp" or "udp", var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? new(port, text[..3]) : null;
}
