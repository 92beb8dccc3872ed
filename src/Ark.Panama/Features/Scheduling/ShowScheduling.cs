using Ark.Core;
using Ark.Panama.Features.Baselines;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;

namespace Ark.Panama.Features.Scheduling;

/// <summary>What decides where a baseline's components land.</summary>
public static class ShowScheduling
{
    /// <param name="Labels">Labels that a machine must bear to get an instance, all of them.</param>
    /// <param name="Spread">Two of its instances never share a machine.</param>
    /// <param name="Exclusive">Nothing else stands on its machines.</param>
    /// <param name="Apart">Components that never stand on a machine with it.</param>
    public sealed record Rule(string Component, string Title, IReadOnlyDictionary<string, string> Labels, bool Spread, bool Exclusive, IReadOnlyList<string> Apart);

    /// <param name="Components">Those that ask for it.</param>
    /// <param name="Templates">Those that give it.</param>
    public sealed record Label(string Name, string Value, IReadOnlyList<string> Components, IReadOnlyList<string> Templates);

    public sealed record View(BaselineBranch Baseline, IReadOnlyList<Rule> Rules, IReadOnlyList<Label> Labels);

    public static async Task<Answer<View>> HandleAsync(ArkDb db, Actor actor, BaselineStore store, string baseline, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var read = await store.ReadAsync(baseline, cancellation);
        if (!read.Ok)
            return Refusal.Invalid([.. read.Problems.Where(p => p.Severity == Severity.Error).Select(p => p with { Place = "baseline" })]);
        var components = read.Value.Baseline.Components;
        var templates = (await LabelTemplates.HandleAsync(db, actor, null, cancellation)).Value?.Templates ?? [];
        var rules = components.Select(c => new Rule(
            c.Name, c.Title, c.Placement.Labels, c.Placement.Spread, c.Placement.Exclusive,
            [.. c.Placement.Apart.Concat(components.Where(o => o.Placement.Apart.Contains(c.Name)).Select(o => o.Name)).Distinct().Order(StringComparer.Ordinal)]));
        var labels = components.SelectMany(c => c.Placement.Labels.Select(l => (l.Key, l.Value, c.Name))).GroupBy(l => (l.Key, l.Value))
            .OrderBy(g => g.Key.Key, StringComparer.Ordinal).ThenBy(g => g.Key.Value, StringComparer.Ordinal)
            .Select(g => new Label(g.Key.Key, g.Key.Value, [.. g.Select(l => l.Name)], [.. templates.Where(t => Gives(t, g.Key.Key, g.Key.Value)).Select(t => t.Name).Distinct()]));
        return new View(read.Value.Branch, [.. rules], [.. labels]);
    }

    /// <summary>Values compare without case, as Swarm compares them.</summary>
    private static bool Gives(LabelTemplates.View template, string name, string value) =>
        template.Labels.TryGetValue(name, out var given) && given.Equals(value, StringComparison.OrdinalIgnoreCase);
}
