using Ark.Core.Sites;
using Ark.Core.Sizing;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Sizing;

public sealed class SizerPropertyTests
{
    private static readonly Gen<long?> SomeLoad = Gen.OneOf(Gen.Const((long?)null), Gen.Long[1, 500_000].Select(l => (long?)l), Gen.Long[1, 20].Select(l => (long?)(l * 10_000)));

    private static readonly Gen<SizingLoad> Load = Gen.Select(SomeLoad, SomeLoad, Gen.Long[0, 400], SomeLoad, SomeLoad)
        .Select((messages, qps, cores, tps, index) => new SizingLoad { Messages = messages, Qps = qps, DrdsCores = cores == 0 ? null : cores, Tps = tps, IndexTps = index });

    /// <summary>Any request that is right: loads only for products that are there.</summary>
    private static readonly Gen<SizingRequest> Any =
        Gen.Select(Gen.Int[1, 255], Gen.Bool, Gen.Int[0, 5], Gen.Bool, Load, Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 2])).Select((bits, vm, trial, poc, load, more) =>
        {
            var products = SizedProducts.All.Where((_, i) => (bits >> i & 1) == 1).ToList();
            if (products is ["GTS"] or ["HiTSDB"] or ["DBPaaS"] || products.TrueForAll(p => p is "GTS" or "HiTSDB" or "DBPaaS")) products.Add("EDAS");
            var (mq, drds) = (products.Contains("MQ"), products.Contains("DRDS"));
            load = new() { Messages = mq ? load.Messages : null, Qps = drds ? load.Qps : null, DrdsCores = drds ? load.DrdsCores : null, Tps = drds ? load.Tps : null, IndexTps = drds ? load.IndexTps : null };
            if (trial == 0)
            {
                products = [.. products.Where(p => p is "EDAS" or "MQ" or "DRDS" or "CSB"), "CSB"];
                return Sizes.Trial(string.Join('+', products), new() { Messages = mq ? Math.Min(load.Messages ?? 1, 10_000) : null, DrdsCores = drds ? Math.Min(load.DrdsCores ?? 1, 32) : null });
            }

            return new SizingRequest
            {
                Products = products,
                Mode = vm ? SiteMode.Vm : SiteMode.Physical,
                Purpose = poc ? Purpose.Poc : Purpose.Production,
                Load = load,
                FastLogs = more.Item1 && products.Contains("EDAS"),
                DisasterRecovery = more.Item2 && drds,
                ArmsMachine = vm || !products.Contains("ARMS") ? null : more.Item3 switch { 0 => null, 1 => "Q46", _ => "Q48" },
            };
        });

    [Fact]
    public void No_mix_breaks_a_rule() => Any.Sample(request => Assert.Empty(Broken(request, Sizes.Plan(request))), iter: 1000);

    [Fact]
    public void Among_computed_mixes_more_load_never_needs_fewer_machines() =>
        Gen.Select(Any, Gen.Long[0, 300_000], Gen.Int[0, 4]).Sample((request, more, which) =>
        {
            long? Grown(int mine, long? load) => which == mine && load is not null ? load + more : load;
            var load = request.Load;
            var grown = request with
            {
                Load = load with { Messages = Grown(0, load.Messages), Qps = Grown(1, load.Qps), DrdsCores = Grown(2, load.DrdsCores), Tps = Grown(3, load.Tps), IndexTps = Grown(4, load.IndexTps) },
            };
            if (request.Edition == Edition.Trial || Sizes.Plan(request) is not { Origin: SizeOrigin.Computed } before)
                return;
            var after = Sizes.Plan(grown);
            Assert.Equal(SizeOrigin.Computed, after.Origin);
            Assert.True(after.Machines.Value >= before.Machines.Value);
            foreach (var instances in before.Instances)
                Assert.True(after.CountOf(instances.Component).Value >= instances.Count.Value, instances.Component);
        }, iter: 1000);

    [Fact]
    public void The_order_and_the_writing_of_products_decide_nothing() =>
        Any.Sample(request =>
        {
            var other = request with { Products = [string.Join(" , ", request.Products.Reverse()).ToLowerInvariant()] };
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(Sizes.Plan(request), SizingJson.Default.SizingPlan), System.Text.Json.JsonSerializer.Serialize(Sizes.Plan(other), SizingJson.Default.SizingPlan));
        }, iter: 200);

    /// <summary>Every rule of §5 that a plan could break, judged from its outputs alone. Published rows are exempt from the rules of size.</summary>
    private static IEnumerable<string> Broken(SizingRequest request, SizingPlan plan)
    {
        long Count(string component) => plan.Instances.FirstOrDefault(i => i.Component == component)?.Count.Value ?? 0;
        long On(string group) => plan.Groups.FirstOrDefault(g => g.Id == group)?.Count.Value ?? 0;
        var (load, vm) = (request.Load, request.Mode == SiteMode.Vm);
        var sum = plan.Groups.Sum(g => g.Count.Value);
        if (sum != plan.Machines.Value && sum != plan.Machines.Or) yield return "the groups are not the machines";
        if (plan.MachineTypes.Sum(t => t.Count.Value) != sum) yield return "the types are not the groups";
        if (plan.Groups.Any(g => g.Count.Value < 1)) yield return "a group without machines";
        foreach (var i in plan.Instances)
        {
            if (!plan.Groups.Any(g => g.Components.Contains(i.Component))) yield return $"{i.Component} stands nowhere";
            if (i.Count.Value < 1) yield return $"no instance of {i.Component}";
        }

        if (plan.Numbers().Any(n => n.Rules.Count == 0)) yield return "a number without a rule";
        if (plan.Nearest is { } nearest && nearest.Lines.Sum(l => l.Machines) != nearest.Difference) yield return "the explanation does not add up";
        if (request.Purpose == Purpose.Production != plan.Outside.Any(o => o.Kind == "ftp")) yield return "FTP server";
        if (plan.Products.Contains("DRDS") != plan.Outside.Any(o => o.Kind == "businessDatabase")) yield return "business databases";

        if (request.Edition == Edition.Trial)
        {
            if (plan.Machines.Value != 5 || Count("mq-broker") > 1) yield return "trial";
            yield break;
        }

        // What is asked for is carried, in published rows too.
        foreach (var (name, asked) in new[] { ("messages", load.Messages), ("qps", load.Qps), ("drdsCores", load.DrdsCores), ("tps", load.Tps), ("indexTps", load.IndexTps) })
            if (asked is not null && asked > plan.Carries.Amount(name)) yield return $"{name}: {asked} asked, {plan.Carries.Amount(name)} carried";
        if (Count("mq-broker") % 4 != 0) yield return "brokers come in fours";
        if (plan.Products.Contains("DRDS") && (Count("jingwei") < 2 || Count("jingwei") * 48 < (load.DrdsCores ?? 0))) yield return "jingwei";
        if (plan.Origin == SizeOrigin.Published) yield break;

        if (plan.Products.Contains("DRDS") && On("drds") < 3) yield return "3 service nodes";
        if ((load.Tps ?? 0) / 10_000.0 + (load.IndexTps ?? 0) / 5_000.0 > Count("jingwei")) yield return "processes";
        if (request.FastLogs && On("logs") != 3) yield return "HBase";
        if (plan.Groups.Where(g => g.Role == GroupRole.Service).SelectMany(g => g.Components).Any(c => c is "butler" or "tlog" or "middleware-dncs")) yield return "service and control together";
        if (On("control") == 0) yield return "no control machines";
        if (!plan.Needs.Any()) yield break;
        long Has(Func<MachineType, long> of) => plan.MachineTypes.Sum(t => t.Count.Value * of(t.Type));
        if (plan.Needs.Amount("memory") > Has(t => t.MemoryBytes)) yield return "memory";
        if (plan.Needs.Amount("disk") > Has(t => t.UsableDiskBytes)) yield return "disk";
        if (plan.Needs.Amount("cores") > Has(t => t.Cores) * (vm ? 1.25 : 1)) yield return "cores";
    }
}
