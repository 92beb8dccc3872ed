using Ark.Core.Placement;

namespace Ark.Core.Checks;

/// <summary>What a try says of a way, once it is known what listens at its end.</summary>
internal enum WayState
{
    /// <summary>Somebody answered, or the machine refused where nothing listens.</summary>
    Free,

    /// <summary>Rejected or dropped.</summary>
    Blocked,

    /// <summary>Refused, though something listens: by a firewall that passes for a closed port.</summary>
    Denied,

    /// <summary>A datagram without an answer, where something listens that need not answer.</summary>
    Untold,

    /// <summary>A datagram without an answer, and nobody knows whether something listens.</summary>
    Unknown,
}

/// <summary>Tries from machine to machine, judged with what their targets said.</summary>
internal static class Ways
{
    public static WayState Of(CheckScope scope, PortProbe probe) => probe.Result switch
    {
        ProbeResult.Open => WayState.Free,
        ProbeResult.Refused => Listens(scope, probe) == true ? WayState.Denied : WayState.Free,
        ProbeResult.TimedOut when probe.Protocol == "udp" => Listens(scope, probe) switch { true => WayState.Untold, false => WayState.Blocked, null => WayState.Unknown },
        _ => WayState.Blocked,
    };

    /// <summary>What listens on a port of a machine for others to reach; null: nothing does, or it is not known.</summary>
    public static ListenerFacts? Listener(HostFacts machine, PortUse port) =>
        machine.Listeners?.FirstOrDefault(l => l.Port == port.Number && l.Protocol == port.Protocol && (l.Address == "*" || l.Address == machine.Machine));

    /// <summary><c>2377, 5000, udp/4789</c>: TCP first, sorted.</summary>
    public static string Ports(IEnumerable<PortUse> ports) =>
        string.Join(", ", ports.Distinct().OrderBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Number).Select(p => p.Protocol == "tcp" ? $"{p.Number}" : $"{p.Protocol}/{p.Number}"));

    /// <summary>Null: the machine did not tell.</summary>
    private static bool? Listens(CheckScope scope, PortProbe probe) =>
        scope.Find(probe.To) is { Listeners: not null } machine ? Listener(machine, new(probe.Port, probe.Protocol)) is not null : null;
}
