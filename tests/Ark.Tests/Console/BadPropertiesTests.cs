using Ark.Console;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>Properties in which something is wrong, through the program: exit code 2, every problem with its line, nothing touched.</summary>
public sealed class BadPropertiesTests(CarriedSite site) : IClassFixture<CarriedSite>
{
    private const string File = "bin/ark.properties";

    /// <summary>Every verb that works on a site.</summary>
    private static readonly string[][] Verbs =
    [
        ["prepare", "--password-stdin"], ["plan"], ["apply", "--yes"], ["base", "--yes"], ["status"], ["scale", "cache", "5", "--yes"],
        ["remove", "cache", "--yes"], ["machine", "add", "10.99.0.14"], ["secret", "encrypt"],
    ];

    /// <summary>Code and line (0: the whole file) by what is wrong with one line.</summary>
    public static TheoryData<string, string[], string[]> Faults => new()
    {
        { "an unknown key", ["machine_ip=10.99.0.11"], ["unknown-key:11"] },
        { "a key without a value", ["domain="], ["missing-value:3"] },
        { "missing keys", ["domain", "ntp_server"], ["missing-key:0", "missing-key:0"] },
        { "physical mode without its keys", ["mode=physical"], [.. Enumerable.Repeat("missing-key:0", 6)] },
        { "keys of physical mode in VM mode", ["vlan_id=169", "uplink=bond0", "vlan_gateway=192.168.1.254"], ["physical-only-key:11", "physical-only-key:12", "physical-only-key:13"] },
        { "a bad CIDR", ["ip_pool_subnet=192.168.1.0/33"], ["bad-cidr:11"] },
        { "a CIDR with host bits", ["docker_pools=10.201.0.1/16"], ["bad-cidr:11"] },
        { "a pool outside the subnet", ["ip_pool_subnet=192.168.1.0/24", "ip_pool_start=10", "ip_pool_end=300"], ["pool-outside:13"] },
        { "a pool whose first is greater than its last", ["ip_pool_subnet=192.168.1.0/24", "ip_pool_start=200", "ip_pool_end=100"], ["bad-pool:12"] },
        { "a machine that stands twice", ["machine_ips=10.99.0.11,10.99.0.12,10.99.0.11"], ["duplicate-machine:5"] },
        { "labels that are no JSON", ["machine_labels={\"10.99.0.11\":{rack:a}}"], ["bad-labels:11"] },
        { "labels of an unknown machine", ["machine_labels={\"10.99.0.99\":{\"rack\":\"a\"}}"], ["unknown-machine:11"] },
        { "a key that stands twice", ["ssh_port=22\nssh_port=23"], ["duplicate-key:12"] },
        { "an address with a leading zero", ["client_ip=10.99.0.011"], ["bad-address:6"] },
        { "a number that is too big", ["ssh_port=99999999999999999999"], ["bad-value:11"] },
        { "a control character", ["region=a\u0001b"], ["control-character:4", "bad-value:4"] },
        {
            "a shell's words wherever there are words",
            [
                "domain=`touch canary`.example", "region=a&touch canary", "machine_ips=10.99.0.11,10.99.0.12;touch${IFS}canary", "machine_user=deploy;touch canary",
                "docker_dir=/data/$(touch canary)", "registry_dir=/var/x|touch canary", "ntp_server=$(touch canary)",
                "machine_labels={\"10.99.0.11\":{\"a;touch canary\":\"b\",\"rack\":\"$(touch canary)\"}}", "task_id=1;touch canary",
                "registry_url=registry.example/$(touch canary)", "metadb_ip=$(touch canary)", "metadb_user=a'b",
            ],
            [
                "bad-value:3", "bad-value:4", "bad-address:5", "bad-value:7", "bad-value:8", "bad-value:9", "bad-value:10", "bad-label:11", "bad-label:11", "bad-value:12",
                "bad-value:13", "bad-value:14", "bad-value:15",
            ]
        },
        { "folders that lead elsewhere", ["docker_dir=/data/../etc", "registry_dir=var"], ["bad-value:8", "bad-value:9"] },
        { "a task's id that leads elsewhere", ["task_id=../../../etc"], ["bad-value:11"] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_wrong_is_listed_with_its_line_and_nothing_is_touched(string what, string[] changes, string[] expected)
    {
        // Each fault meets another verb, so that all are met.
        var verb = Verbs[Math.Abs(what.Sum(c => c)) % Verbs.Length];
        if (verb[0] == "prepare") site.Begin();
        else site.Prepared();
        site.Properties(changes);
        Assert.Equal(expected, Short(site.Refused(verb)));
    }

    public static TheoryData<string[]> AllVerbs => [.. Verbs];

    [Theory]
    [MemberData(nameof(AllVerbs))]
    public void Whatever_verb_meets_them_all_problems_of_a_file_are_listed_at_once(string[] verb)
    {
        if (verb[0] == "prepare") site.Begin();
        else site.Prepared();
        site.Write(File, """
            # Nearly everything is wrong here.
            mode=physical
            aliware_version=3.1.x
            domain=shop example;reboot
            region=$(touch canary)
            machine_ips=10.99.0.11,\
              10.99.0.12,\
              10.99.0.11,10.99.0.256
            client_ip=10.99.0.11
            machine_user=deploy|sh
            docker_dir=data/docker
            registry_dir=/var/`touch canary`
            ntp_server=-oProxyCommand=touch
            ip_pool_subnet=192.168.1.0/33
            ip_pool_start=200
            ip_pool_end=100
            vlan_id=5000
            vlan_gateway=192.168.1.254
            uplnk=bond0
            machine_labels={"10.99.0.77":{"rack":"a"},"10.99.0.11":{"nodetype":"$(id)"}}
            internet=perhaps
            """);
        string[] expected =
        [
            "missing-key:0", "bad-value:4", "bad-value:5", "duplicate-machine:8", "bad-address:8", "bad-value:10", "bad-value:11", "bad-value:12", "bad-value:13", "bad-cidr:14",
            "bad-pool:15", "bad-value:17", "unknown-key:19", "unknown-machine:20", "bad-label:20", "bad-value:21",
        ];
        var listed = Short(site.Refused(verb));
        Assert.Equal(expected, listed.Take(expected.Length));
        Assert.Equal(expected.Length, listed.Length);
    }

    [Fact]
    public void A_file_that_is_none_is_named()
    {
        site.Prepared();
        System.IO.File.Delete(Path.Combine(site.Root, File));
        Assert.Equal([new("no-properties", Path.Combine(site.Root, File))], site.Refused("plan"));
        site.Write(File, new string('#', (1 << 20) + 1));
        Assert.Equal(["too-long:0"], Short(site.Refused("base", "--yes")));
        System.IO.File.WriteAllBytes(Path.Combine(site.Root, File), [.. "mode=vm\n# "u8, 0xb7, 0xbd, 0xd6, 0xdb, .. "\n"u8]);
        Assert.Equal(["not-text:2"], Short(site.Refused("prepare", "--password-stdin")));
        System.IO.File.WriteAllBytes(Path.Combine(site.Root, File), []);
        Assert.All(Short(site.Refused("prepare", "--password-stdin")), p => Assert.Equal("missing-key:0", p));
    }

    [Fact]
    public void Properties_and_task_are_judged_together()
    {
        site.Prepared().Properties("domain=no domain");
        site.Change("tasks/task_1/task.yaml", "    count: 3\n", "    cuont: 3\n");
        Assert.Equal(["bad-value:3", "unknown-key"], site.Refused("apply", "--yes").Select(p => p.Code == "unknown-key" ? p.Code : Short([p])[0]));
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("base")]
    [InlineData("status")]
    public void Good_input_does_lead_to_the_machines(string verb)
    {
        // What the other tests find nothing of: attempts to connect.
        site.Prepared();
        var attempts = site.Network.Attempts();
        var run = site.Ark([verb, "--site", site.Root, "--passphrase-file", site.PassphraseFile]);
        Assert.Equal(ExitCode.Failed, run.Exit);
        Assert.Equal(attempts + 3, site.Network.Attempts());
        Assert.Equal(["ssh-refused", "ssh-refused", "ssh-refused"], CarriedSite.Errors(run.Error).Select(p => p.Code));
    }

    private static string[] Short(IEnumerable<Listed> problems) =>
        [.. problems.Select(p => $"{p.Code}:{(p.Place.StartsWith(File + ":", StringComparison.Ordinal) ? p.Place[(File.Length + 1)..] : p.Place == File ? "0" : p.Place)}")];
}
