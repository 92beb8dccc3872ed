namespace Ark.EndToEnd.Checks;

/// <summary>A Debian machine that calls itself Rocky, whose packages come by dnf: from a folder of RPMs on it, which has a telnet.</summary>
public sealed class DnfSite() : CheckedSite("-dnf", 1)
{
    private const string Rocky = """
        set -e
        mkdir -p /opt/repository /etc/yum.repos.d
        cat > /root/telnet.spec <<'S'
        Name: telnet
        Version: 1
        Release: 1
        Summary: telnet
        License: none
        BuildArch: noarch
        AutoReqProv: no
        %description
        telnet
        %install
        mkdir -p %{buildroot}/usr/bin
        printf '#!/bin/sh\necho a tool\n' > %{buildroot}/usr/bin/telnet
        chmod 755 %{buildroot}/usr/bin/telnet
        %files
        /usr/bin/telnet
        S
        rpmbuild --quiet --define '_rpmdir /opt/repository' -bb /root/telnet.spec 2>/dev/null
        createrepo_c -q /opt/repository
        printf '[site]\nname=site\nbaseurl=file:///opt/repository\ngpgcheck=0\n' > /etc/yum.repos.d/site.repo
        rm /etc/os-release
        printf 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="Rocky Linux 9.4"\n' > /etc/os-release
        rm /usr/bin/apt-get /var/lib/dpkg/status
        """;

    protected override string AlsoListed => "rpm -qa";

    protected override async Task MakeAsync()
    {
        var packages = await PackagesAsync("dnf", "createrepo-c", "rpm");
        await base.MakeAsync();
        await InstallAsync("m1", packages, "dnf createrepo-c rpm");
        await Lab.InsideAsync("m1", Rocky);
    }
}
