using System.Net;
using Ark.Core.Planning;
using Ark.Core.Tests.Catalog;
using Xunit;

namespace Ark.Core.Tests.Planning;

public sealed class TaskPlacementTests
{
    private static readonly string[] Machines = ["10.0.0.11", "10.0.0.12", "10.0.0.13"];

    /// <summary>What another task has on a machine.</summary>
    private static ServiceSpec Other(string name, string machine, InstanceUse use)
    {
        var labels = new SortedDictionary<string, string> { [ArkLabels.Task] = "577", [ArkLabels.Component] = name[..name.LastIndexOf('-')] };
        use.AddTo(labels);
        return new() { Name = name, Image = "x", Labels = labels, CpuReservation = 0.1, MemoryReservation = 1 << 20, Machine = machine, Network = "host", Monitor = TimeSpan.Zero };
    }

    [Fact]
    public void A_port_of_another_tasks_instance_is_taken()
    {
        var facts = Resolving.Facts(Other("proxy-1", "10.0.0.11", new() { Ports = [new(9121, "tcp")] }), Other("proxy-2", "10.0.0.12", new() { Ports = [new(9121, "udp")] }));
        var refused = Resolving.Place(Resolving.Vm, Resolving.Task(3), facts);
        Assert.False(refused.Ok);
        Assert.Contains("9121", string.Join('\n', refused.Problems), StringComparison.Ordinal);
        Assert.NotEqual("10.0.0.11", Resolving.Place(Resolving.Vm, Resolving.Task(1), facts).Value!["cache-1"].Machine);
        Assert.True(Resolving.Place(Resolving.Physical, Resolving.Task(3), facts).Ok);
    }

    [Fact]
    public void A_machine_that_another_tasks_instance_has_for_itself_gets_nothing()
    {
        var facts = Resolving.Facts(Other("store-1", "10.0.0.12", new() { Exclusive = true }));
        var spots = Resolving.Place(Resolving.Vm, Resolving.Task(1, names: 2), facts).Value!;
        Assert.DoesNotContain("10.0.0.12", spots.Values.Select(s => s.Machine));
        Assert.False(Resolving.Place(Resolving.Vm, Resolving.Task(3), facts).Ok);
    }

    [Fact]
    public void Who_wants_a_machine_for_itself_goes_where_no_other_task_is()
    {
        var alone = Resolving.Read(Samples.WithCache("  apart: [names]\n", "  exclusive: true\n"));
        var facts = Resolving.Facts(Other("proxy-1", "10.0.0.11", new()), Other("proxy-2", "10.0.0.13", new()));
        Assert.Equal("10.0.0.12", Resolving.Place(Resolving.Vm, Resolving.Task(1), facts, alone).Value!["cache-1"].Machine);
        Assert.Equal("true", Resolving.Specs(Resolving.Resolve(Resolving.Vm, Resolving.Task(1), facts, alone)).Single(s => s.Name == "cache-1").Labels[ArkLabels.Exclusive]);
    }

    [Fact]
    public void Disk_that_another_task_was_promised_is_not_promised_again()
    {
        var facts = Resolving.Facts(Machines.Select((m, i) => Other($"store-{i + 1}", m, new() { DiskBytes = 100L << 30 })));
        var refused = Resolving.Place(Resolving.Vm, Resolving.Task(1), facts);
        Assert.Contains("disk", string.Join('\n', refused.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_that_comes_back_stands_where_its_data_is()
    {
        TaskPlacementRequest Request(string home, params string[] drained) => new()
        {
            Site = Resolving.Vm, Task = Resolving.Task(3), Baseline = Resolving.Baseline, Facts = Resolving.Facts(), Drained = drained.ToHashSet(),
            Volumes = Machines.ToDictionary(m => m, IReadOnlyList<string> (m) => m == home ? ["cache-1.data", "cache-10.data"] : ["other"]),
        };
        Assert.All(Machines, home => Assert.Equal(home, TaskPlacement.Place(Request(home)).Value!["cache-1"].Machine));
        Assert.False(TaskPlacement.Place(Request(Machines[0], Machines[0])).Ok); // Three on two machines.
    }

    [Fact]
    public void The_registrys_port_on_the_client_is_taken() =>
        Assert.Equal([true, false, false], Resolving.Vm.Machines.Select(m => TaskPlacement.PortsOfBase(m, Resolving.Vm).Contains(new(80, "tcp"))));

    [Fact]
    public void In_VM_mode_an_instance_has_its_machines_address() =>
        Assert.All(Resolving.Place(Resolving.Vm, Resolving.Task(3), Resolving.Facts()).Value!.Values, s => Assert.Equal(s.Machine, s.Address));

    [Fact]
    public void In_physical_mode_instances_get_addresses_of_the_pool_and_keep_them_however_the_task_grows()
    {
        var one = Resolving.Resolve(Resolving.Physical, Resolving.Task(1), Resolving.Facts());
        Assert.Equal(("10.16.9.10", "10.16.9.11"), (AddressOf(one, "cache-1"), AddressOf(one, "names-1")));
        var three = Resolving.Resolve(Resolving.Physical, Resolving.Task(3), Resolving.Facts(Resolving.Specs(one)));
        Assert.Equal(["10.16.9.10", "10.16.9.12", "10.16.9.13", "10.16.9.11"], Resolving.Specs(three).OrderBy(s => s.Name).Select(s => InstanceUse.AddressOf(s)));
        var step = TaskPlanner.Plan(three, Resolving.Facts(Resolving.Specs(one)), null, PlanScope.Whole).Value!.Steps.Single(s => s.Id == "create-service:cache-2");
        Assert.EndsWith(" as 10.16.9.12", step.After, StringComparison.Ordinal);
        Assert.Equal("10.16.9.12", StatusReport.Of("s", "527", three, null, Resolving.Facts()).Instances.Single(i => i.Name == "cache-2").Address);
    }

    [Fact]
    public void What_task_yaml_writes_comes_first_and_is_kept_free_for_instances_above_the_count()
    {
        var task = Resolving.Task("{id: \"527\", schema: 1, baseline: open-3.1, components: {cache: {count: 1, image: \"1\", addresses: {cache-1: 10.16.9.15, cache-3: 10.16.9.10}}, names: {count: 1, image: \"1\"}}}");
        var spots = Resolving.Place(Resolving.Physical, task, Resolving.Facts()).Value!;
        Assert.Equal(("10.16.9.15", "10.16.9.11"), (spots["cache-1"].Address, spots["names-1"].Address));
    }

    [Fact]
    public void What_runs_keeps_its_address_and_a_task_that_says_otherwise_is_refused()
    {
        var facts = Resolving.Facts(Resolving.Specs(Resolving.Resolve(Resolving.Physical, Resolving.Task(1), Resolving.Facts())));
        var task = Resolving.Task("{id: \"527\", schema: 1, baseline: open-3.1, components: {cache: {count: 1, image: \"1\", addresses: {cache-1: 10.16.9.15}}, names: {count: 1, image: \"1\"}}}");
        Assert.Equal("address-changed", Assert.Single(Resolving.Place(Resolving.Physical, task, facts).Problems).Code);
    }

    [Fact]
    public void Another_tasks_addresses_are_its_own_whether_they_are_in_use_or_only_on_record()
    {
        var facts = Resolving.Facts(Other("store-1", "10.0.0.11", new() { Address = A(10) }));
        var record = Record("577", 1, ("store-1", 10), ("store-2", 11));
        var spots = Resolving.Place(Resolving.Physical, Resolving.Task(1), facts, null, record).Value!;
        Assert.Equal(("10.16.9.12", "10.16.9.13"), (spots["cache-1"].Address, spots["names-1"].Address));
    }

    [Fact]
    public void What_a_run_that_broke_off_had_put_on_record_holds_in_the_next()
    {
        var record = Record("527", 1, ("cache-1", 14), ("names-1", 10));
        var spots = Resolving.Place(Resolving.Physical, Resolving.Task(1), Resolving.Facts(), null, record).Value!;
        Assert.Equal(("10.16.9.14", "10.16.9.10"), (spots["cache-1"].Address, spots["names-1"].Address));
        var other = Record("577", 1, ("store-1", 14));
        Assert.Equal("10.16.9.11", Resolving.Place(Resolving.Physical, Resolving.Task(1), Resolving.Facts(), null, record, other).Value!["cache-1"].Address);
    }

    [Fact]
    public void Addresses_that_were_in_use_once_are_given_last()
    {
        var facts = Resolving.Facts(Resolving.Specs(Resolving.Resolve(Resolving.Physical, Resolving.Task(1), Resolving.Facts())));
        AddressRecord[] records = [Record("527", 1, ("cache-1", 10), ("names-1", 11), ("cache-2", 12), ("cache-3", 13)), Record("527", 2, ("cache-1", 10), ("names-1", 11))];
        Assert.Equal(["10.16.9.12", "10.16.9.13"], AddressBook.Of(facts, records).Freed.Select(a => a.ToString()));
        var spots = Resolving.Place(Resolving.Physical, Resolving.Task(3), facts, null, records).Value!;
        Assert.Equal(["10.16.9.10", "10.16.9.14", "10.16.9.15"], [spots["cache-1"].Address, spots["cache-2"].Address, spots["cache-3"].Address]);
    }

    [Fact]
    public void A_machine_that_is_drained_gives_up_its_instances_and_they_keep_their_addresses()
    {
        var one = Resolving.Resolve(Resolving.Physical, Resolving.Task(1), Resolving.Facts());
        var facts = Resolving.Facts(Resolving.Specs(one));
        var machine = facts.Find("cache-1")!.Spec.Machine;
        var moved = TaskPlacement.Place(new() { Site = Resolving.Physical, Task = Resolving.Task(1), Baseline = Resolving.Baseline, Facts = facts, Drained = new HashSet<string> { machine } }).Value!["cache-1"];
        Assert.NotEqual(machine, moved.Machine);
        Assert.Equal("10.16.9.10", moved.Address);
    }

    private static string AddressOf(DesiredTask task, string instance) => InstanceUse.AddressOf(Resolving.Specs(task).Single(s => s.Name == instance));

    private static IPAddress A(int last) => IPAddress.Parse($"10.16.9.{last}");

    private static AddressRecord Record(string task, int version, params (string Instance, int Last)[] addresses) =>
        new(task, version, addresses.ToDictionary(a => a.Instance, a => A(a.Last)));
}
