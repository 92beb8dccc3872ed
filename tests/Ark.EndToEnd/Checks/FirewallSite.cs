namespace Ark.EndToEnd.Checks;

/// <summary>Three machines, each behind another of Debian's firewalls, set up as people do who want to let in SSH alone.</summary>
public sealed class FirewallSite() : CheckedSite("-firewalls", 3)
{
    internal static readonly IReadOnlyList<Fault> Firewalls =
    [
        // Not the default zone: ports that were opened there would let nothing in.
        new("firewalld", "m1", "firewall-cmd -q --permanent --zone=internal --change-interface=eth0; systemctl restart firewalld",
            Closed("firewalld.service is active; tcp/2377, tcp/5000, tcp/7946, udp/4789, udp/7946 blocked",
                "firewall-cmd --zone=internal --list-ports; firewall-cmd --permanent --zone=internal --list-ports; firewall-cmd --zone=public --list-ports; firewall-cmd --permanent --zone=public --list-ports",
                "2377/tcp 5000/tcp 7946/tcp 4789/udp 7946/udp\n2377/tcp 5000/tcp 7946/tcp 4789/udp 7946/udp"),
            Way("10.88.0.11 ports", "m2")),
        // Its unit does not know of it before the next boot.
        new("ufw", "m2", "{ ufw allow 22/tcp; ufw deny 7946/tcp; ufw --force enable; } >/dev/null",
            Closed("ufw.service is active; tcp/2377, tcp/5000, tcp/7946, udp/4789, udp/7946 blocked", "ufw status | grep -v v6 | awk '/ALLOW|DENY/ { print $1, $2 }'", "4789,7946/udp ALLOW\n2377,5000,7946/tcp ALLOW\n22/tcp ALLOW\n7946/tcp DENY"),
            Way("10.88.0.12 ports 2377, 5000, 7946, udp/4789, udp/7946 timed out", "m3")),
        new("iptables-persistent", "m3", """
            cat > /etc/iptables/rules.v4 <<'R'
            *filter
            :INPUT DROP [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -i lo -j ACCEPT
            -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
            -A INPUT -j REJECT --reject-with icmp-host-prohibited
            COMMIT
            R
            systemctl restart netfilter-persistent
            """,
            Closed("netfilter-persistent.service is active; tcp/2377, tcp/5000, tcp/7946, udp/4789, udp/7946 blocked", "iptables -S INPUT | sed -n 's/.*--dports \\([0-9,]*\\) .*/\\1/p'", "2377,5000,7946\n4789,7946"),
            Way("10.88.0.13 ports", "m1")),
    ];

    /// <summary>After <c>--stop-firewall</c>: what each says of itself, and that a port of nobody's is refused by the machine, by no firewall.</summary>
    internal static readonly IReadOnlyList<(string Machine, Mended Mended)> Off =
    [
        ("m1", new("systemctl is-active firewalld; systemctl is-enabled firewalld", "inactive\ndisabled")),
        ("m2", new("ufw status; grep ENABLED /etc/ufw/ufw.conf", "Status: inactive\nENABLED=no")),
        ("m2", new($"{Tried("m1")}; {Tried("m3")}", "refused\nrefused")),
        ("m3", new(Tried("m2"), "refused")),
    ];

    protected override string AlsoListed => """
        systemctl show -p Id -p UnitFileState firewalld ufw netfilter-persistent
        systemctl is-active firewalld netfilter-persistent
        { iptables-save; ip6tables-save; } | sed '/^#/d; s/ \[[0-9:]*\]//'
        if command -v firewall-cmd >/dev/null; then
          firewall-cmd --list-all-zones; firewall-cmd --permanent --list-all-zones; nft list table inet firewalld
        fi
        """;

    protected override async Task MakeAsync()
    {
        // Two firewalls of Debian's cannot be installed together.
        var packages = await Task.WhenAll(PackagesAsync("firewalld", "ufw"), PackagesAsync("iptables-persistent"));
        await base.MakeAsync();
        await Task.WhenAll(InstallAsync("m1", packages[0], "firewalld"), InstallAsync("m2", packages[0], "ufw"), InstallAsync("m3", packages[1], "iptables-persistent"));
        // In a machine of the lab, a user's systemd, which polkit brings, holds up every shutdown for two minutes.
        await Lab.InsideAsync("m1", "DEBIAN_FRONTEND=noninteractive pam-auth-update --remove systemd");
        await MakeAsync(Firewalls);
    }

    private static string Tried(string machine) => $"timeout 5 bash -c ': < /dev/tcp/{Address(machine)}/9' 2>&1 | grep -q refused && echo refused";

    private static Found Closed(string evidence, string look, string prints) => new("firewall", "fail", evidence) { Mended = new(look, prints) };

    /// <summary>Of a firewall that rejects, some ports look as if it dropped: the kernel says so to one machine once a second only.</summary>
    private static Found Way(string evidence, string from) => new("ways-free", "fail", evidence) { On = from };
}
