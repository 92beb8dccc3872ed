namespace Ark.Core.Checks;

/// <summary>How a machine's system is looked after: which package tool, which unit names.</summary>
internal enum OsFamily { Unknown, Debian, Rhel }

/// <summary>What differs between the families in remedies.</summary>
internal static class OsFamilies
{
    private static readonly HashSet<string> Debians = ["debian", "ubuntu"];

    private static readonly HashSet<string> Rhels = ["rhel", "centos", "fedora", "rocky", "almalinux", "anolis", "openeuler", "kylin", "ol"];

    /// <summary>Tools whose package is called otherwise: tool, package of the Debian family, package of the RHEL family.</summary>
    private static readonly (string Tool, string Debian, string Rhel)[] Packages =
    [
        ("ip", "iproute2", "iproute"), ("ss", "iproute2", "iproute"), ("ping", "iputils-ping", "iputils"), ("nc", "netcat-openbsd", "nmap-ncat"),
        ("dig", "dnsutils", "bind-utils"), ("nslookup", "dnsutils", "bind-utils"), ("host", "dnsutils", "bind-utils"), ("ps", "procps", "procps-ng"), ("sysctl", "procps", "procps-ng"),
        ("modprobe", "kmod", "kmod"), ("vi", "vim", "vim-minimal"), ("vim", "vim", "vim"), ("chronyc", "chrony", "chrony"), ("nft", "nftables", "nftables"), ("ssh", "openssh-client", "openssh-clients"),
        ("scp", "openssh-client", "openssh-clients"), ("xz", "xz-utils", "xz"), ("killall", "psmisc", "psmisc"), ("ifconfig", "net-tools", "net-tools"), ("netstat", "net-tools", "net-tools"),
        ("getent", "libc-bin", "glibc-common"), ("iostat", "sysstat", "sysstat"), ("timeout", "coreutils", "coreutils"), ("systemctl", "systemd", "systemd"),
        ("sha256sum", "coreutils", "coreutils"), ("base64", "coreutils", "coreutils"),
        ("find", "findutils", "findutils"), ("awk", "gawk", "gawk"), ("hostname", "hostname", "hostname"), ("mount", "mount", "util-linux"), ("lsblk", "util-linux", "util-linux"),
    ];

    public static OsFamily Of(OsFacts? os)
    {
        if (os is null)
            return OsFamily.Unknown;
        string[] names = [os.Id.ToLowerInvariant(), .. os.Like.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        return names.Any(Debians.Contains) ? OsFamily.Debian : names.Any(Rhels.Contains) ? OsFamily.Rhel : OsFamily.Unknown;
    }

    /// <summary>The family by the system, or by the package tool where the system is not known.</summary>
    public static OsFamily Of(HostFacts machine) => (Of(machine.Os), machine.Software?.PackageTool) switch
    {
        (OsFamily.Unknown, "apt") => OsFamily.Debian,
        (OsFamily.Unknown, "dnf" or "yum") => OsFamily.Rhel,
        var (family, _) => family,
    };

    public static bool IsDebian(HostFacts machine) => Of(machine) == OsFamily.Debian;

    /// <summary>The command that installs packages there.</summary>
    public static string Install(HostFacts machine, params IEnumerable<string> packages)
    {
        var tool = machine.Software?.PackageTool is { Length: > 0 } known ? known : Of(machine) == OsFamily.Rhel ? "dnf" : "apt";
        return $"{(tool == "apt" ? "apt-get" : tool)} install -y {string.Join(' ', packages.Distinct())}";
    }

    /// <summary>The package that brings a tool.</summary>
    public static string PackageOf(HostFacts machine, string tool)
    {
        var known = Array.Find(Packages, p => p.Tool == tool);
        return known.Tool is null ? tool : Of(machine) == OsFamily.Rhel ? known.Rhel : known.Debian;
    }

    /// <summary>The SSH server's unit.</summary>
    public static string SshUnit(HostFacts machine) => IsDebian(machine) ? "ssh" : "sshd";
}
