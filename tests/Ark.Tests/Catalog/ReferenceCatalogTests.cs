using System.Net;
using Ark.Core.Catalog;
using Ark.Core.Placement;
using Ark.Core.Planning;
using Ark.Core.Secrets;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Core.Tasks;
using Ark.Remote.Files;
using Ark.Testing;
using Xunit;

namespace Ark.Tests.Catalog;

/// <summary>The catalogue of products whose images their owner supplies.</summary>
public sealed class ReferenceCatalogTests
{
    private static readonly string[] Base31 = ["middleware-dncs", "tlog", "minidbpaas-metadb", "butler", "dauth-product"];

    [Theory]
    [InlineData("edas", false, false)]
    [InlineData("drds", true, true)]
    [InlineData("mq", false, false)]
    [InlineData("csb", false, false)]
    [InlineData("arms", false, false)]
    [InlineData("gts", false, false)]
    [InlineData("hitsdb", false, false)]
    public async Task Every_product_of_line_3_1_brings_what_the_table_says(string name, bool dbpaas, bool histore)
    {
        var product = (await ReadAsync("reference-3.1")).Products.Single(p => p.Name == name);
        Assert.Empty(Base31.Except(product.Components));
        Assert.Equal((dbpaas, histore, false), (product.Components.Contains("dbpaas"), product.Optional.Contains("histore"), product.Components.Contains("histore")));
    }

    [Fact]
    public async Task Line_3_0_has_HAProxy_and_a_metadata_database_in_place_of_DNCS_and_MetaDB()
    {
        var (old, now) = (await ReadAsync("reference-3.0"), await ReadAsync("reference-3.1"));
        Assert.Equal(["haproxy", "metadb"], old.Components.Select(c => c.Name).Except(now.Components.Select(c => c.Name)));
        Assert.Equal(["middleware-dncs", "minidbpaas-metadb"], now.Components.Select(c => c.Name).Except(old.Components.Select(c => c.Name)));
        Assert.NotNull(old.Find("metadb")!.External);
    }

    [Fact]
    public async Task Sizing_and_catalogue_have_the_same_components_and_default_counts()
    {
        var baseline = await ReadAsync("reference-3.1");
        foreach (var instances in Size(new() { Products = ["EDAS+MQ+DRDS+GTS+CSB+ARMS"] }).Instances)
        {
            var component = baseline.Find(instances.Component);
            Assert.True(component is not null, instances.Component);
            if (instances.Component != "arms-hbase") // 5 on physical machines, 4 on VMs
                Assert.Equal((instances.Component, instances.Count.Value), (component.Name, component.Count.Default));
        }
    }

    public static TheoryData<string, SiteMode> Mixes() => [.. PublishedTables.Mixes.Select(m => new TheoryDataRow<string, SiteMode>(m.Name, m.Mode))];

    [Theory]
    [MemberData(nameof(Mixes))]
    public async Task The_machines_of_a_mix_hold_its_instances(string mix, SiteMode mode)
    {
        var baseline = await ReadAsync("reference-3.1");
        var plan = Size(new() { Products = [mix], Mode = mode });
        var machines = plan.Groups.SelectMany(g => Enumerable.Repeat(g, (int)g.Count.Value)).Select((g, i) => new PlacementMachine
        {
            Address = IPAddress.Parse($"10.0.0.{i + 1}"),
            Labels = g.Id == "arms" ? new Dictionary<string, string> { ["nodetype"] = "arms" } : [],
            Capacity = CapacityOf(MachineTypes.All.Single(t => t.Name == g.Type), g.Components[0] == "drds-server"),
        }).ToList();
        var placed = Placer.Place(new()
        {
            Mode = mode,
            Machines = machines,
            Components = [.. plan.Instances.Select(i => Placed(baseline.Find(i.Component)!, (int)i.Count.Value))],
        });
        Assert.True(placed.Ok, string.Join('\n', placed.Problems));
    }

    [Theory]
    [InlineData("reference-3.1", "mq-broker", "csb-broker")]
    [InlineData("reference-3.0", "haproxy", "mq-broker")]
    public async Task A_task_is_told_each_image_that_nobody_brought(string name, string first, string second)
    {
        var baseline = await ReadAsync(name);
        var task = TaskReader.Read($"{{id: \"1\", schema: 1, baseline: {name}, components: {{{first}: {{count: 1}}, {second}: {{count: 1}}}}}}", "task.yaml").Value!.Task;
        var resolved = TaskResolver.Resolve(new()
        {
            Site = SiteReader.Read($"mode=vm\naliware_version={baseline.Line}.x\ndomain=shop.example\nmachine_ips=10.0.0.11\nclient_ip=10.0.0.11\nmachine_user=deploy\ndocker_dir=/data/docker\nregistry_dir=/var/images\nntp_server=10.0.0.1\n", "ark.properties").Value!,
            Task = task,
            Text = "",
            Baseline = baseline,
            Spots = new Dictionary<string, Spot> { [first + "-1"] = new("10.0.0.11", "10.0.0.11", ""), [second + "-1"] = new("10.0.0.11", "10.0.0.11", "") },
            Services = [],
            Secrets = new Dictionary<string, IReadOnlyDictionary<string, Core.Secret>>(),
            Digests = new Dictionary<string, string>(),
            Registry = "registry.ark:5000",
            Key = SiteKey.Derive(new("correct horse battery"), new byte[SiteKey.SaltBytes]),
        });
        Assert.Equal(
            new[] { first, second }.Order(StringComparer.Ordinal).Select(c => $"{c}: No image package brought {baseline.Find(c)!.Container.Image}. [no-image] → ark images import PACKAGE"),
            resolved.Problems.Select(p => p.ToString()));
    }

    [Fact]
    public async Task With_some_of_the_images_the_baseline_stays_sound_and_warns_of_the_others()
    {
        var files = await FilesAsync();
        files["reference-3.1/images.yaml"] = $"reference/mq-broker: {{tag: \"1\", digest: \"sha256:{new string('a', 64)}\"}}\n";
        var read = BaselineReader.Read(files, "reference-3.1");
        Assert.True(read.Ok);
        Assert.Equal(20, read.Problems.Count(p => p.Code == "unknown-image"));
        Assert.DoesNotContain(read.Problems, p => p.Place.Contains("mq-broker", StringComparison.Ordinal));
    }

    /// <summary>The disk's published gigabytes count in 1000, Ark's in 1024. Mixes on VMs count drds-server's as standard ones; they are of 16 cores.</summary>
    private static Capacity CapacityOf(MachineType type, bool drds) =>
        new(type == MachineTypes.Vm && drds ? MachineTypes.DrdsVm.Cores : type.Cores * (type.Cores < 16 ? 1.25 : 1), type.MemoryBytes, (long)(type.UsableDiskBytes / 1.0737418));

    private static PlacementComponent Placed(Component component, int count) =>
        new() { Name = component.Name, Count = count, Resources = component.Resources, Rule = component.Placement, Ports = [.. component.Ports.Select(p => new PortUse(p.Number, p.Protocol))] };

    private static SizingPlan Size(SizingRequest request) => Sizer.Plan(request).Value!;

    private static async Task<Baseline> ReadAsync(string name) => BaselineReader.Read(await FilesAsync(), name).Value!;

    private static async Task<Dictionary<string, string>> FilesAsync() => new((await CatalogFolder.ReadAsync(Path.Combine(Clone.Root, "catalog"), TestContext.Current.CancellationToken)).Value!);
}
