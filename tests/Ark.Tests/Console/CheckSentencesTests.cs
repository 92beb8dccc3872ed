using System.Net.Sockets;
using System.Reflection;
using Ark.Console.Sites;
using Ark.Console.Texts;
using Ark.Core;
using Ark.Core.Checks;
using Ark.Remote.Checks;
using Ark.Remote.Ssh;
using Ark.Testing.Checks;
using Ark.Testing.Ssh;
using Renci.SshNet.Common;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>Whether everything that checks say is there in Chinese.</summary>
public sealed class CheckSentencesTests
{
    private static readonly Problem NotReached = new("ssh-timeout", "10.0.0.12", "Nothing answered on port 22 within 30 s.", "check that the machine is on and no firewall drops port 22: ping 10.0.0.12");

    /// <summary>Sites on which not every machine tries every other.</summary>
    private static readonly CheckScope[] Large =
    [
        HealthySite.Large(100),
        Spoil.Everywhere(m => m with { Security = m.Security! with { FirewallServices = ["firewalld.service"] } })(HealthySite.Large(100)),
        HealthySite.Large(100) with { Probes = [.. HealthySite.Large(100).Probes.Select(p => p with { Result = ProbeResult.TimedOut, Milliseconds = null })] },
        HealthySite.Large(100) with { Probes = [.. HealthySite.Large(100).Probes.Select(p => p with { Milliseconds = 20 })] },
    ];

    /// <summary>Those that the network brings about.</summary>
    private static readonly SocketError[] SocketErrors =
    [
        SocketError.HostNotFound, SocketError.TryAgain, SocketError.ConnectionRefused, SocketError.ConnectionReset, SocketError.TimedOut, SocketError.HostUnreachable, SocketError.NetworkUnreachable,
    ];

    public static TheoryData<string> Ids => new(CheckCatalog.All.Select(c => c.Id));

    [Theory, MemberData(nameof(Ids))]
    public void Nothing_that_a_check_says_is_in_English(string id)
    {
        var check = CheckCatalog.All.Single(c => c.Id == id);
        Assert.Equal([], Said(check).Select(t => (English: t, Chinese: Chinese(check, t))).Where(t => English.In(t.Chinese)).Select(t => $"{t.English}  →  {t.Chinese}"));
    }

    [Fact]
    public async Task Nor_why_a_machine_was_not_reached()
    {
        var problems = Connecting().Concat(Ssh()).Concat(await GatheringAsync()).ToList();
        Assert.Superset(
            new HashSet<string> { "ssh-name-unknown", "ssh-refused", "ssh-unreachable", "ssh-timeout", "ssh-auth", "ssh-no-sudo", "ssh-host-key-changed", "ssh-lost", "ssh-deadline", "ssh-hangs", "gather-deadline", "gather-no-answer", "not-in-file" },
            problems.Select(p => p.Code).ToHashSet());
        Assert.Equal([], Texts(problems).Select(t => $"{t}  →  {CheckSentences.Chinese(t)}").Where(t => English.In(t.Split('→')[1])));
    }

    [Fact]
    public async Task No_pair_is_left_over()
    {
        var reasons = Texts(Connecting().Concat(Ssh()).Concat(await GatheringAsync())).ToList();
        var silent = Said(new("silent", null, CheckGroup.Plan, "", _ => [])).ToList();
        var said = CheckCatalog.All.GroupBy(c => c.Group).ToDictionary(g => g.Key.ToString(), g => g.SelectMany(Said).ToList());
        var all = said.Values.SelectMany(t => t).Concat(silent).Concat(reasons).ToList();
        Assert.Equal([], said.SelectMany(g => CheckSentences.Pairs[g.Key].Except(CheckSentences.Pairs["Common"]).Where(p => !g.Value.Any(t => English.Stands(p, t)))).Concat(CheckSentences.Pairs["Common"].Where(p => !all.Any(t => English.Stands(p, t)))).Select(p => p.Key));
    }

    [Fact]
    public void Both_sides_of_a_pair_have_the_same_places_and_no_pair_is_there_twice() => Assert.All(CheckSentences.Pairs, group =>
    {
        Assert.Equal(group.Value.Count, group.Value.DistinctBy(p => p.Key).Count());
        Assert.All(group.Value, p => Assert.Equal(English.Places(p.Key), English.Places(p.Translation)));
        Assert.All(group.Value, p => Assert.True(p.Translation != p.Key, p.Key));
    });

    [Theory]
    [InlineData("The connection was refused.", "The connection was refused.")]
    [InlineData("/etc/hostname: nothing", "/etc/hostname：空")]
    [InlineData("/etc/hostname: nothing more", "/etc/hostname：nothing more")]
    [InlineData("m1 is 10.0.0.1, 10.0.0.2", "m1 解析为 10.0.0.1, 10.0.0.2")]
    [InlineData("m1 is what nobody knows", "m1 is what nobody knows")]
    [InlineData("what a name that cannot exist resolves to: not known", "不存在的名称会解析成什么：未知")]
    [InlineData("m1 is not resolved; m2 is not resolved", "m1 无法解析；m2 无法解析")]
    [InlineData("m1 is not resolved; or so", "m1 is not resolved; or so")]
    [InlineData("The machines were cloned, or named alike. The resolver uses the first three; the others are never asked.", "机器是克隆的，或取了相同的名称。解析器只使用前三个，其余的从不查询。")]
    [InlineData("The machines were cloned, or named alike. Or not.", "The machines were cloned, or named alike. Or not.")]
    public void The_longest_text_that_is_known_counts_and_what_is_not_known_stays(string english, string chinese) => Assert.Equal(chinese, CheckSentences.Chinese(CheckGroup.Names, english));

    /// <summary>Everything that a check says on sites that are well, silent, not reached, and spoiled in each way there is; of single machines and of several.</summary>
    private static IEnumerable<string> Said(Check check)
    {
        CheckScope[] scopes = [HealthySite.Scope, HealthySite.Vm, HealthySite.Silent(null), HealthySite.Silent(NotReached), .. Large, .. CheckCases.All.GetValueOrDefault(check.Id, []).Select(c => c.Spoil(HealthySite.Scope))];
        var reports = scopes.Select(s => CheckReport.Of(s, [check])).ToList();
        return reports.SelectMany(r => r.Results).SelectMany(r => new[] { r.Evidence, r.Wanted, r.Cause, r.Remedy })
            .Concat(reports.SelectMany(r => FoldedCheck.Of(r, [check])).SelectMany(c => c.Findings).SelectMany(f => f.Evidence.Select(e => e.Text).Concat([f.Wanted, f.Cause, f.Remedy])))
            .Distinct();
    }

    private static IEnumerable<string> Texts(IEnumerable<Problem> problems) => problems.SelectMany(p => new[] { p.Message, p.Remedy }).Distinct();

    private static string Chinese(Check check, string text) => text == check.Title ? CheckTitles.Chinese[check.Id] : CheckSentences.Chinese(check.Group, text);

    /// <summary>For every way in which connecting can fail.</summary>
    private static IEnumerable<Problem> Connecting()
    {
        Exception[] failures =
        [
            .. SocketErrors.Select(e => new SocketException((int)e)), new SshAuthenticationException("Permission denied (publickey)."), new SshOperationTimeoutException(), new OperationCanceledException(),
            new SshConnectionException("An established connection was aborted by the server."), new SshConnectionException("The connection was closed by the server: too many logins (ByApplication)."), new IOException("Connection reset by peer"), new IOException("Broken pipe"), new IOException("Connection timed out"),
            new SshConnectionException("Connection was closed by the server."), new SshConnectionException("Session operation has timed out"),
            new SshConnectionException("The connection to the remote server was closed before a valid SSH identification string was received."),
            new SshAuthenticationException("No suitable authentication method found to complete authentication (publickey)."),
        ];
        Login[] logins = [new("deploy", null, new("pem")), new("deploy", new("word"), null), new("deploy", new("word"), new("pem"))];
        var of = Methods().Single(m => m.Name == "OfConnecting");
        return from failure in failures
               from login in logins
               from contact in Enum.GetValues(typeof(SshShell).Assembly.GetType("Ark.Remote.Ssh.Contact")!).Cast<object>()
               from seconds in (int[])[0, 30]
               let problem = of.Invoke(null, [failure, new MachineAddress("10.0.0.12"), login, contact, TimeSpan.FromSeconds(seconds)])
               where problem is not null
               select (Problem)problem;
    }

    /// <summary>All others that SSH can have.</summary>
    private static IEnumerable<Problem> Ssh() => Methods().Where(m => m.Name != "OfConnecting").SelectMany(m => ((string[])["", "/site/known_hosts"]).Select(text => (Problem)m.Invoke(null,
        [.. m.GetParameters().Select(p => p.ParameterType switch
        {
            var t when t == typeof(MachineAddress) => new MachineAddress("10.0.0.12"),
            var t when t == typeof(string) && p.Name == "user" => "deploy",
            var t when t == typeof(string) => p.Name == "error" && text.Length > 0 ? "sudo: a password is required" : text,
            var t when t == typeof(TimeSpan) => TimeSpan.FromSeconds(30),
            var t when t == typeof(RemoteCommand) => new RemoteCommand("uptime"),
            _ => (object)new[] { "AAAA", "BBBB" },
        })])!));

    /// <summary>Why a machine that was connected to, or not, told nothing.</summary>
    private static async Task<List<Problem>> GatheringAsync()
    {
        MachineToAsk[] machines =
        [
            new("10.0.0.11", null, null),
            new("10.0.0.12", new ScriptedShell("10.0.0.12").On("", 1, "This account is currently not available.\n", ""), null),
            new("10.0.0.13", new ScriptedShell("10.0.0.13").On("", 1, "", ""), null),
            new("10.0.0.14", new ScriptedShell("10.0.0.14").On("", _ => throw new OperationCanceledException()), null),
        ];
        var facts = await GatherFacts.AskAsync(machines, new HostFactsQuestion { Paths = [] }, GatherDeadlines.Default, TimeProvider.System, null, TestContext.Current.CancellationToken);
        var file = new FactsFile(HostFacts.CurrentSchema, DateTimeOffset.UnixEpoch, "shop.example", [], []) { Properties = CarriedSite.Good };
        return [.. facts.Concat(CheckWorld.Scope(file).Machines).Select(m => m.Unreached!)];
    }

    private static IEnumerable<MethodInfo> Methods() =>
        typeof(SshShell).Assembly.GetType("Ark.Remote.Ssh.SshProblems")!.GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(m => m.IsAssembly && m.ReturnType == typeof(Problem));
}
