using Ark.Core.Catalog;
using Xunit;

namespace Ark.Core.Tests.Catalog;

public sealed class ParameterValuesTests
{
    private static readonly Component Cache = new()
    {
        Name = "cache",
        Title = "Cache",
        Stage = Stage.Middleware,
        Count = new(1, 1, 1),
        Resources = new(0.1, 1, 1),
        Container = new() { Image = "redis" },
        Update = new(TimeSpan.FromSeconds(1), TimeSpan.Zero),
        Parameters =
        [
            new() { Name = "maxmemory", Type = ParameterType.Size, Default = "64M", Min = 1 << 20, Max = 1 << 30 },
            new() { Name = "timeout", Type = ParameterType.Duration, Default = "1m30s" },
            new() { Name = "tick", Type = ParameterType.Duration, Default = "500ms" },
            new() { Name = "ratio", Type = ParameterType.Number, Default = "0.5", Min = 0, Max = 1 },
            new() { Name = "databases", Type = ParameterType.Integer, Default = "16", Min = 1 },
            new() { Name = "persist", Type = ParameterType.Boolean, Default = "true" },
            new() { Name = "policy", Type = ParameterType.Choice, Values = ["noeviction", "allkeys-lru"], Default = "noeviction" },
            new() { Name = "motto", Type = ParameterType.String, Default = "" },
            new() { Name = "path", Type = ParameterType.String, Default = "/", Pattern = "/[a-z$]*" },
            new() { Name = "password", Type = ParameterType.Secret },
        ],
    };

    private static readonly Dictionary<string, Secret> Given = new() { ["password"] = new("hunter2") };

    private static Outcome<ParameterValues> Resolve(Dictionary<string, string> overrides, Dictionary<string, Secret>? secrets = null) =>
        ParameterValues.Resolve(Cache, overrides, secrets ?? Given);

    [Fact]
    public void Defaults_are_typed()
    {
        var values = Resolve([]).Value!;
        Assert.Equal(67_108_864L, values.Clear["maxmemory"]);
        Assert.Equal(90L, values.Clear["timeout"]);
        Assert.Equal(0.5, values.Clear["tick"]);
        Assert.Equal(0.5, values.Clear["ratio"]);
        Assert.Equal(16L, values.Clear["databases"]);
        Assert.Equal(true, values.Clear["persist"]);
        Assert.Equal("noeviction", values.Clear["policy"]);
        Assert.Equal(new Secret("hunter2"), values.Secrets["password"]);
        Assert.False(values.Clear.ContainsKey("password"));
    }

    [Fact]
    public void What_the_task_says_goes_before_the_default() =>
        Assert.Equal(134_217_728L, Resolve(new() { ["maxmemory"] = "128M" }).Value!.Clear["maxmemory"]);

    [Fact]
    public void Every_wrong_value_is_named_at_once()
    {
        var outcome = Resolve(
            new()
            {
                ["maxmemory"] = "2G",
                ["timeout"] = "90",
                ["ratio"] = "1.5",
                ["databases"] = "0",
                ["persist"] = "yes",
                ["policy"] = "lru",
                ["motto"] = "a; rm -rf /",
                ["path"] = "/A",
                ["maxmemroy"] = "1M",
            },
            []);
        Assert.Equal("""
            cache.parameters.maxmemroy: cache has no parameter 'maxmemroy'. [unknown-parameter] → did you mean 'maxmemory'? (it has maxmemory, timeout, tick, ratio, databases, persist, policy, motto, path, password)
            cache.parameters.maxmemory: cache's 'maxmemory' must be a size such as 64M between 1M and 1G, not '2G'. [bad-parameter]
            cache.parameters.timeout: cache's 'timeout' must be a duration such as 30s, not '90'. [bad-parameter]
            cache.parameters.ratio: cache's 'ratio' must be a number between 0 and 1, not '1.5'. [bad-parameter]
            cache.parameters.databases: cache's 'databases' must be a whole number of at least 1, not '0'. [bad-parameter]
            cache.parameters.persist: cache's 'persist' must be true or false, not 'yes'. [bad-parameter]
            cache.parameters.policy: cache's 'policy' must be one of noeviction, allkeys-lru, not 'lru'. [bad-parameter]
            cache.parameters.motto: cache's 'motto' must be letters, digits, spaces and . _ , : / @ % + = -, without a dash in front, not 'a; rm -rf /'. [bad-parameter]
            cache.parameters.path: cache's 'path' must be a text that matches /[a-z$]*, not '/A'. [bad-parameter]
            cache.parameters.password: cache's secret 'password' has no value. [missing-secret]
            """, string.Join('\n', outcome.Problems));
    }

    [Theory]
    [InlineData("a`id`")]
    [InlineData("$(id)")]
    [InlineData("a\nb")]
    [InlineData("a'b")]
    [InlineData("a\"b")]
    [InlineData("a|b")]
    [InlineData("a&b")]
    [InlineData("a>b")]
    [InlineData("a\\b")]
    [InlineData("#a")]
    [InlineData("{{ x }}")]
    [InlineData("--help")]
    public void A_text_with_metacharacters_is_refused_unless_a_pattern_allows_them(string value) =>
        Assert.Equal("bad-parameter", Assert.Single(Resolve(new() { ["motto"] = value }).Problems).Code);

    [Fact]
    public void A_pattern_may_allow_more() => Assert.Equal("/a$", Resolve(new() { ["path"] = "/a$" }).Value!.Clear["path"]);

    [Theory]
    [InlineData("a b")]
    [InlineData("a'b")]
    [InlineData("a\nb")]
    [InlineData("")]
    public void A_bad_secret_is_refused_without_being_shown(string secret)
    {
        var problem = Assert.Single(Resolve([], new() { ["password"] = new(secret) }).Problems);
        Assert.Equal("cache's 'password' must be letters, digits and . _ , : / @ % + = ~ ^ ! * - without spaces. (Its value is not shown.)", problem.Message);
    }

    [Fact]
    public void A_secret_among_the_clear_values_is_refused() =>
        Assert.All(
            [Resolve(new() { ["password"] = "hunter2" }, []), Resolve(new() { ["password"] = "hunter2" }, new() { ["password"] = new("generated") })],
            o => Assert.Equal("secret-in-clear", Assert.Single(o.Problems).Code));

    [Fact]
    public void A_parameter_without_default_must_be_said()
    {
        var needy = Cache with { Parameters = [new() { Name = "url", Type = ParameterType.String, Help = "Where the backend is" }] };
        var problem = Assert.Single(ParameterValues.Resolve(needy, new Dictionary<string, string>(), new Dictionary<string, Secret>()).Problems);
        Assert.Equal("cache needs a value for 'url': Where the backend is.", problem.Message);
    }
}
