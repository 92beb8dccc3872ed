using Ark.Core.Catalog;
using Xunit;

namespace Ark.Core.Tests.Catalog;

public sealed class BaselineReaderTests
{
    [Fact]
    public void A_sound_baseline_is_read_wholly_and_without_a_word()
    {
        var read = BaselineReader.Read(Samples.Sound(), "open-3.1");
        Assert.Empty(read.Problems);
        var baseline = read.Value!;
        Assert.Equal(("open-3.1", "3.1", "Open catalogue"), (baseline.Name, baseline.Line, baseline.Title));
        Assert.Equal(["cache", "names"], baseline.Components.Select(c => c.Name));
        Assert.Equal(["cache", "names"], Assert.Single(baseline.Products).Components);

        var cache = baseline.Find("cache")!;
        Assert.Equal(new CountRule(1, 3, 9, true), cache.Count);
        Assert.Equal(new ResourceNeeds(0.1, 128 << 20, 1 << 30), cache.Resources);
        Assert.Equal([new Port("redis", 6379), new Port("exporter", 9121)], cache.Ports);
        Assert.Equal("cache", cache.Placement.Labels["nodetype"]);
        Assert.Equal(["names"], cache.Placement.Apart);
        Assert.True(cache.Placement.Spread);
        Assert.Equal((16 << 20, 64L << 30), ((double, double))(cache.Parameters[0].Min!, cache.Parameters[0].Max!));
        Assert.True(cache.Parameters[1].IsSecret);
        Assert.Equal(["names"], cache.DependsOn);
        Assert.Equal(["ark-redis", "{{ instance.name }}"], cache.Container.Command!);
        Assert.Equal("{{ ports.redis }}", cache.Container.Environment["REDIS_PORT"]);
        Assert.Equal(["CMD", "ark-health"], cache.Container.Healthcheck!.Test);
        Assert.Equal((2, 5, 5, 30), (cache.Container.Healthcheck.Interval.Seconds, cache.Container.Healthcheck.Timeout.Seconds, cache.Container.Healthcheck.Retries, cache.Container.Healthcheck.StartPeriod.Seconds));
        Assert.Equal([new VolumeMount("data", "/var/lib/redis")], cache.Container.Volumes);
        Assert.Equal((1.0, 256 << 20, 200), (cache.Container.CpuLimit, cache.Container.MemoryLimit, cache.Container.PidsLimit));
        Assert.Equal(new FileTemplate("redis.conf.liquid", Samples.RedisConf, "/etc/redis/redis.conf", 0x120, new(999, 999), true), Assert.Single(cache.Files));
        Assert.Equal("make the account", Assert.Single(cache.Init).Name);
        Assert.Equal(["ark-leave"], cache.Leave);
        Assert.Equal([ProofTarget.First, ProofTarget.Others], Assert.Single(cache.Proofs).Steps.Select(s => s.On));
        Assert.Equal(new Endpoint("redis", 16379), cache.Endpoint);
        Assert.Equal(["redis"], cache.DnsNames);
        Assert.Equal(new UpdatePolicy(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(15)), cache.Update);
        Assert.Equal(new Metrics("exporter", "/metrics"), cache.Metrics);
    }

    [Fact]
    public void All_that_compose_allows_in_a_container_is_read()
    {
        var files = Samples.WithCache("  volumes: [data:/var/lib/redis]\n", """
              entrypoint: [tini, --]
              volumes:
                - data:/var/lib/redis:ro
                - {type: volume, source: logs, target: /var/log, read_only: true}
              tmpfs: /run
              ulimits: {nofile: 65536, nproc: {soft: 100, hard: 200}}
              sysctls: {kernel.shmmax: 1}
              cap_add: [NET_BIND_SERVICE]
              cap_drop: [CAP_ALL]
              user: 999
              working_dir: /var/lib/redis
              hostname: "{{ instance.name }}.{{ task.domain }}"
              init: true
              read_only: true
              stop_signal: SIGQUIT
              stop_grace_period: 1m30s

            """);
        var read = BaselineReader.Read(files, "open-3.1");
        Assert.Equal("", string.Join('\n', read.Problems));
        var container = read.Value!.Find("cache")!.Container;
        Assert.Equal(["tini", "--"], container.Entrypoint!);
        Assert.Equal([new VolumeMount("data", "/var/lib/redis", true), new VolumeMount("logs", "/var/log", true)], container.Volumes);
        Assert.Equal(["/run"], container.Tmpfs);
        Assert.Equal([new Ulimit("nofile", 65536, 65536), new Ulimit("nproc", 100, 200)], container.Ulimits);
        Assert.Equal("1", container.Sysctls["kernel.shmmax"]);
        Assert.Equal(["NET_BIND_SERVICE"], container.CapAdd);
        Assert.Equal(["ALL"], container.CapDrop);
        Assert.Equal(("999", "/var/lib/redis", "SIGQUIT"), (container.User, container.WorkingDir, container.StopSignal));
        Assert.Equal((true, true, TimeSpan.FromSeconds(90)), (container.Init, container.ReadOnly, container.StopGracePeriod));
    }

    [Fact]
    public void Environment_may_be_a_list_as_in_Compose() =>
        Assert.Equal("a=b", BaselineReader.Read(Samples.WithCache("    REDIS_PORT: \"{{ ports.redis }}\"", "    - REDIS_PORT=a=b"), "open-3.1").Value!.Find("cache")!.Container.Environment["REDIS_PORT"]);

    [Fact]
    public void A_component_is_included_from_another_baseline_with_its_files()
    {
        var files = Samples.Sound();
        files["open-3.0/baseline.yaml"] = """
            schema: 1
            name: open-3.0
            line: "3.0"
            title: Older line
            products: [{name: all, title: All, components: [cache, names]}]
            include: [{from: open-3.1, components: [cache, names]}]
            """;
        var read = BaselineReader.Read(files, "open-3.0");
        Assert.Empty(read.Problems);
        Assert.Equal(Samples.RedisConf, read.Value!.Find("cache")!.Files[0].Template);
        Assert.Equal(["open-3.0", "open-3.1"], BaselineReader.Names(files));
    }

    [Fact]
    public void An_inclusion_that_leads_nowhere_is_named()
    {
        var files = Samples.Sound();
        files["open-3.1/baseline.yaml"] += """

            include:
              - {from: open-3.0, components: [x]}
              - {from: open-3.1, components: [cache]}
              - {from: other, components: [cahe, metadb, cache, names]}
            """;
        files["other/baseline.yaml"] = Samples.Baseline;
        files["other/components/cache/component.yaml"] = Samples.Cache;
        files["other/components/metadb/other.txt"] = "";
        Assert.Equal("""
            baseline:10:35: There is no baseline 'open-3.0'. [unknown-baseline] → did you mean 'open-3.1'?
            baseline:11:35: 'open-3.1' is this baseline itself. [bad-include] → leave it out: a baseline has the components in its folder
            baseline:12:32: 'other' has no component 'cahe' in its folder. [unknown-component] → did you mean 'cache'?
            baseline:12:38: 'other' has no component 'metadb' in its folder. [unknown-component]
            baseline:12:46: 'cache' is in this baseline's own folder too. [bad-include] → keep one of them
            baseline:12:53: 'other' has no component 'names' in its folder. [unknown-component]
            """, Samples.Said(files));
    }

    [Fact]
    public void Images_are_taken_from_images_yaml()
    {
        var files = Samples.Sound();
        var digest = "sha256:" + new string('a', 64);
        files["open-3.1/images.yaml"] = $"redis: {{tag: \"1\", digest: \"{digest}\"}}\ndnsmasq: {{tag: \"2\", digest: \"{digest}\"}}\n";
        Assert.Equal(new ImagePin("1", digest), BaselineReader.Read(files, "open-3.1").Value!.Images["redis"]);
    }

    [Fact]
    public void An_image_that_was_not_built_is_named_once_images_are_known()
    {
        var files = Samples.Sound();
        files["open-3.1/images.yaml"] = $"reds: {{tag: \"1\", digest: \"sha256:{new string('a', 64)}\"}}\n";
        Assert.Equal("""
            cache:18:10: images.yaml of 'open-3.1' has no image 'redis'. [unknown-image] → did you mean 'reds'?
            names:10:10: images.yaml of 'open-3.1' has no image 'dnsmasq'. [unknown-image] → run 'ark images build dnsmasq'
            """, Samples.Said(files));
    }

    [Fact]
    public void An_image_that_its_owner_has_not_supplied_is_a_warning_where_the_baseline_says_so()
    {
        var files = Samples.Sound();
        files["open-3.1/baseline.yaml"] = Samples.Baseline + "\nsuppliedImages: true\n";
        files["open-3.1/images.yaml"] = $"redis: {{tag: \"1\", digest: \"sha256:{new string('a', 64)}\"}}\n";
        var read = BaselineReader.Read(files, "open-3.1");
        Assert.True(read.Value!.SuppliedImages);
        Assert.Equal(("unknown-image", Severity.Warning, "its owner supplies it: ark images import PACKAGE"), Assert.Single(read.Problems) is var p ? (p.Code, p.Severity, p.Remedy) : default);
        Assert.Contains("no task can have names", read.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_product_may_have_optional_components()
    {
        var files = Samples.Sound();
        files["open-3.1/baseline.yaml"] = Samples.Baseline.Replace("components: [cache, names]", "components: [cache]\n    optional: [names]", StringComparison.Ordinal);
        var read = BaselineReader.Read(files, "open-3.1");
        Assert.Equal("", string.Join('\n', read.Problems));
        Assert.Equal(["names"], Assert.Single(read.Value!.Products).Optional);

        files["open-3.1/baseline.yaml"] = Samples.Baseline + "\n    optional: [names, nmes]\n";
        Assert.Equal(["bad-value", "unknown-component"], BaselineReader.Read(files, "open-3.1").Problems.Select(p => p.Code));
    }

    [Fact]
    public void An_unknown_baseline_is_named_with_those_that_are_there() =>
        Assert.Equal("open-31/baseline.yaml: There is no baseline 'open-31'. [unknown-baseline] → did you mean 'open-3.1'? (there are open-3.1)", Samples.Said(Samples.Sound(), "open-31"));

    [Fact]
    public void A_folder_without_a_component_is_named()
    {
        var files = Samples.Sound();
        files["open-3.1/components/lost/notes.txt"] = "";
        Assert.Contains("open-3.1/components/lost: The folder has no component.yaml. [missing-file]", Samples.Said(files), StringComparison.Ordinal);
    }
}
