namespace Ark.Core.Planning;

/// <summary>A group that would be left without its majority.</summary>
/// <param name="Group">A component, or <c>swarm managers</c>.</param>
/// <param name="Left">Healthy members that would remain.</param>
/// <param name="Needed">Majority of all.</param>
public sealed record QuorumRisk(string Group, int Left, int All, int Needed);

/// <summary>What the loss of a machine would do to majorities.</summary>
public static class Quorums
{
    /// <summary>Groups of three and more members in which fewer than a majority would stay healthy without the machine.</summary>
    public static IReadOnlyList<QuorumRisk> Without(string machine, ClusterFacts facts)
    {
        List<QuorumRisk> risks = [];
        var managers = facts.Nodes.Where(n => n.IsManager).ToList();
        if (managers.Any(n => n.Machine == machine))
            Add("swarm managers", managers.Count(n => n.Machine != machine && n.IsReady), managers.Count);
        foreach (var component in facts.Services.GroupBy(s => s.Component).Where(g => g.Any(s => s.Spec.Machine == machine)).OrderBy(g => g.Key, StringComparer.Ordinal))
            if (component.Count() >= 3)
                Add(component.Key, component.Count(s => s.Spec.Machine != machine && s.State == InstanceState.Running), component.Count());
        return risks;

        void Add(string group, int left, int all)
        {
            var needed = (all / 2) + 1;
            if (left < needed) risks.Add(new(group, left, all, needed));
        }
    }
}
