using System.Globalization;
using System.Resources;
using Ark.Core.Requirements;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Panama.Features.Sizing;
using Ark.Web.Languages;
using Xunit;

namespace Ark.Web.Tests.Sizing;

/// <summary>What plans and requirements hold is said in both languages, and in English as Core says it.</summary>
public sealed class SizingWordsTests
{
    private static readonly ResourceManager Panama = new("Ark.Panama.Words", typeof(Panama.PanamaHost).Assembly);

    private static readonly SizingPlan[] Plans =
    [
        .. from mode in Enum.GetValues<SiteMode>()
           from products in (string[])["EDAS+MQ+DRDS+GTS+CSB+ARMS", "EDAS+MQ+DRDS+CSB+ARMS", "DRDS"]
           select Sizer.Plan(new() { Products = [products], Mode = mode, FastLogs = products != "DRDS" && mode == SiteMode.Vm, Load = new() { Tps = 90_000, EdasNodes = products == "DRDS" ? null : 3 } }).Value!,
        Sizer.Plan(new() { Products = ["EDAS+MQ+DRDS+CSB+ARMS"] }).Value!,
        Sizer.Plan(new() { Products = ["DBPaaS"], Mode = SiteMode.Vm }).Value!,
        Sizer.Plan(new() { Products = ["EDAS+MQ"], Edition = Edition.Trial, Purpose = Purpose.Poc }).Value!,
    ];

    [Fact]
    public void Rules_and_requirements_are_the_ones_of_Core()
    {
        Assert.All(SizingRules.All, r => Assert.Equal(r.Text, English($"rule.{r.Id}")));
        Assert.All(EnvironmentRequirements.All, r =>
        {
            Assert.Equal(r.Text, English($"requirement.{r.Id}"));
            Assert.Equal(r.Ask, English($"requirement.{r.Id}.ask") ?? "");
            Assert.Equal(r.When, English($"requirement.{r.Id}.when") ?? "");
            Assert.NotNull(English($"answeredBy.{r.By}"));
        });
    }

    [Fact]
    public void Everything_in_a_plan_has_a_name()
    {
        List<string> keys =
        [
            .. SizedProducts.All.Select(p => $"product.{p}"),
            .. SizingDraft.Loads.SelectMany(l => (string[])[$"load.{l.Field}", $"load.{l.Field}.meaning"]),
            .. Enum.GetNames<SiteMode>().Select(m => $"Mode{m}"), .. Enum.GetNames<Edition>().Select(e => $"Edition{e}"), .. Enum.GetNames<Purpose>().Select(p => $"Purpose{p}"),
            .. Plans.SelectMany(p => p.Groups).Select(g => $"group.{g.Id}"),
            .. Plans.SelectMany(p => p.Outside).Select(o => $"outside.{o.Kind}"),
            .. Plans.SelectMany(p => p.Carries.Concat(p.Needs).Concat(p.Addresses)).SelectMany(a => (string[])[$"amount.{a.Name}", $"unit.{a.Unit}"]),
            .. Plans.SelectMany(p => p.People.Where(x => !p.Products.Any(product => x.Role == $"{product} engineer"))).SelectMany(p => (string[])[$"role.{p.Role}", $"work.{p.Role}"]),
            .. CompareSizing.Of(Plans).Lines.Select(l => $"kind.{l.Kind}"),
        ];
        Assert.All(keys, k => Assert.NotNull(English(k)));
        Assert.Equal(["all", "arms", "control", "drds", "gts", "logs", "mq", "replication", "services"], Plans.SelectMany(p => p.Groups).Select(g => g.Id).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_problem_that_a_request_can_have_is_said_in_Chinese()
    {
        var codes = File.ReadAllLines(Path.Combine(Testing.Clone.Root, "src/Ark.Core/Sizing/Demand.cs"))
            .SelectMany(l => System.Text.RegularExpressions.Regex.Matches(l, "new\\(\"([a-z-]+)\"").Select(m => m.Groups[1].Value)).Distinct().Except(NotOnThePage).ToList();
        Assert.Contains("beyond-trial", codes);
        Assert.All(codes, c => Assert.NotNull(Panama.GetString($"problem.{c}", new CultureInfo(LanguageSetup.Chinese))));
    }

    /// <summary>The form has no field in which these could be made.</summary>
    private static readonly string[] NotOnThePage = ["unknown-machine", "unknown-product", "no-products", "physical-only", "no-such-product-in-mix"];

    private static string? English(string key) => Panama.GetString(key, CultureInfo.InvariantCulture);
}
