using Ark.Core.Sites;

namespace Ark.Core.Requirements;

/// <summary>Who can say whether a requirement is fulfilled.</summary>
public enum AnsweredBy
{
    /// <summary>A check on the machines.</summary>
    Machine,

    /// <summary>People only: a question to the customer.</summary>
    Person,

    /// <summary>A machine shows a part of it, people must say the rest.</summary>
    Both,
}

/// <summary>What a site's environment must fulfil before a deployment (spec §6).</summary>
/// <param name="Number">The number in the spec's table; checks name it as their requirement.</param>
/// <param name="Id">Stable, kebab-case.</param>
/// <param name="Text">The requirement, in a sentence.</param>
/// <param name="Physical">It holds in physical mode.</param>
/// <param name="Vm">It holds in VM mode.</param>
/// <param name="Ask">What to ask people; empty where a machine answers all of it.</param>
/// <param name="When">For which sites only; empty: for all of the mode.</param>
public sealed record EnvironmentRequirement(int Number, string Id, string Text, bool Physical, bool Vm, AnsweredBy By, string Ask = "", string When = "")
{
    public bool HoldsIn(SiteMode mode) => mode == SiteMode.Physical ? Physical : Vm;
}

/// <summary>The 23 requirements of spec §6, by number.</summary>
public static class EnvironmentRequirements
{
    private const AnsweredBy Machine = AnsweredBy.Machine, Person = AnsweredBy.Person, Both = AnsweredBy.Both;

    public static readonly IReadOnlyList<EnvironmentRequirement> All =
    [
        new(1, "os", "The operating system is CentOS/RHEL 7.2 or later, or of today's RHEL or Debian families, 64 bit, not a minimal install.", true, true, Machine),
        new(2, "package-source", "A package source is configured: common tools (telnet, sshpass…) can be installed.", true, true, Machine),
        new(3, "ntp", "An NTP server is provided.", true, true, Both, "Which NTP server do the machines use?"),
        new(4, "account", "All machines share one account and password: a non-root account with sudo (root works too, with a warning).", true, true, Both, "Which account do all machines share?"),
        new(5, "firewall", "The firewall is off on all machines, or exactly the needed ports are open.", true, true, Machine),
        new(6, "selinux", "SELinux is off on all machines.", true, true, Machine),
        new(7, "host-names", "Every machine has a host name, and no two share one.", true, true, Machine),
        new(8, "interface-names", "The network interface has the same name on all machines.", true, true, Machine),
        new(9, "ip-forwarding", "IPv4 forwarding is on on all machines.", true, true, Machine),
        new(10, "vlan", "There is a separate VLAN, not the machines' own, all addresses free but the gateway, reachable from and to the machines; its range (10.16.9.0/24), gateway (10.16.9.254) and id (169) are given.", true, false, Both, "Which address range, gateway and id has the containers' VLAN, and is every address but the gateway free?"),
        new(11, "trunks", "The switch ports to the machines are trunks and let the machines' and the containers' VLANs through.", true, false, Person, "Are the switch ports to all machines trunks that let both VLANs through?"),
        new(12, "tagged-nics", "The machines' network interfaces use tagged mode.", true, false, Both, "Are the machines' interfaces attached in tagged mode?"),
        new(13, "mysql", "MySQL is 5.6 or later, character set UTF-8 (never Latin), table names case-insensitive.", true, false, Machine, When: "the customer's MySQL holds the metadata"),
        new(14, "root-rights", "Root rights are given; they may be changed after the deployment.", true, false, Person, "Are root rights given, on the machines and in MySQL? (The source does not say which it means.)"),
        new(15, "jump-host", "A jump host with internet access can fetch the packages and copy them to a local machine.", true, false, Person, "Which host with internet access fetches the packages, and how do they reach the client machine?"),
        new(16, "disks", "A machine has at least 2.4 TB of raw disk (1.2 TB usable), data disks in RAID 10.", true, false, Both, "Are the data disks in RAID 10?"),
        new(17, "domain", "The root domain for the middleware is confirmed (xx.com, xx.com.xx), and how it joins: machines use Ark's name server, or the company's name server forwards to it.", true, true, Person, "Which root domain is it, and does the company's name server forward it, or do machines use Ark's?"),
        new(18, "drds-tests", "For DRDS tests there are 2 machines (VMs will do) with at least 200 GB of disk.", true, true, Person, "Which 2 machines are for DRDS tests?", "DRDS is in the mix"),
        new(19, "edas-tests", "For EDAS tests there are 2 machines for agent nodes (VMs will do).", true, true, Person, "Which 2 machines are EDAS agent nodes?", "EDAS is in the mix"),
        new(20, "sms", "There is an SMS gateway: an interface that takes a JSON POST from Butler.", true, true, Person, "At which address does the SMS gateway take a JSON POST?", "SMS is wanted"),
        new(21, "mail", "There is a mail server: SMTP data for Butler's mail notification.", true, true, Person, "Which mail server, port and account does Butler use?", "mail is wanted"),
        new(22, "arms-disks", "ARMS has dedicated big-disk machines (physical) or big disks (VM).", true, true, Both, "Which machines are for ARMS?", "ARMS is in the mix"),
        new(23, "max-map-count", "vm.max_map_count is 262144, now and after a reboot, so that Elasticsearch runs.", true, true, Machine, When: "from line 3.3.0"),
    ];
}
