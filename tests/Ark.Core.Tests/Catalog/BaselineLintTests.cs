using Ark.Core.Catalog;
using Xunit;

namespace Ark.Core.Tests.Catalog;

public sealed class BaselineLintTests
{
    [Theory]
    [InlineData("count: {min: 1, default: 3, max: 9, odd: true}", "count: {min: 5, default: 3, max: 4, odd: true, poc: 2}", """
        cache:5:8: 'count' has min 5 above max 4. [count-rule]
        cache:5:26: 'count.default' is 3, which is not between min 5 and max 4. [count-rule]
        cache:5:34: 'count.max' is 4, which is even, but 'odd: true' is wanted. [count-rule] → write an odd number
        cache:5:53: 'count.poc' is 2, which is not between min 5 and max 4. [count-rule]
        cache:5:53: 'count.poc' is 2, which is even, but 'odd: true' is wanted. [count-rule] → write an odd number
        """)]
    [InlineData("count: {min: 1, default: 3, max: 9, odd: true}", "count: {min: 0, default: three}", """
        cache:5:8: 'count' has no 'max'. [missing-key] → add 'max:'
        cache:5:14: 'count.min' must be between 1 and 1000, not 0. [out-of-range]
        cache:5:26: 'count.default' must be a whole number, not 'three'. [wrong-type]
        """)]
    [InlineData("  - {name: exporter, port: 9121}", "  - {name: redis, port: 6379}\n  - {name: exporter, port: 9121}", "cache:9:12: Two ports are called 'redis'. [duplicate-port] → give each a name of its own")]
    [InlineData("port: 9121", "port: 6379", "cache:9:28: Port 6379/tcp is both 'redis' and 'exporter'. [duplicate-port] → an instance listens on a port once")]
    [InlineData("port: 9121", "port: 2377", "cache:9:28: Port 2377 belongs to Docker Swarm on every machine. [reserved-port] → choose another one")]
    [InlineData("{name: exporter, port: 9121}", "{name: exporter, port: 53, protocol: udp}", "names:8:23: 'cache' has port 53/udp too: in VM mode the two can never share a machine. [shared-port] → choose another one")]
    [InlineData("dependsOn: [names]", "dependsOn: [name, mq]", """
        cache:16:13: There is no component 'name', which 'dependsOn' names. [unknown-component] → did you mean 'names'? (the baseline has cache, names)
        cache:16:19: There is no component 'mq', which 'dependsOn' names. [unknown-component] → the baseline has cache, names
        """)]
    [InlineData("dependsOn: [names]", "dependsOn: [cache]", "cache:16:13: These wait for each other: cache → cache. [circular-dependency] → remove one of the dependencies")]
    [InlineData("stage: middleware", "stage: metadb", "cache:16:13: 'names' comes in a later step of the menu (names) than cache (metadb). [later-stage] → leave it out, or change 'stage'")]
    [InlineData("  apart: [names]", "  apart: [cache, nmaes, cache]", """
        cache:12:11: A component cannot be apart from itself. [apart-from-itself] → write 'spread: true', which keeps its instances apart
        cache:12:18: There is no component 'nmaes', which 'placement.apart' names. [unknown-component] → did you mean 'names'? (the baseline has cache, names)
        cache:12:25: 'cache' stands twice in 'placement.apart'. [bad-value] → keep one of them
        """)]
    [InlineData("endpoint: {port: redis, frontPort: 16379}", "endpoint: {port: rediss, frontPort: 9121, balance: best, httpCheck: health}", """
        cache:36:18: The component has no port 'rediss'. [unknown-port] → did you mean 'redis'? (it has redis, exporter)
        cache:36:37: The front port 9121 is a port of 'cache', which may stand on HAProxy's machine. [duplicate-port] → choose another one
        cache:36:52: 'endpoint.balance' must be one of roundrobin, leastconn, source, first, static-rr, random, not 'best'. [bad-value]
        cache:36:69: 'endpoint.httpCheck' must be a path such as /health, not 'health'. [bad-value]
        """)]
    [InlineData("metrics: {port: exporter,", "metrics: {port: 9121,", "cache:39:17: 'metrics.port' must be text, not '9121'. [wrong-type] → set it in quotes: \"9121\"")]
    [InlineData("dnsNames: [redis]", "dnsNames: [cache, names, cache-1, Redis]", """
        cache:37:12: The name 'cache' belongs to component 'cache' already. [duplicate-name] → leave it out: a component's own name is always served
        cache:37:19: The name 'names' belongs to component 'names' already. [duplicate-name] → choose another one
        cache:37:26: 'cache-1' is the name of an instance. [duplicate-name] → choose another one
        cache:37:35: 'dnsNames[3]' must be lower-case letters, digits and dashes, beginning with a letter, at most 40, not 'Redis'. [bad-value]
        """)]
    [InlineData("memory: 256M, pids", "memory: 64M, pids", "cache:24:52: The limit of 64M is less than the 128M that 'resources' sets aside. [limit-below-need] → raise the limit, or lower resources.memory")]
    [InlineData("deadline: 120s, writeGap", "deadline: 40s, writeGap", "cache:38:20: The deadline of 40s is over before an instance can be found unhealthy: start_period + retries × interval is 40s. [deadline-too-short] → raise update.deadline, or lower the times of the healthcheck")]
    [InlineData("  healthcheck: {test: [CMD, ark-health], interval: 2s, timeout: 5s, retries: 5, start_period: 30s}\n", "", "cache:18:3: 'cache' has no healthcheck. [no-healthcheck] → add 'healthcheck: {test: [CMD, ark-health], interval: 2s, timeout: 5s, retries: 5, start_period: 30s}' to 'container'")]
    [InlineData("test: [CMD, ark-health]", "test: [NONE]", "cache:22:23: 'container.healthcheck.test' must begin with CMD or CMD-SHELL and name what is run. [bad-value] → write [CMD, ark-health]")]
    [InlineData("proof:", "proofs:", """
        cache:1:1: 'cache' has no proof that it works. [no-proof] → add 'proof:' with what is run and what must come back: [{name: …, within: 30s, steps: [{on: first, run: [ark-proof]}]}]
        cache:30:1: The file knows no key 'proofs'. [unknown-key] → did you mean 'proof'? (known here: schema, name, title, stage, count, resources, ports, placement, parameters, dependsOn, container, files, init, leave, proof, endpoint, dnsNames, update, metrics, external)
        """)]
    [InlineData("{on: first, run: [ark-proof, set, \"{{ token }}\"]}", "{on: all, run: []}", """
        cache:34:14: 'proof[0].steps[0].on' must be one of first, last, others, each, machines, not 'all'. [bad-value]
        cache:34:24: 'proof[0].steps[0].run' is empty. [bad-value] → write a command and its arguments: [ark-proof, set, x]
        """)]
    [InlineData("expect: \"^{{ token }}$\"", "expect: \"({{ token }}\"", "cache:35:69: It is no regular expression: Invalid pattern '(kX7token' at offset 9. Not enough )'s. [bad-value]")]
    [InlineData("default: 64M, min: 16M", "default: 8M, min: 16M", "cache:14:44: The default of 'maxmemory' must be a size such as 64M between 16M and 64G, not '8M'. [bad-parameter]")]
    [InlineData("type: secret, help", "type: secret, default: hunter2, length: 4, help", """
        cache:15:45: The secret 'password' has a default, which everybody could read here. [secret-in-clear] → leave it out: a secret is generated unless the task brings one
        cache:15:62: 'parameters[1].length' must be between 8 and 128, not 4. [out-of-range]
        """)]
    [InlineData("  - {name: password,", "  - {name: colour, type: choice, default: red, values: [blue], help: x}\n  - {name: maxmemory, type: string, pattern: '(?=a)b', min: 1, help: x}\n  - {name: word, type: string, pattern: '(', help: x}\n  - {name: idle, type: integer, values: [1], default: \"2\", help: x}\n  - {name: password,", """
        cache:15:43: The default of 'colour' must be one of blue, not 'red'. [bad-parameter]
        cache:16:12: Two parameters are called 'maxmemory'. [duplicate-parameter] → give each a name of its own
        cache:16:46: 'parameters[2].pattern' is no pattern that can be used: it looks around or back, which takes no bounded time. [bad-pattern] → write a regular expression without looking around or back
        cache:16:61: A parameter of type string has no 'min'. [bad-value] → leave it out, or choose another type
        cache:17:41: 'parameters[3].pattern' is no pattern that can be used: it is no regular expression. [bad-pattern] → write a regular expression without looking around or back
        cache:18:41: A parameter of type integer has no 'values'. [bad-value] → leave it out, or choose another type
        """)]
    [InlineData("  - {name: password,", "  - {name: idle, type: integer, default: 1, help: x}\n  - {name: password,", "cache:15:12: No template of the component uses 'idle'. [unused-parameter] → use it, or remove it")]
    [InlineData("source: redis.conf.liquid,", "source: redis.cnf.liquid,", """
        cache:26:14: There is no file 'redis.cnf.liquid' in open-3.1/components/cache. [missing-file] → did you mean 'redis.conf.liquid'?
        redis.conf: No component uses this template. [unused-file] → list it under 'files', or remove it
        """)]
    [InlineData("target: /etc/redis/redis.conf, mode: \"0440\", uid: 999, gid: 999,", "target: etc/../redis.conf, mode: 0440,", """
        cache:26:41: 'files[0].target' must be an absolute path without '..', spaces or signs, not 'etc/../redis.conf'. [bad-value]
        cache:26:66: 'files[0].mode' must be text, not '0440'. [wrong-type] → set it in quotes: "0440"
        redis.conf: No component uses this template. [unused-file] → list it under 'files', or remove it
        """)]
    [InlineData(" uid: 999, gid: 999,", "", "cache:26:5: Only root can read /etc/redis/redis.conf. [secret-unreadable] → give 'uid' and 'gid' of the image's user (0 if it is root)")]
    [InlineData("labels: {nodetype: cache}", "labels: {\"node type\": cache, a: \"b;c\"}", """
        cache:11:12: 'node type': 'cache' is no label. [bad-label] → use letters, digits and . _ - / in name and value: Swarm takes no others
        cache:11:32: 'a': 'b;c' is no label. [bad-label] → use letters, digits and . _ - / in name and value: Swarm takes no others
        """)]
    [InlineData("name: cache\n", "name: cash\n", "cache:2:7: The component is called 'cash', its folder 'cache'. [name-and-folder] → give both the same name")]
    [InlineData("schema: 1", "schema: 2", "cache:1:9: This is written for version 2 of the format; this Ark reads version 1. [unknown-schema] → write 'schema: 1', or use the Ark that goes with the catalogue")]
    public void Every_rule_names_what_breaks_it(string sound, string broken, string said) =>
        Assert.Equal(Sorted(said), Sorted(Samples.Said(Samples.WithCache(sound, broken))));

    [Fact]
    public void A_circle_is_named_as_a_path_once()
    {
        var files = Samples.WithCache("dependsOn: [names]", "dependsOn: [a]");
        Add("a", "b");
        Add("b", "c");
        Add("c", "a");
        Assert.Equal("open-3.1/components/c/component.yaml:14:13: These wait for each other: a → b → c → a. [circular-dependency] → remove one of the dependencies", Samples.Said(files));

        void Add(string name, string needs)
        {
            files[$"open-3.1/components/{name}/component.yaml"] =
                Samples.Names.Replace("name: names", "name: " + name, StringComparison.Ordinal).Replace("port: 53,", $"port: {5000 + name[0]},", StringComparison.Ordinal) + $"\ndependsOn: [{needs}]";
            files["open-3.1/baseline.yaml"] = files["open-3.1/baseline.yaml"].Replace(" names]", $" {name}, names]", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Products_bring_components_that_are_there()
    {
        var files = Samples.With("open-3.1/baseline.yaml", "components: [cache, names]", "components: [cahce]\n  - name: cache\n    title: Again\n    components: []\n");
        Assert.Equal("""
            baseline:6:3: No product brings 'cache'. [no-product] → name it in a product's 'components'
            baseline:6:3: No product brings 'names'. [no-product] → name it in a product's 'components'
            baseline:8:18: There is no component 'cahce', which product 'cache' names. [unknown-component] → did you mean 'cache'? (the baseline has cache, names)
            baseline:9:11: Two products are called 'cache'. [duplicate-product] → give each a name of its own
            """, Samples.Said(files));
    }

    [Fact]
    public void Two_endpoints_share_no_front_port()
    {
        var files = Samples.With("open-3.1/components/names/component.yaml", "  - {name: dns, port: 53, protocol: udp}", "  - {name: dns, port: 53}\nendpoint: {port: dns, frontPort: 16379}");
        Assert.Equal("names:9:34: 'cache' has the front port 16379 too. [duplicate-port] → choose another one", Samples.Said(files));
    }

    [Fact]
    public void A_billion_laughs_are_refused()
    {
        var said = Samples.Said(Samples.WithCache("title: Redis with Sentinel", "title: &a [x, x]\nx1: &b [*a, *a]\nx2: &c [*b, *b]"));
        Assert.Contains("cache:3:8: The anchor '&a' is not allowed. [yaml-anchor]", said, StringComparison.Ordinal);
        Assert.Contains("cache:5:9: The alias '*b' is not allowed. [yaml-alias]", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_of_all_files_come_together_in_order()
    {
        var files = Samples.WithCache("port: 6379", "port: none");
        files["open-3.1/baseline.yaml"] = files["open-3.1/baseline.yaml"].Replace("title: Open catalogue", "titel: x", StringComparison.Ordinal);
        files["open-3.1/components/names/component.yaml"] = "name: [";
        Assert.Equal(
            ["missing-key baseline:1:1", "unknown-key baseline:4:1", "wrong-type cache:8:25", "yaml-syntax names:2:1"],
            BaselineReader.Read(files, "open-3.1").Problems.Select(p => $"{p.Code} {p.Place.Replace("open-3.1/", "", StringComparison.Ordinal).Replace("components/", "", StringComparison.Ordinal).Replace("/component.yaml", "", StringComparison.Ordinal).Replace(".yaml", "", StringComparison.Ordinal)}"));
    }

    private static string Sorted(string lines) => string.Join('\n', lines.Split('\n').Order(StringComparer.Ordinal));
}
