using System.Globalization;
using Ark.Core;
using Ark.Core.Checks;
using Ark.Core.Requirements;
using Ark.Core.Sites;

namespace Ark.Testing.Checks;

/// <summary>A site of three machines on which all is well, and ways to spoil it.</summary>
public static class HealthySite
{
    public const string First = "10.0.0.11", Second = "10.0.0.12", Third = "10.0.0.13";

    private const string Properties = """
        mode=MODE
        aliware_version=3.1.x
        domain=shop.example
        machine_ips=10.0.0.11,10.0.0.12,10.0.0.13
        client_ip=10.0.0.11
        machine_user=deploy
        docker_dir=/data/docker
        registry_dir=/var/images
        ntp_server=10.0.0.1
        ip_pool_subnet=10.16.9.0/24
        ip_pool_start=10
        ip_pool_end=20

        """;

    private const string OfPhysicalMode = "vlan_id=169\nvlan_gateway=10.16.9.254\nuplink=bond0\n";

    public static readonly DateTimeOffset At = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Physical mode, and the customer's database, so that every question arises.</summary>
    public static Site Physical { get; } = SiteOf("physical", OfPhysicalMode) with { Line = "3.0", Metadb = new ExternalDatabase("10.0.0.50", 3306, "ark", null) };

    public static CheckScope Scope { get; } = ScopeOf(Physical);

    public static CheckScope Vm { get; } = ScopeOf(SiteOf("vm"));

    /// <summary>The same site, of which nothing is known.</summary>
    public static CheckScope Silent(Problem? unreached) => Scope with
    {
        Machines = [.. Scope.Machines.Select(m => new HostFacts { Machine = m.Machine, At = At, Unreached = unreached })],
        Probes = [],
        Bandwidth = [],
        Database = null,
        Answers = new Dictionary<int, Answer>(),
    };

    /// <summary>Copies of one healthy machine, each with an address of its own, that tried what they are to try.</summary>
    public static CheckScope Large(int machines)
    {
        var one = Vm.Machines[0];
        var scope = Vm with
        {
            Machines = [.. Enumerable.Range(0, machines).Select(i => one with { Machine = string.Create(CultureInfo.InvariantCulture, $"10.1.{i / 250}.{1 + (i % 250)}") })],
        };
        return scope with
        {
            Probes =
            [
                .. from place in Enumerable.Range(0, machines)
                   from other in ProbeRound.OthersOf(place, machines)
                   from target in NeededPorts.Targets(scope, scope.Machines[other].Machine)
                   select Refused(scope.Machines[place].Machine, target, 0.3),
            ],
        };
    }

    private static Site SiteOf(string mode, string more = "") =>
        SiteReader.Read(Properties.Replace("MODE", mode, StringComparison.Ordinal) + more, "ark.properties").Value!;

    private static CheckScope ScopeOf(Site site)
    {
        var scope = new CheckScope
        {
            Site = site,
            Machines = [Facts(1), Facts(2), Facts(3)],
            Needs = site.Machines.ToDictionary(m => m.Name, _ => new MachineNeeds(8, 32L << 30, 100L << 30, new Dictionary<int, string> { [3307] = "metadb-1" })),
            Database = new("8.0.36", "utf8mb4", 1, ["GRANT ALL PRIVILEGES ON *.* TO `ark`@`%` WITH GRANT OPTION"], null),
            Answers = EnvironmentRequirements.All.Where(r => r.By != AnsweredBy.Machine).ToDictionary(r => r.Number, _ => new Answer(true, "as agreed", "Li Lei", At)),
            Products = new HashSet<string> { "edas", "drds", "arms" },
            Now = At,
        };
        string[] machines = [First, Second, Third];
        return scope with
        {
            Probes = [.. from a in machines from b in machines where a != b from target in NeededPorts.Targets(scope, b) select Refused(a, target, 0.4)],
            Bandwidth = [.. from a in machines from b in machines where a != b select new BandwidthProbe(a, b, 9_400_000_000, null)],
        };
    }

    private static PortProbe Refused(string from, PortTarget target, double milliseconds) =>
        new(from, target.To, target.Port, ProbeResult.Refused, target.Protocol == "tcp" ? milliseconds : null) { Protocol = target.Protocol };

    private static HostFacts Facts(int n)
    {
        var address = $"10.0.0.{10 + n}";
        return new()
        {
            Machine = address,
            At = At,
            Os = new("rocky", "rhel centos fedora", "9.4", "Rocky Linux 9.4 (Blue Onyx)", "x86_64", "5.14.0-427.13.1.el9_4.x86_64", "none", 2, ["cpu", "cpuset", "io", "memory", "pids"], "systemd"),
            Cpu = new(56, "Intel(R) Xeon(R) Gold 6330", ["aes", "sse4_2"], "performance"),
            Memory = new(192L << 30, 180L << 30, 0, [], "madvise"),
            Clock = new(0.001 * n, 0.002, "Asia/Shanghai", "chronyd.service", true, true, ["10.0.0.1"]),
            Names = new($"m{n}", $"m{n}", [address], $"{n}".PadLeft(32, 'a'), ["10.0.0.2"], ["shop.example"], [], ""),
            Network = new(
                [
                    new("lo", ["127.0.0.1/8"], "00:00:00:00:00:00", 65536, "unknown", null, "loopback", 0) { Master = "" },
                    new("eth0", [$"{address}/24"], Mac(n), 1500, "up", 10_000, "physical", 12) { Master = "" },
                    new("bond0", [], $"52:54:00:00:01:0{n}", 1500, "up", 20_000, "bond", 0) { Master = "" },
                    new("docker0", ["172.17.0.1/16"], "02:42:00:00:00:01", 1500, "down", null, "bridge", 0) { Master = "" },
                ],
                [new("default", "10.0.0.1", "eth0"), new("10.0.0.0/24", null, "eth0"), new("172.17.0.0/16", null, "docker0")],
                Enumerable.Range(1, 3).Where(o => o != n).ToDictionary(o => $"10.0.0.{10 + o}", Mac)),
            Security = new([], [], [], "accept", "disabled", "disabled", false, false, true,
                new Dictionary<string, string> { ["pubkeyauthentication"] = "yes", ["maxsessions"] = "10", ["maxstartups"] = "10:30:100", ["usedns"] = "no" }),
            Limits = new("0022", 65536, 65536, 0),
            Sysctls = Settings(),
            Modules = new[] { "overlay", "br_netfilter", "nf_conntrack", "openvswitch" }.ToDictionary(m => m, _ => new ModuleFacts(true, true, true)),
            Storage = new(
                [.. "abcd".Select(d => new DiskFacts($"sd{d}", 600_000_000_000, true, "SAS"))],
                [
                    new("/data/docker", "/data", "/dev/md0", "xfs", true, ["rw", "relatime"], 1_200_000_000_000, 1_100_000_000_000, 100_000_000, 99_000_000, "711", "root"),
                    new("/var/images", "/", "/dev/sda2", "xfs", true, ["rw", "relatime"], 100L << 30, 80L << 30, 50_000_000, 49_000_000, null, null),
                ],
                0.004, ["md0 raid10"]),
            Software = new("dnf", ["appstream", "baseos"], [], []),
            Listeners = [new("tcp", "*", 22, "sshd"), new("udp", "127.0.0.1", 323, "chronyd")],
            Engine = new("27.3.1", "1.47", "/data/docker", "overlay2", "systemd", "inactive"),
        };
    }

    private static string Mac(int n) => $"52:54:00:00:00:0{n}";

    private static Dictionary<string, SysctlFacts> Settings() => new()
    {
        ["net.ipv4.ip_forward"] = new("1", "1"),
        ["vm.max_map_count"] = new("262144", "262144"),
        ["net.core.somaxconn"] = new("4096", "4096"),
        ["net.bridge.bridge-nf-call-iptables"] = new("1", null),
        ["net.ipv4.conf.all.rp_filter"] = new("0", null),
        ["vm.swappiness"] = new("60", null),
        ["fs.inotify.max_user_watches"] = new("524288", null),
        ["fs.inotify.max_user_instances"] = new("128", null),
        ["fs.file-max"] = new("9223372036854775807", null),
        ["kernel.pid_max"] = new("4194304", null),
        ["net.ipv4.ip_local_port_range"] = new("32768\t60999", null),
    };
}

/// <summary>One thing spoiled, on the second machine where nothing else is said.</summary>
public static class Spoil
{
    public static Func<CheckScope, CheckScope> Machine(Func<HostFacts, HostFacts> change, string machine = HealthySite.Second) =>
        scope => scope with { Machines = [.. scope.Machines.Select(m => m.Machine == machine ? change(m) : m)] };

    public static Func<CheckScope, CheckScope> Everywhere(Func<HostFacts, HostFacts> change) => scope => scope with { Machines = [.. scope.Machines.Select(change)] };

    public static Func<CheckScope, CheckScope> Site(Func<Site, Site> change) => scope => scope with { Site = change(scope.Site) };

    public static Func<CheckScope, CheckScope> Os(Func<OsFacts, OsFacts> change) => Machine(m => m with { Os = change(m.Os!) });

    public static Func<CheckScope, CheckScope> Cpu(Func<CpuFacts, CpuFacts> change) => Machine(m => m with { Cpu = change(m.Cpu!) });

    public static Func<CheckScope, CheckScope> Memory(Func<MemoryFacts, MemoryFacts> change) => Machine(m => m with { Memory = change(m.Memory!) });

    public static Func<CheckScope, CheckScope> Clock(Func<ClockFacts, ClockFacts> change) => Machine(m => m with { Clock = change(m.Clock!) });

    public static Func<CheckScope, CheckScope> Names(Func<NameFacts, NameFacts> change) => Machine(m => m with { Names = change(m.Names!) });

    public static Func<CheckScope, CheckScope> Network(Func<NetworkFacts, NetworkFacts> change) => Machine(m => m with { Network = change(m.Network!) });

    public static Func<CheckScope, CheckScope> Interface(string name, Func<InterfaceFacts, InterfaceFacts> change) =>
        Network(n => n with { Interfaces = [.. n.Interfaces.Select(i => i.Name == name ? change(i) : i)] });

    public static Func<CheckScope, CheckScope> Route(string destination, string? gateway, string through) =>
        Network(n => n with { Routes = [.. n.Routes, new(destination, gateway, through)] });

    public static Func<CheckScope, CheckScope> Security(Func<SecurityFacts, SecurityFacts> change) => Machine(m => m with { Security = change(m.Security!) });

    public static Func<CheckScope, CheckScope> Sshd(string name, string value) =>
        Security(s => s with { Sshd = new Dictionary<string, string>(s.Sshd!) { [name] = value } });

    public static Func<CheckScope, CheckScope> Limits(Func<LimitFacts, LimitFacts> change) => Machine(m => m with { Limits = change(m.Limits!) });

    public static Func<CheckScope, CheckScope> Sysctl(string name, string? now, string? afterReboot = null) =>
        Machine(m => m with { Sysctls = new Dictionary<string, SysctlFacts>(m.Sysctls!) { [name] = new(now, afterReboot) } });

    public static Func<CheckScope, CheckScope> NoModule(string name) => Module(name, new(false, false, false));

    public static Func<CheckScope, CheckScope> Module(string name, ModuleFacts module) =>
        Machine(m => m with { Modules = new Dictionary<string, ModuleFacts>(m.Modules!) { [name] = module } });

    public static Func<CheckScope, CheckScope> Storage(Func<StorageFacts, StorageFacts> change) => Machine(m => m with { Storage = change(m.Storage!) });

    public static Func<CheckScope, CheckScope> DockerDir(Func<FileSystemFacts, FileSystemFacts> change) =>
        Storage(s => s with { FileSystems = [.. s.FileSystems.Select(f => f.Path == "/data/docker" ? change(f) : f)] });

    public static Func<CheckScope, CheckScope> Software(Func<SoftwareFacts, SoftwareFacts> change) => Machine(m => m with { Software = change(m.Software!) });

    public static Func<CheckScope, CheckScope> Engine(Func<EngineFacts, EngineFacts> change) => Machine(m => m with { Engine = change(m.Engine!) });

    public static Func<CheckScope, CheckScope> Listens(string protocol, string address, int port, string process) =>
        Machine(m => m with { Listeners = [.. m.Listeners!, new(protocol, address, port, process)] });

    /// <summary>Every connection to the second machine ends so, and every datagram.</summary>
    public static Func<CheckScope, CheckScope> WaysToSecond(ProbeResult result, int? port = null, string? protocol = null) => scope => scope with
    {
        Probes = [.. scope.Probes.Select(p => p.To == HealthySite.Second && (port ?? p.Port) == p.Port && (protocol ?? p.Protocol) == p.Protocol ? p with { Result = result, Milliseconds = null } : p)],
    };

    /// <summary>Nobody tries what a program on the second machine has for itself.</summary>
    public static Func<CheckScope, CheckScope> Untried(int port, string protocol) => scope => scope with
    {
        Probes = [.. scope.Probes.Where(p => p.To != HealthySite.Second || p.Port != port || p.Protocol != protocol)],
    };

    /// <summary>From the second machine.</summary>
    public static Func<CheckScope, CheckScope> Bandwidth(long? bits, string? why) => scope => scope with
    {
        Bandwidth = scope.Bandwidth?.Select(p => p.From == HealthySite.Second ? p with { BitsPerSecond = bits, Why = why } : p).ToList(),
    };

    public static Func<CheckScope, CheckScope> Database(Func<DatabaseFacts, DatabaseFacts> change) => scope => scope with { Database = change(scope.Database!) };

    public static Func<CheckScope, CheckScope> NoAnswer(int number) => scope => scope with { Answers = scope.Answers.Where(a => a.Key != number).ToDictionary() };

    public static Func<CheckScope, CheckScope> Answer(int number, bool yes, string text) =>
        scope => scope with { Answers = new Dictionary<int, Answer>(scope.Answers) { [number] = new(yes, text, "Han Meimei", HealthySite.At) } };

    /// <summary>Debian in place of Rocky.</summary>
    public static readonly Func<CheckScope, CheckScope> Debian = Everywhere(m => m with
    {
        Os = m.Os! with { Id = "debian", Like = "", Version = "12", Name = "Debian GNU/Linux 12 (bookworm)", Kernel = "6.1.0-18-amd64" },
        Software = m.Software! with { PackageTool = "apt" },
    });

    /// <summary>A name server will be placed on every machine.</summary>
    public static readonly Func<CheckScope, CheckScope> Named = scope => scope with
    {
        Needs = scope.Needs.ToDictionary(n => n.Key, n => n.Value with { UdpPorts = new Dictionary<int, string> { [53] = "names-1" } }),
    };

    /// <summary>The base has been installed: the machine is a member of the Swarm.</summary>
    public static readonly Func<CheckScope, CheckScope> WithBase = Everywhere(m => m with { Engine = m.Engine! with { Swarm = "active" } });

    public static Func<CheckScope, CheckScope> Then(this Func<CheckScope, CheckScope> first, Func<CheckScope, CheckScope> second) => scope => second(first(scope));
}
