using Ark.Core.Sizing;
using Ark.Web.Accounts;
using Ark.Web.Answers;

namespace Ark.Panama.Features.Sizing;

/// <summary>Two to four wishes side by side.</summary>
public static class CompareSizing
{
    private const int Least = 2, Most = 4;

    public sealed record Request(IReadOnlyList<SizingRequest>? Requests);

    /// <param name="Lines">Every number that at least one of the plans has.</param>
    public sealed record Comparison(IReadOnlyList<SizingPlan> Plans, IReadOnlyList<Line> Lines);

    /// <param name="Kind">machines, type, group, instances, carries, needs, addresses, disks, outside, people.</param>
    /// <param name="Name">What is counted, as the plan calls it.</param>
    /// <param name="Unit">As in the plan; empty for things that are counted.</param>
    /// <param name="Numbers">By plan; null where that plan has none, or where it is sized with the customer: then the plan says so.</param>
    /// <param name="Differs">Not all plans say the same.</param>
    public sealed record Line(string Kind, string Name, string Unit, IReadOnlyList<Sized?> Numbers, bool Differs);

    public static Answer<Comparison> Handle(Actor actor, Request request)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var requests = request.Requests ?? [];
        if (requests.Count is < Least or > Most || requests.Any(r => r is null))
            return Refusal.Invalid([new("bad-value", "requests", $"{Least} to {Most} requests are compared.")]);
        var made = requests.Select(PlanSizing.Plan).ToList();
        var problems = made.SelectMany((m, i) => m.Ok ? [] : m.Problems.Select(p => p with { Place = $"requests.{i}.{p.Place}" })).ToList();
        return problems.Count > 0 ? Refusal.Invalid(problems) : Of([.. made.Select(m => m.Value!)]);
    }

    public static Comparison Of(IReadOnlyList<SizingPlan> plans)
    {
        var numbers = plans.Select(Numbers).ToList();
        var keys = numbers.SelectMany(n => n).Select(n => (n.Kind, n.Name, n.Unit)).Distinct().ToList();
        var lines = keys.Select(k =>
        {
            var found = numbers.Select(n => n.FirstOrDefault(o => (o.Kind, o.Name) == (k.Kind, k.Name))).ToList();
            return new Line(k.Kind, k.Name, k.Unit, [.. found.Select(f => f.Number)], found.Select(f => (f.Kind, f.Number?.Value, f.Number?.Or)).Distinct().Skip(1).Any());
        });
        var kinds = keys.Select(k => k.Kind).Distinct().ToList();
        return new(plans, [.. lines.OrderBy(l => kinds.IndexOf(l.Kind))]);
    }

    private static List<(string Kind, string Name, string Unit, Sized? Number)> Numbers(SizingPlan plan) =>
    [
        ("machines", "", "", plan.Machines),
        .. plan.MachineTypes.Select(t => ("type", t.Type.Name, "", (Sized?)t.Count)),
        .. plan.Groups.Select(g => ("group", g.Id, "", (Sized?)g.Count)),
        .. plan.Instances.Select(i => ("instances", i.Component, "", (Sized?)i.Count)),
        .. Amounts("carries", plan.Carries),
        .. Amounts("needs", plan.Needs),
        .. Amounts("addresses", plan.Addresses),
        .. Amounts("disks", plan.Disks),
        .. plan.Outside.Select(o => ("outside", o.Kind, "", o.Count)),
        .. plan.People.Select(p => ("people", p.Role, "", (Sized?)p.Days)),
    ];

    private static IEnumerable<(string, string, string, Sized?)> Amounts(string kind, IReadOnlyList<SizedAmount> amounts) =>
        amounts.Select(a => (kind, a.Name, a.Unit, (Sized?)a.Amount));
}
