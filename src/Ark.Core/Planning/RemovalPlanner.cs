namespace Ark.Core.Planning;

/// <summary>What is to be taken off the cluster.</summary>
/// <param name="Components">Null: all of the task.</param>
/// <param name="Purge">The data too; it is kept otherwise.</param>
/// <param name="Volumes">Machine to the names of its volumes.</param>
public sealed record RemovalRequest(string Task, IReadOnlySet<string>? Components, bool Purge, IReadOnlyDictionary<string, IReadOnlyList<string>> Volumes);

/// <summary>
/// Plans the removal of components with all that belongs to them. A component goes as a whole, so no instance takes leave of its peers: those
/// that ran the command would refuse it as soon as no majority is left.
/// </summary>
public static class RemovalPlanner
{
    /// <param name="order">Component names, those that others depend on first; they go last.</param>
    public static Outcome<Plan> Plan(RemovalRequest request, ClusterFacts facts, IReadOnlyList<string> order)
    {
        var there = facts.Services.Where(s => s.Task == request.Task).Select(s => s.Component).Concat(order).Distinct().ToList();
        var unknown = (request.Components ?? new HashSet<string>()).Where(c => !there.Contains(c))
            .Select(c => new Problem("unknown-component", $"task {request.Task}", $"The task has no component {c}.", "ark status")).ToList();
        unknown.AddRange((request.Components ?? new HashSet<string>()).Where(Foreign).Select(c => new Problem("belongs-to-other-task", c, $"{c} belongs to another task on this site.", "ark remove --task ID " + c)));
        if (unknown.Count > 0) return Outcome<Plan>.Fail(unknown);

        List<Step> steps = [];
        List<string> last = [];
        foreach (var component in there.Where(c => request.Components?.Contains(c) ?? !Foreign(c)).OrderByDescending(c => Rank(order, c)))
            last = Component(request, facts, component, last, steps);
        return Outcome<Plan>.Of(new Plan($"removal from task {request.Task}", steps));

        // Another task took it over: neither its instances nor its data nor its proof are this one's any more.
        bool Foreign(string component) => facts.Services.Any(s => s.Component == component && s.Task != request.Task);
    }

    private static int Rank(IReadOnlyList<string> order, string component)
    {
        for (var i = 0; i < order.Count; i++)
            if (order[i] == component) return i;
        return int.MaxValue;
    }

    private static List<string> Component(RemovalRequest request, ClusterFacts facts, string component, List<string> needs, List<Step> steps)
    {
        var begin = steps.Count;
        foreach (var service in facts.Services.Where(s => s.Task == request.Task && s.Component == component))
            steps.Add(new()
            {
                Id = $"remove-service:{service.Name}",
                Target = service.Name,
                Before = TaskPlanner.Place(service.Spec),
                Needs = needs,
                Work = new RemoveService(service.Name, service.Spec.Machine, []),
            });
        List<string> gone = [.. steps.Skip(begin).Select(s => s.Id)];
        if (request.Purge)
            foreach (var (machine, volume) in request.Volumes.SelectMany(v => v.Value.Select(name => (v.Key, name))).Where(v => IsOf(v.name, component)).Order())
                steps.Add(new() { Id = $"remove-volume:{volume}@{machine}", Target = machine, Before = volume, Needs = gone, Work = new RemoveVolume(machine, volume) });
        if (Files(request.Task, component, facts) is { } garbage)
            steps.Add(new() { Id = $"collect-garbage:{component}", Target = component, Before = $"{garbage.Configs.Count} configs and {garbage.Secrets.Count} secrets", Needs = gone, Work = garbage });
        return [.. steps.Skip(begin).Select(s => s.Id)];
    }

    /// <summary>Volumes are named <c>instance.volume</c>.</summary>
    private static bool IsOf(string volume, string component) =>
        volume.StartsWith(component + "-", StringComparison.Ordinal)
        && volume.IndexOf('.', StringComparison.Ordinal) is var dot and > 0
        && int.TryParse(volume[(component.Length + 1)..dot], out _);

    private static CollectGarbage? Files(string task, string component, ClusterFacts facts)
    {
        bool Ours(IReadOnlyDictionary<string, string> labels) =>
            labels.GetValueOrDefault(ArkLabels.Kind) == "file" && labels.GetValueOrDefault(ArkLabels.Task) == task && labels.GetValueOrDefault(ArkLabels.Component) == component;
        List<string> configs = [.. facts.Configs.Where(c => Ours(c.Labels) || c.Name == ProofFacts.ConfigName(component)).Select(c => c.Name)];
        List<string> secrets = [.. facts.Secrets.Where(s => Ours(s.Labels)).Select(s => s.Name)];
        return configs.Count + secrets.Count == 0 ? null : new(configs, secrets);
    }
}
