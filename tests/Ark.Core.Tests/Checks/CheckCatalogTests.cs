using System.Text.RegularExpressions;
using Ark.Core.Checks;
using Ark.Core.Requirements;
using Ark.Core.Sites;
using Ark.Testing.Checks;
using Xunit;

namespace Ark.Core.Tests.Checks;

public sealed partial class CheckCatalogTests
{
    /// <summary>Questions that do not arise on the healthy site, or on some of its machines, and why.</summary>
    private static readonly Dictionary<string, string> DoNotArise = new()
    {
        ["swappiness"] = "there is no swap",
        ["registry-room"] = "image packages lie on the client",
    };

    public static TheoryData<string> Ids => new(CheckCatalog.All.Select(c => c.Id));

    private static Check Of(string id) => CheckCatalog.All.Single(c => c.Id == id);

    private static List<Finding> Judge(string id, CheckScope scope) => [.. Of(id).Judge(scope)];

    [Fact]
    public void Ids_are_unique_and_of_small_letters_and_dashes()
    {
        Assert.Equal(CheckCatalog.All.Count, CheckCatalog.All.DistinctBy(c => c.Id).Count());
        Assert.All(CheckCatalog.All, c => Assert.Matches(Kebab(), c.Id));
    }

    [Fact]
    public void All_23_requirements_are_covered_and_no_other_is_named() =>
        Assert.Equal(Enumerable.Range(1, 23), CheckCatalog.All.Select(c => c.Requirement).OfType<int>().Distinct().Order());

    [Fact]
    public void What_both_answer_is_a_check_of_machines_and_one_of_people() =>
        Assert.All(EnvironmentRequirements.All, requirement =>
        {
            var groups = CheckCatalog.All.Where(c => c.Requirement == requirement.Number).Select(c => c.Group).ToList();
            Assert.Equal(requirement.By != AnsweredBy.Machine, groups.Contains(CheckGroup.People));
            Assert.Equal(requirement.By != AnsweredBy.Person, groups.Any(g => g != CheckGroup.People));
        });

    [Fact]
    public void There_are_at_least_60_in_the_order_of_their_groups_and_each_group_has_some()
    {
        Assert.True(CheckCatalog.All.Count >= 60, $"{CheckCatalog.All.Count} checks");
        Assert.Equal(CheckCatalog.All.Select(c => c.Group).Order(), CheckCatalog.All.Select(c => c.Group));
        Assert.Equal(Enum.GetValues<CheckGroup>(), CheckCatalog.All.Select(c => c.Group).Distinct());
    }

    [Fact]
    public void Each_check_has_a_case_in_which_it_does_not_pass()
    {
        Assert.Equal(CheckCatalog.All.Select(c => c.Id).Order(StringComparer.Ordinal), CheckCases.All.Keys.Order(StringComparer.Ordinal));
        Assert.All(CheckCases.All, cases => Assert.Contains(cases.Value, c => c.Verdict is not (Verdict.Pass or Verdict.NotApplicable)));
    }

    [Theory, MemberData(nameof(Ids))]
    public void On_a_healthy_site_it_passes_or_does_not_arise_for_a_reason_listed(string id)
    {
        var findings = Judge(id, HealthySite.Scope);
        Assert.NotEmpty(findings);
        Assert.All(findings, f =>
        {
            Assert.True(f.Verdict == Verdict.Pass || (f.Verdict == Verdict.NotApplicable && f.Evidence == DoNotArise.GetValueOrDefault(id)), f.ToString());
            Assert.True(f.Evidence.Length > 0 && f.Cause.Length == 0 && f.Remedy.Length == 0, f.ToString());
        });
        if (findings.Any(f => f.Machine.Length > 0))
            Assert.Equal([HealthySite.First, HealthySite.Second, HealthySite.Third], findings.Select(f => f.Machine).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Where_nothing_is_known_it_could_not_be_checked(string id) => Assert.All(Judge(id, HealthySite.Silent(null)), f =>
    {
        Assert.Equal(Verdict.CouldNotCheck, f.Verdict);
        Assert.True(f.Evidence.Length > 0 && f.Cause.Length > 0 && f.Remedy.Length > 0, f.ToString());
    });

    [Theory, MemberData(nameof(Ids))]
    public void A_machine_that_was_not_reached_is_named_with_the_reason(string id)
    {
        var reason = new Problem("ssh-timeout", "", "Nothing answered on port 22.", "ping it");
        Assert.All(Judge(id, HealthySite.Silent(reason)).Where(f => f.Machine.Length > 0), f =>
            Assert.True(f is { Verdict: Verdict.CouldNotCheck, Cause: "Nothing answered on port 22.", Remedy: "ping it" }, f.ToString()));
    }

    [Theory, MemberData(nameof(Ids))]
    public void On_a_spoiled_site_it_says_what_was_seen_what_is_wanted_why_and_what_mends_it(string id)
    {
        var cases = CheckCases.All[id];
        Assert.All(cases, c =>
        {
            var found = Assert.Single(Judge(id, c.Spoil(HealthySite.Scope)), f => f.Machine == c.Machine);
            Assert.True(found.Verdict == c.Verdict, found.ToString());
            Assert.Contains(c.Evidence, found.Evidence, StringComparison.Ordinal);
            Assert.Contains(c.Remedy, found.Remedy, StringComparison.Ordinal);
            if (found.Verdict is Verdict.Fail or Verdict.Warning)
                Assert.True(found.Wanted.Length > 0 && found.Cause.EndsWith('.') && found.Remedy.Length > 0, found.ToString());
            if (found.Verdict is Verdict.Pass or Verdict.NotApplicable)
                Assert.True(found.Cause.Length == 0 && found.Remedy.Length == 0, found.ToString());
        });
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_fault_of_one_machine_is_no_fault_of_a_machine_that_has_nothing_to_do_with_it(string id)
    {
        var own = CheckCases.All[id].Where(c => c.Machine == HealthySite.Second && c.Verdict is Verdict.Fail or Verdict.Warning).ToList();
        foreach (var spoiled in own.Where(c => !c.Spoil(HealthySite.Scope).Machines.Where(m => m.Machine != HealthySite.Second).Except(HealthySite.Scope.Machines).Any()))
        {
            var others = Judge(id, spoiled.Spoil(HealthySite.Scope)).Where(f => f.Machine is HealthySite.First or HealthySite.Third).Where(f => f.Verdict is Verdict.Fail or Verdict.Warning).ToList();
            Assert.All(others, f => Assert.Contains(HealthySite.Second, f.Evidence, StringComparison.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_order_of_the_machines_changes_nothing(string id)
    {
        foreach (var scope in CheckCases.All[id].Select(c => c.Spoil(HealthySite.Scope)).Append(HealthySite.Scope))
        {
            var turned = scope with { Machines = [.. scope.Machines.Reverse()], Probes = [.. scope.Probes.Reverse()] };
            Assert.Equal(Judge(id, scope).OrderBy(f => f.Machine, StringComparer.Ordinal), Judge(id, turned).OrderBy(f => f.Machine, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void In_VM_mode_what_is_for_physical_mode_does_not_arise()
    {
        var physicalOnly = EnvironmentRequirements.All.Where(r => !r.HoldsIn(SiteMode.Vm)).Select(r => r.Number).ToHashSet();
        Assert.All(CheckCatalog.All.Where(c => c.Requirement is { } number && physicalOnly.Contains(number)), check =>
            Assert.All(check.Judge(HealthySite.Vm), f => Assert.Equal(Verdict.NotApplicable, f.Verdict)));
    }

    [Fact]
    public void On_a_healthy_site_of_VMs_nothing_stands_against_a_deployment()
    {
        var report = CheckReport.Of(HealthySite.Vm, CheckCatalog.All);
        Assert.True(report.Summary.Good, string.Join('\n', report.Results.Where(r => r.Result is Verdict.Fail or Verdict.CouldNotCheck)));
        Assert.Equal(0, report.Summary.Warned);
    }

    [Fact]
    public void Before_the_base_is_installed_what_it_brings_by_itself_stops_nothing()
    {
        var fresh = Spoil.Everywhere(m => m with
        {
            Engine = null,
            Sysctls = new Dictionary<string, SysctlFacts>(m.Sysctls!)
            {
                ["net.ipv4.ip_forward"] = new("0", null),
                ["vm.max_map_count"] = new("65530", null),
                ["net.core.somaxconn"] = new("128", null),
                ["net.bridge.bridge-nf-call-iptables"] = new(null, null),
            },
            Modules = m.Modules!.ToDictionary(o => o.Key, o => new ModuleFacts(o.Key == "openvswitch", true, false)),
        })(HealthySite.Scope);
        var report = CheckReport.Of(fresh, CheckCatalog.All);
        Assert.True(report.Summary.Good, string.Join('\n', report.Results.Where(r => r.Result is Verdict.Fail or Verdict.CouldNotCheck)));
        Assert.All(report.Results.Where(r => r.Result == Verdict.Warning), r => Assert.StartsWith("ark base", r.Remedy, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Kebab();
}
