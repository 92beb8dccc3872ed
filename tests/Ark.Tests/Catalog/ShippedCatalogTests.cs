using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Planning;
using Ark.Core.Secrets;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Remote.Files;
using Xunit;

namespace Ark.Tests.Catalog;

/// <summary>The catalogue that is shipped, and the one component that the guide adds to it.</summary>
public sealed partial class ShippedCatalogTests
{
    private static readonly string Root = FindRoot(AppContext.BaseDirectory);

    [Fact]
    public async Task Every_baseline_is_sound_without_a_warning()
    {
        var files = await CatalogFolder.ReadAsync(Path.Combine(Root, "catalog"), TestContext.Current.CancellationToken);
        var names = BaselineReader.Names(files.Value!);
        Assert.Contains("open-3.1", names);
        foreach (var name in names)
            Assert.Equal("", string.Join('\n', BaselineReader.Read(files.Value!, name).Problems));
    }

    [Fact]
    public async Task The_component_of_the_guide_is_sound()
    {
        var files = new Dictionary<string, string>((await CatalogFolder.ReadAsync(Path.Combine(Root, "catalog"), TestContext.Current.CancellationToken)).Value!);
        var guide = File.ReadAllText(Path.Combine(Root, "docs/guide/write-a-component.md"));
        var written = GuideFile().Matches(guide).Select(m => (Path: m.Groups["path"].Value, Text: m.Groups["text"].Value)).ToList();
        foreach (var (path, text) in written.Where(w => w.Path.StartsWith("catalog/", StringComparison.Ordinal)))
            files[path["catalog/".Length..]] = text;
        files["open-3.1/baseline.yaml"] = files["open-3.1/baseline.yaml"].Replace("components: [cache]", "components: [cache, memcache]", StringComparison.Ordinal);

        var read = BaselineReader.Read(files, "open-3.1");
        Assert.Equal("", string.Join('\n', read.Problems));
        var image = read.Value!.Find("memcache")!.Container.Image;
        Assert.Contains($"images/{image}/Dockerfile", written.Select(w => w.Path));
    }

    [Fact]
    public async Task A_name_server_answers_with_what_stands_in_its_own_room_first()
    {
        var files = await CatalogFolder.ReadAsync(Path.Combine(Root, "catalog"), TestContext.Current.CancellationToken);
        var baseline = BaselineReader.Read(files.Value!, "open-3.1").Value!;
        var site = SiteReader.Read("""
            mode=vm
            aliware_version=3.1.x
            domain=shop.example
            machine_ips=10.0.0.11,10.0.0.12
            client_ip=10.0.0.11
            machine_user=deploy
            machine_labels={"10.0.0.11":{"room":"a"},"10.0.0.12":{"room":"b"}}
            docker_dir=/data/docker
            registry_dir=/var/images
            ntp_server=10.0.0.1

            """, "ark.properties").Value!;
        var facts = new ClusterFacts { At = default, Nodes = [], Services = [], Configs = [], Secrets = [] };
        var resolved = TaskResolver.Resolve(new()
        {
            Site = site,
            Task = TaskReader.Read("{id: \"1\", schema: 1, baseline: open-3.1, components: {dncs: {count: 2, image: x}, csb-broker: {count: 2, image: x}}}", "task.yaml").Value!.Task,
            Text = "",
            Baseline = baseline,
            Spots = new Dictionary<string, Spot>
            {
                ["dncs-1"] = new("10.0.0.11", "10.0.0.11", "a"), ["dncs-2"] = new("10.0.0.12", "10.0.0.12", "b"),
                ["csb-broker-1"] = new("10.0.0.11", "10.0.0.11", "a"), ["csb-broker-2"] = new("10.0.0.12", "10.0.0.12", "b"),
            },
            Services = facts.Services,
            Secrets = new Dictionary<string, IReadOnlyDictionary<string, Secret>>(),
            Digests = new Dictionary<string, string> { ["dnsmasq:x"] = "sha256:11", ["nginx:x"] = "sha256:22" },
            Registry = "registry.ark:5000",
            Key = SiteKey.Derive(new Secret("correct horse battery"), new byte[SiteKey.SaltBytes]),
        });
        Assert.True(resolved.Ok, string.Join('\n', resolved.Problems));
        var servers = resolved.Value.Components.Single(c => c.Name == "dncs").Instances.ToDictionary(i => i.Spec.Name, i => i.Configs.Select(c => c.Text).ToList());
        string[] Brokers(string server) => [.. servers[server].SelectMany(t => t.Split('\n')).Where(l => l.EndsWith(" csb-broker.shop.example", StringComparison.Ordinal)).Select(l => l.Split(' ')[0])];
        Assert.Equal(["10.0.0.11", "10.0.0.12"], Brokers("dncs-1"));
        Assert.Equal(["10.0.0.12", "10.0.0.11"], Brokers("dncs-2"));
        Assert.All(servers.Values, texts => Assert.Contains(texts, t => t.Contains("\nno-round-robin\n", StringComparison.Ordinal)));
    }

    /// <summary>A file as the guide shows it: its path in a line of its own, then its text.</summary>
    [GeneratedRegex(@"^`(?<path>[a-z][^`]*)`:\n\n```[a-z]*\n(?<text>.*?\n)```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex GuideFile();

    private static string FindRoot(string folder) => File.Exists(Path.Combine(folder, "Ark.slnx")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);
}
