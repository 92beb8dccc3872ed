using System.Text.RegularExpressions;
using Ark.Core.Checks;

namespace Ark.Core.Fixes;

/// <summary>Opens ports by the firewall that runs, and nothing else of it changes.</summary>
internal static partial class FirewallFixes
{
    /// <summary>As many as one rule of iptables may name.</summary>
    private const int MostPorts = 15;

    /// <param name="mark">Stands in rules as their comment: they are found by it again.</param>
    public static Change Of(OpenPorts fix, HostFacts machine, string mark)
    {
        var (before, after) = (fix.Unit.Length == 0 ? "packet filter closed" : $"{fix.Unit} closed", string.Join(", ", fix.Ports.Select(p => $"{p.Protocol}/{p.Number}")) + " open");
        return fix.Unit switch
        {
            "firewalld.service" => new("firewall", before, after)
            {
                Tracked = ["/etc/firewalld/"],
                Do = string.Join('\n', fix.Ports.Select(p => $"firewall-cmd -q --query-port={p.Number}/{p.Protocol} || {{ firewall-cmd -q --add-port={p.Number}/{p.Protocol}; echo {p.Number}/{p.Protocol} >> \"$step/opened\"; }}\nfirewall-cmd -q --permanent --add-port={p.Number}/{p.Protocol}")),
                Undo = "[ ! -e \"$step/opened\" ] || while read -r port; do firewall-cmd -q --remove-port=\"$port\"; done < \"$step/opened\"",
            },
            "ufw.service" => new("firewall", before, after)
            {
                Tracked = ["/etc/ufw/"],
                Do = string.Join('\n', ByProtocol(fix).Select(g => $"ufw allow proto {g.Key} to any port {string.Join(',', g)} >/dev/null")),
                Undo = "ufw reload >/dev/null",
            },
            "nftables.service" => Nftables(fix, OsFamilies.IsDebian(machine) ? "/etc/nftables.conf" : "/etc/sysconfig/nftables.conf", before, after, mark),
            "netfilter-persistent.service" => Iptables(fix, "/etc/iptables/rules.v4", before, after, mark),
            "iptables.service" => Iptables(fix, "/etc/sysconfig/iptables", before, after, mark),
            _ => Iptables(fix, null, before, after, mark),
        };
    }

    /// <summary>In the very chain that drops: a packet that another chain accepts is dropped all the same.</summary>
    private static Change Nftables(OpenPorts fix, string file, string before, string after, string mark)
    {
        var rules = ByProtocol(fix).Select(g => $"{g.Key} dport {{ {string.Join(", ", g)} }} accept comment \"{mark}\"").ToList();
        var chains = "nft list ruleset | awk '/^table/ { table = $2 \" \" $3 } /^\\tchain/ { chain = $2 } /hook input/ { print table, chain }'";
        return Change.OfFile(file, before, after, text => InsertAfterHook(text, rules)) with
        {
            Do = $"{chains} | while read -r family table chain; do\n{string.Join('\n', rules.Select(r => $"nft insert rule \"$family\" \"$table\" \"$chain\" {ShellText.Quote(r)}"))}\ndone",
            Undo = $$"""
                {{chains}} | while read -r family table chain; do
                nft -a list chain "$family" "$table" "$chain" | sed -n 's/.*comment "{{mark}}" # handle \([0-9]*\)$/\1/p' |
                while read -r handle; do nft delete rule "$family" "$table" "$chain" handle "$handle"; done
                done
                """,
        };
    }

    /// <summary>Null where the file has no chain of incoming packets: it includes others, or is written in another way.</summary>
    private static string? InsertAfterHook(string text, List<string> rules)
    {
        var lines = text.Split('\n').ToList();
        var hooks = lines.Select((line, at) => (line, at)).Where(l => HookInput().IsMatch(l.line)).Select(l => l.at).Reverse().ToList();
        foreach (var at in hooks)
        {
            // The policy may stand on the next line.
            var after = at + 1 < lines.Count && lines[at + 1].TrimStart().StartsWith("policy", StringComparison.Ordinal) ? at + 2 : at + 1;
            lines.InsertRange(after, rules.Select(r => "\t\t" + r));
        }

        return hooks.Count == 0 ? null : string.Join('\n', lines);
    }

    /// <param name="saved">What is loaded at boot; null: nothing is, neither is what closes the ports.</param>
    private static Change Iptables(OpenPorts fix, string? saved, string before, string after, string mark)
    {
        var rules = ByProtocol(fix).SelectMany(g => g.Chunk(MostPorts).Select(ports => $"INPUT -p {g.Key} -m multiport --dports {string.Join(',', ports)} -m comment --comment {mark} -j ACCEPT")).ToList();
        var change = saved is null
            ? new Change("firewall", before, after)
            : Change.OfFile(saved, before, after, text => FirstOfInput().Match(text) is { Success: true } first
                ? text.Insert(first.Index, string.Concat(rules.Select(r => $"-A {r}\n")))
                : null);
        return change with
        {
            Do = string.Join('\n', rules.Select(r => $"iptables -w 5 -I {r}")),
            Undo = string.Join('\n', rules.Select(r => $"iptables -w 5 -D {r} || true")),
        };
    }

    private static IEnumerable<IGrouping<string, int>> ByProtocol(OpenPorts fix) => fix.Ports.OrderBy(p => p.Protocol, StringComparer.Ordinal).ThenBy(p => p.Number).GroupBy(p => p.Protocol, p => p.Number);

    [GeneratedRegex(@"^\s*type\s+filter\s+hook\s+input\b.*$", RegexOptions.CultureInvariant)]
    private static partial Regex HookInput();

    /// <summary>The first rule of incoming packets in the table of the filter, or where that table ends.</summary>
    [GeneratedRegex(@"(?<=^\*filter$(?:(?!^\*).|\n)*?)^(-A INPUT|COMMIT)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex FirstOfInput();
}
