using Ark.Core.Checks;
using Ark.Core.Sites;

namespace Ark.Tests.Console;

/// <summary>A site of twenty machines of which one was not reached, and what a few checks found there.</summary>
internal static class SampleChecks
{
    private const string Hostile = "<script>alert('x')</script> & \u001b[31m\r\nred";

    public static IReadOnlyList<Check> Checks { get; } =
    [
        Of("clock-offset", null, CheckGroup.Clock, "The clocks agree", m => m switch
        {
            "10.0.0.11" => Check.Fail("3.2 s ahead", "at most 0.5 s", "The clock is not kept.", "ark check --apply"),
            "10.0.0.12" or "10.0.0.15" => Check.Fail("1.4 s behind", "at most 0.5 s", "The clock is not kept.", "ark check --apply"),
            _ => Check.Pass("0.0 s"),
        }),
        Of("ip-forwarding", 9, CheckGroup.Kernel, "IPv4 forwarding is on", m =>
            m is "10.0.0.12" or "10.0.0.13" or "10.0.0.14" or "10.0.0.15" or "10.0.0.20"
                ? Check.Fail("net.ipv4.ip_forward is 0", "net.ipv4.ip_forward is 1", "Forwarding is off.", $"ssh {m} sysctl -w net.ipv4.ip_forward=1")
                : Check.Pass("net.ipv4.ip_forward is 1")),
        Of("swappiness", null, CheckGroup.Kernel, "The kernel swaps late", _ => Check.Pass("vm.swappiness is 1")),
        Of("tools", 2, CheckGroup.Software, "The tools are there", m => m == "10.0.0.11" ? Check.Warn(Hostile, "telnet", "It is <b>missing</b>.", "apt-get install telnet") : Check.Pass("all")),
        new("vlan", 10, CheckGroup.Network, "The VLAN is given", _ => [Check.NotApplicable("only in physical mode")]),
        new("mail", 21, CheckGroup.People, "There is a mail server", _ => [Check.Unknown("nobody answered", "It was not asked yet.", "ark check --answer 21 yes")]),
    ];

    public static CheckScope Scope { get; } = new()
    {
        Site = SiteReader.Read(CarriedSite.Good.Replace("machine_ips=10.99.0.11,10.99.0.12,10.99.0.13", "machine_ips=" + string.Join(',', Enumerable.Range(11, 20).Select(i => $"10.0.0.{i}")), StringComparison.Ordinal)
            .Replace("10.99.0.11", "10.0.0.11", StringComparison.Ordinal), "").Value!,
        Machines =
        [
            .. Enumerable.Range(11, 20).Select(i => new HostFacts
            {
                Machine = $"10.0.0.{i}",
                At = DateTimeOffset.UnixEpoch,
                Unreached = i == 30 ? new("ssh-refused", "10.0.0.30", "Nothing listens on port 22: the connection was refused.", "systemctl enable --now ssh") : null,
            }),
        ],
        Now = new(2026, 11, 25, 17, 4, 31, TimeSpan.Zero),
    };

    public static CheckReport Report { get; } = CheckReport.Of(Scope, Checks);

    public static IReadOnlyList<FoldedCheck> Folded { get; } = FoldedCheck.Of(Report, Checks);

    private static Check Of(string id, int? requirement, CheckGroup group, string title, Func<string, Finding> judge) =>
        Check.Of(id, requirement, group, title, m => m.Unreached is null ? m : null, (_, _, m) => judge(m.Machine));
}
