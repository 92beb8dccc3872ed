using System.Text.RegularExpressions;

namespace Ark.Core.Checks;

/// <summary>Firewalls, SELinux, who the login is, and how sshd is set.</summary>
internal static class HostSecurityReader
{
    private static readonly IReadOnlySet<string> SshdSettings = new HashSet<string>
    {
        "allowgroups", "allowtcpforwarding", "allowusers", "clientaliveinterval", "denygroups", "denyusers", "gssapiauthentication", "maxsessions", "maxstartups", "passwordauthentication",
        "permitrootlogin", "port", "pubkeyauthentication", "usedns", "usepam",
    };

    internal static SecurityFacts? Read(HostText text)
    {
        if (HostUnits.Read(text) is not { } units || !text.Files.Any()) return null;
        // Ubuntu starts ufw's unit even where ufw is switched off; and "ufw enable" does not start it: packets go through its chains all the same.
        var ufw = HostText.Setting(text.File("/etc/ufw/ufw.conf"), "ENABLED", '=') == "yes";
        var firewalls = HostFactsScript.FirewallUnits.Where(u => ufw || u != Firewalls.Ufw).ToList();
        var (policy, rules, inUfw) = HostFirewallReader.Read(text);
        var super = HostText.Setting(text.File("/proc/self/status"), "Uid", ':') is { } uid && HostText.Words(uid) is ["0", ..];
        var itself = super && text.First("login") is "" or "root";
        return new(
            [.. firewalls.Where(u => units.IsActive(u) || (u == Firewalls.Ufw && inUfw))], [.. firewalls.Where(units.IsEnabled)], rules, policy,
            text.Value("/sys/fs/selinux/enforce") switch { "1" => "enforcing", "0" => "permissive", _ => text.HasFile("/etc/selinux/config") ? "disabled" : "absent" },
            text.HasFile("/etc/selinux/config") ? HostText.Setting(text.File("/etc/selinux/config"), "SELINUX", '=') ?? "disabled" : "absent",
            text.Value("/sys/module/apparmor/parameters/enabled") == "Y",
            itself, super, Sshd(text));
    }

    private static SortedDictionary<string, string>? Sshd(HostText text)
    {
        if (text.Exit("sshd") != 0) return null;
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Lines("sshd").Select(l => l.Split(' ', 2)).Where(p => p.Length == 2 && SshdSettings.Contains(p[0])))
            settings[pair[0]] = settings.TryGetValue(pair[0], out var before) ? $"{before} {pair[1].Trim()}" : pair[1].Trim();
        return settings;
    }
}

/// <summary>What the packet filter does with packets for the machine itself, over IPv4.</summary>
internal static partial class HostFirewallReader
{
    /// <summary>Policy and rules are null where the filter could not be read.</summary>
    /// <returns>Also whether packets go through chains of ufw.</returns>
    internal static (string? Policy, IReadOnlyList<string>? Rules, bool InUfw) Read(HostText text)
    {
        string[] parts = ["nft", "iptables", "iptables-legacy"];
        var printed = parts.Where(text.Has).ToList();
        if (printed.Count == 0 || printed.Any(p => text.Exit(p) != 0)) return (null, null, false);
        List<Rule> rules = [.. text.Lines("nft").Select(Nft).OfType<Rule>(), .. parts[1..].SelectMany(part => text.Lines(part).Select(line => Iptables(part, line))).OfType<Rule>()];
        var reached = Reached(rules);
        return (
            rules.Any(r => r.Policy == "drop") ? "drop" : "accept",
            [.. rules.Where(r => reached.Contains((r.Table, r.Chain)) && r.Denies).Select(r => r.Text)],
            // Where ufw was stopped, its chains are there and empty.
            rules.Any(r => r.Chain == "ufw-before-input" && reached.Contains((r.Table, r.Chain))));
    }

    /// <summary>Chains that a packet for the machine may come through, without Docker's.</summary>
    private static HashSet<(string Table, string Chain)> Reached(List<Rule> rules)
    {
        var reached = new HashSet<(string, string)>();
        var ahead = new Queue<(string Table, string Chain)>(rules.Where(r => r.Policy is not null).Select(r => (r.Table, r.Chain)));
        var jumps = rules.ToLookup(r => (r.Table, r.Chain), r => r.Jumps);
        while (ahead.TryDequeue(out var chain))
        {
            if (chain.Chain.StartsWith("DOCKER", StringComparison.Ordinal) || !reached.Add(chain)) continue;
            foreach (var target in jumps[chain].SelectMany(j => j)) ahead.Enqueue((chain.Table, target));
        }

        return reached;
    }

    /// <summary>Family, table, chain, and the line as <c>nft list ruleset</c> has it.</summary>
    private static Rule? Nft(string line)
    {
        if (line.Split('\t', 4) is not [var family and ("ip" or "inet"), var table, var chain, var rest]) return null;
        var text = NftCounter().Replace(rest.Trim(), "");
        if (text.StartsWith("chain ", StringComparison.Ordinal)) return null; // of which the name alone sounds like a rule
        var key = $"{family} {table}";
        if (NftHook().Match(text) is { Success: true } hook)
            return hook.Groups[1].Value == "input" ? new(key, chain, text, NftPolicy().Match(text) is { Success: true } policy ? policy.Groups[1].Value : "accept", false, []) : null;
        return new(key, chain, text, null, NftDenies().IsMatch(text), [.. NftJump().Matches(text).Select(m => m.Groups[1].Value)]);
    }

    private static Rule? Iptables(string part, string line) => HostText.Words(line) switch
    {
        ["-P", "INPUT", var policy, ..] => new(part, "INPUT", line, policy.ToLowerInvariant(), false, []),
        ["-A", var chain, .. var words] when Array.FindLastIndex(words, w => w is "-j" or "-g") is >= 0 and var at && at + 1 < words.Length =>
            new(part, chain, line, null, words[at + 1] is "DROP" or "REJECT", [words[at + 1]]),
        _ => null,
    };

    /// <param name="Policy">Of the line that ties a chain to the input hook; null elsewhere.</param>
    private sealed record Rule(string Table, string Chain, string Text, string? Policy, bool Denies, IReadOnlyList<string> Jumps);

    [GeneratedRegex(@"\bhook (\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex NftHook();

    [GeneratedRegex(@"\bpolicy (\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex NftPolicy();

    [GeneratedRegex(@"(?<![\w""-])(drop|reject)(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex NftDenies();

    [GeneratedRegex(@"\b(?:jump|goto) ([^\s,;}]+)", RegexOptions.CultureInvariant)]
    private static partial Regex NftJump();

    [GeneratedRegex(@"\bcounter packets [0-9]+ bytes [0-9]+ ?", RegexOptions.CultureInvariant)]
    private static partial Regex NftCounter();
}
