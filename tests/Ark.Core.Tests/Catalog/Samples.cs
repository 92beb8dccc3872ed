using Ark.Core.Catalog;

namespace Ark.Core.Tests.Catalog;

/// <summary>A small sound catalogue, and edits of it.</summary>
internal static class Samples
{
    public const string Baseline = """
        schema: 1
        name: open-3.1
        line: "3.1"
        title: Open catalogue
        products:
          - name: cache
            title: Cache
            components: [cache, names]
        """;

    public const string Cache = """
        schema: 1
        name: cache
        title: Redis with Sentinel
        stage: middleware
        count: {min: 1, default: 3, max: 9, odd: true}
        resources: {cpus: 0.1, memory: 128M, disk: 1G}
        ports:
          - {name: redis, port: 6379}
          - {name: exporter, port: 9121}
        placement:
          labels: {nodetype: cache}
          apart: [names]
        parameters:
          - {name: maxmemory, type: size, default: 64M, min: 16M, max: 64G, help: Memory that Redis may use}
          - {name: password, type: secret, help: Password of the clients}
        dependsOn: [names]
        container:
          image: redis
          command: [ark-redis, "{{ instance.name }}"]
          environment:
            REDIS_PORT: "{{ ports.redis }}"
          healthcheck: {test: [CMD, ark-health], interval: 2s, timeout: 5s, retries: 5, start_period: 30s}
          volumes: [data:/var/lib/redis]
          deploy: {resources: {limits: {cpus: "1", memory: 256M, pids: 200}}}
        files:
          - {source: redis.conf.liquid, target: /etc/redis/redis.conf, mode: "0440", uid: 999, gid: 999, secret: true}
        init:
          - {name: make the account, run: [ark-init], deadline: 60s}
        leave: [ark-leave]
        proof:
          - name: set on the first is read on the others
            within: 30s
            steps:
              - {on: first, run: [ark-proof, set, "{{ token }}"]}
              - {on: others, run: [ark-proof, get, "{{ token }}"], expect: "^{{ token }}$"}
        endpoint: {port: redis, frontPort: 16379}
        dnsNames: [redis]
        update: {deadline: 120s, writeGap: 15s}
        metrics: {port: exporter, path: /metrics}
        """;

    public const string RedisConf = """
        port {{ ports.redis }}
        maxmemory {{ parameters.maxmemory }}
        requirepass {{ parameters.password }}
        {% for p in peers -%}
        # {{ p.name }} {{ p.address }}
        {% endfor %}
        """;

    public const string Names = """
        schema: 1
        name: names
        title: Name service
        stage: names
        count: {min: 1, default: 2, max: 3}
        resources: {cpus: 0.05, memory: 32M, disk: 64M}
        ports:
          - {name: dns, port: 53, protocol: udp}
        container:
          image: dnsmasq
          healthcheck: {test: [CMD, ark-health], interval: 2s, timeout: 5s, retries: 5, start_period: 20s}
        proof:
          - {name: it answers, steps: [{on: each, run: [ark-resolve, "{{ names[0].name }}"]}]}
        """;

    public static Dictionary<string, string> Sound() => new()
    {
        ["open-3.1/baseline.yaml"] = Baseline,
        ["open-3.1/components/cache/component.yaml"] = Cache,
        ["open-3.1/components/cache/redis.conf.liquid"] = RedisConf,
        ["open-3.1/components/names/component.yaml"] = Names,
    };

    /// <summary>The sound catalogue with one text replaced in one file; what is replaced must be there.</summary>
    public static Dictionary<string, string> With(string file, string what, string by)
    {
        var files = Sound();
        if (!files[file].Contains(what, StringComparison.Ordinal))
            throw new ArgumentException($"'{what}' is not in {file}", nameof(what));
        files[file] = files[file].Replace(what, by, StringComparison.Ordinal);
        return files;
    }

    public static Dictionary<string, string> WithCache(string what, string by) => With("open-3.1/components/cache/component.yaml", what, by);

    /// <summary>One more edit of the component <c>cache</c>.</summary>
    public static Dictionary<string, string> Also(this Dictionary<string, string> files, string what, string by)
    {
        const string cache = "open-3.1/components/cache/component.yaml";
        files[cache] = files[cache].Contains(what, StringComparison.Ordinal) ? files[cache].Replace(what, by, StringComparison.Ordinal) : throw new ArgumentException($"'{what}' is not in {cache}", nameof(what));
        return files;
    }

    /// <summary>What the reader says, a line a problem, the long paths of the two components shortened.</summary>
    public static string Said(Dictionary<string, string> files, string baseline = "open-3.1") =>
        string.Join('\n', BaselineReader.Read(files, baseline).Problems)
            .Replace("open-3.1/components/cache/component.yaml", "cache", StringComparison.Ordinal)
            .Replace("open-3.1/components/names/component.yaml", "names", StringComparison.Ordinal)
            .Replace("open-3.1/components/cache/redis.conf.liquid", "redis.conf", StringComparison.Ordinal)
            .Replace("open-3.1/baseline.yaml", "baseline", StringComparison.Ordinal);
}
