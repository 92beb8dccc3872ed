using System.Text;
using Ark.Core;
using Ark.Core.Checks;
using Ark.Remote.Checks;
using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Ark.Tests.Ssh;
using Xunit;

namespace Ark.Tests.Checks;

public sealed class GatherFactsTests(SshdFixture sshd) : IClassFixture<SshdFixture>
{
    private static readonly GatherDeadlines Patient = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
    private static readonly HostFactsQuestion Question = new() { Paths = ["/var/lib/docker", "/var/images"] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_shell_of_this_computer_tells_what_the_kernel_tells()
    {
        await using var shell = await sshd.ConnectAsync();
        var question = Question with { Paths = [sshd.Sshd.Folder, sshd.Sshd.Folder + "/not/yet"], Tools = ["sh", "no-such-tool"], Fsync = true };

        var facts = Assert.Single(await GatherFacts.AskAsync([new("10.0.0.9", shell, null)], question, Patient, TimeProvider.System, null, Token));

        Assert.Null(facts.Unreached);
        Assert.Equal("10.0.0.9", facts.Machine);
        Assert.Equal(Environment.MachineName, facts.Names!.Hostname);
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), facts.Os!.Kernel);
        Assert.Contains($"\nID={facts.Os.Id}\n", "\n" + File.ReadAllText("/etc/os-release").Replace("\"", "", StringComparison.Ordinal));
        Assert.NotEmpty(facts.Os.CgroupControllers);
        Assert.Equal(File.ReadAllLines("/proc/cpuinfo").Count(l => l.StartsWith("processor", StringComparison.Ordinal)), facts.Cpu!.Count);
        Assert.Matches($@"(?m)^MemTotal: +{facts.Memory!.TotalBytes / 1024} kB$", File.ReadAllText("/proc/meminfo"));
        Assert.Equal(File.ReadAllText("/proc/sys/net/core/somaxconn").Trim(), facts.Sysctls!["net.core.somaxconn"].Now);
        Assert.True(facts.Modules!["overlay"].Loaded || !File.ReadAllText("/proc/filesystems").Contains("overlay", StringComparison.Ordinal));
        var loopback = Assert.Single(facts.Network!.Interfaces, i => i.Kind == "loopback");
        Assert.Contains("127.0.0.1/8", loopback.Addresses);
        Assert.Contains(facts.Listeners!, l => l is { Protocol: "tcp", Address: "127.0.0.1", Process: "sshd" } && l.Port == sshd.Sshd.Port);
        Assert.NotEqual(0, facts.Limits!.OpenFiles);
        Assert.Equal(["no-such-tool"], facts.Software!.MissingTools);
        var systems = facts.Storage!.FileSystems;
        Assert.Equal(question.Paths, systems.Select(s => s.Path));
        Assert.Equal(new DriveInfo(sshd.Sshd.Folder).TotalSize, systems[0].Bytes);
        Assert.Equal(("700", "root"), (systems[0].Mode, systems[0].Owner));
        Assert.Null(systems[1].Mode);
        Assert.Equal(systems[0].Mount, systems[1].Mount);
        Assert.True(facts.Storage.FsyncP99Seconds > 0);
        Assert.Empty(Directory.GetFiles(sshd.Sshd.Folder, ".ark-*"));
    }

    [Fact]
    public async Task An_account_with_sudo_is_told_from_root_and_has_limits_of_its_own()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/sudo"), "no sudo: apt-get install sudo");
        await using var machine = await TestSshd.StartWithAccountsAsync(("free", "p-4417-x", "free ALL=(ALL) NOPASSWD: ALL"));
        await File.WriteAllTextAsync(Path.Combine(machine.Folder, "home/free/.profile"), "umask 0027; ulimit -S -n 77\n", Token);
        var options = new SshOptions();
        await using var machines = await Machines.ConnectAsync([machine.Address], Login.WithPassword("free", new Secret("p-4417-x")), machine.HostKeys, options, requireSudo: true, null, Token);

        var facts = Assert.Single(await GatherFacts.AskAsync(MachineToAsk.Of(machines), Question, Patient, TimeProvider.System, null, Token));

        Assert.Equal("127.0.0.1", facts.Machine);
        Assert.Null(facts.Unreached);
        Assert.Equal(("0027", 77), (facts.Limits!.Umask, facts.Limits.OpenFiles));
        Assert.NotNull(facts.Listeners);
        Assert.Contains(facts.Listeners, l => l.Process == "sshd");
    }

    [Fact]
    public async Task Machines_that_are_not_reached_or_do_not_answer_do_not_stop_the_others()
    {
        var lost = new Problem("ssh-refused", "10.0.0.2", "Nothing listens.", "systemctl enable --now ssh");
        var told = new List<string>();
        MachineToAsk[] machines =
        [
            new("10.0.0.1", new ScriptedShell("10.0.0.1").On("@@ begin", "@@ begin\n1795627042.5\n@@ files\n/proc/sys/kernel/hostname:one\n"), null),
            new("10.0.0.2", null, lost),
            new("10.0.0.3", new ScriptedShell("10.0.0.3") { Gone = true }, null),
            new("10.0.0.4", new ScriptedShell("10.0.0.4").On("@@ begin", 1, "This account is currently not available.\n", ""), null),
            new("10.0.0.5", new SilentShell(), null),
        ];

        var facts = await GatherFacts.AskAsync(machines, Question, Patient with { All = TimeSpan.FromSeconds(1) }, TimeProvider.System, new Told(told), Token);

        Assert.Equal(machines.Select(m => m.Machine), facts.Select(f => f.Machine));
        Assert.Equal(["", "ssh-refused", "ssh-lost", "gather-no-answer", "gather-deadline"], facts.Select(f => f.Unreached?.Code ?? ""));
        Assert.Same(lost, facts[1].Unreached);
        Assert.Contains("This account is currently not available.", facts[3].Unreached!.Message);
        Assert.Equal("one", facts[0].Names!.Hostname);
        Assert.All(facts.Skip(1), f => Assert.Null(f.Names));
        Assert.Equal(machines.Select(m => m.Machine), told.Order());
    }

    [Fact]
    public async Task A_login_that_cannot_become_root_is_told_from_one_that_runs_no_commands()
    {
        const string denied = "sudo: a password is required\n";
        MachineToAsk[] machines =
        [
            new("10.0.0.1", new ScriptedShell("10.0.0.1", needsSudo: true).On("@@ begin", 1, "", denied).On("^true$", 1, "", denied), null) { User = "ops" },
            new("10.0.0.2", new ScriptedShell("10.0.0.2", needsSudo: true).On("@@ begin", 0, "", "").On("^true$"), null) { User = "ops" },
        ];

        var facts = await GatherFacts.AskAsync(machines, Question, Patient, TimeProvider.System, null, Token);

        Assert.Equal(["ssh-no-sudo", "gather-no-answer"], facts.Select(f => f.Unreached?.Code));
        Assert.Contains("ops cannot become root without a password: sudo: a password is required.", facts[0].Unreached!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_account_without_sudo_is_named_with_what_mends_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/sudo"), "no sudo: apt-get install sudo");
        await using var machine = await TestSshd.StartWithAccountsAsync(("bound", "p-4417-x", null));
        await using var machines = await Machines.ConnectAsync(
            [machine.Address], Login.WithPassword("bound", new Secret("p-4417-x")), machine.HostKeys, new SshOptions(), requireSudo: false, null, Token);

        var unreached = Assert.Single(await GatherFacts.AskAsync(MachineToAsk.Of(machines), Question, Patient, TimeProvider.System, null, Token)).Unreached!;

        Assert.Equal(("ssh-no-sudo", machine.Address.ToString()), (unreached.Code, unreached.Place));
        Assert.StartsWith("bound cannot become root without a password: ", unreached.Message, StringComparison.Ordinal);
        Assert.Contains("/etc/sudoers.d/zz-ark", unreached.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_machines_than_allowed_have_their_turn_at_once_and_the_time_for_all_grows_with_the_turns()
    {
        var deadlines = Patient with { AtOnce = 3 };
        var (now, most) = (0, 0);
        MachineToAsk[] machines = [.. Enumerable.Range(1, 20).Select(i => new MachineToAsk($"10.0.0.{i}", new TurnShell(AnswerAsync), null))];

        var facts = await GatherFacts.AskAsync(machines, Question, deadlines, TimeProvider.System, null, Token);

        Assert.All(facts, f => Assert.Null(f.Unreached));
        Assert.InRange(most, 1, 3);
        Assert.Equal(deadlines.All, deadlines.ForAll(0));
        Assert.Equal(deadlines.All, deadlines.ForAll(3));
        Assert.Equal(deadlines.All * 7, deadlines.ForAll(20));

        async Task<CommandResult> AnswerAsync()
        {
            lock (deadlines) most = Math.Max(most, ++now);
            await Task.Delay(5, Token);
            lock (deadlines) now--;
            return new(0, "@@ begin\n1795627042.5\n@@ files\n/proc/sys/kernel/hostname:one\n", "");
        }
    }

    [Fact]
    public async Task On_a_large_site_each_machine_tries_its_share_of_the_others()
    {
        ScriptedShell[] shells = [.. Enumerable.Range(0, 100).Select(i => new ScriptedShell($"10.0.0.{i}").On("bash", "done\n"))];
        MachineToAsk[] machines = [.. shells.Select(s => new MachineToAsk(s.Machine, s, null))];
        var ports = shells.ToDictionary(s => s.Machine, IReadOnlyList<PortTarget> (s) => [new(s.Machine, 2377), new(s.Machine, 4789) { Protocol = "udp" }]);

        var probes = await GatherFacts.ProbeAsync(machines, ports, Patient, TimeProvider.System, Token);

        Assert.Equal(100 * 32 * 2, probes.Count);
        Assert.All(shells, s => Assert.Single(s.Ran));
        var wanted = ProbeRound.OthersOf(5, 100).SelectMany(other => new[] { $"10.0.0.{other} 2377 tcp\n", $"10.0.0.{other} 4789 udp\n" });
        Assert.Equal(string.Concat(wanted), Encoding.UTF8.GetString(shells[5].Ran[0].Input!));
    }

    [Fact]
    public async Task A_machine_that_takes_longer_than_its_own_deadline_is_left()
    {
        await using var hanging = await TestSshd.StartAsync(environment: ["PATH={home}:/usr/bin:/bin"]);
        await StandInAsync(hanging, "uname", "exec sleep 600");
        await using var shell = await SshdFixture.ConnectAsync(hanging);
        var facts = await GatherFacts.AskAsync([new("10.0.0.1", shell, null)], Question, Patient with { Each = TimeSpan.FromSeconds(3) }, TimeProvider.System, null, Token);
        Assert.Equal("ssh-deadline", Assert.Single(facts).Unreached!.Code);
    }

    [Fact]
    public async Task Tools_that_hang_cost_their_own_section_only()
    {
        await using var machine = await TestSshd.StartAsync(environment: ["PATH={home}:/usr/bin:/bin"]);
        foreach (var tool in (string[])["getent", "systemctl", "systemd-detect-virt"]) await StandInAsync(machine, tool, "exec sleep 600");
        await using var shell = await SshdFixture.ConnectAsync(machine);
        var facts = Assert.Single(await GatherFacts.AskAsync([new("10.0.0.1", shell, null)], Question, Patient, TimeProvider.System, null, Token));
        Assert.Null(facts.Unreached);
        Assert.Null(facts.Security);
        Assert.Null(facts.Clock);
        Assert.Null(facts.Names!.WildcardAddresses);
        Assert.Null(facts.Os!.Virtualisation);
        Assert.NotNull(facts.Listeners);
        Assert.NotNull(facts.Storage);
    }

    [Fact]
    public async Task Cancelled_it_leaves_nothing_running_and_no_file()
    {
        await using var machine = await TestSshd.StartAsync(environment: ["PATH={home}:/usr/bin:/bin"]);
        var begun = Path.Combine(machine.Folder, "begun");
        await StandInAsync(machine, "dd", $"echo $$ >>{begun}; exec sleep 600");
        await using var shell = await SshdFixture.ConnectAsync(machine);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var question = Question with { Paths = [machine.Folder], Fsync = true };

        var gathering = GatherFacts.AskAsync([new("10.0.0.1", shell, null)], question, Patient, TimeProvider.System, null, cancel.Token);
        while (!File.Exists(begun) || new FileInfo(begun).Length == 0) await Task.Delay(20, Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gathering);
        Assert.All(await File.ReadAllLinesAsync(begun, Token), process => Assert.False(Runs(process)));
        Assert.Empty(Directory.GetFiles(machine.Folder, ".ark-fsync-*"));
    }

    [Fact]
    public async Task Ports_of_the_other_machines_are_tried_from_each()
    {
        await using var shell = await sshd.ConnectAsync();
        var closed = TestSshd.FreePort();
        MachineToAsk[] machines = [new("10.0.0.1", shell, null), new("127.0.0.1", null, new Problem("ssh-refused", "127.0.0.1", "Nothing listens."))];
        var ports = new Dictionary<string, IReadOnlyList<PortTarget>> { ["127.0.0.1"] = [new("127.0.0.1", sshd.Sshd.Port), new("127.0.0.1", closed)], ["10.0.0.1"] = [new("10.0.0.1", 22)] };

        var probes = await GatherFacts.ProbeAsync(machines, ports, Patient, TimeProvider.System, Token);

        Assert.All(probes, p => Assert.Equal(("10.0.0.1", "127.0.0.1"), (p.From, p.To)));
        Assert.Equal(
            new HashSet<(int, ProbeResult)> { (sshd.Sshd.Port, ProbeResult.Open), (closed, ProbeResult.Refused) },
            probes.Select(p => (p.Port, p.Result)).ToHashSet());
        Assert.All(probes, p => Assert.True(p.Milliseconds >= 0));
    }

    /// <summary>One that has ended and waits for its parent to notice has no command line any more.</summary>
    private static bool Runs(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task StandInAsync(TestSshd machine, string tool, string script)
    {
        var path = Path.Combine(machine.Folder, tool);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n", Token);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private sealed class Told(List<string> machines) : IProgress<HostFacts>
    {
        public void Report(HostFacts value)
        {
            lock (machines)
                machines.Add(value.Machine);
        }
    }

    /// <summary>Takes every command and never says anything.</summary>
    private sealed class SilentShell() : TurnShell(async () =>
    {
        await Task.Delay(Timeout.Infinite);
        throw new InvalidOperationException();
    });

    /// <summary>Answers every command in its own time.</summary>
    private class TurnShell(Func<Task<CommandResult>> answer) : IRemoteShell
    {
        public string Machine => "10.0.0.5";

        public bool NeedsSudo => false;

        public Task<CommandResult> RunAsync(RemoteCommand command, CancellationToken cancellationToken) => answer().WaitAsync(cancellationToken);

        public Task<UploadResult> UploadAsync(Stream content, string remotePath, UploadOptions options, IProgress<long>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<RemoteStream> OpenAsync(RemoteCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
