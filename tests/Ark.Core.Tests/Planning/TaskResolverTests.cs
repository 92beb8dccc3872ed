using Ark.Core.Planning;
using Ark.Core.Tests.Catalog;
using Xunit;

namespace Ark.Core.Tests.Planning;

public sealed class TaskResolverTests
{
    private static readonly Ark.Core.Catalog.Baseline Leaving = Resolving.Read(Samples.WithCache(
        "  apart: [names]\n", "").Also(
        "leave: [ark-leave]", "leave: [ark-leave, \"{{ instance.name }}\", \"{{ instance.index }}\", \"{{ instance.machine }}\", \"{{ instance.address }}\", \"{{ instance.room }}\", \"{% for p in peers %}{{ p.index }}{% endfor %}\"]"));

    [Fact]
    public void Every_instance_that_leaves_does_so_in_its_own_name()
    {
        var large = Resolving.Resolve(Resolving.Vm, Resolving.Task(3), Resolving.Facts(), Leaving);
        var facts = Resolving.Facts(Resolving.Specs(large));
        var small = Resolving.Resolve(Resolving.Vm, Resolving.Task(1), facts, Leaving);
        string On(string instance) => facts.Find(instance)!.Spec.Machine;
        var removed = TaskPlanner.Plan(small, facts, "text", PlanScope.Whole).Value!.Steps.Select(s => s.Work).OfType<RemoveService>().ToList();
        Assert.Equal(["cache-3", "cache-2"], removed.Select(r => r.Name));
        Assert.Equal(["ark-leave", "cache-3", "3", On("cache-3"), On("cache-3"), On("cache-3") == "10.0.0.13" ? "b" : "", "13"], removed[0].Leave);
        Assert.Equal(["ark-leave", "cache-2", "2", On("cache-2"), On("cache-2"), On("cache-2") == "10.0.0.13" ? "b" : "", "12"], removed[1].Leave);
        Assert.Equal(3, facts.Services.Where(s => s.Component == "cache").Select(s => s.Spec.Machine).Distinct().Count());
    }

    [Fact]
    public void An_instance_that_leaves_knows_the_address_that_it_has_not_one_of_the_plan()
    {
        var large = Resolving.Resolve(Resolving.Physical, Resolving.Task(3), Resolving.Facts(), Leaving);
        var facts = Resolving.Facts(Resolving.Specs(large));
        var small = Resolving.Resolve(Resolving.Physical, Resolving.Task(1), facts, Leaving);
        var leave = small.Components.Single(c => c.Name == "cache").Leave;
        Assert.Equal(["10.16.9.11", "10.16.9.12"], leave.Select(l => l.Command[4]));
    }

    [Fact]
    public void Who_stays_takes_no_leave()
    {
        var task = Resolving.Resolve(Resolving.Vm, Resolving.Task(3), Resolving.Facts(), Leaving);
        var again = Resolving.Resolve(Resolving.Vm, Resolving.Task(3), Resolving.Facts(Resolving.Specs(task)), Leaving);
        Assert.All(again.Components, c => Assert.Empty(c.Leave));
    }

    [Fact]
    public void A_component_that_goes_as_a_whole_takes_no_leave_of_itself()
    {
        var task = Resolving.Resolve(Resolving.Vm, Resolving.Task(3), Resolving.Facts(), Leaving);
        var facts = Resolving.Facts(Resolving.Specs(task));
        var removal = RemovalPlanner.Plan(new("527", new HashSet<string> { "cache" }, false, new Dictionary<string, IReadOnlyList<string>>()), facts, ["names", "cache"]).Value!;
        var pruning = TaskPlanner.Plan(task with { Components = [.. task.Components.Where(c => c.Name != "cache")] }, facts, "text", new() { Prune = true }).Value!;
        foreach (var plan in new[] { removal, pruning })
        {
            var removed = plan.Steps.Select(s => s.Work).OfType<RemoveService>().ToList();
            Assert.Equal(["cache-1", "cache-2", "cache-3"], removed.Select(r => r.Name).Order());
            Assert.All(removed, r => Assert.Empty(r.Leave));
        }
    }

    [Fact]
    public void A_service_tells_in_its_labels_what_it_takes_of_its_machine()
    {
        var task = Resolving.Task("{id: \"527\", schema: 1, baseline: open-3.1, components: {cache: {count: 1, image: \"1\", ports: {redis: 7000}}, names: {count: 1, image: \"1\"}}}");
        var specs = Resolving.Specs(Resolving.Resolve(Resolving.Vm, task, Resolving.Facts())).ToDictionary(s => s.Name);
        Assert.Equal("tcp/7000 tcp/9121", specs["cache-1"].Labels[ArkLabels.Ports]);
        Assert.Equal("udp/53", specs["names-1"].Labels[ArkLabels.Ports]);
        Assert.DoesNotContain(ArkLabels.Address, specs["cache-1"].Labels.Keys);
        var use = InstanceUse.Of(specs["cache-1"]);
        Assert.Equal((1L << 30, false, null), (use.DiskBytes, use.Exclusive, use.Address));
        Assert.Equal([new(7000, "tcp"), new(9121, "tcp")], use.Ports);
    }

    [Fact]
    public void Labels_that_were_spoilt_by_hand_say_nothing()
    {
        var spec = Resolving.Specs(Resolving.Resolve(Resolving.Vm, Resolving.Task(1), Resolving.Facts()))[0];
        var use = InstanceUse.Of(spec with { Labels = new() { [ArkLabels.Ports] = "tcp/x sctp/5 tcp/80/90 udp/53", [ArkLabels.Disk] = "-5", [ArkLabels.Address] = "1.2.3", [ArkLabels.Exclusive] = "yes" } });
        Assert.Equal([new(53, "udp")], use.Ports);
        Assert.Equal((0L, false, null), (use.DiskBytes, use.Exclusive, use.Address));
    }
}
