using Ark.Core.Checks;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Core.Tests.Planning;
using Xunit;

namespace Ark.Core.Tests.Checks;

public sealed class TaskNeedsTests
{
    private const long Gb = 1L << 30;

    [Fact]
    public void Every_machine_gets_the_sum_of_what_will_stand_on_it_with_the_ports_in_VM_mode()
    {
        var needs = Of(Resolving.Vm, Resolving.Task(3, names: 3), Machines(8, 32 * Gb, 100 * Gb));
        Assert.Equal(["10.0.0.11", "10.0.0.12", "10.0.0.13"], needs.Keys.Order(StringComparer.Ordinal));
        Assert.All(needs.Values, n => Assert.Equal((0.15m, (128L + 32) << 20, Gb + (64L << 20)), (n.Cpu, n.MemoryBytes, n.DiskBytes)));
        Assert.All(needs.Values, n => Assert.Equal([6379, 9121], n.Ports.Keys.Order()));
        Assert.All(needs.Values, n => Assert.Equal([53], n.UdpPorts.Keys));
        Assert.Equal(["cache-1", "cache-2", "cache-3"], needs.Values.Select(n => n.Ports[6379]).Order(StringComparer.Ordinal));
        Assert.All(Of(Resolving.Physical, Resolving.Task(3), Machines(8, 32 * Gb, 100 * Gb)).Values, n => Assert.Empty(n.Ports.Concat(n.UdpPorts)));
    }

    [Fact]
    public void What_fits_is_placed_where_there_is_room_and_what_does_not_is_placed_all_the_same_so_that_checks_can_name_the_machine()
    {
        var machines = Machines(8, 32 * Gb, 100 * Gb);
        var small = machines[0] with { Memory = machines[0].Memory! with { TotalBytes = 16L << 20 } };
        Assert.DoesNotContain("10.0.0.11", Of(Resolving.Vm, Resolving.Task(1), [small, machines[1], machines[2]]).Keys);
        Assert.Contains("10.0.0.11", Of(Resolving.Vm, Resolving.Task(3), [small, machines[1], machines[2]]).Keys);
    }

    [Fact]
    public void A_machine_that_said_nothing_is_taken_to_be_like_the_largest_of_the_others()
    {
        var machines = Machines(8, 32 * Gb, 100 * Gb);
        HostFacts Silent(int i) => new() { Machine = machines[i].Machine, At = DateTimeOffset.UnixEpoch };
        Assert.Equal(3, Of(Resolving.Vm, Resolving.Task(3), [machines[0], Silent(1), machines[2]]).Count);
        Assert.Equal(3, Of(Resolving.Vm, Resolving.Task(3), [Silent(0), Silent(1), Silent(2)]).Count);
        Assert.Equal(3, Of(Resolving.Vm, Resolving.Task(3), []).Count);
    }

    [Fact]
    public void What_can_be_placed_nowhere_is_told() =>
        Assert.False(TaskNeeds.Of(Resolving.Vm, Resolving.Task(5), Resolving.Baseline, Machines(8, 32 * Gb, 100 * Gb)).Ok);

    [Fact]
    public void A_product_is_in_the_mix_with_a_component_that_not_every_product_has()
    {
        var products = new Ark.Core.Catalog.Product[] { new("platform", "", ["names"], []), new("cache", "", ["names", "cache"], []), new("drds", "", ["names", "drds-server"], ["histore"]) };
        var baseline = Resolving.Baseline with { Products = products };
        Assert.Equal(["cache"], TaskNeeds.Products(Task("names", "cache"), baseline));
        Assert.Equal(["drds"], TaskNeeds.Products(Task("names", "histore"), baseline));
        Assert.Contains("DRDS", TaskNeeds.Products(Task("drds-server"), baseline));
        Assert.Empty(TaskNeeds.Products(Task("names"), baseline));
    }

    private static DeploymentTask Task(params string[] components) => new() { Id = "1", Baseline = "open-3.1", Components = [.. components.Select(c => new TaskComponent { Name = c })] };

    private static IReadOnlyDictionary<string, MachineNeeds> Of(Site site, DeploymentTask task, IReadOnlyList<HostFacts> machines)
    {
        var needs = TaskNeeds.Of(site, task, Resolving.Baseline, machines);
        Assert.True(needs.Ok, string.Join('\n', needs.Problems));
        return needs.Value;
    }

    private static IReadOnlyList<HostFacts> Machines(int cpus, long memory, long disk) =>
    [
        .. Resolving.Vm.Machines.Select(m => new HostFacts
        {
            Machine = m.Name,
            At = DateTimeOffset.UnixEpoch,
            Cpu = new(cpus, "", [], null),
            Memory = new(memory, memory, 0, [], null),
            Storage = new([], [new(Resolving.Vm.DockerDir, "/data", "/dev/sdb", "ext4", null, [], disk, disk, 1000, 900, null, null)], null, []),
        }),
    ];
}
