using System.Globalization;
using System.Text.RegularExpressions;

namespace Ark.Core.Checks;

/// <summary>The machine's clock against the console's, and what keeps it right.</summary>
internal static partial class HostClockReader
{
    internal static ClockFacts? Read(HostText text, DateTimeOffset sent, DateTimeOffset received)
    {
        if (Moment(text.First("begin")) is not { } begin || HostUnits.Read(text) is not { } units || received < sent) return null;
        // As NTP does: the time that the machine was busy is no part of the round trip.
        var end = Moment(text.First("end")) is { } last && last >= begin && last - begin <= received - sent ? last : begin;
        var offset = ((begin - sent) + (end - received)).TotalSeconds / 2;
        var uncertainty = ((received - sent) - (end - begin)).TotalSeconds / 2;
        var service = HostFactsScript.ClockUnits.FirstOrDefault(unit => units.IsActive(unit), "");
        var (synchronised, sources) = service switch
        {
            "chrony.service" or "chronyd.service" => Chrony(text),
            "ntp.service" or "ntpd.service" or "ntpsec.service" => Ntp(text),
            "systemd-timesyncd.service" => Timesync(text),
            _ => ((bool?)null, (IReadOnlyList<string>)[]),
        };
        return new(offset, uncertainty, Zone(text), service, units.IsEnabled(service), synchronised, sources);
    }

    /// <summary>Seconds and nanoseconds since 1970, as <c>date +%s.%N</c> prints them.</summary>
    private static DateTimeOffset? Moment(string text) =>
        Epoch().IsMatch(text) && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    private static string Zone(HostText text)
    {
        const string folder = "zoneinfo/";
        var link = text.First("zone");
        var at = link.IndexOf(folder, StringComparison.Ordinal);
        return at >= 0 ? link[(at + folder.Length)..] : text.Value("/etc/timezone") ?? "";
    }

    private static (bool? Synchronised, IReadOnlyList<string> Sources) Chrony(HostText text)
    {
        if (text.Exit("chrony") != 0) return (null, []);
        var leap = HostText.Setting(text.Lines("chrony"), "Leap status", ':');
        return (
            leap is null ? null : leap != "Not synchronised",
            [.. text.Lines("chrony").Select(l => ChronySource().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value)]);
    }

    private static (bool? Synchronised, IReadOnlyList<string> Sources) Ntp(HostText text)
    {
        if (text.Exit("ntpq") != 0) return (null, []);
        var peers = text.Lines("ntpq").SkipWhile(l => !l.StartsWith("===", StringComparison.Ordinal)).Skip(1).ToList();
        return (peers.Any(p => p[0] is '*' or 'o'), [.. peers.Select(p => HostText.Words(p[1..]).FirstOrDefault("")).Where(s => s.Length > 0)]);
    }

    /// <summary>It marks by a file that the clock was set. Before systemd 239 there was not even the folder.</summary>
    private static (bool? Synchronised, IReadOnlyList<string> Sources) Timesync(HostText text)
    {
        var lines = text.Files.Where(f => f.StartsWith("/etc/systemd/timesyncd.conf", StringComparison.Ordinal)).SelectMany(text.File);
        bool? synchronised = text.Names.Contains("/run/systemd/timesync/synchronized") ? true : text.Names.Contains("/run/systemd/timesync") ? false : null;
        return (synchronised, HostText.Words(HostText.Setting(lines, "NTP", '=') ?? ""));
    }

    [GeneratedRegex(@"^[0-9]{1,11}\.[0-9]{1,9}$", RegexOptions.CultureInvariant)]
    private static partial Regex Epoch();

    [GeneratedRegex(@"^[\^=][*+\-?x~] ([^ ]+)", RegexOptions.CultureInvariant)]
    private static partial Regex ChronySource();
}

/// <summary>State of units, as <c>systemctl show</c> prints it.</summary>
internal sealed class HostUnits
{
    private readonly HashSet<string> _active = [];
    private readonly HashSet<string> _enabled = [];

    /// <summary>Null where systemd did not tell.</summary>
    internal static HostUnits? Read(HostText text)
    {
        if (text.Exit("units") != 0 || !text.Lines("units").Any()) return null;
        var units = new HostUnits();
        var (id, active, state) = ("", "", "");
        // Units are separated by an empty line, which Lines leaves out; the order of the properties is systemd's. A property that comes twice begins the next unit.
        var seen = new HashSet<string>();
        foreach (var pair in text.Lines("units").Select(l => l.Split('=', 2)).Where(p => p.Length == 2).Append(["", ""]))
        {
            if (pair[0].Length == 0 || !seen.Add(pair[0]))
            {
                units.Add(id, active, state);
                (id, active, state) = ("", "", "");
                seen = [pair[0]];
            }

            if (pair[0] == "Id") id = pair[1];
            if (pair[0] == "ActiveState") active = pair[1];
            if (pair[0] == "UnitFileState") state = pair[1];
        }

        return units;
    }

    internal bool IsActive(string unit) => _active.Contains(unit);

    internal bool IsEnabled(string unit) => _enabled.Contains(unit);

    private void Add(string id, string active, string state)
    {
        if (active == "active") _active.Add(id);
        if (state == "enabled") _enabled.Add(id);
    }
}
