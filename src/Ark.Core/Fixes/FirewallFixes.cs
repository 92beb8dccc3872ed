using System.Text.RegularExpressions;
using Ark.Core.Checks;

namespace Ark.Core.Fixes;

/// <summary>Opens ports by the firewall that runs, and nothing else of it changes; or switches that firewall off.</summary>
internal static partial class FirewallFixes
{
    /// <summary>What netfilter-persistent loads at boot.</summary>
    private const string RulesOfDebian = "/etc/iptables/rules.v4";

    /// <summary>What iptables.service loads.</summary>
    private const string RulesOfRhel = "/etc/sysconfig/iptables";

    /// <param name="mark">Stands in rules as their comment: they are found by it again.</param>
    public static Change Of(OpenPorts fix, HostFacts machine, string mark)
    {
        var (before, after) = (fix.Unit.Length == 0 ? "packet filter closed" : $"{fix.Unit} closed", string.Join(", ", fix.Ports.Select(p => $"{p.Protocol}/{p.Number}")) + " open");
        return fix.Unit switch
        {
            "firewalld.service" => Firewalld(fix, machine, before, after),
            Firewalls.Ufw => new("firewall", before, after)
            {
                Tracked = ["/etc/ufw/"],
                // Before all others: the first rule that fits counts.
                Do = string.Join('\n', Firewalls.InRules(fix.Ports).Select(r => $"ufw prepend allow proto {r.Protocol} to any port {string.Join(',', r.Numbers)} >/dev/null")),
                Undo = "ufw reload >/dev/null",
            },
            "nftables.service" => Nftables(machine, before, after, mark, [.. Firewalls.InRules(fix.Ports, int.MaxValue).Select(r => $"{r.Protocol} dport {{ {string.Join(", ", r.Numbers)} }} accept")]),
            "netfilter-persistent.service" => Iptables(RulesOfDebian, before, after, Letting(fix, mark)),
            "iptables.service" => Iptables(RulesOfRhel, before, after, Letting(fix, mark)),
            _ => Iptables(null, before, after, Letting(fix, mark)),
        };
    }

    /// <summary>
    /// Null where stopping the unit, and not starting it at boot, switches the firewall off and does no harm. Where stopping it would take Docker's rules along,
    /// a rule before all others lets in everything.
    /// </summary>
    public static Change? Off(SetUnit fix, HostFacts machine, string mark)
    {
        var (before, after) = ($"{fix.Unit} closed", $"{fix.Unit} lets in everything, now and after a reboot");
        IReadOnlyList<string> all = [$"INPUT -m comment --comment {mark} -j ACCEPT"];
        return fix switch
        {
            { Runs: not false } => null,
            // The unit is of the boot only: ufw runs without it, and it starts what ufw.conf says.
            { Unit: Firewalls.Ufw } => new("firewall", "ufw is on", "ufw is off, now and after a reboot") { Tracked = ["/etc/ufw/"], Do = "ufw disable >/dev/null", Undo = "ufw --force enable >/dev/null" },
            // Stopping the unit leaves its rules.
            { Unit: "netfilter-persistent.service" } => Iptables(RulesOfDebian, before, after, all),
            { Unit: "iptables.service" } when machine.Engine is not null => Iptables(RulesOfRhel, before, after, all),
            { Unit: "nftables.service" } when machine.Engine is not null => Nftables(machine, before, after, mark, ["accept"]),
            _ => null,
        };
    }

    /// <summary>
    /// In the zone of the device that has the machine's address, and in zones of sources, which go before it; not in those that let in everything or nothing.
    /// What was open already stays so when it is undone. The daemon keeps in mind what is permanent, whatever becomes of its files: it is told.
    /// </summary>
    private static Change Firewalld(OpenPorts fix, HostFacts machine, string before, string after)
    {
        var ports = fix.Ports.Select(p => $"{p.Number}/{p.Protocol}").ToList();
        var add = string.Join(' ', ports.Select(p => $"--add-port={p}"));
        return new("firewall", before, after)
        {
            Tracked = ["/etc/firewalld/"],
            Do = $$"""
                device=$(ip -o -4 addr show | awk -v address={{ShellText.Quote(machine.Machine)}} '{ split($4, a, "/") } a[1] == address { print $2; exit }')
                zones=$(firewall-cmd --get-zone-of-interface="$device" 2>/dev/null) || zones=$(firewall-cmd --get-default-zone)
                for zone in $(firewall-cmd --get-active-zones | awk '/^[^ ]/ { zone = $1 } /^ +sources:/ { print zone }'); do
                  [ "$(firewall-cmd --permanent --zone="$zone" --get-target)" != default ] || zones="$zones $zone"
                done
                for zone in $(printf '%s\n' $zones | sort -u); do
                  for port in {{string.Join(' ', ports)}}; do
                    firewall-cmd -q --zone="$zone" --query-port="$port" || echo "--zone=$zone --remove-port=$port" >> "$step/opened"
                    firewall-cmd -q --permanent --zone="$zone" --query-port="$port" || echo "--permanent --zone=$zone --remove-port=$port" >> "$step/opened"
                  done
                  firewall-cmd --zone="$zone" {{add}} >/dev/null
                  firewall-cmd --permanent --zone="$zone" {{add}} >/dev/null
                done
                """,
            Undo = """
                firewall-cmd -q --state || exit 0
                [ ! -e "$step/opened" ] || while read -r close; do firewall-cmd -q $close || true; done < "$step/opened"
                """,
        };
    }

    /// <summary>In the very chain that drops: a packet that another chain accepts is dropped all the same.</summary>
    /// <param name="accepting">Rules, without the comment that they get.</param>
    private static Change Nftables(HostFacts machine, string before, string after, string mark, IReadOnlyList<string> accepting)
    {
        var rules = accepting.Select(r => $"{r} comment \"{mark}\"").ToList();
        var file = OsFamilies.IsDebian(machine) ? "/etc/nftables.conf" : "/etc/sysconfig/nftables.conf";
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
    /// <param name="rules">Before all others, in this order.</param>
    private static Change Iptables(string? saved, string before, string after, IReadOnlyList<string> rules)
    {
        var change = saved is null ? new Change("firewall", before, after) : Change.OfFile(saved, before, after, text => InsertFirst(text, rules));
        return change with
        {
            Do = string.Join('\n', rules.Reverse().Select(r => $"iptables -w 5 -I {r}")),
            Undo = string.Join('\n', rules.Select(r => $"iptables -w 5 -D {r} || true")),
        };
    }

    /// <summary>A file that says nothing of the filter stays as it is: what closes the ports was made by hand. Null where the place cannot be told.</summary>
    private static string? InsertFirst(string text, IReadOnlyList<string> rules) =>
        FirstOfInput().Match(text) is { Success: true } first ? text.Insert(first.Index, string.Concat(rules.Select(r => $"-A {r}\n")))
        : text.Contains("*filter", StringComparison.Ordinal) ? null : text;

    private static List<string> Letting(OpenPorts fix, string mark) =>
        [.. Firewalls.InRules(fix.Ports).Select(r => $"INPUT -p {r.Protocol} -m multiport --dports {string.Join(',', r.Numbers)} -m comment --comment {mark} -j ACCEPT")];

    [GeneratedRegex(@"^\s*type\s+filter\s+hook\s+input\b.*$", RegexOptions.CultureInvariant)]
    private static partial Regex HookInput();

    /// <summary>The first rule of incoming packets in the table of the filter, or where that table ends.</summary>
    [GeneratedRegex(@"(?<=^\*filter$(?:(?!^\*).|\n)*?)^(-A INPUT|COMMIT)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex FirstOfInput();
}
