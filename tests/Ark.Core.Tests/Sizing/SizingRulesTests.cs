using Ark.Core.Sites;
using Ark.Core.Sizing;
using Xunit;

namespace Ark.Core.Tests.Sizing;

public sealed class SizingRulesTests
{
    /// <summary>Plans that need all rules between them.</summary>
    private static readonly SizingRequest[] Many =
    [
        .. PublishedTables.Mixes.Select(m => new SizingRequest { Products = m.Products, Mode = m.Mode }),
        .. PublishedTables.Singles.Where(s => s.Product != "GTS").Select(s => new SizingRequest { Products = [s.Product], Mode = s.Mode, Purpose = Purpose.Poc }),
        Sizes.Trial("EDAS+MQ+DRDS"),
        Sizes.Physical("EDAS+MQ+DRDS", new() { Messages = 50_000, Qps = 300_000, Tps = 90_000 }) with { FastLogs = true },
        Sizes.Vm("DBPaaS"),
        Sizes.Vm("EDAS+CSB"),
    ];

    [Fact]
    public void Every_rule_is_cited_by_an_output_that_used_it()
    {
        var cited = Many.SelectMany(r => Sizes.Plan(r).Cited()).ToHashSet();
        Assert.Empty(SizingRules.All.Select(r => r.Id).Except(cited));
    }

    [Fact]
    public void Every_number_names_known_rules_and_the_plan_brings_their_text()
    {
        foreach (var plan in Many.Select(Sizes.Plan))
        {
            Assert.All(plan.Numbers(), n => Assert.True(n.Rules.Count > 0 && n.Why.Length > 0, n.ToString()));
            Assert.Equal(plan.Cited().Distinct().Order(StringComparer.Ordinal), plan.Rules.Select(r => r.Id).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Rules_are_listed_once_and_name_their_section()
    {
        Assert.Equal(SizingRules.All.Count, SizingRules.All.DistinctBy(r => r.Id).Count());
        Assert.Equal(typeof(SizingRules).GetFields().Count(f => f.FieldType == typeof(SizingRule)), SizingRules.All.Count);
        Assert.All(SizingRules.All, r => Assert.Matches(@"^§[245](\.[123])?$", r.Section));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(20_000, 4)]
    [InlineData(20_001, 8)]
    [InlineData(100_000, 20)]
    public void Four_brokers_carry_20000_messages(long messages, int brokers)
    {
        foreach (var plan in new[] { Sizes.Plan(Sizes.Physical("MQ+CSB", new() { Messages = messages })), Sizes.Plan(Sizes.Vm("MQ+CSB", new() { Messages = messages })) })
        {
            Assert.Equal($"{brokers}", plan.Instance("mq-broker"));
            Assert.Equal(brokers, plan.Groups.Single(g => g.Id == "mq").Count.Value);
        }
    }

    [Theory]
    [InlineData(1, 3, 6)]
    [InlineData(192_000, 3, 6)]
    [InlineData(192_001, 4, 7)]
    [InlineData(640_000, 10, 20)]
    public void A_core_carries_2000_queries_and_three_nodes_give_96_cores(long qps, int nodes, int vms)
    {
        Assert.Equal($"{nodes} Q46.22", Sizes.Plan(Sizes.Physical("DRDS+CSB", new() { Qps = qps })).Group("drds"));
        Assert.Equal($"{vms} VM 16c32g", Sizes.Plan(Sizes.Vm("DRDS+CSB", new() { Qps = qps })).Group("drds"));
    }

    [Theory]
    [InlineData(null, null, null, 2)]
    [InlineData(20_000L, null, null, 2)]
    [InlineData(20_001L, null, null, 3)]
    [InlineData(null, 10_000L, null, 2)]
    [InlineData(null, 15_001L, null, 4)]
    [InlineData(10_000L, 10_000L, null, 3)]
    [InlineData(null, null, 97L, 4)]
    [InlineData(90_000L, null, null, 9)]
    public void Replication_matches_cores_and_transactions(long? tps, long? indexTps, long? cores, int jingwei)
    {
        var plan = Sizes.Plan(Sizes.Physical("DRDS+CSB", new() { Tps = tps, IndexTps = indexTps, DrdsCores = cores }));
        Assert.Equal($"{jingwei}", plan.Instance("jingwei"));
        Assert.Equal(jingwei == 2 ? "none" : jingwei <= 8 ? "1 Q46.22" : "2 Q46.22", plan.Group("replication"));
        Assert.Contains("jingwei", plan.Groups.Single(g => g.Id == "control").Components);
    }

    [Fact]
    public void HBase_of_EDAS_shares_the_control_machines_or_has_three()
    {
        var (shared, apart) = (Sizes.Plan(Sizes.Physical("EDAS+MQ")), Sizes.Plan(Sizes.Physical("EDAS+MQ") with { FastLogs = true }));
        Assert.Contains("edas-hbase", shared.Groups.Single(g => g.Id == "control").Components);
        Assert.Equal(("3 Q46.22", 11), (apart.Group("logs"), apart.Machines.Value));
        Assert.DoesNotContain("edas-hbase", apart.Groups.Single(g => g.Id == "control").Components);
    }

    [Fact]
    public void Where_the_totals_do_not_fit_there_are_more_VMs()
    {
        var plan = Sizes.Plan(Sizes.Vm("EDAS+CSB"));
        Assert.Equal(13, plan.Machines.Value); // 396 GB on VMs of 32
        Assert.Equal("vm-fit", plan.Groups.Single().Count.Rules[0]);
        Assert.Equal((12, 20), (Sizes.Plan(Sizes.Vm("DBPaaS")).Machines.Value, Sizes.Plan(Sizes.Vm("DBPaaS") with { DisasterRecovery = true }).Machines.Value));
    }

    [Fact]
    public void A_computed_mix_explains_its_difference_to_the_nearest_published_row()
    {
        var plan = Sizes.Plan(Sizes.Vm("EDAS+MQ+DRDS", new() { Messages = 40_000 }));
        Assert.Equal(SizeOrigin.Computed, plan.Origin);
        Assert.Equal(("EDAS+MQ+DRDS(DBPaaS)", 40, plan.Machines.Value - 40), (plan.Nearest!.Row, plan.Nearest.Machines, plan.Nearest.Difference));
        Assert.Equal(
            ["mq: 8 instead of 4, 40,000 messages/s are 2 × 20,000, 4 brokers each", "the row prints 40 where the rules give 46; published rows are exempt from the rules"],
            plan.Nearest.Lines.Select(l => l.Text));
        Assert.Equal([4, 6], plan.Nearest.Lines.Select(l => l.Machines));
    }

    [Fact]
    public void Addresses_are_counted_by_container_only_on_physical_machines()
    {
        var physical = Sizes.Plan(Sizes.Physical("EDAS+MQ")).Addresses;
        Assert.Equal((8, 97, 1), (physical.Amount("machines"), physical.Amount("containers"), physical.Amount("gateway")));
        Assert.Equal(24, Assert.Single(Sizes.Plan(Sizes.Vm("EDAS+MQ")).Addresses).Amount.Value);
        Assert.Equal(101, Sizes.Plan(Sizes.Physical("EDAS+MQ", new() { Messages = 40_000 })).Addresses.Amount("containers"));
    }

    [Fact]
    public void People_follow_the_mix_and_have_no_names_yet()
    {
        var people = Sizes.Plan(Sizes.Physical("EDAS+DRDS")).People;
        Assert.Equal(
            ["project manager", "delivery engineer", "EDAS engineer", "DRDS engineer", "customer's system administrator", "customer's network administrator", "customer's DBA", "customer's test engineer"],
            people.Select(p => p.Role));
        Assert.All(people, p => Assert.True(p is { Name: "", Days.Value: > 0 } && p.Work.Length > 0));
        Assert.DoesNotContain(Sizes.Plan(Sizes.Vm("EDAS+MQ")).People, p => p.Role.Contains("network", StringComparison.Ordinal));
    }

    [Fact]
    public void A_product_without_a_size_is_left_out_with_a_warning()
    {
        var made = Sizer.Plan(Sizes.Physical("EDAS+MQ+HiTSDB"));
        Assert.Equal(("EDAS+MQ", 8), (made.Value!.Row, made.Value.Machines.Value));
        Assert.Equal(("no-rule", Severity.Warning), (Assert.Single(made.Problems).Code, made.Problems[0].Severity));
        Assert.Equal(["no-rule"], Sizer.Plan(Sizes.Physical("DBPaaS")).Problems.Select(p => p.Code));
    }

    [Fact]
    public void Bad_input_names_all_problems_at_once()
    {
        var made = Sizer.Plan(Sizes.Trial("EDSA+ARMS", new() { Messages = 0, DrdsCores = 64, Tps = 5, EdasNodes = 51 }) with { Purpose = Purpose.Production, ArmsMachine = "Q99", FastLogs = true, Mode = SiteMode.Vm });
        Assert.False(made.Ok);
        Assert.Equal(
            ["bad-load", "beyond-trial", "no-such-product-in-mix", "not-in-trial", "trial-in-production", "trial-in-vm", "unknown-machine", "unknown-product"],
            made.Problems.Select(p => p.Code).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(made.Problems, p => p.Remedy == "did you mean 'EDAS'?");
        Assert.Equal(["no-products"], Sizer.Plan(new() { Products = [] }).Problems.Select(p => p.Code));
        Assert.Equal(["bad-load"], Sizer.Plan(Sizes.Physical("MQ", new() { Messages = long.MaxValue })).Problems.Select(p => p.Code));
    }
}
