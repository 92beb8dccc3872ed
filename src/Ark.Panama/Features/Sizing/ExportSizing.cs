using Ark.Core.Sizing;
using Ark.Web.Accounts;
using Ark.Web.Languages;

namespace Ark.Panama.Features.Sizing;

/// <summary>A plan as an XLSX workbook, in the language of the request. Nothing is kept.</summary>
public static class ExportSizing
{
    public const string FileName = "sizing.xlsx";

    public static IResult Handle(Actor actor, Words words, SizingRequest request)
    {
        var answer = PlanSizing.Handle(actor, request);
        return answer.Ok ? TypedResults.File(Write(answer.Value, new(words)), Workbook.ContentType, FileName) : answer;
    }

    public static byte[] Write(SizingPlan plan, SizingWords words)
    {
        var t = words.T;
        string[] source = [t["SizeSource"], t["SizeRule"], t["SizeWhy"]];
        return new Workbook()
            .Add(t["SizingMachines"], [t["SizingMachines"], t["SizingMachineType"], t["SizingCount"], t["StandsOn"], .. source],
                [
                    .. plan.Groups.Select(g => Row(words, g.Count, words.Group(g.Id), g.Type, Number(g.Count), string.Join(", ", g.Components))),
                    Row(words, plan.Machines, t["SizingInAll"], string.Join(", ", plan.MachineTypes.Select(m => $"{m.Count} × {m.Type.Name}")), Number(plan.Machines), ""),
                    .. plan.Outside.Select(o => (object?[])[words.Outside(o.Kind), o.Size, o.Count?.Value, t["BroughtByCustomer"], o.Count is null ? t["SizedWithCustomer"] : words.Origin(o.Count), string.Join(", ", o.Rules), words.Say(o.Said)]),
                ])
            .Add(t["SizingInstances"], [t["SizingComponent"], t["SizingProduct"], t["SizingCount"], .. source],
                plan.Instances.Select(i => Row(words, i.Count, i.Component, i.Product.Length == 0 ? t["EveryProduct"] : i.Product, Number(i.Count))))
            .Add(t["AddressesAndDisks"], [t["SizingAmount"], t["SizingWhat"], t["SizingCount"], t["SizingUnit"], .. source], words.Amounts(plan)
                .Select(a => Row(words, a.Amount.Amount, a.Kind, words.Amount(a.Amount.Name), Number(a.Amount.Amount), words.Unit(a.Amount.Unit))))
            .Add(t["SizingPeople"], [t["PersonName"], t["Role"], t["SizingWork"], t["PersonDays"], .. source],
                plan.People.Select(p => Row(words, p.Days, p.Name, words.Person(plan, p), words.Work(plan, p), Number(p.Days))))
            .Add(t["SizingRules"], [t["SizeRule"], t["SizingSection"], t["SizingMeaning"], t["SizingOurs"]],
                plan.Rules.Select(r => (object?[])[r.Id, r.Section, words.Rule(r), r.Ours ? t["Yes"] : ""]))
            .Write();
    }

    private static object?[] Row(SizingWords words, Sized number, params object?[] cells) => [.. cells, words.Origin(number), string.Join(", ", number.Rules), words.Say(number.Said)];

    /// <summary>A number to reckon with, but both where the source has two.</summary>
    private static object Number(Sized number) => number.Or is null ? number.Value : number.ToString();
}
