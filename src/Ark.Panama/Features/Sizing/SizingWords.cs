using System.Globalization;
using Ark.Core.Sizing;
using Ark.Core.Yaml;
using Ark.Web.Languages;

namespace Ark.Panama.Features.Sizing;

/// <summary>What a plan's parts are called in the reader's language; Core's own words where there are none.</summary>
public sealed class SizingWords(Words words)
{
    public Words T => words;

    public string Rule(SizingRule rule) => words.Find($"rule.{rule.Id}") ?? rule.Text;

    /// <summary>Why a number is what it is, a note, a difference. Machines in it are called by their use.</summary>
    public string Say(Phrase phrase) => phrase.Say(pattern => words.Find($"say.{pattern}") ?? words.Find($"group.{pattern}"));

    public string Group(string id) => words.Find($"group.{id}") ?? id;

    public string Amount(string name) => words.Find($"amount.{name}") ?? name;

    public string Unit(string unit) => words.Find($"unit.{unit}") ?? unit;

    public string Outside(string kind) => words.Find($"outside.{kind}") ?? kind;

    public string Origin(Sized number) => number.Origin == SizeOrigin.Published ? words["SizingPublished"] : words["SizingComputed"];

    /// <summary>A product's engineer is called after the product.</summary>
    public string Person(SizingPlan plan, Person person) => ProductOf(plan, person) is { } product ? words["role.product", product] : Role(person.Role);

    public string Role(string role) => words.Find($"role.{role}") ?? role;

    public string Work(SizingPlan plan, Person person) => ProductOf(plan, person) is { } product ? words["work.product", product] : words.Find($"work.{person.Role}") ?? person.Work;

    /// <summary>A number to be read: bytes with their unit, thousands set apart.</summary>
    public string Number(SizedAmount amount) => amount.Unit switch
    {
        "bytes" => Units.Write(amount.Amount.Value),
        "addresses" or "containers" or "nodes" => amount.Amount.Value.ToString("N0", CultureInfo.InvariantCulture), // its name says what they are
        _ => string.Create(CultureInfo.InvariantCulture, $"{amount.Amount.Value:N0} {Unit(amount.Unit)}"),
    };

    /// <summary>A cell of a comparison: a plan's number, or that there is none.</summary>
    public string Cell(CompareSizing.Line line, SizingPlan plan, Sized? number) => number switch
    {
        not null when line.Unit.Length > 0 => Number(new(line.Name, number, line.Unit)),
        not null => number.ToString(),
        null when line.Kind == "outside" && plan.Outside.Any(o => o.Kind == line.Name) => words["SizedWithCustomer"],
        null => "–",
    };

    /// <summary>All that is neither machines, instances nor people, by what it is.</summary>
    public IEnumerable<(string Kind, SizedAmount Amount)> Amounts(SizingPlan plan) =>
    [
        .. plan.Carries.Select(a => (words["SizingCarries"], a)),
        .. plan.Needs.Select(a => (words["SizingNeeds"], a)),
        .. plan.Addresses.Select(a => (words["SizingAddresses"], a)),
        .. plan.Disks.Select(a => (words["SizingDisks"], a)),
    ];

    /// <summary>A line of a comparison.</summary>
    public string Line(CompareSizing.Line line) => line.Kind switch
    {
        "machines" => words["SizingInAll"],
        "group" => Group(line.Name),
        "outside" => Outside(line.Name),
        "people" => line.Name.EndsWith(" engineer", StringComparison.Ordinal) && SizedProducts.All.FirstOrDefault(p => line.Name == $"{p} engineer") is { } product ? words["role.product", product] : Role(line.Name),
        "instances" or "type" => line.Name,
        _ => Amount(line.Name),
    };

    private static string? ProductOf(SizingPlan plan, Person person) => plan.Products.FirstOrDefault(p => person.Role == $"{p} engineer");
}
