using Xunit;

namespace Ark.Core.Tests.Catalog;

public sealed class TemplateLintTests
{
    private static string WithConf(string text) => Samples.Said(Samples.With("open-3.1/components/cache/redis.conf.liquid", "{% for p in peers -%}", text + "\n{% for p in peers -%}"));

    [Theory]
    [InlineData("{{ parameters.maxmemroy }}", "redis.conf:4:15: 'maxmemroy' is not defined. [undefined-variable] → did you mean 'maxmemory'? (known here: maxmemory, password)")]
    [InlineData("{% if instance.index == 9 %}{{ parameters.gone }}{{ nobody }}{% endif %}", """
        redis.conf:4:43: 'gone' is not defined. [undefined-variable] → known here: maxmemory, password
        redis.conf:4:53: 'nobody' is not defined. [undefined-variable] → known are site, task, component, instance, peers, parameters, ports, components, endpoints, names and Liquid's filters
        """)]
    [InlineData("{% if site.mode == 'metal' %}{{ ports['amqp'] }}{{ site.doman }}{% endif %}", """
        redis.conf:4:39: 'amqp' is not defined. [undefined-variable] → known here: redis, exporter
        redis.conf:4:57: 'doman' is not defined. [undefined-variable] → did you mean 'domain'? (known here: mode, line, domain, region, ntpServer, dnsForwarders)
        """)]
    [InlineData("{{ components['names'].ports.dns }}{% if components['mq'] %}{{ components['mq'].x }}{% endif %}", "")]
    [InlineData("{{ components['mq'].instances.size }}", "redis.conf:4:21: The template cannot be rendered: there is no components['mq'] here (for cache-1, all components deployed). [template-fails] → test for it first: {% if components['mq'] %}")]
    [InlineData("{% for e in endpoints %}{{ e.frontport }}{% endfor %}", "redis.conf:4:30: 'frontport' is not defined. [undefined-variable] → did you mean 'frontPort'? (known here: component, port, frontPort, balance, httpCheck, instances)")]
    [InlineData("{{ token }}", "redis.conf:4:4: 'token' is not defined. [undefined-variable] → known are site, task, component, instance, peers, parameters, ports, components, endpoints, names and Liquid's filters")]
    [InlineData("{{ 'now' | date: '%s' }}", "redis.conf:4:12: 'date' is not defined. [undefined-variable] → known are site, task, component, instance, peers, parameters, ports, components, endpoints, names and Liquid's filters")]
    [InlineData("{% assign q = peers.size | divided_by: 2 %}{{ q }}{% capture z %}a{% endcapture %}{{ z }}{% for i in (1..3) %}{{ i }}{{ forloop.index }}{% endfor %}", "")]
    [InlineData("{{ peers[1].name }}", "redis.conf:4:10: The template cannot be rendered: The index 1 is out of bounds [0, 1] on the `peers` with the indexer: 1 (for cache-1, only what it depends on deployed). [template-fails]")]
    [InlineData("{% if x %}", "redis.conf:4:4: This is no Liquid template: ")]
    public void A_template_is_checked_in_all_its_branches_and_for_several_tasks(string text, string said) =>
        Assert.StartsWith(said, WithConf(text), StringComparison.Ordinal);

    [Fact]
    public void A_secret_in_a_file_that_is_none_is_an_error_in_every_branch()
    {
        var files = Samples.WithCache(", secret: true", "");
        files["open-3.1/components/cache/redis.conf.liquid"] += "{% if false %}{{ parameters.password }}{% endif %}";
        Assert.Equal("""
            redis.conf:3:27: The secret parameter 'password' is used where everybody can read it. [secret-in-clear] → use it in a file with 'secret: true' only, and let the program read it from there
            redis.conf:6:41: The secret parameter 'password' is used where everybody can read it. [secret-in-clear] → use it in a file with 'secret: true' only, and let the program read it from there
            """, Samples.Said(files));
    }

    [Theory]
    [InlineData("REDIS_PORT: \"{{ ports.redis }}\"", "REDIS_PASSWORD: \"{{ parameters.password }}\"", "cache:21:36: The secret parameter 'password' is used")]
    [InlineData("run: [ark-init]", "run: [ark-init, '{{ parameters.password }}']", "cache:28:61: The secret parameter 'password' is used")]
    [InlineData("leave: [ark-leave]", "leave: [ark-leave, '{{ parameters.password }}']", "cache:29:35: The secret parameter 'password' is used")]
    [InlineData("test: [CMD, ark-health]", "test: [CMD, ark-health, '{{ parameters.password }}']", "cache:22:56: The secret parameter 'password' is used")]
    [InlineData("set, \"{{ token }}\"", "set, \"{{ parameters.password }}\"", "cache:34:58: The secret parameter 'password' is used")]
    [InlineData("command: [ark-redis, \"{{ instance.name }}\"]", "command: [ark-redis, \"{{ token }}\"]", "cache:19:28: 'token' is not defined.")]
    [InlineData("command: [ark-redis, \"{{ instance.name }}\"]", "command:\n    - ark-redis\n    - |\n      first\n      second {{ instance.nam }}", "cache:23:26: 'nam' is not defined.")]
    [InlineData("REDIS_PORT: \"{{ ports.redis }}\"", "REDIS_PORT: \"{{ ports.redis }\"", "cache:21:33: This is no Liquid template: ")]
    public void A_template_within_the_component_has_its_place_there(string sound, string broken, string said) =>
        Assert.StartsWith(said, Samples.Said(Samples.WithCache(sound, broken)), StringComparison.Ordinal);
}
