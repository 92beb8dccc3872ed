using System.Globalization;
using System.Text.RegularExpressions;

namespace Ark.Core.Checks;

/// <summary>
/// The part of <see cref="PortProbeScript"/> that sends datagrams, by bash's own <c>/dev/udp</c>, to all targets at once. A closed port is told of by its
/// machine's kernel (ICMP), a firewall that rejects likewise: it stands at the socket when the shell looks. Kernels tell one machine six such things at
/// once and then one a second, and a datagram may be lost: what nobody answered is sent again, three times within two seconds, beside the connections
/// that are tried again. Where something listens, silence is no news: it is looked at once.
/// </summary>
internal static partial class DatagramProbe
{
    public const int TimePort = 123;

    /// <summary>
    /// <c>send</c> sends to one target, <c>hear</c> prints what came back and sends to the silent again unless told that this is the last time, and
    /// <c>insist</c> does so until the time is over. An empty line is sent, to time servers a client's question. What failed stands on the line before.
    /// </summary>
    public const string Functions = """
        waiting=()
        ask() { if [ "$2" = 123 ]; then printf '\43%046d\n' 0; else echo; fi >&"$1"; }
        heard() { printf 'heard\t%s\t%s\t%s\n' "$1" "$2" "$3"; }
        send() { { exec {fd}<>"/dev/udp/$1/$2" && ask $fd "$2"; } 2>&1 && waiting+=("$fd $1 $2 $3") || heard "$1" "$2" 1; }
        hear() {
          local last=$1 left=() one said
          for one in "${waiting[@]}"; do
            set -- $one; said=
            if read -t 0 -u $1; then read -r -d '' -n 1 -t 0.1 -u $1 _; said=$?
            elif [ $4 = held ]; then continue
            elif [ -z "$last" ]; then ask $1 $3 || said=1; fi
            if [ -n "$said" ]; then heard $2 $3 $said; else left+=("$one"); fi
          done
          waiting=("${left[@]}")
        } 2>&1
        insist() {
          local pause
          for pause in 0.2 0.8; do sleep $pause; hear; [ ${#waiting[@]} -gt 0 ] || return; done
          sleep 1; hear last
        }
        """;

    /// <summary>What came back from a target of UDP, by what the script printed; <see cref="ProbeResult.TimedOut"/> where nothing did, null where bash said something that is no answer from the network.</summary>
    public static Func<PortTarget, ProbeResult?> Heard(string[] lines)
    {
        Dictionary<(string, string), ProbeResult?> heard = [];
        for (var i = 0; i < lines.Length; i++)
            if (lines[i].Split('\t') is ["heard", var to, var port, var exit])
                heard.TryAdd((to, port), exit == "0" ? ProbeResult.Open : i == 0 ? null : Said(lines[i - 1]));
        return target => heard.TryGetValue((target.To, target.Port.ToString(CultureInfo.InvariantCulture)), out var result) ? result : ProbeResult.TimedOut;
    }

    /// <summary>Where the socket could not even be opened, no route is just that; what comes back to a datagram was sent by somebody.</summary>
    private static ProbeResult? Said(string line) => Error().Match(line) is not { Success: true } said ? null : (Sent: said.Groups[1].Success, What: said.Groups[2].Value) switch
    {
        (true, "Connection refused") => ProbeResult.Refused,
        (true, "No route to host" or "Network is unreachable" or "Protocol not available") => ProbeResult.Filtered,
        (_, "Permission denied" or "Operation not permitted") => ProbeResult.Filtered,
        (false, "No route to host" or "Network is unreachable") => ProbeResult.TimedOut,
        _ => null,
    };

    [GeneratedRegex(@": (?:((?:read|write) error): (?:[0-9]+: )?)?([^:]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Error();
}
