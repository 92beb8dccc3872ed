using System.Globalization;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Planning;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Panama.Features.Tasks;

namespace Ark.Panama.Features.Designs;

/// <summary>A task with everything that decides where its instances stand, worked out as the console does it.</summary>
public sealed record PlannedTask
{
    public required Baseline Baseline { get; init; }

    /// <summary>Null where the variables are wrong or incomplete.</summary>
    public Site? Site { get; init; }

    public required Core.Tasks.DeploymentTask Task { get; init; }

    /// <summary>Instance to its machine and address, of a task without problems; otherwise empty.</summary>
    public IReadOnlyDictionary<string, Spot> Spots { get; init; } = new Dictionary<string, Spot>();

    /// <summary>What is wrong or worth a warning: of variables, design, placement and addresses.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    public bool Ok => Problems.All(p => p.Severity != Severity.Error);

    /// <param name="neighbours">Other tasks of the site: their addresses are taken.</param>
    /// <param name="type">What every machine has.</param>
    public static PlannedTask Of(ShowTask.View view, Baseline baseline, IReadOnlyList<Neighbour> neighbours, MachineType type)
    {
        List<Problem> problems = [];
        var site = PlannedSite.Of(view);
        var task = view.Design.ToTask(view.Id.ToString(CultureInfo.InvariantCulture), baseline.Name, problems);
        problems = site.Ok ? [.. site.Problems, .. DesignCheck.All(view.Design, baseline, site.Value)] : [.. site.Problems, .. DesignCheck.Refused(view.Design, view.Line, baseline)];
        var planned = new PlannedTask { Baseline = baseline, Site = site.Value, Task = task, Problems = problems };
        if (!planned.Ok)
            return planned;

        var placed = TaskPlacement.Place(new()
        {
            Site = site.Value!, Task = task, Baseline = baseline, Facts = PlannedSite.EmptyCluster(site.Value!, type), Records = [.. neighbours.Select(n => n.Record)],
        });
        problems.AddRange(placed.Problems.Select(p => p with { Place = FieldOf(p.Place, baseline) }));
        problems.AddRange(Twice(task, neighbours));
        return planned with { Spots = placed.Value ?? planned.Spots };
    }

    /// <summary>Instances without an address in a task that has some to give: the console would give them, unseen by Panama.</summary>
    public IEnumerable<Problem> WithoutAddress()
    {
        if (Site?.Pool is null)
            return [];
        var given = Task.Components.SelectMany(c => c.Addresses.Keys).ToHashSet();
        return Spots.Keys.Where(i => !given.Contains(i)).GroupBy(ComponentOf).Select(g => new Problem(
            "no-address", $"components.{g.Key}", $"{string.Join(", ", g.Order(StringComparer.Ordinal))} {(g.Count() == 1 ? "has" : "have")} no address yet.", "allocate addresses"));
    }

    public static string ComponentOf(string instance) => instance[..instance.LastIndexOf('-')];

    private static IEnumerable<Problem> Twice(Core.Tasks.DeploymentTask task, IReadOnlyList<Neighbour> neighbours)
    {
        var taken = neighbours.SelectMany(n => n.Owners).GroupBy(o => o.Value).ToDictionary(g => g.Key, g => g.First().Key);
        foreach (var (component, instance, address) in task.Components.SelectMany(c => c.Addresses.Select(a => (c.Name, a.Key, a.Value))))
        {
            if (taken.TryGetValue(address, out var owner))
                yield return new("address-taken", $"components.{component}.addresses.{instance}", $"{instance} has {address}, which {owner} has too.", "take the addresses back and allocate anew");
        }
    }

    /// <summary>Placement names a component or an instance.</summary>
    private static string FieldOf(string place, Baseline baseline) =>
        baseline.Find(place) is not null ? $"components.{place}" : place.Contains('-', StringComparison.Ordinal) ? $"components.{ComponentOf(place)}" : "components";
}
