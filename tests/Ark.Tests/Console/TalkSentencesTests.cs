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

    [Fact]
    public void Warnings_of_the_properties_are_told_in_Chinese()
    {
        string[] lines =
        [
            "client_ip=10.99.0.99", "machine_user=root", "machine_dns=dncs", "machine_password=word", "machine_password=word ", "use_container_metadb=no", "region=ea\\st-1",
            "mode=physical\nuplink=bond0\nip_pool_subnet=10.16.9.0/24\nvlan_gateway=10.16.9.50\nip_pool_start=20\nip_pool_end=60\nvlan_id=169",
        ];
        var warnings = lines.SelectMany(l => SiteReader.Read(string.Join('\n', CarriedSite.Good.Split('\n').Where(g => !l.Split('\n').Any(n => n.Split('=')[0] == g.Split('=')[0])).Append(l)) + "\n", "").Problems).Where(p => p.Severity == Severity.Warning).ToList();
        Assert.Equal(["blank-in-secret", "clear-secret", "client-outside", "gateway-in-pool", "no-forwarders", "odd-escape", "root-user", "unused-key"], warnings.Select(p => p.Code).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal([], InEnglish(warnings));
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
        Assert.Equal([], CheckSentences.Pairs["Talk"].Except(CheckSentences.Pairs["Common"]).Where(p => !Place().Split(p.Key).All(part => source.Contains(part.TrimStart(':', ' '), StringComparison.Ordinal))).Select(p => p.Key));
    }

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
