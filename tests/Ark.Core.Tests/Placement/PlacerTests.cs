using System.Net;
using Ark.Core.Catalog;
using Ark.Core.Placement;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Xunit;

namespace Ark.Core.Tests.Placement;

public sealed class PlacerTests
{
    private const long Gib = 1L << 30;

    private static PlacementMachine Machine(int number, string room = "", string? label = null, double cpus = 8, long memory = 32, long disk = 300) => new()
    {
        Address = PlacementGen.Address(number),
        Room = room,
        Labels = label is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["nodetype"] = label },
        Capacity = new(cpus, memory * Gib, disk * Gib),
    };

    private static PlacementComponent Component(string name, int count, long memory = 1, PlacementRule? rule = null, int port = 0) => new()
    {
        Name = name,
        Count = count,
        Resources = new(0.5, memory * Gib, Gib),
        Rule = rule ?? new(),
        Ports = port == 0 ? [] : [new(port, "tcp")],
    };

    private static PlacementRule Labelled(string value) => new() { Labels = new Dictionary<string, string> { ["nodetype"] = value } };

    private static PlacementRequest Request(IEnumerable<PlacementMachine> machines, params PlacementComponent[] components) =>
        new() { Mode = SiteMode.Vm, Machines = [.. machines], Components = components };

    private static string[] Where(Outcome<PlacementResult> outcome, string component) =>
        [.. outcome.Value!.Instances.Where(i => i.Component == component).Select(i => i.Machine.ToString())];

    private static IEnumerable<PlacementMachine> Machines(int count, Func<int, string>? room = null) =>
        Enumerable.Range(1, count).Select(i => Machine(i, room?.Invoke(i) ?? ""));

    [Fact]
    public void Five_instances_in_three_rooms_leave_a_quorum_when_a_room_is_lost()
    {
        // Room a is the largest and emptiest: evenness over machines alone would use it more.
        var machines = Machines(12, i => i <= 8 ? "a" : i <= 10 ? "b" : "c");
        var placed = Placer.Place(Request(machines, Component("metadb", 5))).Value!;
        Assert.Equal([1, 2, 2], placed.Instances.GroupBy(i => i.Room).Select(g => g.Count()).Order());
    }

    [Fact]
    public void Instances_that_may_share_a_machine_still_spread()
    {
        var outcome = Placer.Place(Request(Machines(3), Component("worker", 6, rule: new() { Spread = false })));
        Assert.Equal([2, 2, 2], Where(outcome, "worker").GroupBy(m => m).Select(g => g.Count()));
    }

    [Fact]
    public void Loads_are_even_where_the_rules_leave_a_choice()
    {
        var components = Enumerable.Range(1, 20).Select(i => Component($"c{i}", 3, 1 + (i % 4))).ToArray();
        var result = Placer.Place(Request(Machines(10), components)).Value!;
        Assert.InRange(result.Balance, 1, 1.1);
    }

    [Fact]
    public void A_machine_half_as_large_carries_half_as_much()
    {
        var outcome = Placer.Place(Request([Machine(1, memory: 32), Machine(2, memory: 16)], [.. Enumerable.Range(1, 6).Select(i => Component($"c{i}", 1, 4))]));
        Assert.Equal([("10.0.0.1", 4), ("10.0.0.2", 2)], outcome.Value!.Instances.GroupBy(i => i.Machine.ToString()).Select(g => (g.Key, g.Count())).Order());
    }

    [Fact]
    public void Labels_missing_everywhere_are_named()
    {
        var outcome = Placer.Place(Request(Machines(5), Component("drds", 2, rule: Labelled("drds")), Component("cache", 3)));
        var problem = Assert.Single(outcome.Problems);
        Assert.Equal(("no-machine", "drds"), (problem.Code, problem.Place));
        Assert.Equal("Component drds: no machine for drds-1, drds-2; rule: labels. all 5 machines: label nodetype=drds missing.", problem.Message);
        Assert.Contains("machine_labels with nodetype=drds", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void What_each_machine_lacked_is_folded_and_figures_are_given()
    {
        var machines = Machines(4).Append(Machine(5, label: "big", memory: 2)).Append(Machine(6, label: "big", memory: 16));
        var outcome = Placer.Place(Request(machines, Component("metadb", 2, 4, Labelled("big")), Component("wide", 7)));
        Assert.Equal(
            [
                "Component metadb: no machine for metadb-2; rule: spread, memory. 4 machines: label nodetype=big missing; 10.0.0.5: memory 1.0 GiB free, 4.0 GiB needed; 10.0.0.6: has one of metadb already.",
                "Component wide: no machine for wide-7; rule: spread. all 6 machines: has one of wide already.",
            ],
            outcome.Problems.Select(p => p.Message));
        Assert.Contains("lower its count to 1", outcome.Problems[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Machines_with_many_different_figures_are_told_by_the_best_of_them()
    {
        var outcome = Placer.Place(Request(Enumerable.Range(1, 9).Select(i => Machine(i, memory: i)), Component("hbase", 1, 64)));
        Assert.Equal("Component hbase: no machine for hbase-1; rule: memory. all 9 machines: memory at most 9.0 GiB free, 64.0 GiB needed.", Assert.Single(outcome.Problems).Message);
    }

    [Fact]
    public void Ports_collide_in_VM_mode_only()
    {
        var request = Request([Machine(1)], Component("a", 1, port: 80), Component("b", 1, port: 80));
        Assert.Contains("port tcp/80 taken by a", Assert.Single(Placer.Place(request).Problems).Message, StringComparison.Ordinal);
        Assert.True(Placer.Place(request with { Mode = SiteMode.Physical }).Ok);
        Assert.True(Placer.Place(request with { Components = [request.Components[0], Component("b", 1) with { Ports = [new(80, "udp")] }] }).Ok);
    }

    [Fact]
    public void A_port_of_what_is_not_Arks_is_left_alone()
    {
        var busy = Machine(1) with { PortsTaken = [new(22, "tcp")] };
        Assert.Equal(["10.0.0.2"], Where(Placer.Place(Request([busy, Machine(2)], Component("a", 1, port: 22))), "a"));
    }

    [Fact]
    public void An_exclusive_machine_is_chosen_where_others_miss_it_least()
    {
        var outcome = Placer.Place(Request([Machine(1, label: "db"), Machine(2)], Component("alone", 1, rule: new() { Exclusive = true }), Component("db", 1, rule: Labelled("db"))));
        Assert.Equal(["10.0.0.2"], Where(outcome, "alone"));
    }

    [Fact]
    public void What_stands_stays_even_where_the_rules_speak_against_it_now()
    {
        var request = Request([Machine(1), Machine(2, label: "db")], Component("db", 2, rule: Labelled("db") with { Spread = false }));
        var outcome = Placer.Place(request with { Standing = [new("db", 1, PlacementGen.Address(1))] });
        Assert.Equal(["10.0.0.1", "10.0.0.2"], Where(outcome, "db"));
        Assert.Equal(("stays-against-rule", "db-1"), Assert.Single(outcome.Problems.Select(p => (p.Code, p.Place))));
    }

    [Fact]
    public void Only_what_stands_on_a_drained_or_lost_machine_moves()
    {
        var request = Request([Machine(1) with { Drained = true }, Machine(2), Machine(3), Machine(4)], Component("cache", 3));
        var outcome = Placer.Place(request with
        {
            Standing = [new("cache", 1, PlacementGen.Address(1)), new("cache", 2, PlacementGen.Address(2)), new("cache", 3, PlacementGen.Address(99))],
        });
        Assert.Equal(["10.0.0.3", "10.0.0.2", "10.0.0.4"], Where(outcome, "cache"));
        Assert.Equal([PlacementGen.Address(1), null, PlacementGen.Address(99)], outcome.Value!.Instances.Select(i => i.MovedFrom));
    }

    [Fact]
    public void A_pin_is_kept_to_or_refused_with_the_reason()
    {
        PlacementComponent Pinned(int machine) => Component("cache", 2, 4) with { Pins = new Dictionary<int, IPAddress> { [2] = PlacementGen.Address(machine) } };
        var machines = new[] { Machine(1), Machine(2), Machine(3, memory: 2) };
        Assert.Equal("10.0.0.2", Where(Placer.Place(Request(machines, Pinned(2))), "cache")[1]);
        var small = Assert.Single(Placer.Place(Request(machines, Pinned(3))).Problems);
        Assert.Equal(("cache-2", "cache-2 is pinned to 10.0.0.3, which cannot hold it: memory 2.0 GiB free, 4.0 GiB needed."), (small.Place, small.Message));
        Assert.Equal("unknown-machine", Assert.Single(Placer.Place(Request(machines, Pinned(9))).Problems).Code);
        Assert.Equal("pinned-elsewhere", Assert.Single(Placer.Place(Request(machines, Pinned(1)) with { Standing = [new("cache", 2, PlacementGen.Address(2))] }).Problems).Code);
    }

    [Fact]
    public void Three_tenths_of_a_core_are_three_times_a_tenth()
    {
        var outcome = Placer.Place(Request([Machine(1, cpus: 0.3)], Component("c", 3, rule: new() { Spread = false }) with { Resources = new(0.1, 1, 1) }));
        Assert.True(outcome.Ok);
    }

    [Fact]
    public void A_site_without_machines_says_so() =>
        Assert.Contains("The site has no machine.", Assert.Single(Placer.Place(Request([], Component("c", 1))).Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void A_component_of_the_catalogue_brings_the_tasks_ports_and_pins()
    {
        var component = new Component
        {
            Name = "metadb",
            Title = "",
            Stage = Stage.Metadb,
            Count = new(3, 3, 9),
            Resources = new(1, 2, 3),
            Ports = [new("mysql", 3306), new("sync", 4567, "udp")],
            Container = new() { Image = "metadb" },
            Update = new(TimeSpan.Zero, TimeSpan.Zero),
        };
        var task = new TaskComponent
        {
            Name = "metadb",
            Ports = new Dictionary<string, int> { ["mysql"] = 3307 },
            Machines = new Dictionary<string, IPAddress> { ["metadb-2"] = PlacementGen.Address(2), ["metadb-4"] = PlacementGen.Address(4) },
        };
        var wanted = PlacementComponent.Of(component, task, 3);
        Assert.Equal([new(3307, "tcp"), new(4567, "udp")], wanted.Ports);
        Assert.Equal([(2, PlacementGen.Address(2))], wanted.Pins.Select(p => (p.Key, p.Value)));
    }
}
