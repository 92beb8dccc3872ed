using Ark.Core.Checks;
using static Ark.Core.Checks.Verdict;

namespace Ark.Testing.Checks;

public static partial class CheckCases
{
    private static Dictionary<string, CheckCase[]> Kernels() => new()
    {
        ["ip-forwarding"] =
        [
            new(Spoil.Sysctl("net.ipv4.ip_forward", "0"), Warning, "net.ipv4.ip_forward = 0", "ark base --part kernel"),
            new(Spoil.Sysctl("net.ipv4.ip_forward", "1"), Warning, "no file sets it", "ark base --part kernel"),
            new(Spoil.Sysctl("net.ipv4.ip_forward", "1", "0"), Warning, "after a reboot 0", "grep -rn net.ipv4.ip_forward /etc/sysctl.conf"),
            new(Spoil.WithBase.Then(Spoil.Sysctl("net.ipv4.ip_forward", "0", "1")), Fail, "net.ipv4.ip_forward = 0", "ark base --part kernel"),
            new(Spoil.WithBase.Then(Spoil.Sysctl("net.ipv4.ip_forward", "1", "0")), Fail, "after a reboot 0", "grep -rn"),
            new(Spoil.WithBase.Then(Spoil.Sysctl("net.ipv4.ip_forward", "1")), Warning, "no file sets it", "ark base --part kernel"),
            new(Spoil.Sysctl("net.ipv4.ip_forward", null), CouldNotCheck, "net.ipv4.ip_forward", "ark check --save"),
        ],
        ["max-map-count"] =
        [
            new(Spoil.Sysctl("vm.max_map_count", "65530"), Warning, "vm.max_map_count = 65530", "ark base --part kernel"),
            new(Spoil.WithBase.Then(Spoil.Sysctl("vm.max_map_count", "65530", "262144")), Fail, "vm.max_map_count = 65530", "ark base --part kernel"),
            new(Spoil.Sysctl("vm.max_map_count", "1048576", "1048576"), Pass, "1048576", ""),
            new(scope => scope with { Products = new HashSet<string> { "mq" } }, NotApplicable, "no Elasticsearch", "", ""),
        ],
        ["somaxconn"] = [new(Spoil.WithBase.Then(Spoil.Sysctl("net.core.somaxconn", "128", "4096")), Warning, "net.core.somaxconn = 128", "ark base --part kernel"), new(Spoil.Sysctl("net.core.somaxconn", "4096"), Pass, "no file sets it", "")],
        ["bridge-filter"] = [new(Spoil.Sysctl("net.bridge.bridge-nf-call-iptables", "0"), Warning, "= 0", "net.bridge.bridge-nf-call-iptables = 1"), new(Spoil.Sysctl("net.bridge.bridge-nf-call-iptables", null), NotApplicable, "br_netfilter", "")],
        ["reverse-path"] = [new(Spoil.Sysctl("net.ipv4.conf.all.rp_filter", "1"), Warning, "rp_filter = 1", "rp_filter = 2")],
        ["swappiness"] = [new(Spoil.Memory(m => m with { SwapBytes = 1L << 30 }), Warning, "vm.swappiness = 60", "vm.swappiness = 10"), new(Spoil.Memory(m => m with { SwapBytes = 1L << 30 }).Then(Spoil.Sysctl("vm.swappiness", "1")), Pass, "vm.swappiness = 1", "")],
        ["inotify-watches"] = [new(Spoil.Sysctl("fs.inotify.max_user_watches", "8192"), Warning, "8192", "fs.inotify.max_user_watches = 524288")],
        ["inotify-instances"] = [new(Spoil.Sysctl("fs.inotify.max_user_instances", "64"), Warning, "64", "fs.inotify.max_user_instances = 512")],
        ["file-max"] = [new(Spoil.Sysctl("fs.file-max", "65535"), Warning, "65535", "fs.file-max = 1048576"), new(Spoil.Sysctl("fs.file-max", "18446744073709551615"), Pass, "18446744073709551615", "")],
        ["pid-max"] = [new(Spoil.Sysctl("kernel.pid_max", "4194304", "4096"), Warning, "after a reboot 4096", "kernel.pid_max = 4194304"), new(Spoil.Sysctl("kernel.pid_max", "4096"), Warning, "4096", "kernel.pid_max")],
        ["port-range"] = [new(Spoil.Sysctl("net.ipv4.ip_local_port_range", "1024\t65535"), Warning, "with 2377, 3307, 4789, 5000, 7946 in it", "net.ipv4.ip_local_reserved_ports = 2377,3307"), new(Spoil.Sysctl("net.ipv4.ip_local_port_range", "1024\t65535").Then(Spoil.Sysctl("net.ipv4.ip_local_reserved_ports", "2000-4000,4789,5000")), Warning, "with 7946 in it", "net.ipv4.ip_local_reserved_ports = 2000-4000,4789,5000,7946"), new(Spoil.Sysctl("net.ipv4.ip_local_port_range", "1024\t65535").Then(Spoil.Sysctl("net.ipv4.ip_local_reserved_ports", "2000-8000")), Pass, "1024 to 65535", ""), new(Spoil.Sysctl("net.ipv4.ip_local_port_range", "odd"), CouldNotCheck, "ip_local_port_range", "ark check --save")],
        ["module-overlay"] = [new(Spoil.NoModule("overlay"), Fail, "no module overlay", "dnf install -y kernel-modules-"), new(Spoil.Debian.Then(Spoil.NoModule("overlay")), Fail, "no module overlay", "linux-image-"),
            new(Spoil.Machine(m => m with { Modules = m.Modules!.ToDictionary(o => o.Key, _ => new ModuleFacts(false, true, false)) }), Pass, "loaded when it is needed", "")],
        ["module-br-netfilter"] = [new(Spoil.NoModule("br_netfilter"), Warning, "no module br_netfilter", "kernel-modules-")],
        ["module-nf-conntrack"] = [new(Spoil.NoModule("nf_conntrack"), Fail, "no module nf_conntrack", "kernel-modules-")],
        ["module-openvswitch"] = [new(Spoil.NoModule("openvswitch"), Warning, "no module openvswitch", "kernel-modules-"), new(Spoil.Module("openvswitch", new(false, true, false)), Warning, "openvswitch is there, but not loaded", "modprobe openvswitch")],

        ["umask"] = [new(Spoil.Limits(l => l with { Umask = "0077" }), Warning, "umask 0077", "umask 022"), new(Spoil.Limits(l => l with { Umask = "u=rwx" }), CouldNotCheck, "u=rwx", "ark check --save")],
        ["open-files"] = [new(Spoil.Limits(l => l with { OpenFiles = 256 }), Warning, "256 open files", "deploy soft nofile 65536"), new(Spoil.Limits(l => l with { OpenFiles = -1 }), Pass, "unlimited", "")],
        ["processes"] = [new(Spoil.Limits(l => l with { Processes = 100 }), Warning, "100 processes", "deploy soft nproc 65536"), new(Spoil.Limits(l => l with { Processes = -1 }), Pass, "processes unlimited", "")],
        ["core-files"] = [new(Spoil.Limits(l => l with { CoreBytes = -1 }), Warning, "without a limit", "deploy soft core 0"), new(Spoil.Limits(l => l with { CoreBytes = 1 << 20 }), Pass, "core files up to 1 MiB", "")],
    };

    private static Dictionary<string, CheckCase[]> Storages() => new()
    {
        ["raw-disk"] = [new(Spoil.Storage(s => s with { Disks = [new("sda", 500_000_000_000, true, "")], FileSystems = [] }), Warning, "0.5 TB raw", "lsblk")],
        ["raid"] = [new(Spoil.Storage(s => s with { RaidArrays = ["md0 raid5"] }), Warning, "md0 raid5", "/proc/mdstat"), new(Spoil.Storage(s => s with { RaidArrays = [] }), NotApplicable, "no array", "")],
        ["arms-disks"] =
        [
            new(Spoil.Everywhere(m => m with { Storage = m.Storage! with { Disks = [], FileSystems = [] } }), Warning, "no machine with 1 TB", "bigger disks", ""),
            new(scope => scope with { Products = new HashSet<string> { "mq" } }, NotApplicable, "ARMS is not in the mix", "", ""),
            new(scope => scope with { Products = null }, NotApplicable, "no task is known", "", ""),
        ],
        ["docker-dir-room"] =
        [
            new(Spoil.DockerDir(f => f with { FreeBytes = 2L << 30 }), Fail, "2 GiB free", "du -x"),
            new(scope => Spoil.DockerDir(f => f with { FreeBytes = 40L << 30 })(scope with { Site = HealthySite.Vm.Site }), Warning, "40 GiB free", "bigger disk"),
            new(Spoil.Storage(s => s with { FileSystems = [] }), CouldNotCheck, "the file system under /data/docker", "ark check --save"),
        ],
        ["docker-dir-type"] = [new(Spoil.DockerDir(f => f with { Type = "nfs4" }), Fail, "nfs4 on /data", "mkfs.xfs"), new(Spoil.DockerDir(f => f with { Type = "btrfs" }), Warning, "btrfs", "mkfs.xfs")],
        ["docker-dir-ftype"] = [new(Spoil.DockerDir(f => f with { FType = false }), Fail, "ftype=0", "mkfs.xfs -f -n ftype=1 /dev/md0"), new(Spoil.DockerDir(f => f with { FType = null }), CouldNotCheck, "tells file types", "ark check --save"), new(Spoil.DockerDir(f => f with { Type = "ext4", FType = null }), NotApplicable, "ext4", "")],
        ["docker-dir-options"] = [new(Spoil.DockerDir(f => f with { Options = ["rw", "noexec", "nosuid"] }), Fail, "noexec,nosuid", "mount -o remount"), new(Spoil.DockerDir(f => f with { Options = ["rw", "nodev"] }), Warning, "nodev", "/etc/fstab"), new(Spoil.DockerDir(f => f with { Options = ["ro"] }), Fail, "/data: ro", "remount,rw")],
        ["docker-dir-inodes"] = [new(Spoil.DockerDir(f => f with { FreeInodes = 5_000_000 }), Warning, "(5 %)", "du --inodes"), new(Spoil.DockerDir(f => f with { FreeInodes = 10 }), Fail, "10 of 100000000 inodes", "du --inodes"), new(Spoil.DockerDir(f => f with { Inodes = 0, FreeInodes = 0 }), NotApplicable, "inodes as they are needed", "")],
        ["docker-dir-rights"] = [new(Spoil.DockerDir(f => f with { Mode = "777" }), Warning, "777", "chmod 711 /data/docker"), new(Spoil.DockerDir(f => f with { Owner = "deploy" }), Warning, "of deploy", "chown root:root /data/docker"), new(Spoil.DockerDir(f => f with { Mode = null, Owner = null }), Pass, "not there yet", "")],
        ["disk-sync"] = [new(Spoil.Storage(s => s with { FsyncP99Seconds = 0.048 }), Warning, "48.0 ms", "SSD"), new(Spoil.Storage(s => s with { FsyncP99Seconds = null }), NotApplicable, "not measured", "")],
        ["file-systems-room"] = [new(Spoil.DockerDir(f => f with { FreeBytes = 100_000_000_000 }), Warning, "/data 92 % used", "du -x -d 2 -h /data"), new(Spoil.DockerDir(f => f with { FreeBytes = 0 }), Fail, "/data 100 % used", "du -x"),
            new(Spoil.Storage(s => s with { FileSystems = [] }), CouldNotCheck, "file systems under Ark's paths", "ark check --save")],
        ["registry-room"] = [new(Spoil.Machine(m => m with { Storage = m.Storage! with { FileSystems = [.. m.Storage.FileSystems.Select(f => f with { FreeBytes = 1L << 30 })] } }, HealthySite.First), Warning, "1 GiB free on /", "registry_dir", HealthySite.First)],

        ["package-source"] = [new(Spoil.Software(s => s with { PackageSources = [] }), Warning, "dnf without a source", "dnf makecache"), new(Spoil.Debian.Then(Spoil.Software(s => s with { PackageSources = [] })), Warning, "apt without a source", "apt-get update"), new(Spoil.Software(s => s with { PackageTool = "" }), Fail, "no package tool", "RHEL or Debian")],
        ["not-minimal"] = [new(Spoil.Software(s => s with { MissingTools = ["iptables", "telnet", "ip"] }), Fail, "no iptables, ip", "dnf install -y iptables iproute"), new(Spoil.Debian.Then(Spoil.Software(s => s with { MissingTools = ["ip"] })), Fail, "no ip", "apt-get install -y iproute2")],
        ["common-tools"] = [new(Spoil.Software(s => s with { MissingTools = ["telnet", "nc", "ip"] }), Warning, "no nc, telnet", "dnf install -y nmap-ncat telnet"), new(Spoil.Debian.Then(Spoil.Software(s => s with { MissingTools = ["nc"] })), Warning, "no nc", "apt-get install -y netcat-openbsd")],
        ["no-conflicts"] =
        [
            new(Spoil.Software(s => s with { Conflicts = ["podman-docker"] }), Fail, "podman-docker installed", "dnf remove -y podman-docker"),
            new(Spoil.Machine(m => m with { Engine = null, Software = m.Software! with { Conflicts = ["docker-ce"] } }), Warning, "no engine answers", "systemctl enable --now docker"),
            new(Spoil.Software(s => s with { Conflicts = ["docker-ce"] }), Pass, "docker-ce", ""),
        ],
        ["docker-api"] = [new(Spoil.Engine(e => e with { Version = "18.09.1", ApiVersion = "1.39" }), Fail, "Docker 18.09.1, API 1.39", "ark base --part docker"), new(Spoil.Machine(m => m with { Engine = null }), NotApplicable, "ark base installs Docker", ""),
            new(Spoil.Debian.Then(Spoil.Engine(e => e with { Version = "18.09.1", ApiVersion = "1.39" })), Fail, "API 1.39", "apt-get remove -y docker docker.io")],
        ["docker-root"] = [new(Spoil.Engine(e => e with { RootDirectory = "/var/lib/docker" }), Warning, "/var/lib/docker", "ark base --part docker")],
        ["docker-storage"] = [new(Spoil.Engine(e => e with { StorageDriver = "devicemapper" }), Warning, "devicemapper", "/etc/docker/daemon.json")],
        ["swarm-state"] = [new(Spoil.Engine(e => e with { Swarm = "locked" }), Fail, "Swarm locked", "docker swarm unlock"), new(Spoil.Engine(e => e with { Swarm = "error" }), Fail, "Swarm error", "docker swarm leave --force")],
        ["docker-same"] = [new(Spoil.Engine(e => e with { Version = "20.10.24" }), Warning, "Docker 20.10.24", "ark machine drain 10.0.0.12"), new(Spoil.Machine(m => m with { Engine = null }), NotApplicable, "no engine yet", "")],
    };

    private static Dictionary<string, CheckCase[]> Sites() => new()
    {
        ["base-ports-free"] =
        [
            new(Spoil.Listens("tcp", "*", 5000, "nginx"), Fail, "tcp/5000 held by nginx on *", "ps -o unit= -C nginx"),
            new(Spoil.WithBase.Then(Spoil.Listens("tcp", "*", 5000, "nginx")), Fail, "tcp/5000 held by nginx", "systemctl disable --now"),
            new(Spoil.Listens("udp", "*", 4789, ""), Fail, "udp/4789 held by an unknown process", "ss -lunp 'sport = :4789'"),
            new(Spoil.WithBase.Then(Spoil.Listens("tcp", "*", 2377, "dockerd")), Pass, "held by the base itself", ""),
            new(Spoil.Listens("tcp", "*", 80, "nginx"), Pass, "free", ""),
        ],
        ["task-ports-free"] =
        [
            new(Spoil.Listens("tcp", "0.0.0.0", 3307, "mysqld"), Fail, "tcp/3307 held by mysqld", "ps -o unit= -C mysqld"),
            new(Spoil.WithBase.Then(Spoil.Listens("tcp", "*", 3307, "mysqld")), Warning, "tcp/3307 held by mysqld", "ark status"),
            new(Spoil.Listens("tcp", "127.0.0.1", 3307, "mysqld"), Warning, "on 127.0.0.1", "systemctl disable --now"),
            new(Spoil.Named.Then(Spoil.Listens("udp", "*", 53, "dnsmasq")), Fail, "udp/53 held by dnsmasq on *", "ps -o unit= -C dnsmasq"),
            new(Spoil.Named.Then(Spoil.Listens("tcp", "*", 53, "dnsmasq")), Pass, "tcp/3307, udp/53 free", ""),
            new(scope => scope with { Needs = new Dictionary<string, MachineNeeds>() }, NotApplicable, "nothing", ""),
        ],
        ["plan-memory"] =
        [
            new(Spoil.Memory(m => m with { TotalBytes = 16L << 30, AvailableBytes = 15L << 30 }), Fail, "15 GiB free of 16 GiB", "task.yaml"),
            new(Spoil.Memory(m => m with { AvailableBytes = 8L << 30 }), Fail, "8 GiB free of 192 GiB", "ps aux"),
            new(Spoil.WithBase.Then(Spoil.Memory(m => m with { AvailableBytes = 8L << 30 })), Warning, "8 GiB free of 192 GiB", "ps aux"),
            new(scope => scope with { Needs = new Dictionary<string, MachineNeeds>() }, NotApplicable, "nothing", ""),
        ],
        ["plan-disk"] = [new(Spoil.DockerDir(f => f with { FreeBytes = 50L << 30 }), Fail, "50 GiB free", "du -x"), new(Spoil.Storage(s => s with { FileSystems = [] }), CouldNotCheck, "the file system under /data/docker", "ark check --save")],
        ["plan-processors"] = [new(Spoil.Cpu(c => c with { Count = 4 }), Warning, "4 processors", "task.yaml")],

        ["database-version"] =
        [
            new(Spoil.Database(d => d with { Version = "5.5.62-log" }), Fail, "5.5.62", "newer server", ""),
            new(Spoil.Database(d => d with { Version = "5.5.5-10.11.6-MariaDB" }), Pass, "10.11.6", "", ""),
            new(Spoil.Database(d => d with { Version = "?" }), CouldNotCheck, "'?'", "SELECT VERSION()", ""),
            new(Spoil.Database(d => d with { Problem = new("database-refused", "10.0.0.50", "Nothing listens on port 3306.", "open port 3306 of 10.0.0.50") }), CouldNotCheck, "did not answer", "open port 3306", ""),
            new(Spoil.Database(d => d with { Problem = new("database-auth", "", "10.0.0.50:3306 did not let ark in: Access denied for user 'ark'@'10.0.0.11' (using password: YES).",
                "correct metadb_user and metadb_password; if they are right, the account is another host's: CREATE USER 'ark'@'10.0.0.11' with that password") }), CouldNotCheck, "did not answer", "correct metadb_user", ""),
            new(Spoil.Database(d => d with { Problem = new("database-host", "", "10.0.0.50:3306 lets nobody in from this host: Host '10.0.0.11' is not allowed to connect to this MySQL server.",
                "CREATE USER 'ark'@'10.0.0.11' with the password of metadb_password, and GRANT it the rights on *.*") }), CouldNotCheck, "did not answer", "CREATE USER", ""),
            new(Spoil.Database(d => d with { Problem = new("database-timeout", "", "10.0.0.50:3306 did not answer within 10 s.", "check that the server runs and no firewall drops port 3306: ping 10.0.0.50") }), CouldNotCheck, "did not answer", "ping", ""),
            new(Spoil.Database(d => d with { Problem = new("database-no-password", "", "Nobody said the password of ark at 10.0.0.50:3306.", "ark secret encrypt metadb_password, and write what it prints into ark.properties") }), CouldNotCheck, "did not answer", "ark secret encrypt", ""),
            new(Spoil.Database(d => d with { Problem = new("no-passphrase", "/x", "There is no such file.", "--passphrase-file FILE") }), CouldNotCheck, "did not answer", "--passphrase-file", ""),
            new(Spoil.Database(d => d with { Problem = new("no-passphrase", "", "The site's passphrase is needed and was not given.", "--passphrase-file FILE, or write it to /root/.ark/passphrase (mode 0600), or set ARK_PASSPHRASE") }), CouldNotCheck, "did not answer", "--passphrase-file", ""),
            new(Spoil.Database(d => d with { Problem = new("wrong-passphrase", "", "The passphrase does not open metadb_password, or the value was changed or written for another key.", "try the passphrase again, or write metadb_password again with: ark secret encrypt") }), CouldNotCheck, "did not answer", "try the passphrase", ""),
            new(Spoil.Database(d => d with { Problem = new("bad-secret", "", "The encrypted value of metadb_password is damaged or of an unknown version.", "write metadb_password again with: ark secret encrypt") }), CouldNotCheck, "did not answer", "ark secret encrypt", ""),
            new(Spoil.Site(s => s with { Metadb = null }), NotApplicable, "no database", "", ""),
        ],
        ["database-characters"] = [new(Spoil.Database(d => d with { CharacterSet = "latin1" }), Fail, "latin1", "character-set-server=utf8mb4", ""), new(Spoil.Database(d => d with { CharacterSet = "utf8" }), Pass, "utf8", "", "")],
        ["database-names"] = [new(Spoil.Database(d => d with { LowerCaseTableNames = 0 }), Fail, "lower_case_table_names=0", "lower_case_table_names=1", "")],
        ["database-rights"] =
        [
            new(Spoil.Database(d => d with { Grants = ["GRANT USAGE ON *.* TO `ark`@`10.0.0.%`", "GRANT ALL PRIVILEGES ON `ark`.* TO `ark`@`10.0.0.%`"] }), Fail, "ark lacks ALTER, ALTER ROUTINE, CREATE", "TO 'ark'@'10.0.0.%' WITH GRANT OPTION", ""),
            new(Spoil.Database(d => d with { Grants = ["GRANT ALL PRIVILEGES ON *.* TO 'ark'@'%' REQUIRE SSL"] }), Fail, "ark lacks GRANT OPTION", "GRANT USAGE ON *.* TO 'ark'@'%' WITH GRANT OPTION", ""),
            new(Spoil.Database(d => d with { Grants = ["GRANT ALL PRIVILEGES ON *.* TO 'ark'@'%' WITH MAX_USER_CONNECTIONS 5 GRANT OPTION"] }), Pass, "ark may make", "", ""),
            new(Spoil.Database(d => d with { Grants =
            [
                "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER ON *.* TO `ark`@`%` WITH GRANT OPTION",
            ] }), Pass, "ark may make databases", "", ""),
            new(Spoil.Database(d => d with { Version = "10.11.6-MariaDB", Grants =
            [
                "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER ON *.* TO `ark`@`%` WITH GRANT OPTION",
            ] }), Fail, "ark lacks DELETE HISTORY", "GRANT DELETE HISTORY ON *.*", ""),
        ],

        ["ask-ntp"] = [new(Spoil.Answer(3, false, "none yet"), Fail, "no: none yet (Han Meimei, 2026-03-02)", "ark check --answer 3 yes", ""), new(Spoil.Answer(3, true, ""), Pass, "yes (Han Meimei, 2026-03-02)", "", ""), new(Spoil.NoAnswer(3), CouldNotCheck, "not answered", "ark check --answer 3 yes 10.", "")],
        ["ask-account"] = [new(Spoil.Answer(4, false, ""), Fail, "no (Han Meimei", "ark check --answer 4 yes", "")],
        ["ask-vlan"] = [new(Spoil.NoAnswer(10), CouldNotCheck, "not answered", "yes \"10.16.9.0/24, gateway 10.16.9.254, id 169, all free\"", ""), new(Spoil.Answer(10, false, "not free"), Fail, "no: not free", "ark check --answer 10 yes", ""), new(scope => scope with { Site = HealthySite.Vm.Site }, NotApplicable, "VM mode", "", "")],
        ["ask-trunks"] = [new(Spoil.Answer(11, false, "access ports"), Fail, "no: access ports", "ark check --answer 11 yes", "")],
        ["ask-tagged-nics"] = [new(Spoil.Answer(12, false, ""), Fail, "no", "ark check --answer 12 yes", "")],
        ["ask-root-rights"] = [new(Spoil.Answer(14, false, ""), Fail, "no", "ark check --answer 14 yes", "")],
        ["ask-jump-host"] = [new(Spoil.Answer(15, false, ""), Fail, "no", "ark check --answer 15 yes", "")],
        ["ask-disks"] = [new(Spoil.Answer(16, false, "RAID 5"), Fail, "no: RAID 5", "ark check --answer 16 yes", "")],
        ["ask-domain"] = [new(Spoil.Answer(17, false, ""), Fail, "no", "ark check --answer 17 yes", "")],
        ["ask-drds-tests"] = [new(Spoil.Answer(18, false, ""), Fail, "no", "ark check --answer 18 yes", ""), new(scope => scope with { Products = new HashSet<string> { "EDAS" } }, NotApplicable, "DRDS is not in the mix", "", "")],
        ["ask-edas-tests"] = [new(Spoil.Answer(19, false, ""), Fail, "no", "ark check --answer 19 yes", ""), new(scope => scope with { Products = new HashSet<string> { "EDAS" } }, Pass, "yes", "", "")],
        ["ask-sms"] = [new(Spoil.Answer(20, false, "mail will do"), NotApplicable, "no: mail will do", "", ""), new(Spoil.NoAnswer(20), CouldNotCheck, "not answered", "ark check --answer 20 yes", "")],
        ["ask-mail"] = [new(Spoil.Answer(21, false, ""), NotApplicable, "not wanted", "", ""), new(Spoil.NoAnswer(21), CouldNotCheck, "not answered", "ark check --answer 21 yes", "")],
        ["ask-arms-disks"] = [new(Spoil.Answer(22, false, ""), Fail, "no", "ark check --answer 22 yes", "")],
    };
}
