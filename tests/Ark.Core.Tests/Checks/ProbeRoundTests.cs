using Ark.Core.Checks;
using Ark.Testing.Checks;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Checks;

public sealed class ProbeRoundTests
{
    [Fact]
    public void Every_machine_tries_as_many_others_as_try_it_and_never_itself() => Gen.Int[1, 1200].Sample(machines =>
    {
        var from = Enumerable.Range(0, machines).Select(place => ProbeRound.OthersOf(place, machines).ToList()).ToList();
        var tried = machines <= 64 ? machines - 1 : 32;
        var to = from.SelectMany(others => others).ToLookup(o => o);
        return from.Select((others, place) => others.Count == tried && others.Distinct().Count() == tried && !others.Contains(place) && to[place].Count() == tried).All(good => good);
    });

    [Fact]
    public void Those_tried_are_spread_evenly_over_the_site()
    {
        var others = ProbeRound.OthersOf(0, 1000).ToList();
        Assert.Equal(1, others[0]);
        Assert.All(others.Zip(others.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 31, 32));
        Assert.InRange(others[^1], 960, 999);
    }

    [Fact]
    public void On_a_large_site_the_evidence_says_how_many_were_tried()
    {
        var scope = HealthySite.Large(100);

        Assert.All(Of("ways-free", scope), f => Assert.Equal((Verdict.Pass, true), (f.Verdict, f.Evidence.EndsWith("; 32 of 99 others tried", StringComparison.Ordinal))));
        Assert.All(Of("latency", scope), f => Assert.EndsWith("; 32 of 99 others tried", f.Evidence, StringComparison.Ordinal));
    }

    [Fact]
    public void One_way_of_the_choice_that_was_not_tried_could_not_be_checked()
    {
        var scope = HealthySite.Large(100);
        var missing = ProbeRound.OthersOf(7, 100).First();
        var (from, to) = (scope.Machines[7].Machine, scope.Machines[missing].Machine);

        var findings = Of("ways-free", scope with { Probes = [.. scope.Probes.Where(p => (p.From, p.To) != (from, to))] });

        Assert.Equal($"no connection was tried to {to}", Assert.Single(findings, f => f.Verdict == Verdict.CouldNotCheck).Evidence);
        Assert.Equal(99, findings.Count(f => f.Verdict == Verdict.Pass));
    }

    [Fact]
    public void A_firewall_on_a_large_site_is_judged_by_those_who_tried_it()
    {
        var scope = HealthySite.Large(100);
        var walled = scope.Machines[50] with { Security = HealthySite.Scope.Machines[0].Security! with { FirewallServices = ["firewalld.service"] } };
        var changed = scope with { Machines = [.. scope.Machines.Select(m => m.Machine == walled.Machine ? walled : m)] };

        var finding = Of("firewall", changed).Single(f => f.Machine == walled.Machine);

        Assert.Equal(Verdict.Pass, finding.Verdict);
        Assert.EndsWith("open to other machines: 32 of 99 tried", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_all_machines_share_makes_no_line_as_long_as_the_site()
    {
        var findings = Of("machine-ids-unique", HealthySite.Large(100));
        Assert.All(findings, f => Assert.Equal(Verdict.Fail, f.Verdict));
        Assert.All(findings, f => Assert.EndsWith(" and 79 more", f.Evidence, StringComparison.Ordinal));
    }

    private static List<Finding> Of(string id, CheckScope scope) => [.. CheckCatalog.All.Single(c => c.Id == id).Judge(scope)];
}
