using System.Text.RegularExpressions;
using Ark.Core.Checks;

namespace Ark.Core.Fixes;

/// <summary>Who keeps the clock, and by which server.</summary>
internal static class ClockFixes
{
    public static Change Of(FollowClock fix, HostFacts machine)
    {
        var debian = OsFamilies.IsDebian(machine);
        var (file, unit) = (debian ? "/etc/chrony/chrony.conf" : "/etc/chrony.conf", debian ? "chrony" : "chronyd");
        var line = $"server {fix.Server} iburst";
        if (fix.Service.Length == 0)
        {
            return new("chrony", "no time service", $"chrony, asking {fix.Server}, now and at boot")
            {
                Tracked = [.. Change.UnitLinks, file],
                Do = $"""
                    {PackageFixes.Install(machine, "chrony")}
                    grep -qxF {ShellText.Quote(line)} {file} || echo {ShellText.Quote(line)} >> {file}
                    systemctl enable -q {unit}; systemctl restart {unit}
                    """,
                Undo = $"systemctl daemon-reload; systemctl stop -q {unit} || true\n{PackageFixes.Remove(machine)}",
            };
        }

        if (fix.Service.StartsWith("systemd-timesyncd", StringComparison.Ordinal))
        {
            return Change.OfFile("/etc/systemd/timesyncd.conf.d/zz-site.conf", "other time servers", $"NTP={fix.Server}", _ => $"[Time]\nNTP={fix.Server}\n") with
            {
                Do = "systemctl restart systemd-timesyncd",
                Undo = "systemctl restart systemd-timesyncd",
            };
        }

        var server = new Regex($@"^\s*(server|pool|peer)\s+{Regex.Escape(fix.Server)}(\s|$)", RegexOptions.CultureInvariant);
        var conf = fix.Service.StartsWith("chron", StringComparison.Ordinal) ? file : fix.Service.StartsWith("ntpsec", StringComparison.Ordinal) ? "/etc/ntpsec/ntp.conf" : "/etc/ntp.conf";
        return Change.OfFile(conf, "other time servers", line, text => SettingText.Set(text, server, line)) with { Do = $"systemctl restart {fix.Service}", Undo = $"systemctl restart {fix.Service}" };
    }

    public static Change Of(SetTimeZone fix) => new("/etc/localtime", $"time zone {fix.Was}", $"time zone {fix.Zone}")
    {
        Tracked = ["/etc/localtime", "/etc/timezone"],
        Do = $"""
            [ -e /usr/share/zoneinfo/{fix.Zone} ] || [ {ShellText.Quote(fix.Zone)} = UTC ] || exit 1
            ln -sfT /usr/share/zoneinfo/{fix.Zone} /etc/localtime
            [ ! -e /etc/timezone ] || echo {ShellText.Quote(fix.Zone)} > /etc/timezone
            """,
    };
}
