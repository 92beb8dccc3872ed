using System.Diagnostics;
using Ark.EndToEnd.Lab;
using Ark.EndToEnd.Sites;
using Xunit;

namespace Ark.EndToEnd.Checks;

/// <summary>Faults on real machines: found, mended, still mended after a reboot, undone byte for byte.</summary>
[TestMethodOrderer(typeof(InOrder))]
public sealed class FaultySiteTests(FaultySite site) : IClassFixture<FaultySite>
{
    private static readonly IReadOnlyList<(string Machine, Found Found)> Fixable = [.. from f in Faults.All from found in f.Found where found.Mended is not null select (f.Machine, found)];

    private static readonly IReadOnlyList<(string, string)> Passing = [.. Fixable.Select(f => (f.Machine, f.Found.Check))];

    [Fact]
    public async Task Every_fault_is_found_with_its_value()
    {
        Assert.True(Faults.All.Count >= 25);
        await site.MakeAsync(Faults.All);
        AssertNone((await site.CheckAsync()).Missing(Faults.All));
    }

    [Fact]
    public async Task What_software_may_mend_is_mended_stays_so_over_a_reboot_and_is_undone_byte_for_byte()
    {
        var before = await site.ListAsync();
        var dry = await site.ArkAsync("check --apply --dry-run");
        Assert.Contains("10.88.0.13 web", dry.Error, StringComparison.Ordinal);
        await site.AssertAsBeforeAsync(before, "a dry run");

        var mended = await site.CheckAsync("--apply --yes");
        AssertNone(mended.StillThere(Passing));
        await site.Lab.RunAsync("reboot", "--all");
        AssertNone((await site.CheckAsync()).StillThere(Passing));
        AssertNone(await site.OtherwiseAsync(Fixable.Select(f => (f.Machine, f.Found.Mended!))));

        // What somebody changed since is left to people, by name; the rest is undone.
        var run = Assert.Single(await site.RunsAsync());
        const string limits = "/etc/security/limits.d/zz-site.conf";
        await site.Lab.InsideAsync("m2", $"cp -a {limits} /root/limits; echo '# mine' >> {limits}");
        var refused = await site.TryArkAsync($"check --undo {run} --yes");
        Assert.True(refused.ExitCode == 5, LabProgram.Of(refused));
        Assert.Contains($"10.88.0.12: {limits}", refused.Error, StringComparison.Ordinal);
        Assert.Equal("# mine", await site.Lab.InsideAsync("m2", $"tail -n 1 {limits}; mv /root/limits {limits}"));
        await site.ArkAsync($"check --undo {run} --yes");
        Assert.Empty(await site.RunsAsync());
        Assert.Contains("No machine has changes", (await site.ArkAsync("check --undo --lang en")).Output, StringComparison.Ordinal);
        await site.AssertAsBeforeAsync(before, "--undo");
    }

    [Fact]
    public async Task A_fix_whose_command_fails_leaves_nothing_behind()
    {
        const string dropIn = "/etc/systemd/system/ssh.service.d/refused.conf";
        await Task.WhenAll(
            site.Lab.InsideAsync("m2", $"printf '[Service]\\nExecReload=\\nExecReload=/bin/false\\n' > {dropIn}; systemctl daemon-reload"),
            site.Lab.InsideAsync("m1", $"set -e\n{FaultySite.Package("telnet", "/usr/bin/telnet", "/opt/mirror/telnet.deb", "echo no luck >&2; exit 1")}\n{FaultySite.Index}"));
        var before = await site.ListAsync();
        var failed = await site.TryArkAsync("check --apply --yes --only sshd-startups common-tools");
        Assert.True(failed.ExitCode == 1, LabProgram.Of(failed));
        Assert.Contains("fix:10.88.0.12:/etc/ssh/sshd_config: 10.88.0.12: ", failed.Error, StringComparison.Ordinal);
        Assert.Contains("fix:10.88.0.11:packages: 10.88.0.11: ", failed.Error, StringComparison.Ordinal);
        await site.AssertAsBeforeAsync(before, "a fix that failed");
        Assert.Empty(await site.RunsAsync());
        await Task.WhenAll(site.Lab.InsideAsync("m2", $"rm {dropIn}; systemctl daemon-reload"), site.Lab.InsideAsync("m1", $"set -e\n{FaultySite.Mirror}"));
    }

    [Fact]
    public async Task A_console_that_is_killed_leaves_every_change_whole_or_undoable()
    {
        var before = await site.ListAsync();
        const string apply = "--apply --yes --only host-name-set host-names-unique firewall common-tools time-service sshd-startups selinux-at-boot docker-dir-rights"; // every way of changing
        var clock = Stopwatch.StartNew();
        await site.CheckAsync(apply);
        var whole = clock.Elapsed;
        await UndoAllAsync();
        await site.AssertAsBeforeAsync(before, "a whole run");

        var runs = 0;
        for (var kill = 0; kill < 5; kill++)
        {
            var moment = whole * (0.2 + 0.6 * Random.Shared.NextDouble());
            var killed = await site.TryArkAsync($"check {apply}", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"timeout -s KILL {moment.TotalSeconds:0.000}"));
            Assert.True(killed.ExitCode is 137 or 3, LabProgram.Of(killed));
            runs += await UndoAllAsync();
            await site.AssertAsBeforeAsync(before, $"a kill after {moment.TotalSeconds:0.000} s");
        }

        Assert.True(runs > 0, "Each console was killed before it changed anything.");
    }

    [Fact]
    public async Task A_machine_that_cannot_be_worked_with_is_named_with_the_reason()
    {
        foreach (var round in Faults.Unreachable)
        {
            await Task.WhenAll(round.Select(u => u.Make is null ? site.Lab.RunAsync("cut", u.Machine) : site.Lab.InsideAsync(u.Machine, u.Make)));
            var report = (await site.CheckAsync()).Report;
            var said = report.GetProperty("notReached").EnumerateArray().Select(m => $"{m.GetProperty("machine").GetString()} {m.GetProperty("code").GetString()}").ToHashSet();
            AssertNone([.. round.Where(u => !u.Codes.Any(code => said.Contains($"{CheckedSite.Address(u.Machine)} {code}"))).Select(u => $"{u.Name}: {string.Join(", ", said)}")]);
            Assert.Contains(report.GetProperty("results").EnumerateArray(), r => r.GetProperty("machine").GetString() == "10.88.0.11" && r.GetProperty("result").GetString() == "pass");
            await Task.WhenAll(round.Where(u => u.Make is null).Select(u => site.Lab.RunAsync("heal", u.Machine)));
        }
    }

    private async Task<int> UndoAllAsync()
    {
        var runs = await site.RunsAsync();
        foreach (var run in runs) await site.ArkAsync($"check --undo {run} --yes");
        return runs.Count;
    }

    private static void AssertNone(IReadOnlyList<string> wrong) => Assert.True(wrong.Count == 0, string.Join('\n', wrong));
}
