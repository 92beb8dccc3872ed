using System.Globalization;
using Ark.Core.Templates;

namespace Ark.Core.Catalog;

/// <summary>Made-up tasks of a baseline, to render its templates against.</summary>
internal static class SyntheticTask
{
    /// <summary>
    /// For some instances of a component: a task with every component in VM mode, and in physical mode one with only what the component
    /// depends on, the fewest instances, the other value of each boolean and choice, no forwarders and no room.
    /// </summary>
    public static IReadOnlyList<RenderScope> Scopes(Baseline baseline, Component component) =>
        [.. Scopes(baseline, component, baseline.Components, full: true), .. Scopes(baseline, component, Needed(baseline, component), full: false)];

    /// <summary>Tells the two kinds of tasks apart in a message.</summary>
    public static string Describe(RenderScope scope) => scope.Site.Mode == "vm" ? "all components deployed" : "only what it depends on deployed";

    private static IEnumerable<RenderScope> Scopes(Baseline baseline, Component component, IReadOnlyList<Component> deployed, bool full)
    {
        const string domain = "middleware.example.com";
        Dictionary<string, IReadOnlyList<InstanceView>> instances = [];
        foreach (var other in deployed)
            instances[other.Name] = Instances(other, full, instances.Count);
        var views = deployed.ToDictionary(c => c.Name, c => View(c, instances[c.Name], full));
        var peers = instances[component.Name];
        var scope = new RenderScope
        {
            Site = new(full ? "vm" : "physical", baseline.Line, "example.com", full ? "north" : "", "10.1.0.254", full ? ["10.1.0.253"] : []),
            Task = new("527", domain, full ? "production" : "poc"),
            Component = component.Name,
            Instance = peers[0],
            Peers = peers,
            Parameters = Values(component, full),
            Ports = views[component.Name].Ports,
            Components = views,
            Endpoints = [.. views.Values.Select(v => v.Endpoint).OfType<EndpointView>().OrderBy(e => e.Component, StringComparer.Ordinal)],
            Names = Names(deployed, instances, domain),
        };
        return peers.Take(2).Append(peers[^1]).Distinct().Select(i => scope with { Instance = i });
    }

    /// <summary>The same task where a service outside the site takes the component's place.</summary>
    public static RenderScope Outside(RenderScope scope) => scope with { External = new("10.2.0.9", 3306, "admin", new("aB3aB3")) };

    private static List<Component> Needed(Baseline baseline, Component component)
    {
        List<Component> needed = [component];
        for (var i = 0; i < needed.Count; i++)
            needed.AddRange(needed[i].DependsOn.Select(baseline.Find).OfType<Component>().Where(c => !needed.Contains(c)).ToList());
        return needed;
    }

    private static List<InstanceView> Instances(Component component, bool full, int number)
    {
        var count = Math.Clamp(full ? component.Count.Default : component.Count.Min, 1, 9);
        return
        [
            .. Enumerable.Range(1, count).Select(i => new InstanceView(
                $"{component.Name}-{i}",
                i,
                full ? $"10.1.0.{i}" : $"10.16.{number}.{i}",
                $"10.1.0.{i}",
                full ? "abc"[i % 3].ToString() : "")),
        ];
    }

    private static ComponentView View(Component component, IReadOnlyList<InstanceView> instances, bool full)
    {
        var ports = component.Ports.ToDictionary(p => p.Name, p => p.Number);
        return new()
        {
            Instances = instances,
            Ports = ports,
            Parameters = Values(component, full),
            Endpoint = component.Endpoint is { } e && ports.TryGetValue(e.Port, out var port)
                ? new(component.Name, port, e.FrontPort, e.Balance, e.HttpCheck, instances)
                : null,
        };
    }

    private static List<NameView> Names(IReadOnlyList<Component> deployed, Dictionary<string, IReadOnlyList<InstanceView>> instances, string domain)
    {
        var all = deployed.SelectMany(c => c.DnsNames.Prepend(c.Name).Select(n => new NameView($"{n}.{domain}", instances[c.Name])));
        var each = instances.Values.SelectMany(i => i).Select(i => new NameView($"{i.Name}.{domain}", [i]));
        return [.. all.Concat(each).OrderBy(n => n.Name, StringComparer.Ordinal)];
    }

    private static ParameterValues Values(Component component, bool full)
    {
        SortedDictionary<string, object> clear = new(StringComparer.Ordinal);
        SortedDictionary<string, Secret> secrets = new(StringComparer.Ordinal);
        foreach (var parameter in component.Parameters)
        {
            if (parameter.IsSecret)
                secrets[parameter.Name] = new(string.Concat(Enumerable.Repeat("aB3", parameter.Length)).Substring(0, parameter.Length));
            else
                clear[parameter.Name] = Value(parameter, full);
        }

        return new(clear, secrets);
    }

    private static object Value(Parameter parameter, bool full)
    {
        var text = parameter switch
        {
            { Type: ParameterType.Boolean, Default: var usual } => full == (usual == "true") ? "true" : "false",
            { Type: ParameterType.Choice, Values: [.., var last] } => full ? parameter.Default ?? last : last,
            { Default: { } usual } => usual,
            { Type: ParameterType.Integer or ParameterType.Number or ParameterType.Size } => (parameter.Min ?? parameter.Max ?? 1).ToString("0", CultureInfo.InvariantCulture),
            { Type: ParameterType.Duration } => (parameter.Min ?? parameter.Max ?? 1).ToString("0", CultureInfo.InvariantCulture) + "s",
            _ => "x",
        };
        return ParameterValues.Parse(parameter, text, out _) ?? text;
    }
}
