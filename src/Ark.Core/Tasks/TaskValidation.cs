using System.Net;
using Ark.Core.Catalog;
using Ark.Core.Sites;
using Ark.Core.Yaml;

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
        if (task.Components.Count == 0)
            problems.Add(new("no-components", document.PlaceOf("components"), "The task chooses no component.", "add one: components: {cache: {}}"));
        problems.AddRange(Machines(document, site));
        problems.AddRange(Addresses(document, site));
        foreach (var chosen in task.Components)
        {
            var path = "components." + chosen.Name;
            if (baseline.Find(chosen.Name) is not { } component)
            {
                problems.Add(new("unknown-component", document.PlaceOf(path), $"The baseline {baseline.Name} has no component {YamlFile.Show(chosen.Name)}.", Nearest.Hint(chosen.Name, [.. baseline.Components.Select(c => c.Name)])));
                continue;
            }

            problems.AddRange(Count(document, path, chosen, component));
            problems.AddRange(Names(document, path, chosen, component));
            foreach (var needed in component.DependsOn.Where(n => task.Components.All(c => c.Name != n)))
                problems.Add(new("missing-dependency", document.PlaceOf(path), $"{component.Name} needs {needed}, which the task does not choose.", $"add {needed}: {{}} to components"));
        }

        return problems;
    }

    /// <summary>
    /// Secrets of components that the task writes in clear, each with its place; never their values. A value for a component that the baseline does
    /// not know cannot be judged, and is a problem too.
    /// </summary>
    public static IReadOnlyList<Problem> ClearSecrets(TaskDocument document, Baseline baseline)
    {
        List<Problem> problems = [];
        foreach (var chosen in document.Task.Components.Where(c => c.Parameters.Count > 0))
        {
            if (baseline.Find(chosen.Name) is { } component)
                problems.AddRange(Names(document, "components." + chosen.Name, chosen, component).Where(p => p.Code == "secret-in-clear"));
            else
                problems.Add(new("unknown-component", document.PlaceOf("components." + chosen.Name), $"The baseline {baseline.Name} has no component {chosen.Name}: which of its parameters are secret is not known.", Nearest.Hint(chosen.Name, [.. baseline.Components.Select(c => c.Name)])));
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
            yield return new("unknown-port", document.PlaceOf($"{path}.ports.{port}"), $"{component.Name} has no port {YamlFile.Show(port)}.", "it has " + string.Join(", ", component.Ports.Select(p => p.Name)));
        foreach (var problem in ParameterValues.Resolve(component, chosen.Parameters, Placeholders(component), name => document.PlaceOf($"{path}.parameters.{name}")).Problems)
            yield return problem;
    }

    private static IEnumerable<Problem> Machines(TaskDocument document, Site site)
    {
        var machines = site.Machines.Select(m => m.Address).ToHashSet();
        foreach (var (component, instance, machine) in document.Task.Components.SelectMany(c => c.Machines.Select(m => (c.Name, m.Key, m.Value))).Where(m => !machines.Contains(m.Value)))
            yield return new("unknown-machine", document.PlaceOf($"components.{component}.machines.{instance}"), $"{instance} is pinned to {machine}, which is not one of machine_ips.", "write one of the site's machines, or take the pin out");
    }

    /// <summary>Addresses that no container of the site can have, or that two would have.</summary>
    private static IEnumerable<Problem> Addresses(TaskDocument document, Site site)
    {
        Dictionary<IPAddress, string> owners = [];
        foreach (var (component, instance, address) in document.Task.Components.SelectMany(c => c.Addresses.Select(a => (c.Name, a.Key, a.Value))))
        {
            var place = document.PlaceOf($"components.{component}.addresses.{instance}");
            if (site.Pool is not { } pool)
                yield return new("address-unused", place, $"The address of {instance} is not used: in VM mode it is its machine's.", "take it out", Severity.Warning);
            else if (!owners.TryAdd(address, instance))
                yield return new("duplicate-address", place, $"{instance} and {owners[address]} both have {address}.", $"write another address of {pool.RangeText}");
            else if (!pool.InRange(address) || pool.IsSpecial(address) || site.Machines.Any(m => m.Address.Equals(address)))
                yield return new("bad-address", place, $"{address} of {instance} is not one of the pool {pool.RangeText} that a container may have.", $"write another address of {pool.RangeText}");
        }
    }

    /// <summary>Secrets are generated later; here anything does.</summary>
    private static Dictionary<string, Secret> Placeholders(Component component) =>
        component.Parameters.Where(p => p.IsSecret && p.Pattern is null).ToDictionary(p => p.Name, p => new Secret(new string('x', p.Length)));
}
