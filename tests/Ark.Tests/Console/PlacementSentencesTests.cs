using System.Net;
using Ark.Console.Texts;
using Ark.Core.Catalog;
using Ark.Core.Placement;
using Ark.Core.Sites;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>Whether it is there in Chinese why a task finds no place on the machines, of which <c>ark check</c> warns.</summary>
public sealed class PlacementSentencesTests
{
    private const long Gib = 1L << 30;

    private static readonly IPAddress First = IPAddress.Parse("10.0.0.1");

    private static readonly PlacementRule Big = new() { Labels = new Dictionary<string, string> { ["nodetype"] = "big", ["rack"] = "r1" } }, Alone = new() { Exclusive = true };

    private static readonly List<int> Nine = [.. Enumerable.Range(1, 9)];

    /// <summary>Sites on which something finds no place, each for another reason.</summary>
    private static readonly PlacementRequest[] Sites =
    [
        Site([], Of("cache", 1)),
        Site([On(1), On(2)], Of("cache", 3)),
        Site([On(1)], Of("cache", 9)),
        Site([On(1) with { Drained = true }], Of("cache", 2)),
        Site([On(1), On(2)], Of("drds", 2) with { Rule = Big }, Of("cache", 1)),
        Site([On(1)], Of("cache", 1) with { Ports = [new(80, "tcp")] }, Of("proxy", 1) with { Ports = [new(80, "tcp")] }),
        Site([On(1) with { PortsTaken = [new(80, "tcp")] }], Of("proxy", 1) with { Ports = [new(80, "tcp")] }),
        Site([On(1)], Of("cache", 1), Of("kafka", 1) with { Rule = Alone }),
        Site([On(1)], Of("kafka", 1) with { Rule = Alone }, Of("cache", 1) with { Pins = new Dictionary<int, IPAddress> { [1] = First } }),
        Site([On(1) with { Reserved = true }], Of("cache", 1)),
        Site([On(1) with { Others = ["mysql"] }], Of("cache", 1) with { Rule = new() { Apart = ["mysql"] } }),
        Site([On(1)], Of("cache", 1, 99, 64, 999)),
        Site(Nine.Select(i => On(i, cpus: i)), Of("hbase", 1, 99)),
        Site(Nine.Select(i => On(i, memory: i)), Of("hbase", 1, memory: 64)),
        Site(Nine.Select(i => On(i, disk: i)), Of("hbase", 1, disk: 64)),
        Site(Nine.Select(i => On(i) with { PortsTaken = [.. Nine.Take(i).Select(p => new PortUse(p, "tcp"))] }), Of("proxy", 10) with { Ports = [.. Nine.Select(p => new PortUse(p, "tcp"))] }),
        Site(Enumerable.Range(1, 4).Select(i => On(i)).Append(On(5) with { Drained = true }), Of("cache", 6)),
        Site([On(1)], Of("cache", 1) with { Pins = new Dictionary<int, IPAddress> { [1] = IPAddress.Parse("10.0.0.9") } }),
        Site([On(1, memory: 2)], Of("cache", 1, memory: 4) with { Pins = new Dictionary<int, IPAddress> { [1] = First } }),
    ];

    [Fact]
    public void Nothing_is_in_English()
    {
        var english = Texts().Where(t => English.In(t.Chinese)).Select(t => $"{t.English}  ⇒  {t.Chinese}").ToList();
        Assert.True(english.Count == 0, string.Join('\n', english));
    }

    /// <summary>But what takes a puzzle of components, or more than a hundred of them.</summary>
    [Fact]
    public void No_pair_is_left_over() => Assert.Equal(
        [],
        CheckSentences.Pairs["Placement"].Except(CheckSentences.Pairs["Common"]).Select(p => (Pair: p, p.Key))
            .Where(p => p.Key is not ("another instance took its place" or "would do alone, but not together with the other components" or "Component {0:word}: no machine for {1}."))
            .Where(p => !Texts().Any(t => English.Stands(p.Pair, t.English))).Select(p => p.Key));

    [Theory]
    [InlineData("Component cache: no machine for cache-3; rule: spread. 10.0.0.1, 10.0.0.2: has one of cache already.", "组件 cache：cache-3 没有可放置的机器；限制：分散。10.0.0.1, 10.0.0.2：已有一个 cache 实例。")]
    [InlineData(
        "Component metadb: no machine for metadb-2; rule: spread, memory. 4 machines: label nodetype=big missing; 10.0.0.5: memory 1.0 GiB free, 4.0 GiB needed; 10.0.0.6: has one of metadb already.",
        "组件 metadb：metadb-2 没有可放置的机器；限制：分散，内存。4 台机器：缺少标签 nodetype=big；10.0.0.5：内存可用 1.0 GiB，需要 4.0 GiB；10.0.0.6：已有一个 metadb 实例。")]
    [InlineData("lower its count to 2, or add machines: ark machine add", "将其数量降为 2，或增加机器：ark machine add")]
    public void Lists_of_machines_and_what_they_lack_are_told_part_by_part(string english, string chinese) => Assert.Equal(chinese, CheckSentences.OfPlacement(english));

    private static IEnumerable<(string English, string Chinese)> Texts() =>
        Sites.SelectMany(s => Placer.Place(s).Problems).SelectMany(p => new[] { p.Message, p.Remedy }.Select(t => (t, p.Code == "no-machine" ? CheckSentences.OfPlacement(t) : CheckSentences.Chinese(t)))).Distinct();

    private static PlacementRequest Site(IEnumerable<PlacementMachine> machines, params PlacementComponent[] components) => new() { Mode = SiteMode.Vm, Machines = [.. machines], Components = components };

    private static PlacementMachine On(int number, double cpus = 8, long memory = 32, long disk = 300) => new() { Address = IPAddress.Parse($"10.0.0.{number}"), Capacity = new(cpus, memory * Gib, disk * Gib) };

    private static PlacementComponent Of(string name, int count, double cpus = 0.5, long memory = 1, long disk = 1) => new() { Name = name, Count = count, Resources = new(cpus, memory * Gib, disk * Gib) };
}
