using Ark.Core.Placement;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Firewalls and access control of the kernel.</summary>
public static class SecurityChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        Of("firewall", 5, CheckGroup.Security, "The firewall is off, or lets through what Ark needs", m => m.Security, Firewall),
        Of("firewall-at-boot", 5, CheckGroup.Security, "No firewall starts after a reboot that is off now", m => m.Security, (_, _, security) =>
        {
            var sleeping = security.FirewallAtBoot.Except(security.FirewallServices).Order(StringComparer.Ordinal).ToList();
            return sleeping.Count == 0
                ? Pass(security.FirewallAtBoot.Count == 0 ? "no firewall is enabled" : $"{string.Join(", ", security.FirewallAtBoot)} is enabled, and active now")
                : Warn($"{string.Join(", ", sleeping)} is enabled but not active", "off now and after a reboot", "It was stopped for the moment only: the next reboot brings it back.",
                    $"systemctl disable {string.Join(' ', sleeping)}") with { Fix = sleeping is [var one] ? new SetUnit(one, null, false) : null };
        }),
        Of("selinux", 6, CheckGroup.Security, "SELinux is off", m => m.Security, (_, _, security) => security.Selinux is "enforcing"
            ? Fail("SELinux enforcing", "disabled or permissive", "It refuses containers the files that are mounted into them.",
                "setenforce 0 && sed -i 's/^SELINUX=.*/SELINUX=disabled/' /etc/selinux/config") with { Fix = new PermitSelinux(true) }
            : Pass($"SELinux {security.Selinux}")),
        Of("selinux-at-boot", 6, CheckGroup.Security, "SELinux stays off over a reboot", m => m.Security, (_, _, security) => security is { SelinuxAtBoot: "enforcing", Selinux: not "enforcing" }
            ? Warn("/etc/selinux/config: enforcing", "disabled or permissive", "It was switched off for the moment only: the next reboot brings it back.",
                "sed -i 's/^SELINUX=.*/SELINUX=disabled/' /etc/selinux/config") with { Fix = new PermitSelinux(false) }
            : Pass($"/etc/selinux/config: {security.SelinuxAtBoot}")),
    ];

    /// <summary>A firewall that is on is judged by the connections that were tried to the machine.</summary>
    private static Finding Firewall(CheckScope scope, HostFacts machine, SecurityFacts security)
    {
        if (security.FirewallServices.Count == 0 && security is not { InputRules: not null, InputPolicy: not null })
            return Untold(machine, "the rules for incoming packets");
        var what = Active(security);
        if (what.Length == 0)
            return Pass("no firewall is active, incoming packets are accepted");
        var ways = scope.ProbesTo(machine.Machine).ToLookup(p => Ways.Of(scope, p), p => new PortUse(p.Port, p.Protocol));
        var blocked = Listed(ways[WayState.Blocked].Concat(ways[WayState.Denied]));
        var free = ways[WayState.Free].Distinct().ToList();
        var needed = NeededPorts.Through(scope, machine.Machine);
        var fix = new OpenPorts(Firewalls.Unit(security), needed);
        if (blocked.Length > 0)
        {
            return Fail($"{what}; {blocked} blocked", "off, or these ports open",
                "The firewall keeps other machines from what Ark needs.", Firewalls.Open(machine, needed)) with { Fix = fix };
        }

        if (free.Count == 0)
            return Warn($"{what}; nobody tried to connect", "off, or what Ark needs open", "Whether the firewall lets through what Ark needs is not known.", Firewalls.Open(machine, needed)) with { Fix = fix };
        var by = scope.Machines.Count > ProbeRound.Whole ? $": {scope.ProbesTo(machine.Machine).DistinctBy(p => p.From).Count()} of {scope.Machines.Count - 1} tried" : "";
        var untold = Listed(needed.Except(free));
        return Pass($"{what}; {Listed(free)} open to other machines{by}{(untold.Length == 0 ? "" : $"; whether {untold} are cannot be told")}");
    }

    private static string Listed(IEnumerable<PortUse> ports) =>
        string.Join(", ", ports.Distinct().OrderBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Number).Select(p => $"{p.Protocol}/{p.Number}"));

    private static string Active(SecurityFacts security) => (security.FirewallServices.Count, security.InputPolicy, security.InputRules?.Count ?? 0) switch
    {
        ( > 0, _, _) => $"{string.Join(", ", security.FirewallServices)} is active",
        (_, "drop" or "reject", _) => $"incoming packets: {security.InputPolicy}",
        (_, _, > 0 and var rules) => $"{rules} rules drop or reject incoming packets, the first: {security.InputRules![0]}",
        _ => "",
    };
}
