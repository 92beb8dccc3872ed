using Ark.Core.Templates;
using Xunit;

namespace Ark.Core.Tests.Templates;

public sealed class TemplateRendererTests
{
    private static string Rendered(string template, bool withSecrets = false, string? token = null)
    {
        var rendered = TemplateRenderer.Render(template, "redis.conf.liquid", Scopes.Cache(token: token), withSecrets);
        return rendered.Ok ? rendered.Value : string.Join('\n', rendered.Problems);
    }

    [Theory]
    [InlineData("{{ site.mode }} {{ site.line }} {{ site.domain }} {{ site.region }} {{ site.ntpServer }} {{ site.dnsForwarders | join: ' ' }}", "vm 3.1 example.com north 10.0.0.250 10.0.0.53")]
    [InlineData("{{ task.id }} {{ task.domain }} {{ task.purpose }}", "527 mw.example.com poc")]
    [InlineData("{{ component.name }} {{ instance.name }} {{ instance.index }} {{ instance.address }} {{ instance.machine }} {{ instance.room }}", "cache cache-1 1 10.0.0.1 10.0.0.1 a")]
    [InlineData("{% for p in peers %}{{ p.address }}{% unless forloop.last %},{% endunless %}{% endfor %}", "10.0.0.1,10.0.0.2,10.0.0.3")]
    [InlineData("{{ peers.size }} {{ peers.first.name }} {{ peers.last.name }} {{ peers[1].name }}", "3 cache-1 cache-3 cache-2")]
    [InlineData("{{ peers | map: 'name' | join: ' ' }}", "cache-1 cache-2 cache-3")]
    [InlineData("{% for p in peers %}{% if p.name != instance.name %}{{ p.index }}{% endif %}{% endfor %}", "23")]
    [InlineData("{{ parameters.maxmemory }} {{ parameters.maxmemory | divided_by: 1048576 }}mb {{ parameters.ratio }}", "67108864 64mb 0.5")]
    [InlineData("{% if parameters.appendonly %}yes{% else %}no{% endif %} {{ parameters.appendonly }}", "yes true")]
    [InlineData("{{ ports.redis | plus: 10000 }} {{ ports['web-ui'] }}", "16379 8080")]
    [InlineData("{% if components['mq-broker'] %}{{ components['mq-broker'].ports.amqp }}{% endif %}{% if components['dncs'] %}dns{% else %}-{% endif %}", "5672-")]
    [InlineData("{{ components['mq-broker'].parameters.vhost }} {{ components['mq-broker'].instances[0].address }}", "ark 10.0.0.9")]
    [InlineData("{% for e in endpoints %}{{ e.component }} {{ e.port }} {{ e.frontPort }} {{ e.balance }} {{ e.instances.size }}{% if e.httpCheck %}http{% endif %}{% endfor %}", "mq-broker 5672 15672 roundrobin 1")]
    [InlineData("{% for n in names %}{% for i in n.instances %}{{ i.name }}={{ i.room }};{% endfor %}{% endfor %}", "cache-1=a;cache-2=a;")]
    [InlineData("{% for n in names %}{% for a in n.addresses %}{{ n.name }} {{ a }};{% endfor %}{% endfor %}", "cache.mw.example.com 10.0.0.1;cache.mw.example.com 10.0.0.2;")]
    [InlineData("{% assign quorum = peers.size | divided_by: 2 | plus: 1 %}{{ quorum }}", "2")]
    [InlineData("{{ parameters.motto | json }} {{ parameters.motto | shell }}", "\"a \\\"b\\\" 'c'\" 'a \"b\" '\\''c'\\'''")]
    [InlineData("nats://ark:{{ 'p@ss w/ü+1' | url_encode }}@{{ instance.address }}", "nats://ark:p%40ss%20w%2F%C3%BC%2B1@10.0.0.1")]
    [InlineData("{% raw %}{{ untouched }}{% endraw %} $HOME ${X} \\n", "{{ untouched }} $HOME ${X} \\n")]
    [InlineData("a\n  {%- if true %} b{% endif %}\n\n", "a b\n\n")]
    public void A_template_speaks_of_all_that_is_deployed(string template, string text) => Assert.Equal(text, Rendered(template));

    [Theory]
    [InlineData("{{ parameter.x }}", "redis.conf.liquid:1:4: 'parameter' is not defined. [undefined-variable] → did you mean 'parameters'?")]
    [InlineData("a\nb {{ parameters.maxmemroy }}", "redis.conf.liquid:2:17: 'maxmemroy' is not defined. [undefined-variable] → did you mean 'maxmemory'? (known here: maxmemory, appendonly, ratio, motto)")]
    [InlineData("{% if instance.adress == 'x' %}{% endif %}", "redis.conf.liquid:1:16: 'adress' is not defined. [undefined-variable] → did you mean 'address'?")]
    [InlineData("{% for p in peers %}{{ p.ip }}{% endfor %}", "redis.conf.liquid:1:26: 'ip' is not defined. [undefined-variable] → known here: name, index, address, machine, room")]
    [InlineData("{{ ports['amqp'] }}", "redis.conf.liquid:1:10: 'amqp' is not defined. [undefined-variable] → known here: redis, web-ui")]
    [InlineData("{{ peers.count }}", "redis.conf.liquid:1:10: 'count' is not defined. [undefined-variable]")]
    [InlineData("{{ components['dncs'].ports.dns }}", "redis.conf.liquid:1:23: The template cannot be rendered: ")]
    [InlineData("{{ peers[3].name }}", "redis.conf.liquid:1:10: The template cannot be rendered: The index 3 is out of bounds")]
    [InlineData("{{ instance.name | upcse }}", "redis.conf.liquid:1:20: 'upcse' is not defined. [undefined-variable] → did you mean 'upcase'?")]
    [InlineData("{{ token }}", "redis.conf.liquid:1:4: 'token' is not defined. [undefined-variable]")]
    [InlineData("{% if peers %}", "redis.conf.liquid:1:4: This is no Liquid template: ")]
    [InlineData("a\n{{ peers", "redis.conf.liquid:2:9: This is no Liquid template: a '{{' or '{%' is not closed. [template-syntax]")]
    [InlineData("{% endfor %}", "redis.conf.liquid:1:4: This is no Liquid template: ")]
    [InlineData("{{ 1 | modulo: 0 }}", "redis.conf.liquid:1:8: The template cannot be rendered: Attempted to divide by zero. [template-fails]")]
    [InlineData("{{ peers | json }}", "redis.conf.liquid:1:")]
    [InlineData("{{ peers | url_encode }}", "redis.conf.liquid:1:")]
    public void What_is_wrong_is_named_with_line_and_column(string template, string said) =>
        Assert.StartsWith(said, Rendered(template), StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ date.now }}")]
    [InlineData("{{ 'now' | date: '%Y' }}")]
    [InlineData("{{ math.random 1 10 }}")]
    [InlineData("{{ math.uuid }}")]
    [InlineData("{{ '1+1' | object.eval }}")]
    [InlineData("{{ object.eval_template 'x' }}")]
    [InlineData("{% include 'other' %}")]
    [InlineData("{{ regex.match 'a' '(a+)+$' }}")]
    public void Nothing_reaches_beyond_the_scope(string template) =>
        Assert.Contains("is not defined. [undefined-variable]", Rendered(template), StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ parameters.password }}")]
    [InlineData("{% if parameters.password == 'x' %}{% endif %}")]
    [InlineData("{% for p in peers %}{{ parameters['password'] | size }}{% endfor %}")]
    [InlineData("{% assign p = parameters %}{{ p.password }}")]
    public void A_secret_is_refused_where_everybody_can_read_it(string template)
    {
        Assert.Contains("[secret-in-clear]", Rendered(template), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Rendered(template), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_given_to_a_secret_file() =>
        Assert.Equal("requirepass hunter2", Rendered("requirepass {{ parameters.password }}", withSecrets: true));

    [Fact]
    public void Another_components_secret_is_given_to_nobody() =>
        Assert.Contains("'admin' is not defined", Rendered("{{ components['mq-broker'].parameters.admin }}", withSecrets: true), StringComparison.Ordinal);

    [Fact]
    public void No_problem_of_a_secret_file_shows_the_secret() =>
        Assert.DoesNotContain("hunter2", Rendered("{{ parameters.password | divided_by: 0 }} {{ parameters.password.x }}", withSecrets: true), StringComparison.Ordinal);

    [Fact]
    public void A_proof_has_a_token() => Assert.Equal("k-Xy1", Rendered("k-{{ token }}", token: "Xy1"));

    [Theory]
    [InlineData("{% for i in (1..1000000) %}x{% endfor %}")]
    [InlineData("{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}")]
    [InlineData("{% assign x = 'abcdefghij' %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}")]
    [InlineData("{% assign x = 'abcdefghij' | times: 10000 %}{% for i in (1..60) %}{{ x }}{% endfor %}")]
    [InlineData("{% capture x %}{% for i in (1..90000) %}abcdefghij{% endfor %}{% endcapture %}{{ x }}{{ x }}")]
    public void A_template_that_never_ends_or_floods_is_stopped(string template) =>
        Assert.StartsWith("redis.conf.liquid:1:", Rendered(template), StringComparison.Ordinal);

    [Fact]
    public void A_deeply_nested_template_is_a_problem() =>
        Assert.StartsWith("redis.conf.liquid:", Rendered(string.Concat(Enumerable.Repeat("{% if true %}", 30_000))), StringComparison.Ordinal);

    [Fact]
    public void What_a_template_assigns_is_gone_with_its_end()
    {
        Assert.Equal("5", Rendered("{% assign site = 5 %}{{ site }}"));
        Assert.Equal("vm", Rendered("{{ site.mode }}"));
    }

    [Fact]
    public void A_list_of_templates_gives_all_its_problems_with_their_index()
    {
        var rendered = TemplateRenderer.RenderAll(["{{ a }}", "{{ site.mode }}", "{{ b }}"], "cache: command", Scopes.Cache(), false);
        Assert.Equal(["cache: command[0]:1:4", "cache: command[2]:1:4"], rendered.Problems.Select(p => p.Place));
    }
}
