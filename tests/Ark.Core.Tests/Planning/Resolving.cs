using Ark.Core.Catalog;
using Ark.Core.Planning;
using Ark.Core.Secrets;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Core.Tests.Catalog;
using Xunit;

namespace Ark.Core.Tests.Planning;

/// <summary>A site of three machines, the sample catalogue, and tasks of it, placed and resolved as the console does.</summary>
internal static class Resolving
{
    private const string Properties = """
        mode=MODE
        aliware_version=3.1.x
        domain=shop.example
        machine_ips=10.0.0.11,10.0.0.12,10.0.0.13
        client_ip=10.0.0.11
        machine_user=deploy
        machine_labels={"10.0.0.11":{"nodetype":"cache"},"10.0.0.12":{"nodetype":"cache"},"10.0.0.13":{"nodetype":"cache","room":"b"}}
        docker_dir=/data/docker
        registry_dir=/var/images
        ntp_server=10.0.0.1
        ip_pool_subnet=10.16.9.0/24
        ip_pool_start=10
        ip_pool_end=20

        """;

    private static readonly SiteKey Key = SiteKey.Derive(new Secret("correct horse battery"), new byte[SiteKey.SaltBytes]);

    public static Site Vm { get; } = Good(SiteReader.Read(Properties.Replace("MODE", "vm", StringComparison.Ordinal), "ark.properties"));

    public static Site Physical { get; } = Good(SiteReader.Read(Properties.Replace("MODE", "physical", StringComparison.Ordinal) + "vlan_id=169\nvlan_gateway=10.16.9.254\nuplink=bond0\n", "ark.properties"));

    /// <summary>The sample catalogue, without the rule that keeps the two components apart.</summary>
    public static Baseline Baseline { get; } = Read(Samples.WithCache("  apart: [names]\n", ""));

    public static Baseline Read(Dictionary<string, string> files) => Good(BaselineReader.Read(files, "open-3.1"));

    public static DeploymentTask Task(int cache, int names = 1, string id = "527") =>
        Task($"{{id: \"{id}\", schema: 1, baseline: open-3.1, components: {{cache: {{count: {cache}, image: \"1\"}}, names: {{count: {names}, image: \"1\"}}}}}}");

    public static DeploymentTask Task(string yaml) => Good(TaskReader.Read(yaml, "task.yaml")).Task;

    /// <summary>What stands: services as the task wants them, on machines of 8 cores and 32 GB.</summary>
    public static ClusterFacts Facts(params IEnumerable<ServiceSpec> standing) => new()
    {
        At = DateTimeOffset.UnixEpoch,
        Nodes = [.. Vm.Machines.Select((m, i) => new NodeFacts($"n{i}", $"m{i}", m.Name, m.Name, true, i == 0, true, false, 8, 32L << 30, new Dictionary<string, string> { [ArkLabels.Disk] = (100L << 30).ToString() }))],
        Services = [.. standing.Select(s => Cluster.Of(s, s.Labels[ArkLabels.Task])).OrderBy(s => s.Name, StringComparer.Ordinal)],
        Configs = [],
        Secrets = [],
    };

    public static Outcome<IReadOnlyDictionary<string, Spot>> Place(Site site, DeploymentTask task, ClusterFacts facts, Baseline? baseline = null, params AddressRecord[] records) =>
        TaskPlacement.Place(new() { Site = site, Task = task, Baseline = baseline ?? Baseline, Facts = facts, Records = records });

    public static DesiredTask Resolve(Site site, DeploymentTask task, ClusterFacts facts, Baseline? baseline = null, string password = "s3cr3t", params AddressRecord[] records) => Good(TaskResolver.Resolve(new()
    {
        Site = site,
        Task = task,
        Text = "text",
        Baseline = baseline ?? Baseline,
        Spots = Good(Place(site, task, facts, baseline, records)),
        Services = facts.Services,
        Secrets = new Dictionary<string, IReadOnlyDictionary<string, Secret>> { ["cache"] = new Dictionary<string, Secret> { ["password"] = new(password) } },
        Digests = new Dictionary<string, string> { ["redis:1"] = "sha256:11", ["dnsmasq:1"] = "sha256:22" },
        Registry = "registry.ark:5000",
        Key = Key,
    }));

    public static IReadOnlyList<ServiceSpec> Specs(DesiredTask task) => [.. task.Components.SelectMany(c => c.Instances).Select(i => i.Spec)];

    private static T Good<T>(Outcome<T> outcome) where T : class
    {
        Assert.True(outcome.Ok, string.Join('\n', outcome.Problems));
        return outcome.Value;
    }
}
