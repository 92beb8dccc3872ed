using Ark.Console.Texts;
using Ark.Core.Checks;
using Ark.Core.Fixes;
using Ark.Core.Placement;
using Ark.Core.Planning;
using Ark.Testing.Checks;
using Ark.Tests.Console;
using Xunit;

namespace Ark.Tests.Fixes;

/// <summary>Whether everything that fixes say of themselves is there in Chinese: what they change, what was and what will be.</summary>
public sealed class FixSentencesTests
{
    private static readonly HostFacts Rocky = HealthySite.Scope.Machines[1];

    private static readonly HostFacts Debian = Rocky with { Os = Rocky.Os! with { Id = "debian", Like = "", Name = "Debian" }, Software = Rocky.Software! with { PackageTool = "apt" } };

    /// <summary>What the cases of checks do not ask for: each way in which a fix may find a machine.</summary>
    private static readonly Fix[] Ways =
    [
        new SetSysctl("vm.swappiness", "10", null), new SetSysctl("vm.swappiness", "10", "10"), new PermitSelinux(true), new PermitSelinux(false), new SetLimit("root", "soft hard", "nofile", 65536, -1),
        new SetUnit("firewalld.service", false, false), new SetUnit("firewalld.service", true, true), new SetUnit("chronyd.service", null, true), new SetUnit("chronyd.service", true, null), new SetUnit("swap.target", null, false),
        new SetUnit("ufw.service", false, false),
        new SetHostName("node-1", ""), new SetHostName("node-1", "node-1"), new SetHostName("node-1", "vm"),
        new FollowClock("ntp.shop.example", ""), new FollowClock("ntp.shop.example", "chronyd.service"), new FollowClock("ntp.shop.example", "systemd-timesyncd.service"), new FollowClock("ntp.shop.example", "ntpd.service"),
        .. from unit in (string[])["firewalld.service", "ufw.service", "nftables.service", "netfilter-persistent.service", "iptables.service", ""]
           select new OpenPorts(unit, [new PortUse(2377, "tcp"), new PortUse(7946, "udp")]),
    ];

    [Fact]
    public void Nothing_that_a_fix_says_is_in_English() =>
        Assert.Equal([], Words().Select(w => (English: w, Chinese: CheckSentences.OfFix(w))).Where(w => English.In(w.Chinese)).Select(w => $"{w.English}  →  {w.Chinese}"));

    [Fact]
    public void No_pair_is_left_over()
    {
        var words = Words().ToList();
        Assert.Equal([], CheckSentences.Pairs["Fixes"].Except(CheckSentences.Pairs["Common"]).Where(p => !words.Any(w => English.Stands(p, w))).Select(p => p.Key));
    }

    [Theory]
    [InlineData("vm.swappiness = 60; fs.file-max = not known; kernel.pid_max = 32768 for the moment", "vm.swappiness = 60；fs.file-max = 未知；kernel.pid_max = 32768（仅当前生效）")]
    [InlineData("tcp/2377, tcp/7946, udp/7946 open", "已放行 tcp/2377, tcp/7946, udp/7946")]
    [InlineData("firewalld.service is stopped, does not start at boot", "firewalld.service 已停止，不开机自启动")]
    [InlineData("/data/docker: 777, of deploy", "/data/docker：权限 777，属主 deploy")]
    [InlineData("net.ipv4.tcp_rmem = 4096 131072 6291456, now and after a reboot", "net.ipv4.tcp_rmem = 4096 131072 6291456，立即生效，重启后保留")]
    [InlineData("nameserver 10.0.0.2, nameserver 10.0.0.3", "nameserver 10.0.0.2, nameserver 10.0.0.3")]
    [InlineData("what an older Ark wrote", "what an older Ark wrote")]
    public void Values_stay_and_what_is_not_known_stays(string english, string chinese) => Assert.Equal(chinese, CheckSentences.OfFix(english));

    /// <summary>Targets, and words of before and after, of every fix that a case of a check asks for and of the other ways, on both families.</summary>
    private static IEnumerable<string> Words()
    {
        var found = CheckCases.All.SelectMany(c => c.Value.SelectMany(one => CheckReport.Of(one.Spoil(HealthySite.Scope), [CheckCatalog.All.Single(check => check.Id == c.Key)]).Results)).Where(r => r.Fix is not null)
            .Concat(Ways.Select(fix => new CheckResult("some-check", null, Rocky.Machine, Verdict.Fail, "", "", "", "") { Fix = fix }));
        return found.SelectMany(r => new[] { r }.Concat(FixPlanner.WithFirewallsOff([r]))).SelectMany(r => new[] { Rocky, Debian }.SelectMany(m => Steps(r, m with { Machine = r.Machine })))
            .SelectMany(s => new[] { s.Id[(s.Id.IndexOf(':', s.Id.IndexOf(':') + 1) + 1)..], s.Before, s.After }).Distinct();
    }

    private static IReadOnlyList<Step> Steps(CheckResult result, HostFacts machine) => FixPlanner.Plan(
        "20261125-185530", [result], [machine],
        [.. FixPlanner.Reads([result], [machine]).SelectMany(r => r.Value.Select(path => new ReadFile(r.Key, path, "none", path.Contains("nft", StringComparison.Ordinal) ? "type filter hook input priority 0; policy drop;\n" : path.Contains("tables", StringComparison.Ordinal) ? "*filter\nCOMMIT\n" : "")))]).Plan.Steps;
}
