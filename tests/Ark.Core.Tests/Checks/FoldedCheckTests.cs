using Ark.Core.Checks;
using Ark.Core.Sites;
using Xunit;

namespace Ark.Core.Tests.Checks;

public sealed class FoldedCheckTests
{
    private static readonly IReadOnlyList<string> Machines = [.. Enumerable.Range(11, 5).Select(i => $"10.0.0.{i}")];

    [Fact]
    public void Machines_of_which_the_same_was_found_stand_together_and_the_worst_stands_first()
    {
        var check = Fold(
            Passed("10.0.0.11"),
            Check.Warn("ens4", "eth0", "The names differ.", "rename it") with { Machine = "10.0.0.12" },
            Failed("10.0.0.13", "0"), Failed("10.0.0.15", "0"));
        Assert.Equal(Verdict.Fail, check.Verdict);
        Assert.Equal([Verdict.Fail, Verdict.Warning, Verdict.Pass], check.Findings.Select(f => f.Verdict));
        var failed = check.Findings[0];
        Assert.Equal(["10.0.0.13", "10.0.0.15"], failed.Machines);
        Assert.Equal(("0", 2), (failed.Evidence.Single().Text, failed.Evidence.Single().Machines.Count));
        Assert.Equal("ssh <machine> sysctl -w x=1", failed.Remedy);
        Assert.Equal("rename it", check.Findings[1].Remedy);
    }

    [Fact]
    public void Different_evidence_for_one_cause_stands_with_the_machines_that_said_it()
    {
        var finding = Fold(Failed("10.0.0.11", "7"), Failed("10.0.0.12", "8"), Failed("10.0.0.14", "7")).Findings.Single();
        Assert.Equal([("7", "10.0.0.11, 10.0.0.14"), ("8", "10.0.0.12")], finding.Evidence.Select(e => (e.Text, string.Join(", ", e.Machines))));
    }

    [Fact]
    public void A_machine_alone_keeps_its_address_and_no_longer_address_is_taken_for_a_shorter_one()
    {
        Assert.Equal("ssh 10.0.0.11 sysctl -w x=1", Fold(Failed("10.0.0.11", "0")).Findings.Single().Remedy);
        var finding = Fold(Said("10.0.0.1", "10.0.0.1: not 10.0.0.11, 110.0.0.1 or 10.0.0.1.5, but 10.0.0.1."), Said("10.0.0.2", "10.0.0.2: not 10.0.0.11, 110.0.0.1 or 10.0.0.1.5, but 10.0.0.2.")).Findings.Single();
        Assert.Equal("<machine>: not 10.0.0.11, 110.0.0.1 or 10.0.0.1.5, but <machine>.", finding.Remedy);
    }

    [Fact]
    public void What_machines_could_not_say_because_they_were_not_reached_is_told_once()
    {
        var checks = new[]
        {
            Check.Of("os", 1, CheckGroup.System, "The system is known", m => m.Limits, (_, _, limits) => Check.Pass(limits.Umask)),
            new Check("all", null, CheckGroup.People, "Somebody said so", _ => [Check.Pass("yes")]),
        };
        var scope = Scope(["10.0.0.14", "10.0.0.15"]);
        var report = CheckReport.Of(scope, checks);
        Assert.False(report.Good);
        Assert.Equal([("10.0.0.14", "ssh-refused"), ("10.0.0.15", "ssh-refused")], report.NotReached.Select(m => (m.Machine, m.Code)));
        Assert.Equal(2, report.Summary.NotChecked);
        var folded = FoldedCheck.Of(report, checks);
        Assert.Equal([Verdict.Pass, Verdict.Pass], folded.Select(c => c.Verdict));
        Assert.Equal(3, folded[0].Findings.Single().Machines.Count);
        Assert.Empty(folded[1].Findings.Single().Machines);

        // Where nobody was reached, nothing has passed.
        report = CheckReport.Of(Scope(Machines), checks[..1]);
        Assert.Equal((Verdict.CouldNotCheck, 0), (FoldedCheck.Of(report, checks[..1]).Single().Verdict, FoldedCheck.Of(report, checks[..1]).Single().Findings.Count));
    }

    [Fact]
    public void A_check_that_says_nothing_has_not_passed()
    {
        Check[] silent = [new("silent", null, CheckGroup.Network, "Nothing to say", _ => [])];
        var report = CheckReport.Of(Scope([]), silent);
        Assert.Equal((1, false), (report.Summary.NotChecked, report.Good));
        Assert.Equal(Verdict.CouldNotCheck, FoldedCheck.Of(report, silent).Single().Verdict);
    }

    [Fact]
    public void A_tally_counts_every_check_once_by_its_worst_finding()
    {
        Check[] checks =
        [
            Canned("one", Failed("10.0.0.11", "0"), Failed("10.0.0.12", "1"), Passed("10.0.0.13")),
            Canned("two", Passed("10.0.0.11"), Check.NotApplicable("no") with { Machine = "10.0.0.12" }),
            Canned("three", Check.NotApplicable("no")),
            Canned("four", Passed("10.0.0.11"), Check.Unknown("?", "?", "?") with { Machine = "10.0.0.12" }),
        ];
        var report = CheckReport.Of(Scope([]), checks);
        Assert.Equal(new CheckTally(1, 0, 1, 1, 1), CheckTally.Of(FoldedCheck.Of(report, checks)));
    }

    [Theory]
    [InlineData("10.0.0.11", "10.0.0.11")]
    [InlineData("10.0.0.11, 10.0.0.12, 10.0.0.13", "10.0.0.11 10.0.0.12 10.0.0.13")]
    [InlineData("10.0.0.11–10.0.0.14, 10.0.0.20", "10.0.0.11 10.0.0.12 10.0.0.13 10.0.0.14 10.0.0.20")]
    [InlineData("10.0.0.254–10.0.1.1", "10.0.0.254 10.0.0.255 10.0.1.0 10.0.1.1")]
    [InlineData("10.0.0.14, 10.0.0.13, 10.0.0.12, 10.0.0.11", "10.0.0.14 10.0.0.13 10.0.0.12 10.0.0.11")]
    public void Four_neighbours_and_more_are_one_run(string text, string machines) => Assert.Equal(text, MachineRuns.Text(machines.Split(' ')));

    private static Finding Passed(string machine) => Check.Pass("1") with { Machine = machine };

    private static Finding Failed(string machine, string seen) => Check.Fail(seen, "1", "It is off.", $"ssh {machine} sysctl -w x=1") with { Machine = machine };

    private static Finding Said(string machine, string remedy) => Check.Fail("0", "1", "It is off.", remedy) with { Machine = machine };

    private static Check Canned(string id, params Finding[] findings) => new(id, null, CheckGroup.Kernel, "A title", _ => findings);

    private static FoldedCheck Fold(params Finding[] findings)
    {
        Check[] checks = [Canned("canned", findings)];
        return FoldedCheck.Of(CheckReport.Of(Scope([]), checks), checks).Single();
    }

    private static CheckScope Scope(IReadOnlyList<string> unreached) => new()
    {
        Site = SiteReader.Read($"""
            mode=vm
            aliware_version=3.1.x
            domain=shop.example
            machine_ips={string.Join(',', Machines)}
            client_ip=10.0.0.11
            machine_user=deploy
            docker_dir=/data/docker
            registry_dir=/var/images
            ntp_server=10.0.0.9
            """, "ark.properties").Value!,
        Machines =
        [
            .. Machines.Select(m => new HostFacts
            {
                Machine = m,
                At = DateTimeOffset.UnixEpoch,
                Limits = unreached.Contains(m) ? null : new("0022", 1024, 1024, 0),
                Unreached = unreached.Contains(m) ? new("ssh-refused", m, "Nothing listens on port 22.", "start sshd") : null,
            }),
        ],
        Now = DateTimeOffset.UnixEpoch,
    };
}
