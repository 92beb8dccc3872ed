using System.Net;
using Ark.Core.Sites;
using Xunit;

namespace Ark.Core.Tests.Sites;

public sealed class SiteReaderTests
{
    private const string Path = "bin/ark.properties";

    private const string Physical = """
        mode=physical
        aliware_version=3.1.x
        domain=shop.example
        machine_ips=10.0.0.11,10.0.0.12,\
            10.0.0.13
        client_ip=10.0.0.11
        machine_user=deploy
        machine_labels={"10.0.0.11":{"nodetype":"drds","room":"a"}}
        docker_dir=/data/docker/
        registry_dir=/var/images
        ntp_server=ntp.shop.example
        ip_pool_subnet=10.16.9.0/24
        ip_pool_start=10
        ip_pool_end=100
        vlan_id=169
        vlan_gateway=10.16.9.254
        uplink=bond0

        """;

    private static readonly string Vm = string.Join('\n', Physical.Split('\n').Where(l => !l.StartsWith("vlan_", StringComparison.Ordinal) && !l.StartsWith("uplink", StringComparison.Ordinal)))
        .Replace("mode=physical", "mode=vm", StringComparison.Ordinal);

    private static Outcome<Site> Read(string text) => SiteReader.Read(text, Path);

    /// <summary>The file with the line of a key replaced (or added), and the place of that line.</summary>
    private static (Outcome<Site> Outcome, string Place) With(string text, string key, string line)
    {
        var lines = text.Split('\n').ToList();
        var at = lines.FindIndex(l => l.StartsWith(key + "=", StringComparison.Ordinal));
        if (at < 0)
            lines.Insert(at = 0, "");
        lines[at] = line;
        return (Read(string.Join('\n', lines)), $"{Path}:{at + 1}");
    }

    [Fact]
    public void A_physical_site_is_read()
    {
        var site = Read(Physical).Value!;
        Assert.Empty(Read(Physical).Problems);
        Assert.Equal(SiteMode.Physical, site.Mode);
        Assert.Equal(["10.0.0.11", "10.0.0.12", "10.0.0.13"], site.Machines.Select(m => m.Name));
        Assert.Equal("drds", site.Machines[0].Labels["nodetype"]);
        Assert.Equal("a", site.Machines[0].Room);
        Assert.Equal("/data/docker", site.DockerDir);
        Assert.Equal(new(IPNetwork.Parse("10.16.9.0/24"), 10, 100, IPAddress.Parse("10.16.9.254")), site.Pool);
        Assert.Equal("10.16.9.10–10.16.9.100", site.Pool!.RangeText);
        Assert.Equal((169, "bond0", "3.1", 22), (site.VlanId, site.Uplink, site.Line, site.SshPort));
        Assert.Null(site.MachinePassword);
        Assert.Equal(["10.201.0.0/16"], site.DockerPools.Select(p => p.ToString()));
        Assert.False(site.MachinesUseDncs);
    }

    [Fact]
    public void A_vm_site_may_have_pool_keys_and_does_not_use_them()
    {
        var site = Read(Vm);
        Assert.Empty(site.Problems);
        Assert.Equal(SiteMode.Vm, site.Value!.Mode);
        Assert.Null(site.Value.Pool);
    }

    [Fact]
    public void An_empty_file_names_every_missing_key()
    {
        var missing = Read("mode=physical").Problems;
        Assert.All(missing, p => Assert.Equal(("missing-key", Path), (p.Code, p.Place)));
        foreach (var key in (string[])["machine_ips", "client_ip", "machine_user", "docker_dir", "registry_dir", "ntp_server", "aliware_version", "domain", "ip_pool_subnet", "ip_pool_start", "ip_pool_end", "vlan_id", "vlan_gateway", "uplink"])
            Assert.Single(missing, p => p.Message.Contains($"'{key}'", StringComparison.Ordinal));
        Assert.Equal(14, missing.Count);
    }

    [Theory]
    [InlineData("colour", "colour=red", "unknown-key")]
    [InlineData("schema", "schema=2", "unknown-schema")]
    [InlineData("mode", "mode=cloud", "bad-value")]
    [InlineData("mode", "mode=", "missing-value")]
    [InlineData("aliware_version", "aliware_version=3.2.x", "bad-value")]
    [InlineData("aliware_version", "aliware_version=3.10", "bad-value")]
    [InlineData("domain", "domain=shop", "bad-value")]
    [InlineData("domain", "domain=shop.example;reboot", "bad-value")]
    [InlineData("region", "region=east$(id)", "bad-value")]
    [InlineData("task_id", "task_id=../527", "bad-value")]
    [InlineData("client_ip", "client_ip=10.0.0.011", "bad-address")]
    [InlineData("machine_user", "machine_user=a;b", "bad-value")]
    [InlineData("machine_user", "machine_user=-x", "bad-value")]
    [InlineData("ssh_port", "ssh_port=0", "bad-value")]
    [InlineData("ssh_port", "ssh_port=65536", "bad-value")]
    [InlineData("docker_dir", "docker_dir=data", "bad-value")]
    [InlineData("docker_dir", "docker_dir=/", "bad-value")]
    [InlineData("docker_dir", "docker_dir=/data/`id`", "bad-value")]
    [InlineData("docker_dir", "docker_dir=/data/../etc", "bad-value")]
    [InlineData("registry_dir", "registry_dir=/var/my images", "bad-value")]
    [InlineData("registry_url", "registry_url=https://a b", "bad-value")]
    [InlineData("internet", "internet=maybe", "bad-value")]
    [InlineData("ntp_server", "ntp_server=10.0.0.1|id", "bad-value")]
    [InlineData("ntp_server", "ntp_server=10.0.0.300", "bad-address")]
    [InlineData("dns_forwarders", "dns_forwarders=8.8.8", "bad-address")]
    [InlineData("machine_dns", "machine_dns=ours", "bad-value")]
    [InlineData("ip_pool_subnet", "ip_pool_subnet=10.16.9.0", "bad-cidr")]
    [InlineData("ip_pool_subnet", "ip_pool_subnet=10.16.9.1/24", "bad-cidr")]
    [InlineData("ip_pool_subnet", "ip_pool_subnet=10.16.9.0/33", "bad-cidr")]
    [InlineData("ip_pool_subnet", "ip_pool_subnet=10.0.0.0/8", "bad-cidr")]
    [InlineData("ip_pool_start", "ip_pool_start=101", "bad-pool")]
    [InlineData("ip_pool_start", "ip_pool_start=0", "pool-outside")]
    [InlineData("ip_pool_end", "ip_pool_end=255", "pool-outside")]
    [InlineData("ip_pool_end", "ip_pool_end=300", "pool-outside")]
    [InlineData("vlan_id", "vlan_id=4095", "bad-value")]
    [InlineData("vlan_gateway", "vlan_gateway=10.16.10.1", "bad-gateway")]
    [InlineData("vlan_gateway", "vlan_gateway=10.16.9.255", "bad-gateway")]
    [InlineData("uplink", "uplink=eth0; id", "bad-value")]
    [InlineData("docker_pools", "docker_pools=10.300.0.0/16", "bad-cidr")]
    [InlineData("docker_pools", "docker_pools=10.201.0.0/24", "bad-cidr")]
    [InlineData("docker_pools", "docker_pools=10.0.0.0/16", "pool-overlap")]
    [InlineData("docker_pools", "docker_pools=10.16.0.0/16", "pool-overlap")]
    [InlineData("docker_pools", "docker_pools=10.201.0.0/16,10.201.4.0/22", "pool-overlap")]
    [InlineData("machine_labels", "machine_labels={nodetype", "bad-labels")]
    [InlineData("machine_labels", "machine_labels=[1]", "bad-labels")]
    [InlineData("machine_labels", """machine_labels={"10.0.0.11":"drds"}""", "bad-labels")]
    [InlineData("machine_labels", """machine_labels={"m1":{"a":"b"}}""", "bad-labels")]
    [InlineData("machine_labels", """machine_labels={"10.0.0.99":{"a":"b"}}""", "unknown-machine")]
    [InlineData("machine_labels", """machine_labels={"10.0.0.11":{"a":1}}""", "bad-label")]
    [InlineData("machine_labels", """machine_labels={"10.0.0.11":{"a b":"c"}}""", "bad-label")]
    [InlineData("machine_labels", """machine_labels={"10.0.0.11":{"a":"$(id)"}}""", "bad-label")]
    [InlineData("machine_labels", """machine_labels={"10.0.0.11":{"ark.machine":"x"}}""", "bad-label")]
    [InlineData("machine_labels", """machine_labels={"10.0.0.11":{"a":"b","a":"c"}}""", "bad-label")]
    [InlineData("machine_labels", """machine_labels={"10.0.0.11":{"a":"\\ud800"}}""", "bad-labels")]
    [InlineData("machine_password", "machine_password=ENC(v1:AAAA)", "bad-secret")]
    [InlineData("machine_password", "machine_password=a\\nb", "bad-secret")]
    public void A_wrong_value_is_an_error_with_its_line(string key, string line, string code)
    {
        var (outcome, place) = With(Physical, key, line);
        Assert.False(outcome.Ok);
        var problem = Assert.Single(outcome.Problems, p => p.Severity == Severity.Error);
        Assert.Equal((code, place), (problem.Code, problem.Place));
        Assert.NotEmpty(problem.Remedy);
    }

    [Theory]
    [InlineData("client_ip", "client_ip=10.0.0.99", "client-outside")]
    [InlineData("machine_user", "machine_user=root", "root-user")]
    [InlineData("machine_password", "machine_password=secret", "clear-secret")]
    [InlineData("vlan_gateway", "vlan_gateway=10.16.9.50", "gateway-in-pool")]
    [InlineData("machine_dns", "machine_dns=dncs", "no-forwarders")]
    [InlineData("use_container_metadb", "use_container_metadb=no", "unused-key")]
    public void What_is_doubtful_is_a_warning(string key, string line, string code)
    {
        var (outcome, place) = With(Physical, key, line);
        Assert.True(outcome.Ok);
        var problem = Assert.Single(outcome.Problems);
        Assert.Equal((code, place, Severity.Warning), (problem.Code, problem.Place, problem.Severity));
    }

    [Theory]
    [InlineData("vlan_id=169")]
    [InlineData("vlan_gateway=10.16.9.254")]
    [InlineData("uplink=bond0")]
    public void A_key_of_physical_mode_is_refused_in_vm_mode(string line)
    {
        var outcome = Read(line + "\n" + Vm);
        Assert.Equal(("physical-only-key", Path + ":1"), Assert.Single(outcome.Problems.Select(p => (p.Code, p.Place))));
    }

    [Fact]
    public void A_repeated_machine_is_named_with_the_line_on_which_it_stands()
    {
        var (outcome, _) = With(Vm, "machine_ips", "machine_ips=10.0.0.11\\\n  10.0.0.12\\\n  10.0.0.11,\\");
        Assert.Equal(("duplicate-machine", Path + ":6"), Assert.Single(outcome.Problems.Select(p => (p.Code, p.Place))));
    }

    [Theory]
    [InlineData("machine_ips=10.0.0.11, 10.0.0.12 ,\\")]
    [InlineData("machine_ips=10.0.0.11\\n10.0.0.12\\")]
    public void Machines_are_separated_by_commas_or_line_ends(string line)
    {
        var (outcome, _) = With(Vm, "machine_ips", line);
        Assert.Empty(outcome.Problems);
        Assert.Equal(["10.0.0.11", "10.0.0.12", "10.0.0.13"], outcome.Value!.Machines.Select(m => m.Name));
    }

    [Fact]
    public void All_problems_come_at_once_in_the_order_of_the_lines()
    {
        var text = Physical
            .Replace("vlan_id=169", "vlanid=169", StringComparison.Ordinal)
            .Replace("ip_pool_end=100", "ip_pool_end=5", StringComparison.Ordinal)
            .Replace("mode=physical", "mode=physical\nmode=vm", StringComparison.Ordinal)
            .Replace("mode=vm\n", "mode=physical\n", StringComparison.Ordinal);
        Assert.Equal(
            [("missing-key", Path), ("duplicate-key", Path + ":2"), ("bad-pool", Path + ":14"), ("unknown-key", Path + ":16")],
            Read(text).Problems.Select(p => (p.Code, p.Place)));
        Assert.Contains("vlan_id", Read(text).Problems[3].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pool_that_holds_a_machine_is_refused()
    {
        var (outcome, place) = With(Physical, "machine_ips", "machine_ips=10.0.0.11,10.16.9.7,\\");
        Assert.Equal("pool-overlap", Assert.Single(outcome.Problems).Code);
        Assert.Contains("10.16.9.7", outcome.Problems[0].Message, StringComparison.Ordinal);
        Assert.NotEqual(place, outcome.Problems[0].Place);
    }

    [Fact]
    public void Host_numbers_are_last_octets_and_go_on_in_wider_subnets()
    {
        static string[] Range(string subnet, int first, int last, string gateway) =>
            [.. With2(subnet, first, last, gateway).Pool!.RangeText.Split('–')];

        static Site With2(string subnet, int first, int last, string gateway) => Read(Physical
            .Replace("10.16.9.0/24", subnet, StringComparison.Ordinal)
            .Replace("ip_pool_start=10", $"ip_pool_start={first}", StringComparison.Ordinal)
            .Replace("ip_pool_end=100", $"ip_pool_end={last}", StringComparison.Ordinal)
            .Replace("10.16.9.254", gateway, StringComparison.Ordinal)).Value!;

        Assert.Equal(["10.16.9.130", "10.16.9.140"], Range("10.16.9.128/25", 130, 140, "10.16.9.254"));
        Assert.Equal(["10.16.9.44", "10.16.11.254"], Range("10.16.8.0/22", 300, 1022, "10.16.8.1"));
    }

    [Fact]
    public void The_customers_database_needs_its_address_port_and_user()
    {
        var line30 = Physical.Replace("3.1.x", "3.0", StringComparison.Ordinal) + "use_container_metadb=FALSE\n";
        Assert.Equal(["metadb_ip", "metadb_port", "metadb_user"], Read(line30).Problems.Select(p => p.Message.Split('\'')[1]));
        var site = Read(line30 + "metadb_ip=db.shop.example\nmetadb_port=3307\nmetadb_user=ark\nmetadb_password=pass word\n");
        Assert.True(site.Ok);
        Assert.Equal(new("db.shop.example", 3307, "ark", new(new("pass word"), null)), site.Value.Metadb);
        Assert.DoesNotContain("pass word", string.Concat(site.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_from_the_internet_need_a_registry()
    {
        Assert.Equal("missing-key", Assert.Single(Read(Vm + "internet=yes").Problems).Code);
        Assert.Equal("registry.example:5000/mw", Read(Vm + "internet=true\nregistry_url=registry.example:5000/mw").Value!.RegistryUrl);
    }

    [Fact]
    public void Line_3_0_has_no_DNCS_to_resolve_with()
    {
        Assert.Equal("no-dncs", Assert.Single(Read(Vm.Replace("3.1.x", "3.0.x", StringComparison.Ordinal) + "machine_dns=dncs").Problems).Code);
        Assert.True(Read(Vm + "machine_dns=dncs\ndns_forwarders=10.0.0.2,10.0.0.3").Value!.MachinesUseDncs);
    }

    [Fact]
    public void The_default_range_for_Docker_is_checked_too()
    {
        var outcome = Read(Vm.Replace("10.0.0.", "10.201.7.", StringComparison.Ordinal));
        Assert.Equal(("pool-overlap", Path), Assert.Single(outcome.Problems.Select(p => (p.Code, p.Place))));
    }
}
