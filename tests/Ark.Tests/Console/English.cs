using System.Text.RegularExpressions;
using Ark.Console.Texts;

namespace Ark.Tests.Console;

/// <summary>Finds what is still English in a Chinese text: two words of small letters beside each other, and the little words that sentences are made of; commands are not.</summary>
internal static partial class English
{
    /// <summary>What machines, people and other programs said: it stays as it is.</summary>
    private static readonly string[] Data =
    [
        "no space left on device", "too many open files", "illegal instruction", "search shop.example", "rhel fedora centos", "UseDNS yes", "UseDNS no", "PubkeyAuthentication yes", "PubkeyAuthentication no",
        "too many logins", "This account is currently not available.", "none swap sw", "as agreed", "none yet", "not free", "access ports", "mail will do", "Red Hat Enterprise Linux Server",
        "：timed out", " yes 也不是 no", "--format html", "--format json", "Address already in use", "Access denied for user 'ark'@'10.0.0.11' (using password: YES)", "Host '10.0.0.11' is not allowed to connect to this MySQL server",
    ];

    public static bool In(string text)
    {
        text = Lines().Replace(Data.Aggregate(text, (t, data) => t.Replace(data, "", StringComparison.Ordinal)), "$1");
        return Words().IsMatch(Commands().Replace(text, ""));
    }

    /// <summary>Lines of files as they stand there, and names of packages.</summary>
    [GeneratedRegex(@"(^|, |；)(server|nameserver) \S+?( iburst)?(?=$|, |；)|(?<=[已未]安装 )[a-z0-9. -]+")]
    private static partial Regex Lines();

    [GeneratedRegex(@"\{([0-9])(?::[a-z]+)?\}")]
    private static partial Regex Place();

    /// <summary>From the name of a program to the next Chinese letter.</summary>
    [GeneratedRegex(@"(?<![a-z/.-])(apt-get|ark|arping|cat|chmod|chown|chronyc|diff|dnf|docker|du|echo|ethtool|firewall-cmd|free|getent|GRANT|grep|grubby|hostnamectl|ip|iptables|journalctl|lsblk|mkdir|modprobe|mv|mkfs\.xfs|mount|nft|ping|printf|rm|sed|SELECT|setenforce|ss|ssh|ssh-keygen|swapoff|sudo|sysctl|systemctl|timedatectl|tuned-adm|ufw|umount|yum) [^\u2E80-\uFFEF]*")]
    private static partial Regex Commands();

    [GeneratedRegex(@"\b[a-z]{2,} [a-z]{2,}\b|(?<!=)\b(a|an|the|is|are|was|no|not|none|nothing|of|on|in|with|without|and|or|by|to|at|least|most|yes|free|held|lacks|asks|from|that|it)\b(?![-_/.=])")]
    private static partial Regex Words();

    /// <summary>The pair's own text stands in a text, in its order.</summary>
    public static bool Stands(SentencePair pair, string text)
    {
        var at = 0;
        return Place().Replace(pair.Key, "\0").Split('\0').All(part => (at = text.IndexOf(part, at, StringComparison.Ordinal)) >= 0 && (at += part.Length) >= 0);
    }

    /// <summary>The numbers of a text's places, in order.</summary>
    public static List<string> Places(string text) => [.. Place().Matches(text).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal)];
}
