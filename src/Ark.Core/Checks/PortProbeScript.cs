using System.Globalization;
using System.Text.RegularExpressions;

namespace Ark.Core.Checks;

/// <summary>Where connections and datagrams go from one machine.</summary>
/// <param name="To">Address.</param>
public sealed record PortTarget(string To, int Port)
{
    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    public string Protocol { get; init; } = "tcp";

    /// <summary>What listens there already, as the machine said: its process; empty: the kernel itself, or not known; null: nothing does.</summary>
    public string? Listener { get; init; }

    /// <summary>A program that gets a datagram which it cannot read gives no answer, and may log it: it gets none. A time server answers.</summary>
    public bool Tried => Protocol == "tcp" || Listener is null or "" || Port == DatagramProbe.TimePort;
}

/// <summary>
/// The script that tries connections from one machine, for bash, whose own <c>/dev/tcp</c> needs no program to be installed. One shell tries them in
/// turn, for answers and refusals come at once; a tick interrupts what nobody answers. Such a machine's ports are tried again afterwards, and all that
/// is left once ten machines kept silent: a shell a connection, 64 at once, each for two seconds at most. A connection is closed as soon as it is there.
/// Datagrams are sent before all that, and what came back is looked at behind it: <see cref="DatagramProbe"/>.
/// </summary>
public static partial class PortProbeScript
{
    /// <summary>Longer than any answer on a site's network.</summary>
    public const int Seconds = 2;

    /// <summary>What bash says of a connection that the tick interrupted: no answer, it is tried again.</summary>
    private const string Interrupted = "Interrupted system call";

    /// <summary>For <c>bash -c</c>, with <see cref="Input"/> on its standard input.</summary>
    public static readonly string Script = $$"""
        LC_ALL=C
        now() { if [ -n "$EPOCHREALTIME" ]; then now=${EPOCHREALTIME/./}; else now=$(date +%s%6N); fi; }
        try() {
          now; began=$now
          said=1; { : 3<>"/dev/tcp/$1/$2" && said=0; } 2>&1
          now
        }
        tell() { printf 'tried\t%s\t%s\t%s\t%s\n' "$1" "$2" $said $((now - began)); }
        watch() {
          trap 'kill $sleeper; exit' TERM
          sleep {{Seconds}} & sleeper=$!
          wait $sleeper
          kill "$@"
        } >/dev/null 2>&1
        batch=()
        finish() { watch "${batch[@]}" & wait "${batch[@]}"; kill $!; wait; batch=(); } 2>/dev/null
        {{DatagramProbe.Functions}}
        targets=()
        while read -r to port how; do
          if [ "$how" = tcp ]; then targets+=("$to $port"); else send "$to" "$port" "$how"; fi
        done
        exec </dev/null
        tick=; trap tick=1 USR1
        while sleep 0.2; do kill -USR1 $$ || exit; done >/dev/null 2>&1 & ticker=$!
        again=(); silent=' '; left=10
        for target in "${targets[@]}"; do
          to=${target% *} port=${target#* }
          if [ $left = 0 ] || [ "${silent/ $to /}" != "$silent" ]; then again+=("$target"); continue; fi
          tick=; try "$to" "$port"
          if [ "$said$tick" = 11 ]; then again+=("$target"); silent="$silent$to "; left=$((left - 1)); else tell "$to" "$port"; fi
        done
        { kill $ticker; wait $ticker; } 2>/dev/null
        hear
        [ ${#waiting[@]} -eq 0 ] || exec {later}< <(insist)
        for target in "${again[@]}"; do
          { try ${target% *} ${target#* }; tell ${target% *} ${target#* }; } & batch+=($!)
          [ ${#batch[@]} -lt 64 ] || finish
        done
        [ ${#batch[@]} -eq 0 ] || finish
        [ -z "$later" ] || while IFS= read -r line; do printf '%s\n' "$line"; done <&$later
        while read -r to _ flags _; do [ "$flags" != 0x0 ] || printf 'silent\t%s\n' "$to"; done </proc/net/arp
        echo done
        """;

    /// <summary>A line a target that is tried: address, port, and <c>tcp</c>, <c>udp</c>, or <c>held</c> for UDP where something listens, whose silence is not waited for.</summary>
    public static string Input(IReadOnlyList<PortTarget> targets) => string.Concat(targets.Where(t => t.Tried).Select(t =>
        string.Create(CultureInfo.InvariantCulture, $"{t.To} {t.Port} {(t.Protocol == "tcp" ? "tcp" : t.Listener is null ? "udp" : "held")}\n")));

    /// <summary>Reads what the script printed. A target that it does not name was given up; without the last line nothing is known of it, and it is left out, as is what was not tried.</summary>
    public static IReadOnlyList<PortProbe> Read(string from, IReadOnlyList<PortTarget> targets, string output)
    {
        var lines = output.Split('\n');
        var words = lines.Select(l => l.Split('\t')).ToList();
        var tried = words.Where(w => w is ["tried", _, _, _, _]).ToLookup(w => (w[1], w[2]), w => (Open: w[3] == "0", Microseconds: HostText.Number(w[4]) ?? 0));
        var silent = words.Where(w => w is ["silent", _]).Select(w => w[1]).ToHashSet();
        var errors = lines.Select(l => Error().Match(l)).Where(m => m.Success && m.Groups[3].Value != Interrupted).ToLookup(m => (m.Groups[1].Value, m.Groups[2].Value), m => m.Groups[3].Value);
        var ended = lines.Contains("done");
        var heard = DatagramProbe.Heard(lines);
        return [.. targets.Where(t => t.Tried).Select(target =>
        {
            if (target.Protocol != "tcp")
                return ended && heard(target) is { } told ? new PortProbe(from, target.To, target.Port, told, null) { Protocol = target.Protocol } : null;
            var key = (target.To, target.Port.ToString(CultureInfo.InvariantCulture));
            if (!tried.Contains(key)) return ended ? new PortProbe(from, target.To, target.Port, ProbeResult.TimedOut, null) : null;
            var (open, microseconds) = tried[key].First();
            ProbeResult? result = open ? ProbeResult.Open : Said(errors[key].FirstOrDefault(""), silent.Contains(target.To));
            return result is { } known ? new PortProbe(from, target.To, target.Port, known, known == ProbeResult.TimedOut ? null : Math.Max(0, microseconds) / 1000.0) : null;
        }).OfType<PortProbe>()];
    }

    /// <summary>Null where bash said something that is no answer from the network.</summary>
    /// <param name="silent">The machine did not even tell its hardware address: then "no route" was said by nobody.</param>
    private static ProbeResult? Said(string error, bool silent) => error switch
    {
        "Connection refused" => ProbeResult.Refused,
        "No route to host" => silent ? ProbeResult.TimedOut : ProbeResult.Filtered,
        "Permission denied" or "Operation not permitted" => ProbeResult.Filtered,
        "Connection timed out" or "Network is unreachable" => ProbeResult.TimedOut,
        _ => null,
    };

    [GeneratedRegex(@"/dev/tcp/([^/]+)/([0-9]+): (.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Error();
}
