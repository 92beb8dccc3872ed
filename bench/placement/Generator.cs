using Ark.Core.Addressing;
using Ark.Core.Placement;
using Ark.Core.Sites;

namespace Ark.Bench.Placement;

/// <summary>The site that is placed: the same one for ever from the same seed (the generator of numbers is our own, so that no library changes it).</summary>
internal sealed class Generator(ulong seed)
{
    public const int Machines = 5_000;
    public const int Instances = 100_000;
    private const long Gib = 1L << 30;
    private ulong _state = seed;

    /// <summary>About 70 % of all memory is asked for; two machines of five bear a node type, three of ten fast disks.</summary>
    public PlacementRequest Request() => new()
    {
        Mode = SiteMode.Vm,
        Machines = [.. Enumerable.Range(0, Machines).Select(Machine)],
        Components = Components(),
    };

    private PlacementMachine Machine(int number)
    {
        Dictionary<string, string> labels = [];
        if (Chance(40))
            labels["nodetype"] = Pick("drds", "mq", "hbase", "control");
        if (Chance(30))
            labels["disk"] = "ssd";
        var (cpus, memory, disk) = Pick((32, 128, 2_000), (32, 128, 2_000), (56, 192, 1_200), (64, 384, 4_000));
        return new()
        {
            Address = Ipv4.FromNumber(0x0A000001 + (uint)number),
            Room = Pick("a", "b", "c"),
            Labels = labels,
            Capacity = new(cpus, memory * Gib, disk * Gib),
            PortsTaken = [new(22, "tcp")],
        };
    }

    private List<PlacementComponent> Components()
    {
        List<PlacementComponent> components = [];
        for (var left = Instances; left > 0;)
        {
            var count = Math.Min(left, Pick(1, 3, 3, 3, 5, 5, 7, 9, 10 + Next(30), 50 + Next(100)));
            components.Add(Component(components.Count, count));
            left -= count;
        }

        return components;
    }

    private PlacementComponent Component(int number, int count)
    {
        Dictionary<string, string> labels = [];
        var kind = Next(100);
        if (kind < 25)
            labels["nodetype"] = Pick("drds", "mq", "hbase", "control");
        else if (kind < 40)
            labels["disk"] = "ssd";
        var memory = Pick(1, 2, 2, 4, 4, 8, 16);
        return new()
        {
            Name = $"component{number:D5}",
            Count = count,
            Resources = new(memory / 8.0, memory * Gib, Pick(1, 5, 10, 20) * Gib),
            Rule = new()
            {
                Labels = labels,
                Spread = !Chance(10),
                Exclusive = count <= 3 && Chance(1),
                Apart = Chance(10) && number > 0 ? [.. Enumerable.Range(0, 1 + Next(3)).Select(_ => $"component{Next(number):D5}").Distinct()] : [],
            },
            Ports = Chance(30) ? [new(10_000 + Next(2_000), "tcp")] : [],
        };
    }

    private bool Chance(int percent) => Next(100) < percent;

    private T Pick<T>(params T[] choices) => choices[Next(choices.Length)];

    private int Next(int below) => (int)(NextNumber() % (ulong)below);

    /// <summary>SplitMix64.</summary>
    private ulong NextNumber()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
