using System.Net;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>The machines' clocks, and who keeps them.</summary>
public static class ClockChecks
{
    /// <summary>How far a clock may be from the site's middle, in seconds.</summary>
    private const double Most = 0.5;

    public static readonly IReadOnlyList<Check> All =
    [
        Across("clock-offset", 3, CheckGroup.Clock, "All clocks agree to half a second", m => m.Clock, Offsets),
        Of("time-service", 3, CheckGroup.Clock, "A service keeps the clock", m => m.Clock, (scope, machine, clock) => clock.Service.Length > 0
            ? Pass(clock.Service)
            : Fail("no time service is active", "chrony, or another", "Nothing sets the clock: the machines drift apart.",
                $"{OsFamilies.Install(machine, "chrony")} && echo 'server {scope.Site.NtpServer} iburst' >> {ChronyFile(machine)} && systemctl enable {ChronyUnit(machine)} && systemctl restart {ChronyUnit(machine)}") with { Fix = new FollowClock(scope.Site.NtpServer, "") }),
        Of("time-service-at-boot", 3, CheckGroup.Clock, "That service starts after a reboot", m => m.Clock, (_, _, clock) => clock switch
        {
            { Service: "" } => NotApplicable("no time service is active"),
            { StartsAtBoot: true } => Pass($"{clock.Service} is enabled"),
            _ => Warn($"{clock.Service} is not enabled", $"{clock.Service} enabled", "After a reboot nothing sets the clock.", $"systemctl enable {clock.Service}") with { Fix = new SetUnit(clock.Service, null, true) },
        }),
        Of("time-synchronised", 3, CheckGroup.Clock, "The clock is synchronised", m => m.Clock, (scope, machine, clock) => clock switch
        {
            { Service: "" } => NotApplicable("no time service is active"),
            { Synchronised: null } => Untold(machine, $"whether {clock.Service} is synchronised"),
            { Synchronised: true } => Pass($"{clock.Service} is synchronised"),
            _ => Warn($"{clock.Service} is not synchronised", "synchronised", $"No time server answers it, or none long enough: {scope.Site.NtpServer} may be closed on UDP port 123.",
                "chronyc -n sources"),
        }),
        Of("time-source", 3, CheckGroup.Clock, "The clock follows the site's time server", m => m.Clock, Source),
        Agreement.Same("time-zone-same", null, CheckGroup.Clock, "All machines are in one time zone", m => m.Clock?.TimeZone, Verdict.Warning,
            "Logs of different machines show different hours for one moment.", (_, most) => $"timedatectl set-timezone {most}",
            (machine, most) => new SetTimeZone(most, machine.Clock!.TimeZone)),
    ];

    /// <summary>Each clock against the median. An offset is known to its uncertainty only: what may lie on either side of the limit could not be checked.</summary>
    private static IEnumerable<Finding> Offsets(CheckScope scope, IReadOnlyList<(HostFacts Machine, ClockFacts Fact)> known)
    {
        if (known.Count == 0)
            return [];
        if (known.Count == 1)
            return [NotApplicable("there is no other clock to compare with") with { Machine = known[0].Machine.Machine }];
        var (median, doubt) = Median(known.Select(k => k.Fact));
        return known.Select(k =>
        {
            var (off, unsure) = (k.Fact.OffsetSeconds - median, k.Fact.UncertaintySeconds + doubt);
            var evidence = FormattableString.Invariant($"{off:+0.000;-0.000;0.000} s from the median of {known.Count} clocks, known to ±{unsure:0.000} s");
            var wanted = FormattableString.Invariant($"within ±{Most:0.0} s");
            var finding = Math.Abs(off) + unsure <= Most ? Pass(evidence, wanted)
                : Math.Abs(off) - unsure > Most ? Fail(evidence, wanted, "The clock is wrong: certificates, clusters and logs rely on it.", Step(k.Fact))
                : Unknown(evidence, "The machine answered too slowly to know its clock better.", "ark check --only clock-offset") with { Wanted = wanted };
            return finding with { Machine = k.Machine.Machine };
        });
    }

    private static (double Offset, double Uncertainty) Median(IEnumerable<ClockFacts> clocks)
    {
        var sorted = clocks.OrderBy(c => c.OffsetSeconds).ThenBy(c => c.UncertaintySeconds).ToList();
        var (low, high) = (sorted[(sorted.Count - 1) / 2], sorted[sorted.Count / 2]);
        return ((low.OffsetSeconds + high.OffsetSeconds) / 2, (low.UncertaintySeconds + high.UncertaintySeconds) / 2);
    }

    private static Finding Source(CheckScope scope, HostFacts machine, ClockFacts clock)
    {
        var wanted = scope.Site.NtpServer;
        if (clock.Service.Length == 0)
            return NotApplicable("no time service is active");
        if (clock.Sources.Contains(wanted, StringComparer.OrdinalIgnoreCase) || wanted == machine.Machine)
            return Pass($"asks {(clock.Sources.Count == 0 ? "nobody: it is the time server" : string.Join(", ", clock.Sources))}");
        // Of timesyncd, files tell; the others are asked, and may not answer.
        if (clock is { Synchronised: null, Sources.Count: 0 } && !clock.Service.StartsWith("systemd-timesyncd", StringComparison.Ordinal))
            return Untold(machine, $"which servers {clock.Service} asks");
        if (clock.Sources.Count > 0 && !IPAddress.TryParse(wanted, out _) && clock.Sources.All(s => IPAddress.TryParse(s, out _)))
            return Unknown($"asks {string.Join(", ", clock.Sources)}", $"The service names its servers by address: whether one is {wanted} cannot be seen.", $"getent hosts {wanted}");
        return Warn(clock.Sources.Count == 0 ? "asks nobody" : $"asks {string.Join(", ", clock.Sources)}", wanted, "The time service was set up with other servers than the site's.",
            clock.Service.StartsWith("systemd-timesyncd", StringComparison.Ordinal)
                ? $"mkdir -p /etc/systemd/timesyncd.conf.d && printf '[Time]\\nNTP={wanted}\\n' > /etc/systemd/timesyncd.conf.d/site.conf && systemctl restart systemd-timesyncd"
                : $"echo 'server {wanted} iburst' >> {ChronyFile(machine)} && systemctl restart {ChronyUnit(machine)}") with { Fix = new FollowClock(wanted, clock.Service) };
    }

    private static string Step(ClockFacts clock) => clock.Service switch
    {
        "" => "ark check --only time-service",
        var service when service.StartsWith("chron", StringComparison.Ordinal) => "chronyc makestep",
        var service => $"systemctl restart {service}",
    };

    private static string ChronyFile(HostFacts machine) => OsFamilies.Of(machine) == OsFamily.Debian ? "/etc/chrony/chrony.conf" : "/etc/chrony.conf";

    private static string ChronyUnit(HostFacts machine) => OsFamilies.Of(machine) == OsFamily.Debian ? "chrony" : "chronyd";
}
