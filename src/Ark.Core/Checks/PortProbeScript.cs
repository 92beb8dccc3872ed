using System.Globalization;

namespace Ark.Core.Checks;

/// <summary>Where connections go from one machine.</summary>
/// <param name="To">Address.</param>
public sealed record PortTarget(string To, int Port);

/// <summary>
/// The script that tries connections from one machine, for bash, whose own <c>/dev/tcp</c> needs no program to be installed: a shell a connection, 64 at
/// once, each for two seconds at most. A connection is closed as soon as it is there.
/// </summary>
public static class PortProbeScript
{
    /// <summary>Longer than any answer on a site's network; a machine asks for an address three times in this time.</summary>
    public const int Seconds = 2;

    /// <summary>A "no route" that comes sooner was said by somebody; one that comes later is the kernel's, which nobody answered.</summary>
    private const double SaidByNobodyMilliseconds = 900;

    /// <summary>The script is bash's: run it by <c>bash -c</c>.</summary>
    public static string For(IReadOnlyList<PortTarget> targets) => $$"""
        LC_ALL=C
        now() { if [ -n "$EPOCHREALTIME" ]; then now=${EPOCHREALTIME/./}; else now=$(date +%s%6N); fi; }
        try() {
          now; began=$now
          said=1; exec 3<>"/dev/tcp/$1/$2" && said=0
          now; printf 'tried\t%s\t%s\t%s\t%s\n' "$1" "$2" $said $((now - began))
        } 2>&1
        watch() {
          trap 'kill $sleeper; exit' TERM
          sleep {{Seconds}} & sleeper=$!
          wait $sleeper
          kill "$@"
        } >/dev/null 2>&1
        batch=()
        finish() { watch "${batch[@]}" & wait "${batch[@]}"; kill $!; wait; batch=(); } 2>/dev/null
        while read -r to port; do
          try "$to" "$port" </dev/null & batch+=($!)
          [ ${#batch[@]} -lt 64 ] || finish
        done <<'TARGETS'
        {{string.Join('\n', targets.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.To} {t.Port}")))}}
        TARGETS
        [ ${#batch[@]} -eq 0 ] || finish
        echo done
        """;

    /// <summary>Reads what the script printed. A target that it does not name was given up; without the last line nothing is known of it, and it is left out.</summary>
    public static IReadOnlyList<PortProbe> Read(string from, IReadOnlyList<PortTarget> targets, string output)
    {
        var lines = output.Split('\n');
        var tried = lines.Select(l => l.Split('\t')).Where(w => w is ["tried", _, _, _, _]).ToLookup(w => (w[1], w[2]), w => (Open: w[3] == "0", Microseconds: HostText.Number(w[4]) ?? 0));
        var ended = lines.Contains("done");
        return [.. targets.Select(target =>
        {
            var port = target.Port.ToString(CultureInfo.InvariantCulture);
            if (!tried.Contains((target.To, port))) return ended ? new PortProbe(from, target.To, target.Port, ProbeResult.TimedOut, null) : null;
            var (open, microseconds) = tried[(target.To, port)].First();
            var milliseconds = Math.Max(0, microseconds) / 1000.0;
            var result = open ? ProbeResult.Open : Said(lines.Where(l => l.Contains($"/dev/tcp/{target.To}/{port}: ", StringComparison.Ordinal)), milliseconds);
            return result is { } known ? new PortProbe(from, target.To, target.Port, known, known == ProbeResult.TimedOut ? null : milliseconds) : null;
        }).OfType<PortProbe>()];
    }

    /// <summary>Null where bash said something that is no answer from the network.</summary>
    private static ProbeResult? Said(IEnumerable<string> errors, double milliseconds) => errors.FirstOrDefault("") switch
    {
        var e when e.EndsWith("Connection refused", StringComparison.Ordinal) => ProbeResult.Refused,
        var e when e.EndsWith("No route to host", StringComparison.Ordinal) => milliseconds < SaidByNobodyMilliseconds ? ProbeResult.Filtered : ProbeResult.TimedOut,
        var e when e.EndsWith("Permission denied", StringComparison.Ordinal) || e.EndsWith("Operation not permitted", StringComparison.Ordinal) => ProbeResult.Filtered,
        var e when e.EndsWith("Connection timed out", StringComparison.Ordinal) || e.EndsWith("Network is unreachable", StringComparison.Ordinal) => ProbeResult.TimedOut,
        _ => null,
    };
}
