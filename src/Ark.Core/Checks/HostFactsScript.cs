namespace Ark.Core.Checks;

/// <summary>What <see cref="HostFactsScript"/> is to look at.</summary>
public sealed record HostFactsQuestion
{
    /// <summary>Folders that Ark uses, absolute, Docker's first; they need not be there yet.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>Names with dots.</summary>
    public IReadOnlyList<string> Sysctls { get; init; } = HostFactsScript.KnownSysctls;

    public IReadOnlyList<string> Modules { get; init; } = HostFactsScript.KnownModules;

    /// <summary>Programs that should be in the path.</summary>
    public IReadOnlyList<string> Tools { get; init; } = HostFactsScript.KnownTools;

    /// <summary>Measure writes with fdatasync under the first path, for at most two seconds and 2 MB. The only thing that writes, and it takes away what it wrote.</summary>
    public bool Fsync { get; init; }

    /// <summary>The question that a site asks.</summary>
    public static HostFactsQuestion For(Sites.Site site, bool fsync = false) => new() { Paths = [site.DockerDir, site.RegistryDir], Fsync = fsync };
}

/// <summary>
/// The shell script that gathers <see cref="HostFacts"/>, run as root in one round trip; <see cref="HostFactsReader"/> reads what it prints. It changes
/// nothing. Each part stands under a line <c>@@ name</c>, with the exit code behind where that tells something; a part that fails is missing, and the
/// others are there. Files are printed by one <c>grep</c>, without most comments, every line behind its file's name, and understood by the reader. What may have to wait (names,
/// clocks, units, the engine) has a deadline and runs beside the rest. For dash and bash, GNU tools of RHEL 7 and later.
/// </summary>
public static class HostFactsScript
{
    public static readonly IReadOnlyList<string> KnownSysctls =
    [
        "fs.file-max", "fs.inotify.max_user_instances", "fs.inotify.max_user_watches", "kernel.pid_max", "net.bridge.bridge-nf-call-ip6tables", "net.bridge.bridge-nf-call-iptables",
        "net.core.somaxconn", "net.ipv4.conf.all.rp_filter", "net.ipv4.ip_forward", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "vm.max_map_count", "vm.swappiness",
    ];

    public static readonly IReadOnlyList<string> KnownModules = ["8021q", "br_netfilter", "ip_vs", "nf_conntrack", "openvswitch", "overlay"];

    /// <summary>What Ark's own scripts call, and what people need who look for a fault.</summary>
    public static readonly IReadOnlyList<string> KnownTools =
    [
        "awk", "base64", "bash", "curl", "find", "getent", "gzip", "ip", "iptables", "modprobe", "ping", "ps", "sed", "sha256sum", "ss", "sudo", "sysctl", "systemctl", "tar", "telnet", "timeout",
    ];

    /// <summary>Units that keep the time, those first that Ark prefers.</summary>
    internal static readonly IReadOnlyList<string> ClockUnits =
        ["chrony.service", "chronyd.service", "ntpsec.service", "ntp.service", "ntpd.service", "openntpd.service", "systemd-timesyncd.service"];

    internal static readonly IReadOnlyList<string> FirewallUnits = ["firewalld.service", Firewalls.Ufw, "nftables.service", "iptables.service", "netfilter-persistent.service"];

    /// <summary>Packages that bring another engine, or a <c>docker</c> that is none.</summary>
    internal static readonly IReadOnlyList<string> Conflicts =
        ["containerd.io", "docker-ce", "docker-ce-cli", "docker-common", "docker-engine", "docker-latest", "moby-engine", "podman-docker"];

    public static string For(HostFactsQuestion question) => $$"""
        echo '@@ begin'; date +%s.%N
        LC_ALL=C; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export LC_ALL PATH
        have() { command -v "$1" >/dev/null; }
        soon() { timeout -k 1 "$@" </dev/null 2>/dev/null; }
        {{Slow}}
        {{Quick(question)}}
        {{Limits}}
        {{Firewall}}
        {{FileSystems}}
        slow 2>/dev/null | { quick </dev/null 2>/dev/null; cat; }
        {{(question.Fsync && question.Paths.Count > 0 ? Fsync(question.Paths[0]) : "")}}
        echo '@@ end'; date +%s.%N
        """;

    /// <summary>Whatever may have to wait. Each part is written at once, so that none comes between another's lines.</summary>
    private static readonly string Slow = $$$"""
        slow() {
          name=; read -r name </proc/sys/kernel/hostname
          domain=invalid; while read -r word first _; do case $word:$first in search:?*[!.]|domain:?*[!.]) domain=$first ;; esac; done </etc/resolv.conf
          { have getent && out=$(soon 3 getent ahostsv4 "$name"); printf '@@ self %s\n%s\n' $? "$out"; } &
          { have getent && out=$(soon 3 getent ahostsv4 "ark-no-such-name-$$.$domain."); printf '@@ wildcard %s\n%s\n' $? "$out"; } &
          have chronyc && { out=$(soon 3 chronyc -n -m tracking sources); printf '@@ chrony %s\n%s\n' $? "$out"; } &
          have ntpq && { out=$(soon 3 ntpq -pn); printf '@@ ntpq %s\n%s\n' $? "$out"; } &
          have systemctl && { out=$(soon 5 systemctl show -p Id -p ActiveState -p UnitFileState {{{ShellText.Quote([.. ClockUnits, .. FirewallUnits])}}}); printf '@@ units %s\n%s\n' $? "$out"; } &
          have systemd-detect-virt && { out=$(soon 3 systemd-detect-virt); printf '@@ virtualisation %s\n%s\n' $? "$out"; } &
          have rpm && [ ! -e /var/lib/dpkg/status ] && { out=$(soon 10 rpm -q --qf '%{NAME}\n' {{{ShellText.Quote(Conflicts)}}}); printf '@@ packages\n%s\n' "$out"; } &
          if have docker && [ -S /var/run/docker.sock ]; then
            {
              version=$(soon 10 docker version --format '{{.Server.Version}}|{{.Server.APIVersion}}') &&
              out=$(soon 10 docker info --format '{{.DockerRootDir}}|{{.Driver}}|{{.CgroupDriver}}|{{.Swarm.LocalNodeState}}') &&
              printf '@@ engine\n%s|%s\n' "$version" "$out"
            } &
          fi
          wait
        }
        """;

    /// <summary>Whatever the kernel and files tell at once.</summary>
    private static string Quick(HostFactsQuestion question) => $$$"""
        quick() {
          kernel=; read -r kernel </proc/sys/kernel/osrelease
          echo '@@ machine'; uname -m
          echo '@@ zone'; readlink /etc/localtime
          echo '@@ cpu'; while IFS= read -r line && [ -n "$line" ]; do printf '%s\n' "$line"; done </proc/cpuinfo
          echo '@@ names'
          printf '%s\n' {{{Globs("sysctl.d")}}} {{{Globs("modules-load.d")}}} \
            /sys/class/net/*/device /sys/class/net/*/bridge /sys/class/net/*/bonding /sys/class/net/*/master /sys/class/net/*/lower_*
          for f in {{{ShellText.Quote(question.Modules.Select(m => "/sys/module/" + m))}}} /proc/sys/net/bridge /proc/net/vlan /proc/net/ip_vs /proc/sys/net/netfilter/nf_conntrack_max \
            /run/systemd/timesync /run/systemd/timesync/synchronized {{{ShellText.Quote(Conflicts.Select(c => $"/var/lib/dpkg/info/{c}.md5sums"))}}}; do
            [ -e "$f" ] && printf '%s\n' "$f"
          done
          echo '@@ login'; printf '%s\n' "$SUDO_USER"
          echo '@@ tools'
          for tool in apt-get dnf yum; do have $tool && printf 'there\t%s\n' $tool; done
          for tool in {{{ShellText.Quote(question.Tools)}}}; do have $tool || printf 'missing\t%s\n' $tool; done
          echo '@@ files'
          grep -sHavE '^[[:space:]]*(#($|[^ ]| [^a])|;)' /usr/lib/os-release /etc/os-release /etc/redhat-release /etc/hostname /etc/machine-id /etc/timezone /etc/resolv.conf /etc/hosts /etc/fstab /etc/selinux/config /etc/ufw/ufw.conf \
            /etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d/*.conf {{{Globs("sysctl.d")}}} {{{Globs("modules-load.d")}}} \
            /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources /etc/yum.repos.d/*.repo \
            /proc/1/comm /proc/self/limits /proc/self/status /proc/self/mounts /proc/cgroups /proc/filesystems /proc/meminfo /proc/modules /proc/mdstat /proc/net/arp /proc/net/route \
            /proc/sys/kernel/hostname /proc/sys/kernel/osrelease {{{ShellText.Quote(question.Sysctls.Select(Path))}}} \
            /sys/devices/system/cpu/online /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor /sys/kernel/mm/transparent_hugepage/enabled \
            /sys/fs/cgroup/cgroup.controllers /sys/fs/selinux/enforce /sys/module/apparmor/parameters/enabled \
            /sys/class/net/*/address /sys/class/net/*/mtu /sys/class/net/*/operstate /sys/class/net/*/speed /sys/class/net/*/type /sys/class/net/*/uevent \
            /sys/class/net/*/statistics/[rt]x_errors /sys/class/net/*/statistics/[rt]x_dropped \
            /sys/block/*/size /sys/block/*/queue/rotational /sys/block/*/device/model
          echo '@@ modules'; grep -sHoE '/({{{string.Join('|', question.Modules.Select(m => m.Replace("_", "[-_]", StringComparison.Ordinal)))}}})\.ko' /lib/modules/"$kernel"/modules.dep /lib/modules/"$kernel"/modules.builtin
          have ip && { out=$(ip -o -4 addr show); printf '@@ addresses %s\n%s\n' $? "$out"; }
          have ss && { out=$(ss -lntup); printf '@@ listeners %s\n%s\n' $? "$out"; }
          have sshd && { out=$(sshd -T); printf '@@ sshd %s\n%s\n' $? "$out"; }
          limits
          firewall
          paths {{{ShellText.Quote(question.Paths)}}}
        }
        """;

    /// <summary>Of a login of the account, which sudo's root is not; root's own stand among the files.</summary>
    private const string Limits = """
        limits() {
          echo '@@ limits'
          case $SUDO_USER in
            ''|root) umask ;;
            *) soon 5 su - "$SUDO_USER" -s /bin/sh -c 'umask; cat /proc/self/limits' ;;
          esac
        }
        """;

    /// <summary>
    /// Rules of the kernel's packet filter that matter to the reader. The tools would load the filter's modules only to find them empty: where the kernel
    /// has a part as a module and did not load it, that part is not asked.
    /// </summary>
    private const string Firewall = """
        firewall() {
          set -- /lib/modules/"$kernel"/kernel/net/netfilter/nf_tables.ko*
          if [ -d /sys/module/nf_tables ] || [ ! -e "$1" ]; then
            if have nft; then
              rules=$(nft list ruleset); printf '@@ nft %s\n' $?
              printf '%s\n' "$rules" | awk '/^table/ { table = $2 "\t" $3 } /^\tchain/ { chain = $2 } /hook|drop|reject|jump|goto/ { print table "\t" chain "\t" $0 }'
            elif have iptables; then
              rules=$(iptables -w 3 -S); printf '@@ iptables %s\n%s\n' $? "$rules"
            else
              echo '@@ nft 127'
            fi
          else
            echo '@@ nft 0'
          fi
          tables=; while read -r table; do tables="$tables $table"; done </proc/net/ip_tables_names
          case "$tables " in
            *' filter '*)
              if have iptables-legacy; then rules=$(iptables-legacy -w 3 -S); else rules=$(iptables -w 3 -S); fi
              printf '@@ iptables-legacy %s\n%s\n' $? "$rules" ;;
          esac
        }
        """;

    /// <summary>The file system under each path, by the nearest folder that is there.</summary>
    private const string FileSystems = """
        nearest() { near=$1; while [ ! -d "$near" ]; do case $near in /*/*) near=${near%/*} ;; *) near=/ ;; esac; done; }
        paths() {
          echo '@@ modes'; stat -L -c '%a %U %n' "$@"
          echo '@@ nearest'; for path in "$@"; do nearest "$path"; printf '%s\t%s\n' "$near" "$path"; shift; set -- "$@" "$near"; done
          out=$(soon 5 df -B1 --output=source,fstype,size,avail,itotal,iavail,target "$@"); printf '@@ df %s\n%s\n' $? "$out"
          case $out in
            *' xfs '*)
              have xfs_info || return
              echo '@@ xfs'
              printf '%s\n' "$out" | while read -r _ type _ _ _ _ target; do
                if [ "$type" = xfs ]; then printf '%s\t%s\n' "$target" "$(soon 5 xfs_info "$target" | grep -o 'ftype=[01]')"; fi
              done ;;
          esac
        }
        """;

    /// <summary>Seconds of single writes, each with its fdatasync, as <c>dd</c> measures them itself: the start of the program does not count.</summary>
    private static string Fsync(string path) => $$"""
        echo '@@ fsync'
        ( nearest {{ShellText.Quote([path])}}; file=${near%/}/.ark-fsync-$$
          trap 'rm -f "$file"' EXIT; trap 'exit 1' HUP INT TERM PIPE
          set -C; : >"$file" || exit; set +C
          timeout -k 1 2 sh -c 'i=0; while [ $i -lt 1000 ]; do dd if=/dev/zero of="$0" bs=2048 count=1 oflag=append conv=notrunc,fdatasync 2>&1 || exit; i=$((i + 1)); done' "$file" |
            sed -n 's/.* copied, \([0-9.e-]*\) s.*/\1/p'
        ) 2>/dev/null
        """;

    /// <summary>The files of a folder of settings, wherever they may lie.</summary>
    private static string Globs(string folder) => string.Join(' ', SettingFiles.Roots.Select(root => $"{root}/{folder}/*.conf"));

    private static string Path(string sysctl) => HostFactsReader.SysctlFile(sysctl);
}
