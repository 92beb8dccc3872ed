using Ark.Core.Checks;
using static Ark.Core.Checks.Verdict;

namespace Ark.Testing.Checks;

/// <summary>One thing spoiled on a healthy site, and what the check must say to it.</summary>
/// <param name="Evidence">A part of what was seen.</param>
/// <param name="Remedy">A part of the command.</param>
/// <param name="Machine">Whose finding; empty: the site's.</param>
public sealed record CheckCase(Func<CheckScope, CheckScope> Spoil, Verdict Verdict, string Evidence, string Remedy, string Machine = HealthySite.Second);

/// <summary>For every check, facts on which it must not pass.</summary>
public static partial class CheckCases
{
    public static readonly IReadOnlyDictionary<string, CheckCase[]> All = new[] { Machines(), Networks(), Kernels(), Storages(), Sites() }
        .SelectMany(part => part).ToDictionary(c => c.Key, c => c.Value);

    private static Dictionary<string, CheckCase[]> Machines() => new()
    {
        ["machine-answers"] =
        [
            new(Spoil.Machine(m => new() { Machine = m.Machine, At = m.At, Unreached = new("ssh-refused", m.Machine, "Nothing listens on port 22: the connection was refused.", "systemctl enable --now sshd") }), CouldNotCheck, "did not answer", "systemctl enable --now sshd"),
        ],
        ["login-not-root"] = [new(Spoil.Security(s => s with { Root = true }), Warning, "the login is root", "ark prepare")],
        ["sudo-without-password"] =
        [
            new(Spoil.Security(s => s with { SudoWithoutPassword = false }), Fail, "sudo asks deploy", "/etc/sudoers.d/zz-ark"),
            new(Spoil.Security(s => s with { SudoWithoutPassword = null }), CouldNotCheck, "not known", "ark check --save"),
            new(Spoil.Security(s => s with { SudoWithoutPassword = null, Root = true }), NotApplicable, "the login is root", ""),
        ],
        ["sshd-keys"] = [new(Spoil.Sshd("pubkeyauthentication", "no"), Fail, "PubkeyAuthentication no", "systemctl reload sshd"), new(Spoil.Security(s => s with { Sshd = null }), CouldNotCheck, "did not say", "ark check --save")],
        ["sshd-sessions"] = [new(Spoil.Sshd("maxsessions", "2"), Warning, "MaxSessions 2", "MaxSessions 10"), new(Spoil.Debian.Then(Spoil.Sshd("maxsessions", "2")), Warning, "MaxSessions 2", "systemctl reload ssh")],
        ["sshd-startups"] = [new(Spoil.Sshd("maxstartups", "2:30:10"), Warning, "MaxStartups 2:30:10", "MaxStartups 10:30:100")],
        ["sshd-names"] = [new(Spoil.Sshd("usedns", "yes"), Warning, "UseDNS yes", "UseDNS no")],

        ["os-supported"] =
        [
            new(Spoil.Os(o => o with { Id = "rhel", Version = "7.1", Name = "Red Hat Enterprise Linux Server 7.1" }), Fail, "7.1", "install rhel 7.2"),
            new(Spoil.Os(o => o with { Id = "sles", Like = "suse", Version = "15.5", Name = "SLES 15 SP5" }), Fail, "SLES 15 SP5", "install one of them"),
            new(Spoil.Os(o => o with { Id = "tlinux", Like = "rhel fedora centos", Name = "TencentOS 3.1" }), Warning, "TencentOS 3.1", "test deployment"),
            new(Spoil.Os(o => o with { Id = "debian", Version = "", Name = "Debian GNU/Linux trixie/sid" }), CouldNotCheck, "the version of Debian", "ark check --save"),
            new(Spoil.Os(o => o with { Id = "kylin", Like = "", Version = "V10", Name = "Kylin Linux Advanced Server V10" }), Pass, "Kylin", ""),
            new(Spoil.Os(o => o with { Id = "openEuler", Like = "", Version = "20.03", Name = "openEuler 20.03 (LTS)" }), Pass, "openEuler", ""),
            new(Spoil.Os(o => o with { Id = "centos", Version = "7.9.2009", Name = "CentOS Linux 7 (Core)" }), Pass, "CentOS", ""),
            new(Spoil.Os(o => o with { Id = "centos", Version = "7.1.1503", Name = "CentOS Linux 7 (Core)" }), Fail, "CentOS Linux 7 (Core) (7.1.1503)", "install centos 7.2"),
            new(Spoil.Os(o => o with { Id = "centos", Version = "7", Name = "CentOS Linux 7 (Core)" }), CouldNotCheck, "the minor version of CentOS", "ark check --save"),
            new(Spoil.Os(o => o with { Id = "", Like = "", Name = "" }), Fail, "a system without a name", "install one of them"),
        ],
        ["architecture"] = [new(Spoil.Os(o => o with { Architecture = "i686" }), Fail, "i686", "64-bit")],
        ["kernel-version"] = [new(Spoil.Os(o => o with { Kernel = "2.6.32-754.el6.x86_64" }), Fail, "2.6.32", "dnf update -y kernel"), new(Spoil.Debian.Then(Spoil.Os(o => o with { Kernel = "3.2.0-4-amd64" })), Fail, "3.2.0", "apt-get dist-upgrade"),
            new(Spoil.Os(o => o with { Kernel = "unknown" }), CouldNotCheck, "'unknown'", "ark check --save")],
        ["service-manager"] = [new(Spoil.Os(o => o with { ServiceManager = "init" }), Fail, "init", "systemd")],
        ["cgroup-controllers"] =
        [
            new(Spoil.Os(o => o with { CgroupControllers = ["cpu", "cpuset", "io", "pids"] }), Warning, "cgroup v2 without memory", "grubby --update-kernel=ALL --args=cgroup_enable=memory"),
            new(Spoil.Debian.Then(Spoil.Os(o => o with { CgroupControllers = ["cpu", "cpuset", "io", "pids"] })), Warning, "without memory", "update-grub"),
            new(Spoil.Os(o => o with { CgroupVersion = null }), CouldNotCheck, "the version of control groups", "ark check --save"),
        ],
        ["machine-kind"] =
        [
            new(Spoil.Os(o => o with { Virtualisation = "docker" }), Fail, "docker", "in its place"),
            new(Spoil.Os(o => o with { Virtualisation = "lxc" }), Warning, "lxc", "in its place"),
            new(Spoil.Os(o => o with { Virtualisation = "kvm" }), Warning, "kvm", "mode=vm"),
            new(Spoil.Os(o => o with { Virtualisation = null }), CouldNotCheck, "what kind of machine", "ark check --save"),
        ],
        ["os-same"] = [new(Spoil.Os(o => o with { Version = "8.10" }), Warning, "rocky 8.10", "install rocky 9.4")],
        ["kernel-same"] = [new(Spoil.Os(o => o with { Kernel = "5.14.0-362.el9.x86_64" }), Warning, "5.14.0-362", "systemctl reboot")],
        ["architecture-same"] = [new(Spoil.Os(o => o with { Architecture = "aarch64" }), Fail, "aarch64", "take 10.0.0.12 out of machine_ips")],
        ["cgroups-same"] = [new(Spoil.Os(o => o with { CgroupVersion = 1 }), Warning, "cgroup v1", "systemd.unified_cgroup_hierarchy=1"), new(Spoil.Os(o => o with { CgroupVersion = null }), CouldNotCheck, "did not say", "ark check --save")],

        ["cpu-count"] = [new(Spoil.Cpu(c => c with { Count = 1 }), Warning, "1 processor", "more processors")],
        ["cpu-instructions"] = [new(Spoil.Cpu(c => c with { Flags = ["aes"] }), Warning, "no sse4_2", "host-passthrough"), new(Spoil.Os(o => o with { Architecture = "aarch64" }), NotApplicable, "aarch64", "")],
        ["cpu-aes"] = [new(Spoil.Cpu(c => c with { Flags = ["sse4_2"] }), Warning, "no aes", "host-passthrough")],
        ["cpu-governor"] = [new(Spoil.Cpu(c => c with { Governor = "powersave" }), Warning, "governor powersave", "tuned-adm profile"), new(Spoil.Debian.Then(Spoil.Cpu(c => c with { Governor = "powersave" })), Warning, "powersave", "/etc/tmpfiles.d/cpu-governor.conf"),
            new(Spoil.Cpu(c => c with { Governor = null }), NotApplicable, "not scaled", "")],
        ["memory-size"] = [new(Spoil.Memory(m => m with { TotalBytes = 2L << 30 }), Warning, "2 GiB", "more memory"), new(Spoil.Memory(m => m with { TotalBytes = 512L << 20 }), Fail, "512 MiB", "more memory")],
        ["swap-off"] = [new(Spoil.Memory(m => m with { SwapBytes = 4L << 30 }), Warning, "4 GiB of swap", "swapoff -a")],
        ["swap-after-reboot"] = [new(Spoil.Memory(m => m with { SwapAfterReboot = ["/dev/sda3 none swap sw 0 0"] }), Warning, "/dev/sda3", "/etc/fstab")],
        ["huge-pages"] = [new(Spoil.Memory(m => m with { TransparentHugePages = "always" }), Warning, "always", "grubby"), new(Spoil.Debian.Then(Spoil.Memory(m => m with { TransparentHugePages = "always" })), Warning, "always", "/etc/tmpfiles.d"),
            new(Spoil.Memory(m => m with { TransparentHugePages = null }), NotApplicable, "no transparent huge pages", "")],

        ["clock-offset"] =
        [
            new(Spoil.Clock(c => c with { OffsetSeconds = 90 }), Fail, "+89.997 s from the median", "chronyc makestep"),
            new(Spoil.Clock(c => c with { OffsetSeconds = -3, Service = "ntpd.service" }), Fail, "-3.001 s", "systemctl restart ntpd.service"),
            new(Spoil.Clock(c => c with { OffsetSeconds = 0.45, UncertaintySeconds = 0.2 }), CouldNotCheck, "known to ±0.202 s", "ark check --only clock-offset"),
            new(Spoil.Clock(c => c with { OffsetSeconds = 0.55, UncertaintySeconds = 0.2 }), CouldNotCheck, "known to ±0.202 s", "ark check --only clock-offset"),
            new(scope => scope with { Machines = [.. scope.Machines.Where(m => m.Machine == HealthySite.Second)] }, NotApplicable, "no other clock", ""),
        ],
        ["time-service"] = [new(Spoil.Clock(c => c with { Service = "" }), Fail, "no time service", "dnf install -y chrony && echo 'server 10.0.0.1 iburst' >> /etc/chrony.conf && systemctl enable chronyd && systemctl restart chronyd"),
            new(Spoil.Debian.Then(Spoil.Clock(c => c with { Service = "" })), Fail, "no time service", "apt-get install -y chrony && echo 'server 10.0.0.1 iburst' >> /etc/chrony/chrony.conf && systemctl enable chrony && systemctl restart chrony")],
        ["time-service-at-boot"] = [new(Spoil.Clock(c => c with { StartsAtBoot = false }), Warning, "chronyd.service is not enabled", "systemctl enable chronyd.service"), new(Spoil.Clock(c => c with { Service = "", StartsAtBoot = false }), NotApplicable, "no time service", "")],
        ["time-synchronised"] = [new(Spoil.Clock(c => c with { Synchronised = false }), Warning, "not synchronised", "chronyc -n sources"), new(Spoil.Clock(c => c with { Synchronised = null }), CouldNotCheck, "whether chronyd.service", "ark check --save")],
        ["time-source"] =
        [
            new(Spoil.Clock(c => c with { Sources = ["203.0.113.7"] }), Warning, "asks 203.0.113.7", "echo 'server 10.0.0.1 iburst' >> /etc/chrony.conf"),
            new(Spoil.Clock(c => c with { Sources = [], Service = "systemd-timesyncd.service" }), Warning, "asks nobody", "systemctl restart systemd-timesyncd"),
            new(Spoil.Clock(c => c with { Sources = [], Synchronised = null }), CouldNotCheck, "which servers chronyd.service asks: not known", "ark check --save"),
            new(Spoil.Site(s => s with { NtpServer = "ntp.shop.example" }), CouldNotCheck, "asks 10.0.0.1", "getent hosts ntp.shop.example"),
            new(Spoil.Site(s => s with { NtpServer = HealthySite.Second }), Pass, "asks", ""),
            new(Spoil.Site(s => s with { NtpServer = HealthySite.Second }).Then(Spoil.Clock(c => c with { Sources = [] })), Pass, "it is the time server", ""),
        ],
        ["time-zone-same"] = [new(Spoil.Clock(c => c with { TimeZone = "Etc/UTC" }), Warning, "Etc/UTC", "timedatectl set-timezone Asia/Shanghai")],

        ["host-name-set"] = [new(Spoil.Names(n => n with { Hostname = "localhost.localdomain" }), Fail, "localhost.localdomain", "hostnamectl set-hostname"), new(Spoil.Names(n => n with { Hostname = "" }), Fail, "no host name", "hostnamectl set-hostname")],
        ["host-name-valid"] = [new(Spoil.Names(n => n with { Hostname = "db_2" }), Warning, "the character _", "hostnamectl"), new(Spoil.Names(n => n with { Hostname = new('a', 64) }), Warning, "64 characters", "hostnamectl"), new(Spoil.Names(n => n with { Hostname = "db-" }), Warning, "a dash", "hostnamectl"),
            new(Spoil.Names(n => n with { Hostname = "" }), NotApplicable, "no host name", "")],
        ["host-names-unique"] = [new(Spoil.Names(n => n with { Hostname = "m1" }), Fail, "host name m1, also of 10.0.0.11", "on 10.0.0.12"), new(Spoil.Names(n => n with { Hostname = "m1" }), Fail, "host name m1, also of 10.0.0.12", "on 10.0.0.11", HealthySite.First),
            new(Spoil.Names(n => n with { Hostname = "" }), Pass, "host name none", "")],
        ["host-name-after-reboot"] = [new(Spoil.Names(n => n with { Static = "localhost" }), Warning, "/etc/hostname: localhost", "hostnamectl set-hostname m2"),
            new(Spoil.Names(n => n with { Static = "" }), Warning, "/etc/hostname: nothing", "hostnamectl set-hostname m2")],
        ["host-name-resolves"] =
        [
            new(Spoil.Names(n => n with { Addresses = [] }), Warning, "m2 is not resolved", "echo '10.0.0.12 m2' >> /etc/hosts"),
            new(Spoil.Names(n => n with { Addresses = ["127.0.1.1"] }), Warning, "m2 is 127.0.1.1", "sed -ri.before"),
            new(Spoil.Names(n => n with { Addresses = ["10.9.9.9"] }), Warning, "m2 is 10.9.9.9", "echo '10.0.0.12 m2' >> /etc/hosts"),
        ],
        ["machine-ids-unique"] = [new(Spoil.Names(n => n with { MachineId = "1".PadLeft(32, 'a') }), Fail, "also of 10.0.0.11", "systemd-machine-id-setup"), new(Spoil.Names(n => n with { MachineId = "" }), CouldNotCheck, "did not say", "ark check --save")],
        ["name-servers"] = [new(Spoil.Names(n => n with { Nameservers = [] }), Warning, "no name server", "/etc/resolv.conf"), new(Spoil.Names(n => n with { Nameservers = ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"] }), Warning, "4 name servers", "/etc/resolv.conf")],
        ["no-wildcard-names"] = [new(Spoil.Names(n => n with { WildcardAddresses = ["198.51.100.1"] }), Warning, "resolves to 198.51.100.1", "search shop.example"), new(Spoil.Names(n => n with { WildcardAddresses = null }), CouldNotCheck, "a name that cannot exist", "ark check --save"),
            new(Spoil.Names(n => n with { WildcardAddresses = ["198.51.100.1"], Search = [] }), Warning, "resolves to", "whoever keeps the name servers")],
    };

    private static Dictionary<string, CheckCase[]> Networks() => new()
    {
        ["address-on-interface"] = [new(Spoil.Interface("eth0", i => i with { Addresses = ["192.168.7.12/24"] }), Fail, "no interface has 10.0.0.12; there is 192.168.7.12 on eth0", "machine_ips"),
            new(Spoil.Network(n => n with { Interfaces = [n.Interfaces[0]] }), Fail, "there is none", "machine_ips")],
        ["interface-names-same"] = [new(Spoil.Interface("eth0", i => i with { Name = "ens3" }), Warning, "ens3", "Name=eth0"), new(Spoil.Interface("eth0", i => i with { Addresses = [] }), CouldNotCheck, "did not say", "ark check --save"),
            new(Spoil.Interface("eth0", i => i with { Name = "bond1", Kind = "bond" }), Warning, "bond1", "make the bond interface anew with the name eth0")],
        ["mtu-same"] = [new(Spoil.Interface("eth0", i => i with { Mtu = 9000 }), Warning, "MTU 9000", "ip link set dev eth0 mtu 1500")],
        ["interface-up"] = [new(Spoil.Interface("eth0", i => i with { State = "down" }), Warning, "eth0 down", "ip link set dev eth0 up"), new(Spoil.Interface("eth0", i => i with { Addresses = [] }), CouldNotCheck, "no interface has 10.0.0.12", "ark check --only address-on-interface")],
        ["interface-speed"] = [new(Spoil.Interface("eth0", i => i with { SpeedMbit = 100 }), Warning, "eth0 100 Mbit/s", "ethtool -s eth0"), new(Spoil.Interface("eth0", i => i with { SpeedMbit = null }), NotApplicable, "eth0 tells no speed", "")],
        ["interface-errors"] = [new(Spoil.Interface("eth0", i => i with { Errors = 50_000 }), Warning, "50000 errors", "ip -s link show dev eth0")],
        ["default-route"] = [new(Spoil.Network(n => n with { Routes = [.. n.Routes.Skip(1)] }), Warning, "no default route", "ip route add default via GATEWAY dev eth0"), new(Spoil.Route("default", "10.9.0.1", "eth1"), Warning, "via 10.9.0.1 on eth1", "ip route del default dev eth1"),
            new(Spoil.Route("default", null, "ppp0"), Warning, "via no gateway on ppp0", "ip route del default dev ppp0")],
        ["addresses-unique"] = [new(Spoil.Interface("bond0", i => i with { Addresses = ["10.0.0.13/24"] }), Fail, "address 10.0.0.13, also of 10.0.0.13", "give 10.0.0.12 another address"),
            new(Spoil.Network(n => n with { Interfaces = [n.Interfaces[0]] }), Pass, "address none", "")],
        ["macs-unique"] = [new(Spoil.Interface("eth0", i => i with { Mac = "52:54:00:00:00:01" }), Fail, "52:54:00:00:00:01, also of 10.0.0.11", "give 10.0.0.12 a new interface"),
            new(Spoil.Network(n => n with { Interfaces = [n.Interfaces[0]] }), Pass, "hardware address none", "")],
        ["neighbours-agree"] = [new(Spoil.Network(n => n with { Neighbours = new Dictionary<string, string> { ["10.0.0.13"] = "de:ad:be:ef:00:01" } }), Fail, "10.0.0.13 answers with de:ad:be:ef:00:01", "arping -D -c 3 -I eth0 10.0.0.13"), new(Spoil.Network(n => n with { Neighbours = new Dictionary<string, string> { ["10.0.0.1"] = "de:ad:be:ef:00:01" } }), NotApplicable, "no other machine", "")],
        ["docker-pools-clear"] = [new(Spoil.Route("10.201.7.0/24", "10.0.0.254", "eth0"), Fail, "route 10.201.7.0/24 on eth0 overlaps 10.201.0.0/16", "docker_pools="), new(Spoil.Route("10.201.0.0/24", null, "docker_gwbridge"), Pass, "no route", "")],
        ["name-servers-clear"] = [new(Spoil.Names(n => n with { Nameservers = ["10.201.0.53"] }), Fail, "10.201.0.53", "docker_pools="), new(Spoil.Names(n => n with { Nameservers = ["10.16.9.53"] }), Fail, "10.16.9.53", "docker_pools="),
            new(Spoil.Names(n => n with { Nameservers = [] }), Pass, "asks no name server", "")],
        ["pool-clear"] = [new(Spoil.Route("10.16.0.0/16", null, "eth0"), Fail, "route 10.16.0.0/16 on eth0 overlaps 10.16.9.0/24", "ip_pool_subnet="), new(Spoil.Route("10.16.9.0/24", "10.0.0.254", "eth0"), Pass, "no interface", ""),
            new(Spoil.Site(s => s with { Pool = null }), NotApplicable, "no pool of addresses", "")],
        ["pool-free"] = [new(Spoil.Network(n => n with { Neighbours = new Dictionary<string, string> { ["10.16.9.12"] = "de:ad:be:ef:00:02" } }), Fail, "10.16.9.12 answers", "ip_pool_start"), new(Spoil.Network(n => n with { Neighbours = new Dictionary<string, string> { ["10.16.9.254"] = "de:ad:be:ef:00:02" } }), Pass, "nobody seen", "")],
        ["vlan-not-the-machines"] = [new(Spoil.Interface("bond0", i => i with { Name = "bond0.169", Kind = "vlan", Addresses = ["10.3.0.12/24"] }), Fail, "bond0.169 with 10.3.0.12/24", "vlan_id=")],
        ["uplink-exists"] = [new(Spoil.Interface("bond0", i => i with { Name = "team0" }), Fail, "no bond0 among eth0, team0", "uplink=")],
        ["uplink-up"] = [new(Spoil.Interface("bond0", i => i with { State = "down" }), Fail, "bond0 down", "ip link set dev bond0 up"), new(Spoil.Interface("bond0", i => i with { Name = "team0" }), NotApplicable, "there is no bond0", "")],
        ["uplink-tagged"] = [new(Spoil.Interface("bond0", i => i with { Kind = "vlan" }), Fail, "bond0, vlan", "uplink=")],
        ["uplink-free"] =
        [
            new(Spoil.Interface("bond0", i => i with { Master = "br0" }), Fail, "bond0 is a port of br0", "ip link set dev bond0 nomaster"),
            new(Spoil.Interface("bond0", i => i with { Master = null }), CouldNotCheck, "whether bond0", "ark check --save"),
            new(Spoil.Interface("bond0", i => i with { Master = "ovs-system" }), Pass, "Open vSwitch", ""),
        ],
        ["ways-free"] =
        [
            new(Spoil.WaysToSecond(ProbeResult.TimedOut, 2377), Fail, "10.0.0.12 ports 2377 timed out", "iptables -I INPUT -p tcp -m multiport --dports 2377 -j ACCEPT on 10.0.0.12", HealthySite.First),
            new(Spoil.WaysToSecond(ProbeResult.Filtered).Then(Spoil.Security(s => s with { FirewallServices = ["firewalld.service"] })), Fail, "filtered", "firewall-cmd --permanent --add-port=2377/tcp", HealthySite.Third),
            new(Spoil.WaysToSecond(ProbeResult.TimedOut, 7946, "tcp").Then(Spoil.Security(s => s with { FirewallServices = ["ufw.service"] })), Fail, "ports 7946 timed out", "ufw prepend allow proto tcp to any port 7946 on 10.0.0.12", HealthySite.First),
            new(scope => scope with { Probes = [.. Enumerable.Range(9000, 16).Select(port => new PortProbe(HealthySite.First, HealthySite.Second, port, ProbeResult.TimedOut, null))] }, Fail, "9015 timed out",
                ",9014 -j ACCEPT && iptables -I INPUT -p tcp -m multiport --dports 9015 -j ACCEPT on 10.0.0.12", HealthySite.First),
            new(Spoil.WaysToSecond(ProbeResult.TimedOut, 7946, "tcp").Then(Spoil.Security(s => s with { FirewallServices = ["nftables.service"] })), Fail, "ports 7946 timed out", "nft insert rule inet filter input tcp dport '{ 7946 }' accept", HealthySite.First),
            new(Spoil.WaysToSecond(ProbeResult.TimedOut, 7946, "tcp").Then(Spoil.Security(s => s with { FirewallServices = ["iptables.service"] })), Fail, "ports 7946 timed out", "service iptables save on 10.0.0.12", HealthySite.First),
            new(scope => scope with { Probes = [.. scope.Probes.Select(p => p.From == HealthySite.Third && p.Port != 5000 && p.Protocol == "tcp" ? p with { Result = p.Port == 2377 ? ProbeResult.Filtered : ProbeResult.TimedOut } : p)] }, Fail,
                "10.0.0.11 ports 2377 filtered; 10.0.0.11 ports 3307, 7946 timed out; 10.0.0.12 ports 2377 filtered", "--dports 2377,3307,7946 -j ACCEPT on 10.0.0.11", HealthySite.Third),
            new(Spoil.WaysToSecond(ProbeResult.TimedOut, 4789), Fail, "10.0.0.12 ports udp/4789 timed out", "iptables -I INPUT -p udp -m multiport --dports 4789 -j ACCEPT on 10.0.0.12", HealthySite.First),
            new(Spoil.WaysToSecond(ProbeResult.Filtered, 7946).Then(Spoil.Security(s => s with { FirewallServices = ["nftables.service"] })), Fail, "10.0.0.12 ports 7946, udp/7946 filtered",
                "tcp dport '{ 7946 }' accept && nft insert rule inet filter input udp dport '{ 7946 }' accept, and the same in /etc/nftables.conf on 10.0.0.12", HealthySite.First),
            new(Spoil.WaysToSecond(ProbeResult.TimedOut, 4789).Then(Spoil.Listens("udp", "*", 4789, "")), Pass, "; 1 listen and need not answer (udp/4789): whether datagrams reach them cannot be told", "", HealthySite.First),
            new(Spoil.WaysToSecond(ProbeResult.TimedOut, 4789).Then(Spoil.Listens("udp", "127.0.0.1", 4789, "odd")), Fail, "10.0.0.12 ports udp/4789 timed out", "iptables -I INPUT -p udp", HealthySite.First),
            new(Spoil.Untried(7946, "udp").Then(Spoil.Listens("udp", "*", 7946, "dockerd")).Then(Spoil.Listens("udp", "*", 4789, "")).Then(Spoil.WaysToSecond(ProbeResult.TimedOut, 4789)), Pass, "; 2 listen and need not answer (udp/4789, udp/7946)", "", HealthySite.First),
            new(Spoil.Untried(7946, "udp"), CouldNotCheck, "no connection was tried to 10.0.0.12 (udp/7946)", "ark check", HealthySite.First),
            new(Spoil.WaysToSecond(ProbeResult.TimedOut, 4789).Then(Spoil.Machine(m => m with { Listeners = null })), CouldNotCheck, "10.0.0.12 ports udp/4789 kept silent", "look at 10.0.0.12 in it", HealthySite.First),
            new(Spoil.Listens("tcp", "*", 5000, "docker-registry").Then(Spoil.Listens("udp", "10.0.0.12", 4789, "")), Warning, "10.0.0.12 ports 5000, udp/4789 refused, though something listens there", "--dports 5000 -j ACCEPT && iptables -I INPUT -p udp", HealthySite.First),
            new(Spoil.Listens("tcp", "10.0.0.99", 5000, "docker-registry"), Pass, "refused", "", HealthySite.First),
            new(scope => scope with { Site = scope.Site with { NtpServer = HealthySite.Second } }, CouldNotCheck, "no connection was tried to 10.0.0.12 (udp/123)", "ark check", HealthySite.First),
            new(scope => scope with { Probes = [.. scope.Probes.Where(p => p.From != HealthySite.Second)] }, CouldNotCheck, "no connection was tried to 10.0.0.11, 10.0.0.13", "ark check"),
            new(scope => scope with { Machines = [scope.Machines[1]] }, NotApplicable, "one machine only", "", ""),
            new(Spoil.WaysToSecond(ProbeResult.Open), Pass, "answered", "", HealthySite.First),
            new(Spoil.Machine(m => new() { Machine = m.Machine, At = m.At, Unreached = new("ssh-refused", m.Machine, "Nothing listens.", "ping it") }, HealthySite.First).Then(scope => scope with { Machines = [.. scope.Machines.Take(2)], Probes = [] }),
                CouldNotCheck, "no connection was tried to any machine", "ark check"),
        ],
        ["latency"] = [new(scope => scope with { Probes = [.. scope.Probes.Select(p => p.From == HealthySite.Second ? p with { Milliseconds = 31.5 } : p)] }, Warning, "31.5 ms to 10.0.0.11", "ping -c 20 10.0.0.11")],
        ["bandwidth"] =
        [
            new(Spoil.Bandwidth(94_100_000, null), Warning, "94 Mbit/s to 10.0.0.11; 94 Mbit/s to 10.0.0.13", "ethtool"),
            new(Spoil.Bandwidth(null, "port 62000 of 10.0.0.11 is not reached: timed out"), CouldNotCheck, "not measured to 10.0.0.11; not measured to 10.0.0.13", "open that port"),
            new(Spoil.Bandwidth(null, "10.0.0.12 has neither Python nor Perl"), CouldNotCheck, "not measured to 10.0.0.11", "install python3"),
            new(Spoil.Bandwidth(null, "10.0.0.11 could not listen on port 62000: Address already in use"), CouldNotCheck, "not measured to 10.0.0.11", "ark check --bandwidth"),
            new(scope => scope with { Bandwidth = scope.Bandwidth?.Where(p => p.From != HealthySite.Second || p.To != HealthySite.First).ToList() }, CouldNotCheck, "not measured to 10.0.0.11", "ark check --bandwidth"),
            new(scope => scope with { Bandwidth = null }, NotApplicable, "not asked for", "", ""),
        ],
        ["firewall"] =
        [
            new(Spoil.Security(s => s with { FirewallServices = ["firewalld.service"] }).Then(Spoil.WaysToSecond(ProbeResult.Filtered, 7946)), Fail, "firewalld.service is active; tcp/7946, udp/7946 blocked", "firewall-cmd --permanent"),
            new(Spoil.Security(s => s with { InputPolicy = "drop" }).Then(Spoil.WaysToSecond(ProbeResult.TimedOut)), Fail, "incoming packets: drop", "iptables -I INPUT"),
            new(Spoil.Security(s => s with { InputRules = ["-A INPUT -p tcp --dport 2377 -j DROP"] }).Then(scope => scope with { Probes = [] }), Warning, "nobody tried to connect", "iptables"),
            new(Spoil.Security(s => s with { InputRules = null, InputPolicy = null }), CouldNotCheck, "the rules for incoming packets", "ark check --save"),
            new(Spoil.Security(s => s with { FirewallServices = ["firewalld.service"] }), Pass, "open to other machines", ""),
            new(Spoil.Security(s => s with { FirewallServices = ["nftables.service"] }).Then(scope => scope with { Probes = [] }), Warning, "nftables.service is active; nobody tried to connect", "and the same in /etc/nftables.conf"),
            new(Spoil.Security(s => s with { InputPolicy = "drop" }), Pass, "incoming packets: drop; tcp/2377", ""),
            new(Spoil.Security(s => s with { InputPolicy = "drop" }).Then(Spoil.WaysToSecond(ProbeResult.TimedOut, 4789)), Fail, "incoming packets: drop; udp/4789 blocked", "--dports 2377,3307,5000,7946 -j ACCEPT && iptables -I INPUT -p udp -m multiport --dports 4789,7946 -j ACCEPT"),
            new(Spoil.Security(s => s with { InputPolicy = "drop" }).Then(Spoil.WaysToSecond(ProbeResult.TimedOut, 4789)).Then(Spoil.Listens("udp", "*", 4789, "")), Pass, "udp/7946 open to other machines; whether udp/4789 are cannot be told", ""),
            new(Spoil.Security(s => s with { FirewallServices = ["ufw.service"] }).Then(Spoil.Listens("tcp", "*", 2377, "dockerd")), Fail, "ufw.service is active; tcp/2377 blocked", "ufw prepend allow proto tcp to any port 2377,3307,5000,7946 && ufw prepend allow proto udp to any port 4789,7946"),
            new(Spoil.Security(s => s with { InputPolicy = "drop" }).Then(scope => scope with { Probes = [] }), Warning, "incoming packets: drop; nobody tried to connect", "iptables"),
            new(Spoil.Security(s => s with { InputRules = ["-A INPUT -p tcp --dport 9 -j DROP"] }), Pass, "1 rules drop or reject incoming packets", ""),
            new(Spoil.Security(s => s with { InputRules = ["-A INPUT -p tcp --dport 2377 -j DROP"] }).Then(Spoil.WaysToSecond(ProbeResult.TimedOut, 2377)), Fail, "tcp/2377 blocked", "iptables"),
        ],
        ["firewall-at-boot"] = [new(Spoil.Security(s => s with { FirewallAtBoot = ["firewalld.service"] }), Warning, "firewalld.service is enabled but not active", "systemctl disable firewalld.service"),
            new(Spoil.Security(s => s with { FirewallServices = ["ufw.service"], FirewallAtBoot = ["ufw.service"] }), Pass, "ufw.service is enabled, and active now", "")],
        ["selinux"] = [new(Spoil.Security(s => s with { Selinux = "enforcing" }), Fail, "SELinux enforcing", "setenforce 0"), new(Spoil.Security(s => s with { Selinux = "permissive" }), Pass, "permissive", "")],
        ["selinux-at-boot"] = [new(Spoil.Security(s => s with { Selinux = "permissive", SelinuxAtBoot = "enforcing" }), Warning, "enforcing", "SELINUX=disabled")],
    };
}
