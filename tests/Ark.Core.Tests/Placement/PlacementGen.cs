using System.Net;
using Ark.Core.Addressing;
using Ark.Core.Placement;
using Ark.Core.Sites;
using CsCheck;

namespace Ark.Core.Tests.Placement;

/// <summary>Small sites, full enough that about half of them have no placement.</summary>
internal static class PlacementGen
{
    public static IPAddress Address(int number) => Ipv4.FromNumber(0x0A000000 + (uint)number);

    private static readonly Gen<IReadOnlyDictionary<string, string>> Labels =
        Gen.OneOf(
            Gen.Const((IReadOnlyDictionary<string, string>)new Dictionary<string, string>()),
            Gen.OneOf(Gen.Const("x"), Gen.Const("y")).Select(v => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { ["type"] = v }));

    private static Gen<PlacementMachine> Machine(int number) =>
        from labels in Labels
        from room in Gen.OneOf(Gen.Const("a"), Gen.Const("b"), Gen.Const("c"))
        from cpus in Gen.Int[1, 8]
        from memory in Gen.Int[1, 8]
        from disk in Gen.Int[2, 8]
        from drained in Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true)))
        from port in Gen.Frequency((8, Gen.Const(0)), (1, Gen.Int[1, 3]))
        from other in Gen.Frequency((8, Gen.Const("")), (1, Gen.OneOf(Gen.Const("c1"), Gen.Const("foreign"))))
        from reserved in Gen.Frequency((15, Gen.Const(false)), (1, Gen.Const(true)))
        select new PlacementMachine
        {
            Address = Address(number),
            Labels = labels,
            Room = room,
            Capacity = new(cpus / 10.0, memory, disk),
            Drained = drained,
            PortsTaken = port == 0 ? [] : [new(port, "tcp")],
            Others = other.Length > 0 ? [other] : [],
            Reserved = reserved,
        };

    private static Gen<PlacementComponent> Component(int number, int machines) =>
        from labels in Gen.Frequency((2, Gen.Const((IReadOnlyDictionary<string, string>)new Dictionary<string, string>())), (1, Labels))
        from count in Gen.Int[0, 3]
        from cpus in Gen.Int[0, 3]
        from memory in Gen.Int[0, 3]
        from spread in Gen.Bool
        from exclusive in Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true)))
        from apart in Gen.Frequency((3, Gen.Const("")), (1, Gen.Int[1, 4].Select(i => $"c{i}")))
        from port in Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 3]))
        from pin in Gen.Frequency((6, Gen.Const(0)), (1, Gen.Int[1, machines]))
        select new PlacementComponent
        {
            Name = $"c{number}",
            Count = count,
            Resources = new(cpus / 10.0, memory, 1),
            Rule = new() { Labels = labels, Spread = spread, Exclusive = exclusive, Apart = apart.Length > 0 ? [apart] : [] },
            Ports = port == 0 ? [] : [new(port, "tcp")],
            Pins = pin > 0 && count > 0 ? new Dictionary<int, IPAddress> { [1] = Address(pin) } : new Dictionary<int, IPAddress>(),
        };

    /// <summary>Nothing stands yet.</summary>
    public static Gen<PlacementRequest> Empty { get; } =
        from machines in Gen.Int[1, 5]
        from components in Gen.Int[1, 4]
        from mode in Gen.OneOf(Gen.Const(SiteMode.Vm), Gen.Const(SiteMode.Physical))
        from m in All(machines, Machine)
        from c in All(components, n => Component(n, machines))
        select new PlacementRequest { Mode = mode, Machines = m, Components = c };

    /// <summary>Some instances stand somewhere, not always where the rules would have them; some machines are gone.</summary>
    public static Gen<PlacementRequest> Any { get; } =
        from request in Empty
        from spots in Gen.Int[0, 7].Array[12]
        select request with
        {
            Standing =
            [
                .. request.Components.SelectMany((c, n) => Enumerable.Range(1, 3).Select(i => (Component: c.Name, Index: i, At: spots[(n * 3) + i - 1])))
                    .Where(s => s.At > 0)
                    .Select(s => new StandingInstance(s.Component, s.Index, Address(s.At))),
            ],
        };

    /// <summary>The same in another order.</summary>
    public static PlacementRequest Shuffled(PlacementRequest request, int seed)
    {
        var random = new Random(seed);
        T[] Mixed<T>(IReadOnlyList<T> list) => [.. list.OrderBy(_ => random.Next())];
        return request with { Machines = Mixed(request.Machines), Components = Mixed(request.Components), Standing = Mixed(request.Standing) };
    }

    private static Gen<List<T>> All<T>(int count, Func<int, Gen<T>> one) =>
        Enumerable.Range(1, count).Aggregate(Gen.Const(new List<T>()), (list, n) => Gen.Select(list, one(n)).Select((l, next) => (List<T>)[.. l, next]));
}
