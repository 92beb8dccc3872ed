using System.Net;
using Ark.Core.Catalog;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Xunit;

namespace Ark.Core.Tests.Tasks;

public sealed class TaskValidationTests
{
    private static readonly Site Vm = new()
    {
        Mode = SiteMode.Vm,
        Machines = [new(IPAddress.Parse("10.0.0.11"), new Dictionary<string, string>())],
        ClientAddress = IPAddress.Parse("10.0.0.11"),
        MachineUser = "deploy",
        DockerDir = "/data",
        NtpServer = "10.0.0.1",
        RegistryDir = "/var/images",
        Line = "3.1",
        Domain = "shop.example",
        DockerPools = [],
    };

    private static readonly Site Physical = Vm with { Mode = SiteMode.Physical, Pool = new(IPNetwork.Parse("10.16.9.0/24"), 10, 20, IPAddress.Parse("10.16.9.15")) };

    private static Component Component(string name, CountRule count, params string[] dependsOn) => new()
    {
        Name = name,
        Title = "",
        Stage = Stage.Middleware,
        Count = count,
        Resources = new(1, 1, 1),
        Ports = [new("client", 1000)],
        DependsOn = dependsOn,
        Parameters = [new() { Name = "size", Type = ParameterType.Size, Default = "64M", Min = 1 << 20 }, new() { Name = "password", Type = ParameterType.Secret }],
        Container = new() { Image = name },
        Update = new(TimeSpan.Zero, TimeSpan.Zero),
    };

    private static readonly Baseline Baseline = new()
    {
        Name = "open-3.1",
        Line = "3.1",
        Title = "",
        Products = [],
        Components = [Component("cache", new(3, 3, 7, Odd: true)), Component("mq-broker", new(1, 3, 9), "cache")],
        Images = new Dictionary<string, ImagePin>(),
    };

    private static IReadOnlyList<Problem> Validate(string components, Site? site = null, Baseline? baseline = null) => TaskValidation.Validate(
        TaskReader.Read("schema: 1\nid: \"527\"\nbaseline: open-3.1\ncomponents:\n" + components, "t").Value!, baseline ?? Baseline, site ?? Vm);

    private static (string Code, string Place)[] Problems(string components, Site? site = null) => [.. Validate(components, site).Select(p => (p.Code, p.Place))];

    [Fact]
    public void A_good_task_has_no_problem() => Assert.Empty(Validate("  cache: {count: 5, parameters: {size: 128M}, ports: {client: 1001}, machines: {cache-1: 10.0.0.11}}\n  mq-broker: {}"));

    [Theory]
    [InlineData("  cache: {count: 1}", "count-too-low")]
    [InlineData("  cache: {count: 9}", "count-too-high")]
    [InlineData("  cache: {count: 4}", "count-even")]
    [InlineData("  cahce: {}", "unknown-component")]
    [InlineData("  mq-broker: {}", "missing-dependency")]
    [InlineData("  cache: {ports: {redis: 1}}", "unknown-port")]
    [InlineData("  cache: {machines: {cache-1: 10.0.0.12}}", "unknown-machine")]
    [InlineData("  cache: {parameters: {sizes: 1M}}", "unknown-parameter")]
    [InlineData("  {}", "no-components")]
    public void What_does_not_fit_the_baseline_or_the_site_is_named(string components, string code)
    {
        var problem = Assert.Single(Validate(components));
        Assert.Equal(code, problem.Code);
        Assert.StartsWith("t:5:", problem.Place, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void A_value_of_the_wrong_type_and_one_beyond_its_limits_have_their_places()
    {
        var problems = Validate("  cache:\n    parameters:\n      size: many\n");
        Assert.Equal("t:7:13", Assert.Single(problems).Place);
        Assert.Equal("t:7:13", Assert.Single(Validate("  cache:\n    parameters:\n      size: 1K\n")).Place);
    }

    [Fact]
    public void All_come_at_once() => Assert.Equal(
        ["count-even", "unknown-component", "missing-dependency"],
        Validate("  mq-broker: {}\n  cacje: {}\n  cache: {count: 4}").Concat(Validate("  mq-broker: {}")).Select(p => p.Code).Order(StringComparer.Ordinal)
            .OrderBy(c => c switch { "count-even" => 0, "unknown-component" => 1, _ => 2 }));

    [Fact]
    public void A_baseline_of_the_other_line_is_refused() =>
        Assert.Equal("other-line", Assert.Single(Validate("  cache: {}", Vm with { Line = "3.0" })).Code);

    [Fact]
    public void Addresses_are_looked_at_in_physical_mode_and_unused_in_VM_mode()
    {
        const string Components = "  cache:\n    addresses:\n      cache-1: 10.16.9.10\n      cache-2: 10.16.9.10\n      cache-3: 10.16.9.15\n      cache-4: 10.16.9.21\n";
        Assert.Equal([("duplicate-address", "t:8:16"), ("bad-address", "t:9:16"), ("bad-address", "t:10:16")], Problems(Components, Physical));
        Assert.All(Validate(Components), p => Assert.Equal(("address-unused", Severity.Warning), (p.Code, p.Severity)));
        Assert.Equal(4, Validate(Components).Count);
    }
}
