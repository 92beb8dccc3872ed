using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Ark.Core.Requirements;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Panama.Features.Sizing;
using Ark.Web.Languages;
using Xunit;

namespace Ark.Web.Tests.Sizing;

/// <summary>What plans and requirements hold is said in both languages, and in English as Core says it.</summary>
public sealed partial class SizingWordsTests
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
    public void Every_sentence_of_a_plan_is_said_in_both_languages()
    {
        var chinese = new CultureInfo(LanguageSetup.Chinese);
        HashSet<string> patterns = [], missing = [];
        foreach (var phrase in ManyPlans().SelectMany(Phrases).SelectMany(Within))
        {
            if (!patterns.Add(phrase.Pattern) || !Letters().IsMatch(phrase.Pattern) || English($"group.{phrase.Pattern}") is not null)
                continue;
            if (English($"say.{phrase.Pattern}") != phrase.Pattern || Panama.GetString($"say.{phrase.Pattern}", chinese) is null)
                missing.Add(phrase.Pattern);
        }

        Assert.Empty(missing);
        var kept = Panama.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!.Cast<System.Collections.DictionaryEntry>()
            .Select(e => (string)e.Key).Where(k => k.StartsWith("say.", StringComparison.Ordinal)).Select(k => k[4..]);
        Assert.Empty(kept.Except(patterns)); // nothing is kept that no plan says
    }

    [Fact]
    public void Every_problem_that_a_request_can_have_is_said_in_Chinese()
    {
        var codes = File.ReadAllLines(Path.Combine(Testing.Clone.Root, "src/Ark.Core/Sizing/Demand.cs"))
            .SelectMany(l => Regex.Matches(l, "new\\(\"([a-z-]+)\"").Select(m => m.Groups[1].Value)).Distinct().Except(NotOnThePage).ToList();
        Assert.Contains("beyond-trial", codes);
        Assert.All(codes, c => Assert.NotNull(Panama.GetString($"problem.{c}", new CultureInfo(LanguageSetup.Chinese))));
    }

    /// <summary>The form has no field in which these could be made.</summary>
    private static readonly string[] NotOnThePage = ["unknown-machine", "unknown-product", "no-products", "physical-only", "no-such-product-in-mix"];

    /// <summary>All mixes in both modes with little and much load, for both purposes; the trial edition.</summary>
    private static IEnumerable<SizingPlan> ManyPlans()
    {
        foreach (var bits in Enumerable.Range(1, (1 << SizedProducts.All.Count) - 1))
        {
            List<string> products = [.. SizedProducts.All.Where((_, i) => (bits >> i & 1) == 1)];
            var (mq, drds, edas) = (products.Contains("MQ"), products.Contains("DRDS"), products.Contains("EDAS"));
            foreach (var (mode, purpose, load) in from m in Enum.GetValues<SiteMode>() from p in Enum.GetValues<Purpose>() from l in (int[])[0, 1, 2] select (m, p, l))
            {
                var request = new SizingRequest
                {
                    Products = products, Mode = mode, Purpose = purpose, FastLogs = edas && load > 0, DisasterRecovery = drds && load == 2,
                    ArmsMachine = products.Contains("ARMS") && mode == SiteMode.Physical && load == 1 ? "Q46.22" : null, DrdsTest = load == 0 ? DrdsTest.Simple : DrdsTest.Normal,
                    Load = load == 0 ? new() : new() { Messages = mq ? 30_000 * load : null, DrdsCores = drds ? 120 * load : null, Tps = drds && load == 2 ? 90_000 : null, EdasNodes = edas ? 5 : null },
                };
                foreach (var asked in (SizingRequest[])[request, request with { Load = new() { Tps = drds ? 20_000 : null } }, request with { Edition = Edition.Trial, FastLogs = false, Load = new() }])
                {
                    if (Sizer.Plan(asked).Value is { } plan)
                        yield return plan;
                }
            }
        }
    }

    private static IEnumerable<Phrase> Phrases(SizingPlan plan) =>
        [.. plan.Numbers().Select(n => n.Said), .. plan.Outside.Select(o => o.Said), .. plan.Notes.Select(n => n.Said), .. plan.Nearest?.Lines.Select(l => l.Said) ?? [],
            .. plan.MachineTypes.SelectMany(t => (Phrase[])[t.Type.Storage, t.Type.Nic, t.Type.Os])];

    private static IEnumerable<Phrase> Within(Phrase phrase) => [phrase, .. phrase.Parts.OfType<Phrase>().SelectMany(Within)];

    private static string? English(string key) => Panama.GetString(key, CultureInfo.InvariantCulture);

    [GeneratedRegex("[A-Za-z]")]
    private static partial Regex Letters();
}
