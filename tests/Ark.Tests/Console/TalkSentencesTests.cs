using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using Ark.Console.Commands;
using Ark.Console.Sites;
using Ark.Console.Texts;
using Ark.Core;
using Ark.Core.Checks;
using Ark.Core.Fixes;
using Ark.Core.Sites;
using Ark.Remote.Fixes;
using Ark.Remote.Ssh;
using Ark.Remote.State;
using Ark.Testing;
using Ark.Testing.Checks;
using Ark.Testing.Ssh;
using Ark.Testing.Swarm;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>Whether what <c>ark check</c> says beside its report is there in Chinese: wrong usage, warnings, and what became of fixes.</summary>
public sealed partial class TalkSentencesTests
{
    private const string Run = "20261125-185530";

    private static readonly HostFacts Machine = HealthySite.Scope.Machines[1];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Misuses => new(
        "--list --all", "--watch --format json", "--list --format html", "--out x", "--stop-firewall", "--only no-such-check", "--only kernel-versoin", "--task ../1", "--deadline 0", "--answer 9 yes", "--answer 21 perhaps");

    [Theory, MemberData(nameof(Misuses))]
    public void Wrong_usage_is_told_in_Chinese(string line)
    {
        var root = new RootCommand { CheckCommand.Create() };
        foreach (var option in GlobalOptions.All) root.Add(option);
        var misuse = typeof(CheckCommand).GetMethod("Misuse", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, [root.Parse("check " + line)]);
        var problems = Assert.IsAssignableFrom<IEnumerable<Problem>>(misuse).ToList();
        Assert.NotEmpty(problems);
        Assert.Equal([], InEnglish(problems));
    }

    [Fact]
    public async Task Why_a_fix_or_its_undoing_is_refused_is_told_in_Chinese()
    {
        var (ports, sysctl) = (Result(new OpenPorts("nftables.service", [new(2377, "tcp")])), Result(new SetSysctl("vm.swappiness", "10", "60")));
        var unplanned = ((ReadFile[][])
        [
            [], [new(Machine.Machine, "/etc/sysconfig/nftables.conf", "link /run/nft", ""), new(Machine.Machine, "/etc/sysctl.d/zz-site.conf", "link /run/sysctl", "")], [new(Machine.Machine, "/etc/sysconfig/nftables.conf", "file 644 0:0 12", "include \"x\"")],
        ]).SelectMany(files => FixPlanner.Plan(Run, [ports, sysctl], [Machine], files).Problems).ToList();
        Assert.Equal(["fix-link", "fix-not-read", "fix-unclear"], unplanned.Select(p => p.Code).Distinct().Order());

        FixRecord Of(string run, MovedPath moved, bool whole = true) => new("10.0.0.11", run, 1, "/etc/a", "old", "new", [moved], whole);
        var moved = UndoPlanner.Plan(Run, [Of(Run, new("/etc/b", "/kept")), Of(Run, new("/etc/b", "")), Of(Run, new("/etc/b", ""), whole: false), Of(Run, new("/etc/a", "/kept")), Of(Run + "1", new("/etc/a", "/kept"))]).Problems;
        Assert.Equal(["fix-changed-later", "fix-changed-since"], moved.Select(p => p.Code).Distinct().Order());

        var steps = new FixSteps(new Dictionary<string, IRemoteShell> { ["10.0.0.11"] = new ScriptedShell("10.0.0.11").On("", 1, "", "") });
        var unread = (await steps.ListAsync(Token)).Problems;
        Assert.Equal([], InEnglish([.. unplanned.Select(p => p with { Remedy = "" }), .. unplanned.Where(p => p.Code == "fix-not-read"), .. moved, Assert.Single(unread)]));
    }

    [Fact]
    public void What_a_machines_script_says_where_it_gives_up_is_told_in_Chinese()
    {
        var type = typeof(FixSteps).Assembly.GetType("Ark.Remote.Fixes.FixScripts")!;
        var scripts = Activator.CreateInstance(type, "/var/lib/ark/fixes")!;
        var said = ((string[])["Apply", "Undo"]).SelectMany(name => Echo().Matches((string)type.GetMethod(name)!.Invoke(scripts, [Run, 1])!).Select(m => m.Groups["said"].Value.Replace("$path", "/etc/x.conf", StringComparison.Ordinal).Replace("$step", "/var/lib/x", StringComparison.Ordinal))).ToList();
        Assert.Equal(5, said.Count);
        Assert.Equal([], said.Append("exit code 3").Select(s => CheckSentences.Chinese("10.0.0.11: " + s)).Append(CheckSentences.Chinese("The machine 10.0.0.11 cannot be reached.")).Append(CheckSentences.Chinese("a step that it needs failed")).Where(English.In));
    }

    [Fact]
    public void A_problem_within_a_text_is_told_in_Chinese() => Assert.Equal(
        "10.0.0.11: 机器 30 秒没有应答，已放弃连接。 [ssh-lost] → 待机器恢复应答后重新执行",
        CheckSentences.Chinese("10.0.0.11: The machine has not answered for 30 s; the connection was given up. [ssh-lost] → run it again once the machine answers"));

    [Fact]
    public async Task Who_holds_the_site_is_told_in_Chinese()
    {
        var (swarm, clock) = (new FakeSwarm(), new Standing(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        LockHolder ann = new("ann@client1, process 1", "there", "1/1"), dead = new("ann@client1, process 1", LockHolder.Current().Host, "1/none"), ben = LockHolder.Current();
        var first = await OperationLock.TakeAsync(swarm, ann, "ark apply 527", clock, Token);
        var locked = await OperationLock.TakeAsync(swarm, ben, "ark check --apply", clock, Token);
        var later = await OperationLock.TakeAsync(swarm, ben, "ark check --apply", new Standing(clock.GetUtcNow() + TimeSpan.FromHours(1)), Token);
        var other = new FakeSwarm();
        var gone = await OperationLock.TakeAsync(other, dead, "ark apply 527", clock, Token);
        var takenOver = await OperationLock.TakeAsync(other, ben, "ark check --apply", clock, Token);

        Problem[] problems = [.. locked.Problems, .. later.Problems, .. takenOver.Problems];
        Assert.Equal(["locked", "lock-taken-over", "lock-taken-over"], problems.Select(p => p.Code));
        Assert.Equal([], InEnglish(problems));
        foreach (var held in (Outcome<OperationLock>[])[first, later, gone, takenOver]) await held.Value!.DisposeAsync();
    }

    /// <summary>Lines in place of good ones; on a site of virtual machines, and on one of physical machines.</summary>
    private static readonly string[] Vm =
    [
        "client_ip=10.99.0.99", "machine_user=root", "machine_user=-x", "machine_dns=dncs", "machine_dns=ours", "machine_dns=dncs\naliware_version=3.0.x", "machine_password=word", "machine_password=word ", "machine_password=a\\nb", "machine_password=ENC(v1:AAAA)",
        "use_container_metadb=no", "use_container_metadb=no\naliware_version=3.0.x", "use_container_metadb=perhaps", "metadb_user=x'y", "region=ea\\st-1", "region=x\\ud800", "region=x\\u0000", "region=x\\u00", "region=x\u0001y", "region=x y",
        "vlan_id=169", "machine_ips=10.99.0.11,10.99.0.11", "machine_ips=10.99.0.11,\\\n10.99.0.11", "region=x\nregion=y", "mode=cloud", "mode=", "schema=2", "colour=red", "machine_ip=10.99.0.11", "aliware_version=3.2.x", "domain=shop", "task_id=../1",
        "internet=yes", "internet=yes\nregistry_url=https://x y", "internet=yes\nregistry_url=", "docker_dir=/data/../etc", "docker_dir=data", "ntp_server=10.0.0.1|id", "ntp_server=10.0.0.300", "client_ip=10.0.0.011", "client_ip=127.0.0.1", "ssh_port=0",
        "machine_labels={nodetype", "machine_labels=[1]", """machine_labels={"10.99.0.11":"drds"}""", """machine_labels={"m1":{"x":"y"}}""", """machine_labels={"10.0.0.99":{"x":"y"}}""", """machine_labels={"10.99.0.11":{"x":1}}""",
        """machine_labels={"10.99.0.11":{"x y":"z"}}""", """machine_labels={"10.99.0.11":{"x":"$(id)"}}""", """machine_labels={"10.99.0.11":{"ark.machine":"x"}}""", """machine_labels={"10.99.0.11":{"x":"y","x":"z"}}""", """machine_labels={"10.99.0.11":{"x":"\\ud800"}}""",
        """machine_labels={"10.99.0.11":{"x":"y"},"10.99.0.11":{"z":"w"}}""",
    ];

    private static readonly string[] Physical =
    [
        "region=", "uplink", "uplink=eth0; id", "vlan_gateway=10.16.9.50", "vlan_gateway=10.16.10.1", "vlan_gateway=10.16.9.255", "vlan_id=4095", "ip_pool_subnet=10.16.9.0", "ip_pool_subnet=10.16.9.1/24", "ip_pool_subnet=10.16.9.0/33", "ip_pool_subnet=10.0.0.0/8",
        "ip_pool_start=101", "ip_pool_start=0", "ip_pool_end=300", "ip_pool_subnet=10.99.0.0/24\nvlan_gateway=10.99.0.254", "machine_ips=10.16.9.1,10.16.9.2,10.16.9.3,10.16.9.4,10.16.9.5\nclient_ip=10.16.9.1", "machine_ips=10.16.9.1\nclient_ip=10.16.9.1",
        "docker_pools=10.300.0.0/16", "docker_pools=10.201.0.0/24", "docker_pools=10.201.0.0/28", "docker_pools=10.16.0.0/16", "docker_pools=10.99.0.0/16", "docker_pools=10.201.0.0/16,10.201.4.0/22",
        "dns_forwarders=10.201.0.9", "dns_forwarders=10.99.0.200\ndocker_pools=10.99.0.0/16", "machine_ips=10.201.0.1,10.201.0.2,10.201.0.3,10.201.0.4\nclient_ip=10.201.0.1",
    ];

    private static string With(string good, string lines) =>
        string.Join('\n', good.Split('\n').Where(g => !lines.Split('\n').Any(n => n.Split('=')[0] == g.Split('=')[0])).Append(lines)) + "\n";

    [Fact]
    public void What_is_wrong_with_the_properties_is_told_in_Chinese()
    {
        var physical = With(CarriedSite.Good, "mode=physical\nuplink=bond0\nip_pool_subnet=10.16.9.0/24\nvlan_gateway=10.16.9.254\nip_pool_start=20\nip_pool_end=100\nvlan_id=169");
        Assert.Empty(SiteReader.Read(physical, "").Problems);
        var problems = Vm.Select(l => (Line: l, All: CarriedSite.Good)).Concat(Physical.Select(l => (Line: l, All: physical))).SelectMany(l => SiteReader.Read(With(l.All, l.Line), "").Problems).Concat(SiteReader.Read("mode=vm", "").Problems).ToList();
        var english = InEnglish(problems).Distinct().ToList();
        Assert.True(english.Count == 0, string.Join('\n', english));

        // Each of their sentences was met.
        var texts = problems.SelectMany(p => new[] { p.Message, p.Remedy }).ToList();
        Assert.Equal([], CheckSentences.Pairs["Talk"].Where(p => OfProperties.Contains(p.Key) && !texts.Any(t => English.Stands(p, t))).Select(p => p.Key));
    }

    [Fact]
    public void What_is_wrong_with_the_files_of_a_site_is_told_in_Chinese()
    {
        var folder = new SiteFolder(Directory.CreateTempSubdirectory("ark-talk-").FullName);
        try
        {
            List<Problem> problems = [.. Session.ReadSite(folder).Problems, .. Session.Key(folder, make: false).Problems];
            Directory.CreateDirectory(Path.GetDirectoryName(folder.Key)!);
            File.WriteAllText(folder.Key, "no key");
            File.WriteAllText(folder.Answers, "{}");
            problems.AddRange([.. Session.Key(folder, make: false).Problems, .. AnswerFile.Read(folder).Problems]);
            File.WriteAllBytes(folder.Answers, [0xff, 0xfe]);
            problems.AddRange(AnswerFile.Read(folder).Problems);
            File.WriteAllBytes(folder.Answers, new byte[2 << 20]);
            problems.AddRange(AnswerFile.Read(folder).Problems);
            problems.AddRange(((string[])["{\"plan\": []}", "{\"schema\": 99, \"machines\": []}", "{\"schema\": 0, \"machines\": []}"]).SelectMany(text => FactsFile.Read(text, "facts.json").Problems));
            Assert.Equal(["bad-answers", "bad-key", "facts-foreign", "facts-newer", "facts-older", "no-properties", "not-prepared", "not-text", "too-long"], problems.Select(p => p.Code).Order(StringComparer.Ordinal));
            Assert.Equal([], InEnglish(problems));
        }
        finally
        {
            Directory.Delete(folder.Root, recursive: true);
        }
    }

    /// <summary>A pair whose English text nobody writes any more would never be said.</summary>
    [Fact]
    public void No_pair_is_left_over()
    {
        var source = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Clone.Root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText)).Replace("\\\"", "\"", StringComparison.Ordinal);
        Assert.Equal([], CheckSentences.Pairs["Talk"].Except(CheckSentences.Pairs["Common"]).Where(p => !OfProperties.Contains(p.Key) && !Place().Split(p.Key).All(part => source.Contains(part.TrimStart(':', ' '), StringComparison.Ordinal))).Select(p => p.Key));
    }

    /// <summary>English texts that stand under the note of the properties, with the Chinese ones.</summary>
    private static HashSet<string> OfProperties { get; } = Part(File.ReadAllText(Path.Combine(Clone.Root, "src/Ark.Console/Texts/CheckSentences.zh-CN.txt")), "# ark.properties\n", "\n[");

    private static HashSet<string> Part(string text, string from, string to) => text[text.IndexOf(from, StringComparison.Ordinal)..] is var rest ? [.. rest[..rest.IndexOf(to, StringComparison.Ordinal)].Split('\n')] : [];

    private static IEnumerable<string> InEnglish(IEnumerable<Problem> problems) =>
        problems.SelectMany(p => new[] { p.Message, p.Remedy }).Select(t => $"{t}  ⇒  {CheckSentences.Chinese(t)}").Where(t => English.In(t.Split('⇒')[1]));

    private static CheckResult Result(Fix fix) => new("some-check", null, Machine.Machine, Verdict.Fail, "", "", "", "the check's own remedy") { Fix = fix };

    private sealed class Standing(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    [GeneratedRegex(@"echo (?<quote>[""'])(?<said>.*?)\k<quote> >&2")]
    private static partial Regex Echo();

    [GeneratedRegex(@"\{[0-9](?::[a-z]+)?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}
