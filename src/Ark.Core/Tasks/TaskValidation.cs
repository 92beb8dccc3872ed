using Ark.Core.Catalog;
using Ark.Core.Sites;

namespace Ark.Core.Tasks;

/// <summary>What of a task does not fit its baseline and its site; all at once, each with its place in <c>task.yaml</c>.</summary>
public static class TaskValidation
{
    public static IReadOnlyList<Problem> Validate(TaskDocument document, Baseline baseline, Site site)
    {
        List<Problem> problems = [];
        var task = document.Task;
        if (baseline.Line != site.Line)
            problems.Add(new("other-line", document.PlaceOf("baseline"), $"The baseline {baseline.Name} is of line {baseline.Line}; the site's aliware_version says {site.Line}.", "change one of them"));
        foreach (var chosen in task.Components)
        {
            var path = "components." + chosen.Name;
            if (baseline.Find(chosen.Name) is not { } component)
            {
                problems.Add(new("unknown-component", document.PlaceOf(path), $"The baseline {baseline.Name} has no component {chosen.Name}.", Nearest.Hint(chosen.Name, [.. baseline.Components.Select(c => c.Name)])));
                continue;
            }

            problems.AddRange(Count(document, path, chosen, component));
            problems.AddRange(Names(document, path, chosen, component));
            foreach (var needed in component.DependsOn.Where(n => task.Components.All(c => c.Name != n)))
                problems.Add(new("missing-dependency", document.PlaceOf(path), $"{component.Name} needs {needed}, which the task does not choose.", $"add {needed}: {{}} to components"));
        }

        return problems;
    }

    private static IEnumerable<Problem> Count(TaskDocument document, string path, TaskComponent chosen, Component component)
    {
        if (chosen.Count is not { } count) yield break;
        var place = document.PlaceOf(path + ".count");
        if (count < component.Count.Min) yield return new("count-too-low", place, $"{component.Name} needs at least {component.Count.Min} instances, not {count}.", $"count: {component.Count.Min}");
        if (count > component.Count.Max) yield return new("count-too-high", place, $"{component.Name} can have at most {component.Count.Max} instances, not {count}.", $"count: {component.Count.Max}");
        if (component.Count.Odd && count % 2 == 0) yield return new("count-even", place, $"{component.Name} needs an odd number of instances, for a majority; {count} is even.", $"count: {Math.Min(count + 1, component.Count.Max)}");
    }

    /// <summary>Ports, instances and parameters that the component has not; values of parameters are looked at where they are resolved.</summary>
    private static IEnumerable<Problem> Names(TaskDocument document, string path, TaskComponent chosen, Component component)
    {
        foreach (var port in chosen.Ports.Keys.Where(p => component.Ports.All(c => c.Name != p)))
            yield return new("unknown-port", document.PlaceOf($"{path}.ports.{port}"), $"{component.Name} has no port {port}.", "it has " + string.Join(", ", component.Ports.Select(p => p.Name)));
        foreach (var instance in chosen.Machines.Keys.Concat(chosen.Addresses.Keys).Where(i => !i.StartsWith(component.Name + "-", StringComparison.Ordinal)).Distinct())
            yield return new("unknown-instance", document.PlaceOf(path), $"{instance} is no instance of {component.Name}.", $"{component.Name}-1");
        foreach (var problem in ParameterValues.Resolve(component, chosen.Parameters, Placeholders(component), name => document.PlaceOf($"{path}.parameters.{name}")).Problems)
            yield return problem;
    }

    /// <summary>Secrets are generated later; here anything does.</summary>
    private static Dictionary<string, Secret> Placeholders(Component component) =>
        component.Parameters.Where(p => p.IsSecret && p.Pattern is null).ToDictionary(p => p.Name, p => new Secret(new string('x', p.Length)));
}
