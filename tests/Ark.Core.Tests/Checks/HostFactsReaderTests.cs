using Ark.Core.Checks;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Checks;

/// <summary>A machine of the RHEL family, as <c>Answers/rocky-9.txt</c> has it.</summary>
public sealed class HostFactsReaderTests
{
    private static readonly HostFacts Facts = Answers.Read(Answers.Rocky);

    [Fact]
    public void The_system_is_told() => Assert.Equivalent(
        new OsFacts(
            "rocky", "rhel centos fedora", "9.1", "Rocky Linux 9.1 (Blue Onyx)", "x86_64", "5.14.0-162.6.1.el9_1.x86_64", "vmware", 2,
            ["cpu", "cpuset", "hugetlb", "io", "memory", "misc", "pids", "rdma"], "systemd"),
        Facts.Os, strict: true);

    [Fact]
    public void CentOS_7_tells_its_minor_version_elsewhere()
    {
        var text = Answers.Rocky.Replace("VERSION_ID=\"9.1\"", "VERSION_ID=\"7\"").Replace("Rocky Linux release 9.1 (Blue Onyx)", "CentOS Linux release 7.9.2009 (Core)");
        Assert.Equal("7.9.2009", Answers.Read(text).Os!.Version);
    }

    [Fact]
    public void Processors_and_memory_are_told()
    {
        Assert.Equivalent(new CpuFacts(7, "Intel(R) Xeon(R) Gold 6230R CPU @ 2.10GHz", ["aes", "avx2", "fpu", "sse4_2", "vme"], "performance"), Facts.Cpu, strict: true);
        Assert.Equivalent(new MemoryFacts(32658472L * 1024, 30000000L * 1024, 2097148L * 1024, ["/dev/mapper/rl-swap none swap defaults 0 0"], "always"), Facts.Memory, strict: true);
    }

    [Fact]
    public void The_clock_is_known_as_well_as_the_round_trip_allows()
    {
        var clock = Facts.Clock!;
        // Sent at 2.0, begun at 2.1795, ended at 2.5795, received at 3.0: of the second, 0.4 s were the machine's own.
        Assert.Equal(-0.1205, clock.OffsetSeconds, 4);
        Assert.Equal(0.3, clock.UncertaintySeconds, 4);
        Assert.Equal(("Asia/Shanghai", "chronyd.service", true, true), (clock.TimeZone, clock.Service, clock.StartsAtBoot, clock.Synchronised));
        Assert.Equal(["10.0.0.2", "10.0.0.3"], clock.Sources);
    }

    [Fact]
    public void Without_the_last_line_the_offset_is_less_certain()
    {
        var clock = Answers.Read(Answers.Rocky[..Answers.Rocky.IndexOf("@@ end", StringComparison.Ordinal)]).Clock!;
        Assert.Equal(-0.3205, clock.OffsetSeconds, 4);
        Assert.Equal(0.5, clock.UncertaintySeconds, 4);
    }

    [Theory]
    [InlineData("Leap status     : Not synchronised", "@@ chrony 0", false)]
    [InlineData("Leap status     : Normal", "@@ chrony 1", null)]
    public void A_clock_that_is_not_kept_is_told_from_one_of_which_nothing_is_known(string leap, string part, bool? synchronised) =>
        Assert.Equal(synchronised, Answers.Read(Answers.Rocky.Replace("Leap status     : Normal", leap).Replace("@@ chrony 0", part)).Clock!.Synchronised);

    [Fact]
    public void Names_are_told() => Assert.Equivalent(
        new NameFacts("db-1", "db-1.example.com", ["10.0.0.11"], "b08dfa6083e7567a1921a715000001fb", ["10.0.0.2", "10.0.0.3"], ["example.com", "lan"], ["203.0.113.7"], "10.0.0.11 registry.ark\n"),
        Facts.Names, strict: true);

    [Theory]
    [InlineData("@@ wildcard 2", true)]
    [InlineData("@@ wildcard 124", false)]
    public void No_wildcard_is_told_from_a_name_server_that_is_silent(string part, bool known) =>
        Assert.Equal(known ? (IReadOnlyList<string>)[] : null, Answers.Read(Answers.Rocky.Replace("@@ wildcard 0", part)).Names!.WildcardAddresses);

    [Fact]
    public void The_network_is_told()
    {
        var network = Facts.Network!;
        Assert.Equal(
            ["bond0 bond 9000 up 20000 0", "bond0.169 vlan 9000 up  0", "docker0 bridge 1500 down  0", "ens192 physical 1500 up 10000 7", "ens224 physical 9000 up  0", "lo loopback 65536 unknown  0"],
            network.Interfaces.Select(i => $"{i.Name} {i.Kind} {i.Mtu} {i.State} {i.SpeedMbit} {i.Errors}"));
        Assert.Equal(["bond0 ", "bond0.169 ", "docker0 ", "ens192 ", "ens224 bond0", "lo "], network.Interfaces.Select(i => $"{i.Name} {i.Master}"));
        Assert.DoesNotContain(network.Interfaces, i => i.Master is null);
        Assert.Equal(["10.0.0.11/24", "10.0.0.111/24"], network.Interfaces.Single(i => i.Name == "ens192").Addresses);
        Assert.Equal([new("default", "10.0.0.254", "ens192"), new("10.0.0.0/24", null, "ens192")], network.Routes);
        Assert.Equal(new Dictionary<string, string> { ["10.0.0.12"] = "00:50:56:aa:00:12" }, network.Neighbours);
    }

    [Fact]
    public void Sockets_are_told_with_their_processes() => Assert.Equal(
        [new("tcp", "*", 22, "sshd"), new("tcp", "127.0.0.53", 53, "systemd-resolve"), new("tcp", "::1", 6379, ""), new("udp", "127.0.0.1", 323, "chronyd")],
        Facts.Listeners!);

    [Fact]
    public void Security_is_told()
    {
        var security = Facts.Security!;
        Assert.Equal(["firewalld.service"], security.FirewallServices);
        Assert.Empty(security.FirewallAtBoot);
        Assert.Equal("accept", security.InputPolicy);
        Assert.Equal(["ct state invalid drop", "reject with icmpx type admin-prohibited", "reject"], security.InputRules!);
        Assert.Equal(("enforcing", "permissive", false), (security.Selinux, security.SelinuxAtBoot, security.AppArmor));
        Assert.Equal((false, true), (security.Root, security.SudoWithoutPassword));
        Assert.Equal(
            new Dictionary<string, string> { ["passwordauthentication"] = "yes", ["permitrootlogin"] = "yes", ["port"] = "22 2222", ["usedns"] = "no" },
            security.Sshd!);
    }

    [Fact]
    public void A_filter_of_iptables_is_followed_through_its_chains_but_not_Dockers()
    {
        const string rules = """
            @@ nft 0
            @@ iptables-legacy 0
            -P INPUT DROP
            -P FORWARD DROP
            -N ufw-before-input
            -A INPUT -j ufw-before-input
            -A INPUT -j DOCKER-USER
            -A DOCKER-USER -j DROP
            -A ufw-before-input -m conntrack --ctstate INVALID -j DROP
            -A ufw-never -j REJECT --reject-with icmp-port-unreachable
            -A INPUT -p tcp -m tcp --dport 2375 -j REJECT --reject-with icmp-port-unreachable

            """;
        var security = Answers.Read(Answers.Rocky.Replace("@@ nft 0", rules + "@@ nothing")).Security!;
        Assert.Equal("drop", security.InputPolicy);
        Assert.Equal(
            ["-A ufw-before-input -m conntrack --ctstate INVALID -j DROP", "-A INPUT -p tcp -m tcp --dport 2375 -j REJECT --reject-with icmp-port-unreachable"],
            security.InputRules!);
    }

    /// <summary>Of a machine of the lab on which <c>ufw enable</c> was typed: the unit does not know of it.</summary>
    private const string UfwRules = """
        @@ nft 0
        ip	filter	ufw-before-input			ct state invalid counter packets 0 bytes 0 drop
        ip	filter	ufw-before-input			counter packets 18 bytes 1080 jump ufw-user-input
        """;

    /// <summary>Chains that ufw leaves behind when it is stopped.</summary>
    private const string UfwChains = """
        ip	filter	ufw-reject-input		chain ufw-reject-input {
        ip	filter	INPUT			type filter hook input priority filter; policy drop;
        ip	filter	INPUT			counter packets 148 bytes 30943 jump ufw-before-input
        ip	filter	INPUT			counter packets 14 bytes 840 jump ufw-reject-input

        """;

    [Theory]
    [InlineData("yes", UfwRules + "\n" + UfwChains, true, 1)]
    [InlineData("yes", "@@ nft 0\n" + UfwChains, false, 0)]
    [InlineData("no", "@@ nft 0\n" + UfwChains, false, 0)]
    public void Ufw_runs_where_packets_go_through_its_rules_whatever_its_unit_says(string enabled, string rules, bool runs, int denying)
    {
        var said = Answers.Rocky.Replace("@@ nft 0", rules + "@@ nothing").Replace("Id=ufw.service\nActiveState=active", "Id=ufw.service\nActiveState=inactive").Replace("@@ files", "@@ files\n/etc/ufw/ufw.conf:ENABLED=" + enabled);
        var security = Answers.Read(said).Security!;
        Assert.Equal(runs, security.FirewallServices.Contains("ufw.service"));
        Assert.Equal(enabled == "yes", security.FirewallAtBoot.Contains("ufw.service"));
        Assert.Equal(denying, security.InputRules!.Count);
    }

    [Fact]
    public void A_filter_that_cannot_be_read_is_not_an_empty_one()
    {
        var security = Answers.Read(Answers.Rocky.Replace("@@ nft 0", "@@ nft 1")).Security!;
        Assert.Null(security.InputRules);
        Assert.Null(security.InputPolicy);
    }

    [Fact]
    public void Limits_are_told() => Assert.Equal(new LimitFacts("0027", 1024, -1, 0), Facts.Limits);

    [Fact]
    public void Kernel_settings_are_told_with_what_the_files_give_after_a_reboot()
    {
        Assert.Equal(new SysctlFacts("0", "1"), Facts.Sysctls!["net.ipv4.ip_forward"]);
        Assert.Equal(new SysctlFacts("32768 60999", null), Facts.Sysctls["net.ipv4.ip_local_port_range"]);
        // Later names win; the folder does not matter.
        Assert.Equal(new SysctlFacts("65530", "65530"), Facts.Sysctls["vm.max_map_count"]);
        // The file under /etc hides the one of the same name under /usr/lib.
        Assert.Equal(new SysctlFacts(null, null), Facts.Sysctls["vm.swappiness"]);
        // Taken out of the pattern.
        Assert.Equal(new SysctlFacts(null, null), Facts.Sysctls["net.ipv4.conf.all.rp_filter"]);
    }

    [Fact]
    public void A_pattern_sets_what_no_line_names()
    {
        var text = Answers.Rocky.Replace("/etc/sysctl.d/50-default.conf:-net.ipv4.conf.all.rp_filter\n", "");
        Assert.Equal("2", Answers.Read(text).Sysctls!["net.ipv4.conf.all.rp_filter"].AfterReboot);
    }

    [Fact]
    public void Modules_are_told()
    {
        var modules = Facts.Modules!;
        Assert.Equal(new ModuleFacts(true, true, false), modules["overlay"]);
        Assert.Equal(new ModuleFacts(false, true, true), modules["br_netfilter"]);
        Assert.Equal(new ModuleFacts(false, true, true), modules["8021q"]);
        Assert.Equal(new ModuleFacts(true, true, true), modules["ip_vs"]);
        Assert.Equal(new ModuleFacts(false, false, false), modules["openvswitch"]);
    }

    [Fact]
    public void Storage_is_told()
    {
        var storage = Facts.Storage!;
        Assert.Equal([new("cciss/c0d0", 1024, true, ""), new("sda", 107374182400, false, "Virtual disk")], storage.Disks);
        Assert.Equal(["md0 raid10", "md127 raid1"], storage.RaidArrays);
        Assert.Equal(0.003, storage.FsyncP99Seconds);
        Assert.Equivalent(
            new FileSystemFacts("/var/lib/docker", "/", "/dev/mapper/rl-root", "xfs", true, ["rw", "seclabel", "relatime", "attr2", "inode64"], 53660876800, 48000000000, 26214400, 26000000, "711", "root"),
            storage.FileSystems[0], strict: true);
        Assert.Equivalent(
            new FileSystemFacts("/data disk/images", "/data disk", "/dev/sdb1", "ext4", null, ["rw", "noatime"], 536608768000, 48000000000, 0, 0, null, null), storage.FileSystems[1], strict: true);
    }

    [Fact]
    public void Software_and_engine_are_told()
    {
        Assert.Equivalent(new SoftwareFacts("dnf", ["baseos", "appstream"], ["telnet"], ["podman-docker"]), Facts.Software, strict: true);
        Assert.Equal(new EngineFacts("26.1.3", "1.45", "/var/lib/docker", "overlay2", "systemd", "inactive"), Facts.Engine);
    }

    [Fact]
    public void Sources_of_apt_are_told_without_who_may_read_them()
    {
        const string files = """
            @@ files
            /etc/apt/sources.list:# deb http://off.example stable main
            /etc/apt/sources.list:deb [signed-by=/k.gpg] https://me:secret@one.example/debian bookworm main
            /etc/apt/sources.list:deb-src http://one.example/debian bookworm main
            /etc/apt/sources.list.d/two.sources:Types: deb deb-src
            /etc/apt/sources.list.d/two.sources:URIs: http://two.example/ubuntu
            /etc/apt/sources.list.d/two.sources:Suites: noble
            /etc/apt/sources.list.d/two.sources: noble-updates
            /etc/apt/sources.list.d/two.sources:
            /etc/apt/sources.list.d/two.sources:Types: deb
            /etc/apt/sources.list.d/two.sources:Enabled: no
            /etc/apt/sources.list.d/two.sources:URIs: http://three.example
            /etc/apt/sources.list.d/two.sources:Suites: noble

            """;
        var software = Answers.Read(Answers.Rocky.Replace("there\tdnf", "there\tapt-get").Replace("@@ files\n", files)).Software!;
        Assert.Equal("apt", software.PackageTool);
        Assert.Equal(["https://one.example/debian bookworm", "http://two.example/ubuntu noble", "http://two.example/ubuntu noble-updates"], software.PackageSources);
    }

    [Theory]
    [InlineData("@@ units 0", "@@ units 1")]
    [InlineData("@@ addresses 0", "@@ addresses 127")]
    [InlineData("@@ listeners 0", "@@ listeners 1")]
    [InlineData("@@ df 0", "@@ df 124")]
    [InlineData("@@ limits", "@@ other")]
    [InlineData("@@ tools", "@@ other")]
    [InlineData("/proc/meminfo:MemTotal", "/proc/meminfo:Other")]
    [InlineData("/etc/os-release:ID=", "/etc/os-release:NO=")]
    [InlineData("/sys/devices/system/cpu/online:0-5,7", "/sys/devices/system/cpu/online:many")]
    public void What_cannot_be_read_is_null_and_the_rest_is_there(string from, string to)
    {
        static string Missing(HostFacts f) => string.Join(' ', new (string, object?)[]
        {
            ("os", f.Os), ("cpu", f.Cpu), ("memory", f.Memory), ("clock", f.Clock), ("names", f.Names), ("network", f.Network), ("security", f.Security), ("limits", f.Limits),
            ("sysctls", f.Sysctls), ("modules", f.Modules), ("storage", f.Storage), ("software", f.Software), ("listeners", f.Listeners), ("engine", f.Engine),
        }.Where(s => s.Item2 is null).Select(s => s.Item1));
        var expected = from switch
        {
            "@@ units 0" => "clock security",
            "@@ addresses 0" => "network",
            "@@ listeners 0" => "listeners",
            "@@ df 0" => "storage",
            "@@ limits" => "limits",
            "@@ tools" => "software",
            "/proc/meminfo:MemTotal" => "memory",
            "/etc/os-release:ID=" => "os",
            _ => "cpu",
        };
        Assert.Equal("", Missing(Facts));
        Assert.Equal(expected, Missing(Answers.Read(Answers.Rocky.Replace(from, to))));
    }

    [Fact]
    public void No_text_makes_it_throw() => Gen.String.Sample(text => Answers.Read(text) is { Machine: "10.0.0.11", Os: null, Engine: null });

    [Fact]
    public void No_answer_that_was_cut_or_changed_makes_it_throw()
    {
        var text = Answers.Rocky;
        Gen.Select(Gen.Int[0, text.Length], Gen.Int[0, text.Length - 1], Gen.Int[0, 11].Select(i => "\0\n\t :@9-[|=中"[i]), Gen.Int[0, 40]).Sample(
            (cut, at, other, length) =>
            {
                var changed = (text[..at] + new string(other, length) + text[Math.Min(text.Length, at + length)..])[..cut];
                return Answers.Read(changed).Machine == "10.0.0.11";
            },
            iter: 2000);
    }
}
