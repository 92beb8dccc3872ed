using Ark.Core.Checks;
using Xunit;

namespace Ark.Core.Tests.Checks;

/// <summary>Machines of the lab, as they answered.</summary>
public sealed class LabAnswersTests
{
    private static readonly HostFactsQuestion Question = new() { Paths = ["/var/lib/docker", "/var/images"] };
    private static readonly HostFacts One = Answers.Read(Answers.Text("lab-debian-12"), Question);
    private static readonly HostFacts Two = Answers.Read(Answers.Text("lab-debian-12-sudo"), Question);

    [Fact]
    public void Every_section_is_there_but_the_engine_that_is_not_installed() => Assert.All([One, Two], f =>
    {
        object?[] sections = [f.Os, f.Cpu, f.Memory, f.Clock, f.Names, f.Network, f.Security, f.Limits, f.Sysctls, f.Modules, f.Storage, f.Software, f.Listeners];
        Assert.All(sections, Assert.NotNull);
        Assert.Null(f.Engine);
        Assert.Null(f.Unreached);
    });

    [Fact]
    public void The_system_is_told()
    {
        Assert.Equal(("debian", "12", "x86_64", "systemd-nspawn", 1, "systemd"), (One.Os!.Id, One.Os.Version, One.Os.Architecture, One.Os.Virtualisation, One.Os.CgroupVersion, One.Os.ServiceManager));
        Assert.Contains("memory", One.Os.CgroupControllers);
        Assert.Equal(2, One.Cpu!.Count);
        Assert.Contains("aes", One.Cpu.Flags);
    }

    [Fact]
    public void The_clock_is_kept_by_chrony()
    {
        Assert.Equal(("Etc/UTC", "chrony.service", true, true), (One.Clock!.TimeZone, One.Clock.Service, One.Clock.StartsAtBoot, One.Clock.Synchronised));
        Assert.Equal(["10.88.0.1"], One.Clock.Sources);
    }

    [Fact]
    public void Names_and_network_are_told()
    {
        Assert.Equal(("m1", "m1"), (One.Names!.Hostname, One.Names.Static));
        Assert.Equal(["127.0.1.1"], One.Names.Addresses);
        Assert.Equal(["10.88.0.1"], One.Names.Nameservers);
        Assert.Empty(One.Names.WildcardAddresses!);
        Assert.Equal("", One.Names.HostsBlock);
        Assert.NotEqual(One.Names.MachineId, Two.Names!.MachineId);
        var nic = Assert.Single(One.Network!.Interfaces, i => i.Addresses.Contains("10.88.0.11/24"));
        Assert.Equal(("virtual", "up"), (nic.Kind, nic.State));
        Assert.Contains(One.Network.Routes, r => r.Destination == "10.88.0.0/24" && r.Interface == nic.Name);
        Assert.Contains(new ListenerFacts("tcp", "*", 22, "sshd"), One.Listeners!);
        Assert.Contains(new ListenerFacts("udp", "127.0.0.1", 323, "chronyd"), One.Listeners!);
    }

    [Fact]
    public void What_the_packet_filter_denies_is_told()
    {
        Assert.Equal("accept", One.Security!.InputPolicy);
        Assert.Empty(One.Security.InputRules!);
        Assert.Equal(["tcp dport 5000 drop", "tcp dport 5001 reject with icmp type admin-prohibited", "tcp dport 5002 reject"], Two.Security!.InputRules!);
        Assert.Equal(("absent", "absent"), (One.Security.Selinux, One.Security.SelinuxAtBoot));
        Assert.Equal("22", One.Security.Sshd!["port"]);
    }

    [Fact]
    public void Root_is_told_from_an_account_with_sudo_and_both_have_limits()
    {
        Assert.Equal((true, true), (One.Security!.Root, One.Security.SudoWithoutPassword));
        Assert.Equal((false, true), (Two.Security!.Root, Two.Security.SudoWithoutPassword));
        Assert.All([One, Two], f => Assert.Equal("0022", f.Limits!.Umask));
        Assert.All([One, Two], f => Assert.True(f.Limits!.OpenFiles > 0));
    }

    [Fact]
    public void Modules_of_a_kernel_that_has_none_are_built_in()
    {
        Assert.Equal(new ModuleFacts(true, true, true), One.Modules!["overlay"]);
        Assert.Equal(new ModuleFacts(true, true, true), One.Modules["br_netfilter"]);
        Assert.Equal(new ModuleFacts(false, false, false), One.Modules["openvswitch"]);
        Assert.Equal(new ModuleFacts(false, false, false), One.Modules["ip_vs"]);
    }

    [Fact]
    public void Storage_and_software_are_told()
    {
        var docker = One.Storage!.FileSystems[0];
        Assert.Equal(("/var/lib/docker", "/var/lib/docker", "/dev/vda", "ext4", "755", "root"), (docker.Path, docker.Mount, docker.Device, docker.Type, docker.Mode, docker.Owner));
        Assert.Contains("relatime", docker.Options);
        Assert.Equal(("/", "overlay", null), (One.Storage.FileSystems[1].Mount, One.Storage.FileSystems[1].Type, One.Storage.FileSystems[1].Mode));
        Assert.Equal(0.00521042, One.Storage.FsyncP99Seconds);
        Assert.Null(Two.Storage!.FsyncP99Seconds);
        Assert.Equal(["vda"], One.Storage.Disks.Select(d => d.Name));
        Assert.Equal("apt", One.Software!.PackageTool);
        Assert.Equal(3, One.Software.PackageSources.Count);
        Assert.Equal(["telnet"], One.Software.MissingTools);
        Assert.Empty(One.Software.Conflicts);
    }
}
