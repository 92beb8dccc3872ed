using System.Text.Json.Nodes;
using Ark.Core.Catalog;
using Xunit;

namespace Ark.Core.Tests.Catalog;

/// <summary>The JSON schemas that editors use say what the reader says.</summary>
public sealed class SchemaTests
{
    /// <summary>Every object that a component can have.</summary>
    private static readonly string Full = Samples.Cache
        .Replace("  volumes: [data:/var/lib/redis]", """
              entrypoint: [tini, --]
              volumes:
                - data:/var/lib/redis:ro
                - {type: volume, source: logs, target: /var/log, read_only: true}
              tmpfs: /run
              ulimits: {nofile: 65536, nproc: {soft: 100, hard: 200}}
              sysctls: {kernel.shmmax: 1}
              cap_add: [NET_BIND_SERVICE]
              cap_drop: [ALL]
              user: 999
              working_dir: /var/lib/redis
              hostname: "{{ instance.name }}"
              init: true
              read_only: true
              stop_signal: SIGQUIT
              stop_grace_period: 1m30s
            """, StringComparison.Ordinal)
        .Replace("  - {name: password,", "  - {name: policy, type: choice, default: a, values: [a, b], help: x}\n  - {name: password,", StringComparison.Ordinal)
        + """

          external:
            init: [{name: make it, run: [ark-init], input: "{{ external.password }}", deadline: 30s}]
            proof: [{name: it answers, within: 30s, steps: [{on: machines, run: [ark-proof], input: x, expect: y}]}]
          """;

    private static readonly string FullBaseline = Samples.Baseline + "\n    optional: [metadb]\nsuppliedImages: true\ninclude: [{from: other, components: [metadb]}]\n";

    private static SchemaCheck Schema(string name) => new(JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "schema", name + ".json")))!.AsObject());

    private static IReadOnlyList<Problem> Read(string component, string? baseline = null)
    {
        var files = Samples.Sound();
        files["open-3.1/components/cache/component.yaml"] = component;
        files["open-3.1/baseline.yaml"] = baseline ?? Samples.Baseline;
        files["other/baseline.yaml"] = Samples.Baseline;
        files["other/components/metadb/component.yaml"] = Samples.Names.Replace("name: names", "name: metadb", StringComparison.Ordinal).Replace("stage: names", "stage: metadb", StringComparison.Ordinal).Replace("port: 53", "port: 3306", StringComparison.Ordinal);
        return [.. BaselineReader.Read(files, "open-3.1").Problems.Where(p => p.Severity == Severity.Error)];
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("cpus: 0.1", "cpus: \"0.1\"")]
    [InlineData("memory: 128M, disk: 1G", "memory: 1048576, disk: 1.5GiB")]
    [InlineData("odd: true}", "poc: 1}")]
    [InlineData("labels: {nodetype: cache}", "labels: {nodetype: 3}")]
    [InlineData("default: 64M", "default: 67108864")]
    [InlineData("    REDIS_PORT: \"{{ ports.redis }}\"", "    REDIS_PORT: 6379\n    DEBUG: false")]
    [InlineData("    REDIS_PORT: \"{{ ports.redis }}\"", "    - A=b")]
    [InlineData("test: [CMD, ark-health]", "test: ark-health --now")]
    [InlineData("command: [ark-redis, \"{{ instance.name }}\"]", "command: [sleep, 10, true]")]
    [InlineData("interval: 2s", "interval: 2500ms")]
    [InlineData("mode: \"0440\", uid: 999, gid: 999, ", "mode: \"444\", ")]
    [InlineData("endpoint: {port: redis, frontPort: 16379}", "endpoint: {port: redis, frontPort: 16379, balance: first, httpCheck: /health?full=1}")]
    [InlineData("update: {deadline: 120s, writeGap: 15s}\n", "")]
    [InlineData("memory: 256M, pids: 200", "memory: 256m")]
    [InlineData("expect: \"^{{ token }}$\"", "expect: 3")]
    public void What_the_schema_takes_the_reader_takes(string what, string by)
    {
        var text = what.Length == 0 ? Full : Samples.Cache.Replace(what, by, StringComparison.Ordinal);
        Assert.Empty(Schema("component").Check(SchemaCheck.Json(text)));
        Assert.Equal("", string.Join('\n', Read(text)));
    }

    [Theory]
    [InlineData("schema: 1", "schema: 2")]
    [InlineData("name: cache\n", "name: Cache\n")]
    [InlineData("title: Redis with Sentinel", "title: 7")]
    [InlineData("title: Redis with Sentinel", "titel: x")]
    [InlineData("stage: middleware", "stage: later")]
    [InlineData("stage: middleware\n", "")]
    [InlineData("{min: 1, default: 3,", "{min: 1,")]
    [InlineData("min: 1, default", "min: 0, default")]
    [InlineData("odd: true", "odd: \"true\"")]
    [InlineData("odd: true", "even: true")]
    [InlineData("count: {min: 1, default: 3, max: 9, odd: true}", "count: 3")]
    [InlineData("cpus: 0.1", "cpus: few")]
    [InlineData("cpus: 0.1", "cpus: -1")]
    [InlineData("memory: 128M, disk", "memory: 128X, disk")]
    [InlineData(", disk: 1G", "")]
    [InlineData("port: 6379", "port: 70000")]
    [InlineData("port: 6379", "port: \"6379\"")]
    [InlineData("port: 6379", "port: 6379, protocol: sctp")]
    [InlineData("{name: redis, port: 6379}", "redis")]
    [InlineData("labels: {nodetype: cache}", "labels: {nodetype: a b}")]
    [InlineData("labels: {nodetype: cache}", "labels: {a b: x}")]
    [InlineData("labels: {nodetype: cache}", "labels: [cache]")]
    [InlineData("apart: [names]", "apart: [names, names]")]
    [InlineData("apart: [names]", "exclusive: yes")]
    [InlineData("name: maxmemory", "name: max-memory")]
    [InlineData("type: size", "type: bytes")]
    [InlineData("type: secret", "type: secret, default: x")]
    [InlineData("type: secret", "type: secret, length: 7")]
    [InlineData("type: size", "type: size, values: [a]")]
    [InlineData("type: size", "type: size, pattern: a")]
    [InlineData("type: secret", "type: secret, min: 1")]
    [InlineData("type: size, default: 64M, min: 16M, max: 64G", "type: choice")]
    [InlineData(", help: Memory that Redis may use", "")]
    [InlineData("dependsOn: [names]", "dependsOn: names")]
    [InlineData("dependsOn: [names]", "dependsOn: [Names]")]
    [InlineData("  image: redis\n", "")]
    [InlineData("image: redis", "image: Redis Server")]
    [InlineData("image: redis", "image: redis\n  restart: always")]
    [InlineData("command: [ark-redis, \"{{ instance.name }}\"]", "command: ark-redis")]
    [InlineData("    REDIS_PORT: \"{{ ports.redis }}\"", "    REDIS_PORT: [1]")]
    [InlineData("    REDIS_PORT: \"{{ ports.redis }}\"", "    - REDIS_PORT")]
    [InlineData("test: [CMD, ark-health]", "test: [ark-health]")]
    [InlineData("test: [CMD, ark-health]", "test: [CMD]")]
    [InlineData("interval: 2s", "interval: 2")]
    [InlineData("interval: 2s", "interval: 2 s")]
    [InlineData("retries: 5", "retries: 0")]
    [InlineData("retries: 5", "retries: 5, start_interval: 1s")]
    [InlineData("[data:/var/lib/redis]", "[/srv:/var/lib/redis]")]
    [InlineData("[data:/var/lib/redis]", "[data:/var/../redis]")]
    [InlineData("[data:/var/lib/redis]", "[\"data:/var:z\"]")]
    [InlineData("[data:/var/lib/redis]", "[{type: bind, source: data, target: /x}]")]
    [InlineData("[data:/var/lib/redis]", "[{source: data}]")]
    [InlineData("volumes: [data:/var/lib/redis]", "tmpfs: [run]")]
    [InlineData("volumes: [data:/var/lib/redis]", "ulimits: {nofile: many}")]
    [InlineData("volumes: [data:/var/lib/redis]", "ulimits: {nofile: {soft: 1}}")]
    [InlineData("volumes: [data:/var/lib/redis]", "cap_add: [ALL]")]
    [InlineData("volumes: [data:/var/lib/redis]", "cap_add: net_admin")]
    [InlineData("volumes: [data:/var/lib/redis]", "user: root; id")]
    [InlineData("volumes: [data:/var/lib/redis]", "stop_signal: KILL")]
    [InlineData("volumes: [data:/var/lib/redis]", "init: 1")]
    [InlineData("pids: 200", "devices: 1")]
    [InlineData("deploy: {resources:", "deploy: {replicas: 3, resources:")]
    [InlineData("source: redis.conf.liquid", "source: ../redis.conf.liquid")]
    [InlineData("target: /etc/redis/redis.conf", "target: /etc/../redis.conf")]
    [InlineData("mode: \"0440\"", "mode: 0440")]
    [InlineData("mode: \"0440\"", "mode: \"0999\"")]
    [InlineData("uid: 999", "uid: redis")]
    [InlineData("run: [ark-init]", "run: ark-init")]
    [InlineData("run: [ark-init]", "run: []")]
    [InlineData("deadline: 60s}", "timeout: 60s}")]
    [InlineData("leave: [ark-leave]", "leave: ark-leave")]
    [InlineData("within: 30s", "within: soon")]
    [InlineData("on: first", "on: all")]
    [InlineData("{on: first, run", "{run")]
    [InlineData("frontPort: 16379", "frontport: 16379")]
    [InlineData("frontPort: 16379", "frontPort: 16379, balance: best")]
    [InlineData("frontPort: 16379", "frontPort: 16379, httpCheck: health")]
    [InlineData("dnsNames: [redis]", "dnsNames: [re_dis]")]
    [InlineData("writeGap: 15s", "gap: 15s")]
    [InlineData("path: /metrics", "path: metrics")]
    [InlineData("path: /metrics", "path: /metrics, interval: 5s")]
    [InlineData("leave: [ark-leave]", "external: maybe")]
    [InlineData("leave: [ark-leave]", "external: {proof: []}")]
    [InlineData("leave: [ark-leave]", "external: {proof: [{name: x, steps: [{on: each, run: [a]}]}]}")]
    [InlineData("leave: [ark-leave]", "leave:")]
    public void What_the_schema_refuses_the_reader_refuses(string what, string by)
    {
        Assert.Contains(what, Samples.Cache, StringComparison.Ordinal);
        var text = Samples.Cache.Replace(what, by, StringComparison.Ordinal);
        Assert.NotEmpty(Schema("component").Check(SchemaCheck.Json(text)));
        Assert.NotEmpty(Read(text));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("line: \"3.1\"", "line: 3.1", false)]
    [InlineData("line: \"3.1\"", "line: \"4.0\"", false)]
    [InlineData("schema: 1\n", "", false)]
    [InlineData("products:", "product:", false)]
    [InlineData("    title: Cache\n", "", false)]
    [InlineData("components: [cache, names]", "components: cache", false)]
    [InlineData("title: Open catalogue", "title: Open catalogue\ninclude: [{from: other}]", false)]
    [InlineData("title: Open catalogue", "title: Open catalogue\ninclude: [{from: other, components: [metadb], all: true}]", false)]
    public void Baselines_are_judged_alike(string what, string by, bool right)
    {
        var text = what.Length == 0 ? FullBaseline : Samples.Baseline.Replace(what, by, StringComparison.Ordinal);
        Assert.Equal(right, Schema("baseline").Check(SchemaCheck.Json(text)).Count == 0);
        Assert.Equal(right, Read(Samples.Cache, text).Count == 0);
    }

    [Fact]
    public void Each_map_of_a_component_has_the_same_keys_in_schema_and_reader() => SameKeys("component", Full, text => Read(text));

    [Fact]
    public void Each_map_of_a_baseline_has_the_same_keys_in_schema_and_reader() => SameKeys("baseline", FullBaseline, text => Read(Samples.Cache, text));

    /// <summary>Sets a key that nobody knows into each map and compares what the reader says it knows with the schema's properties.</summary>
    private static void SameKeys(string schema, string full, Func<string, IReadOnlyList<Problem>> read)
    {
        var check = Schema(schema);
        var root = SchemaCheck.Json(full)!;
        var compared = 0;
        foreach (var (path, keys) in Maps(check, JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "schema", schema + ".json")))!, root, []))
        {
            var document = root.DeepClone();
            path.Aggregate(document, (node, step) => step is int index ? node[index]! : node[(string)step]!).AsObject()["zzzzzz"] = 1;
            var problem = Assert.Single(read(document.ToJsonString()), p => p.Code == "unknown-key");
            var known = problem.Remedy[(problem.Remedy.IndexOf("known here: ", StringComparison.Ordinal) + 12)..].TrimEnd(')').Split(", ");
            Assert.Equal(keys.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
            compared++;
        }

        Assert.True(compared >= 3, "too few maps were compared");
    }

    private static IEnumerable<(object[] Path, IEnumerable<string> Keys)> Maps(SchemaCheck check, JsonNode schema, JsonNode value, object[] path)
    {
        var of = check.Resolve(schema);
        if (value is JsonArray list)
        {
            var items = of["items"] is { } i ? check.Resolve(i) : null;
            return list.SelectMany((v, n) => items is null || v is null ? [] : Maps(check, Map(check, items, v), v, [.. path, n]));
        }

        if (value is not JsonObject map)
            return [];
        if (of["properties"] is not JsonObject properties)
            return of["additionalProperties"] is JsonObject each ? map.Where(p => p.Value is JsonObject).SelectMany(p => Maps(check, Map(check, each, p.Value!), p.Value!, [.. path, p.Key])) : [];
        var below = map.Where(p => p.Value is not null && properties.ContainsKey(p.Key)).SelectMany(p => Maps(check, properties[p.Key]!, p.Value!, [.. path, p.Key]));
        return [(path, properties.Select(p => p.Key)), .. below];
    }

    private static JsonNode Map(SchemaCheck check, JsonObject schema, JsonNode value) =>
        value is JsonObject && schema["anyOf"] is JsonArray any ? any.First(s => check.Resolve(s!).ContainsKey("properties"))! : schema;
}
