namespace Ark.EndToEnd.Checks;

/// <summary>
/// What is wrong with servers as data centres hand them over, on machines where one does not hide the other. What the one kernel has only once is left as it
/// is: other labs put it back whenever one of their machines starts.
/// </summary>
internal static class Faults
{
    /// <summary>All there at once.</summary>
    public static readonly IReadOnlyList<Fault> All = [.. Kernel, .. Names, .. Network, .. Security, .. Clock, .. Logins, .. Storage, .. Software];

    /// <summary>Machines that cannot be worked with, in two rounds: the console says why.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<Unreachable>> Unreachable =
    [
        [
            new("machine off the network", "m2", null, "ssh-unreachable", "ssh-timeout"),
            new("sshd stopped", "m3", "systemctl stop ssh", "ssh-refused"),
            new("host key changed", "m4", "rm /etc/ssh/ssh_host_*; systemctl restart ssh", "ssh-host-key-changed"),
        ],
        [
            new("sudo rule gone", "m2", "rm /etc/sudoers.d/zz-ark", "ssh-no-sudo"),
            new("key gone", "m3", "systemctl start ssh; : > /home/ops/.ssh/authorized_keys", "ssh-auth"),
        ],
    ];

    private static IEnumerable<Fault> Kernel =>
    [
        new("forwarding off", "m1", "echo net.ipv4.ip_forward=0 > /etc/sysctl.d/60-hardening.conf; sysctl -qp /etc/sysctl.d/60-hardening.conf",
            Fixed("ip-forwarding", "warning", "net.ipv4.ip_forward = 0, after a reboot 0", "sysctl -n net.ipv4.ip_forward", "1")),
        new("outgoing connections on Ark's ports", "m1", "echo net.ipv4.ip_local_port_range=1024 65000 > /etc/sysctl.d/60-ports.conf; sysctl -qp /etc/sysctl.d/60-ports.conf",
            Fixed("port-range", "warning", "1024 to 65000, with 2377", "sysctl -n net.ipv4.ip_local_reserved_ports | cut -d, -f1", "2377")),
        new("few connections may wait", "m2", "echo net.core.somaxconn=128 > /etc/sysctl.d/60-small.conf; sysctl -qp /etc/sysctl.d/60-small.conf",
            Fixed("somaxconn", "warning", "net.core.somaxconn = 128", "sysctl -n net.core.somaxconn", "4096")),
        new("strict reverse paths", "m3", "sysctl -qw net.ipv4.conf.all.rp_filter=1",
            Fixed("reverse-path", "warning", "net.ipv4.conf.all.rp_filter = 1", "sysctl -n net.ipv4.conf.all.rp_filter", "2")),
        new("few watches after a reboot", "m4", "mkdir -p /usr/local/lib/sysctl.d; echo fs.inotify.max_user_watches=8192 > /usr/local/lib/sysctl.d/60-watches.conf",
            Fixed("inotify-watches", "warning", "after a reboot 8192", "[ $(sysctl -n fs.inotify.max_user_watches) -ge 65536 ] && echo enough", "enough")),
        new("swap after a reboot", "m1", "echo '/swapfile none swap sw,nofail 0 0' >> /etc/fstab",
            Fixed("swap-after-reboot", "warning", "/swapfile", "sed -n '$p' /etc/fstab; systemctl list-units -q 'swapfile.swap'", "# /swapfile none swap sw,nofail 0 0")),
    ];

    private static IEnumerable<Fault> Names =>
    [
        new("/etc/hostname with another name", "m1", "echo other > /etc/hostname", Fixed("host-name-after-reboot", "warning", "/etc/hostname: other", "cat /proc/sys/kernel/hostname /etc/hostname", "m1\nm1")),
        new("host name localhost", "m2", "echo localhost > /etc/hostname; sysctl -qw kernel.hostname=localhost", Fixed("host-name-set", "fail", "localhost", "cat /proc/sys/kernel/hostname", "node-10-88-0-12")),
        new("own name on loopback", "m3", Called("web"), Fixed("host-name-resolves", "warning", "web is 127.0.1.1", "getent ahostsv4 web | cut -d' ' -f1 | sort -u", "10.88.0.13")),
        new("two machines of one name", "m4", Called("web"),
            Fixed("host-names-unique", "fail", "host name web, also of 10.88.0.13", "cat /proc/sys/kernel/hostname", "node-10-88-0-14"),
            Left("host-names-unique", "fail", "host name web, also of 10.88.0.14") with { On = "m3" }),
        new("machine id of the template", "m3", Cloned),
        new("machine id of another machine", "m4", Cloned,
            Fixed("machine-ids-unique", "fail", $"machine id {TemplateId}, also of 10.88.0.13", $"grep -qx {TemplateId} /etc/machine-id || wc -c < /etc/machine-id", "33"),
            Left("machine-ids-unique", "fail", "also of 10.88.0.14") with { On = "m3" }),
        new("no name server", "m3", ": > /etc/resolv.conf", Fixed("name-servers", "warning", "no name server in resolv.conf", "cat /etc/resolv.conf", "nameserver 10.88.0.1")),
        new("five name servers", "m4", "for i in 1 2 3 4 5; do echo nameserver 10.88.0.$i; done > /etc/resolv.conf",
            Fixed("name-servers", "warning", "5 name servers: 10.88.0.1, 10.88.0.2, 10.88.0.3, 10.88.0.4, 10.88.0.5", "cat /etc/resolv.conf", "nameserver 10.88.0.1\nnameserver 10.88.0.2\nnameserver 10.88.0.3")),
    ];

    private static IEnumerable<Fault> Network =>
    [
        new("another MTU", "m3", "ip link set dev eth0 mtu 1400", Left("mtu-same", "warning", "MTU 1400")),
        new("two default routes", "m1", "ip route add default via 10.88.0.254 dev eth0 metric 500", Left("default-route", "warning", "via 10.88.0.1 on eth0; via 10.88.0.254 on eth0")),
        new("no default route", "m2", "ip route del default", Left("default-route", "warning", "no default route")),
        new("one address on two machines", "m1", "ip addr add 10.99.0.5/24 dev eth1", Left("addresses-unique", "fail", "address 10.99.0.5, also of 10.88.0.12")),
        new("the other of them", "m2", "ip addr add 10.99.0.5/24 dev eth1", Left("addresses-unique", "fail", "address 10.99.0.5, also of 10.88.0.11")),
        new("registry's port taken", "m1", Held(5000), Left("base-ports-free", "fail", "tcp/5000 held by perl on *")),
        new("Swarm's port taken", "m4", Held(2377), Left("base-ports-free", "fail", "tcp/2377 held by perl on *")),
    ];

    private static IEnumerable<Fault> Security =>
    [
        new("firewall drops what it does not know", "m2", """
            cat > /etc/nftables.conf <<'N'
            #!/usr/sbin/nft -f
            flush ruleset
            table inet filter {
            	chain input {
            		type filter hook input priority filter; policy drop;
            		iif lo accept
            		ct state established,related accept
            		ip protocol icmp accept
            		tcp dport 22 accept
            	}
            }
            N
            systemctl -q enable --now nftables
            """,
            Fixed("firewall", "fail", "nftables.service is active; tcp/2377", "nft list chain inet filter input | grep -cE '^[[:space:]]*(tcp|udp) dport [{] [0-9, ]* [}] accept comment \"ark-'", "2"),
            Left("ways-free", "fail", "10.88.0.12 ports 2377, 5000, 7946, udp/4789, udp/7946 timed out") with { On = "m1" }),
        new("packets dropped by a rule made by hand", "m3", "iptables -I INPUT -p tcp --dport 7946 -j DROP",
            Fixed("firewall", "fail", "; tcp/7946", "iptables -S INPUT", "-P INPUT ACCEPT"),
            Left("ways-free", "fail", "10.88.0.13 ports 7946 timed out") with { On = "m4" }),
        new("datagrams between two machines dropped", "m3", "iptables -I INPUT -s 10.88.0.11 -p udp --dport 4789 -j DROP",
            Fixed("firewall", "fail", "udp/4789 blocked", "iptables -S INPUT", "-P INPUT ACCEPT"),
            Left("ways-free", "fail", "10.88.0.13 ports 7946, udp/4789 timed out") with { On = "m1" }),
        new("firewall that comes with the next reboot", "m4", "systemctl -q enable nftables",
            Fixed("firewall-at-boot", "warning", "nftables.service is enabled but not active", "systemctl is-active nftables || systemctl is-enabled nftables || :", "inactive\ndisabled")),
        new("SELinux after a reboot", "m3", "printf 'SELINUX=enforcing\nSELINUXTYPE=targeted\n' > /etc/selinux/config",
            Fixed("selinux-at-boot", "warning", "/etc/selinux/config: enforcing", "cat /etc/selinux/config", "SELINUX=permissive\nSELINUXTYPE=targeted")),
    ];

    private static IEnumerable<Fault> Clock =>
    [
        new("time zone of its own", "m1", "ln -sfn /usr/share/zoneinfo/Asia/Shanghai /etc/localtime; echo Asia/Shanghai > /etc/timezone",
            Fixed("time-zone-same", "warning", "Asia/Shanghai", "readlink /etc/localtime; cat /etc/timezone", "/usr/share/zoneinfo/Etc/UTC\nEtc/UTC")),
        new("time service not enabled", "m2", "systemctl -q disable chrony", Fixed("time-service-at-boot", "warning", "chrony.service is not enabled", "systemctl is-enabled chrony", "enabled")),
        new("time service asks somebody else", "m3", "echo 'server 10.88.0.99 iburst' > /etc/chrony/sources.d/site.sources; systemctl restart chrony; chronyc waitsync 1 0 0 0.1 >/dev/null || :",
            Fixed("time-source", "warning", "asks 10.88.0.99", "chronyc -n sources | grep -o '10.88.0.1 '", "10.88.0.1"),
            Left("time-synchronised", "warning", "chrony.service is not synchronised")),
        new("time service stopped", "m4", "systemctl -q disable --now chrony",
            Fixed("time-service", "fail", "no time service is active", "systemctl is-active chrony; systemctl is-enabled chrony; grep -c '^server 10.88.0.1 ' /etc/chrony/chrony.conf", "active\nenabled\n1")),
    ];

    private static IEnumerable<Fault> Logins =>
    [
        new("umask 077", "m2", "echo 'umask 077' > /etc/profile.d/hardening.sh", Fixed("umask", "warning", "umask 0077", "su - ops -c umask", "0022")),
        new("512 open files", "m2", Limit("nofile", "512"), Fixed("open-files", "warning", "512 open files", "[ $(su - ops -c 'ulimit -n') -ge 1024 ] && echo enough", "enough")),
        new("1500 processes", "m3", Limit("nproc", "1500"), Fixed("processes", "warning", "1500 processes", "su - ops -c 'ulimit -u'", "65536")),
        new("few logins at once", "m2", Sshd("MaxStartups", "3"), Fixed("sshd-startups", "warning", "MaxStartups 3:", "sshd -T | grep ^maxstartups", "maxstartups 10:30:100")),
        new("names looked up at a login", "m3", Sshd("UseDNS", "yes"), Fixed("sshd-names", "warning", "UseDNS yes", "sshd -T | grep ^usedns", "usedns no")),
        new("few sessions a connection", "m4", Sshd("MaxSessions", "4"), Fixed("sshd-sessions", "warning", "MaxSessions 4", "sshd -T | grep ^maxsessions", "maxsessions 10")),
    ];

    private static IEnumerable<Fault> Storage =>
    [
        new("Docker's folder open to all", "m1", "mkdir -p /data/docker; chmod 777 /data/docker", Fixed("docker-dir-rights", "warning", "/data/docker: 777, of root", "stat -c '%a %U' /data/docker", "711 root")),
        new("Docker's folder on a full disk of the wrong kind", "m4", """
            mkdir -p /data/docker
            mount -t tmpfs -o size=16m,noexec,nr_inodes=100,mode=755 tmpfs /data/docker
            head -c 15500000 /dev/zero > /data/docker/log
            for i in $(seq 97); do : > /data/docker/$i; done
            """,
            Left("docker-dir-type", "fail", "tmpfs on /data/docker"),
            Left("docker-dir-room", "fail", "MiB free of 16 MiB on /data/docker"),
            Left("docker-dir-options", "fail", "/data/docker: noexec"),
            Left("docker-dir-inodes", "fail", "1 of 100 inodes free (1 %)"),
            Left("file-systems-room", "warning", "/data/docker 9")),
    ];

    private static IEnumerable<Fault> Software =>
    [
        new("a tool is missing", "m1", FaultySite.Mirror, Fixed("common-tools", "warning", "no telnet", "telnet; dpkg-query -W -f '${db:Status-Status}\n' telnet", "a tool\ninstalled")),
        new("no package source", "m2", "mv /etc/apt/sources.list /etc/apt/sources.list.old", Left("package-source", "warning", "apt without a source"), Left("common-tools", "warning", "no telnet")),
        new("another program in docker's place", "m4", FaultySite.Package("podman-docker", "/usr/bin/docker", "/root/podman-docker.deb") + "\ndpkg -i /root/podman-docker.deb >/dev/null 2>&1",
            Left("no-conflicts", "fail", "podman-docker installed")),
        new("a system that nobody knows", "m4", "rm /etc/os-release; printf 'ID=plan9\nVERSION_ID=4\nPRETTY_NAME=\"Plan 9\"\n' > /etc/os-release",
            Left("os-supported", "fail", "Plan 9"), Left("os-same", "warning", "plan9 4")),
    ];

    private const string TemplateId = "0123456789abcdef0123456789abcdef";

    private const string Cloned = $"echo {TemplateId} > /etc/machine-id";

    private static string Called(string name) => $"echo {name} > /etc/hostname; sysctl -qw kernel.hostname={name}; printf '127.0.0.1 localhost\\n127.0.1.1 {name}\\n' > /etc/hosts";

    private static string Held(int port) =>
        $"systemd-run -q --unit=taken-{port} perl -MIO::Socket::INET -e 'sub hold {{ sleep 9 while 1 }} hold(IO::Socket::INET->new(LocalPort => {port}, Listen => 5) or die)'; for i in $(seq 100); do ss -ltn | grep -q :{port} && break; sleep 0.1; done";

    private static string Limit(string item, string value) => $"printf 'ops hard {item} {value}\\nops soft {item} {value}\\n' >> /etc/security/limits.d/50-hardening.conf";

    private static string Sshd(string setting, string value) => $"echo '{setting} {value}' > /etc/ssh/sshd_config.d/00-hardening.conf; systemctl reload ssh";

    private static Found Left(string check, string verdict, string evidence) => new(check, verdict, evidence);

    private static Found Fixed(string check, string verdict, string evidence, string look, string prints) => new(check, verdict, evidence) { Mended = new(look, prints) };
}
