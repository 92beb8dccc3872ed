using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>What holds between the parts of a baseline: references, circles, ports, times, proofs, images; then the templates.</summary>
internal static class BaselineLint
{
    public static void Check(YamlFile file, Baseline baseline, BaselineSources sources, List<Problem> problems)
    {
        CheckProducts(file, baseline, sources);
        foreach (var source in sources.Components)
        {
            CheckReferences(source, baseline, sources.Names);
            CheckRunning(source);
            CheckImage(source, baseline);
        }

        CheckCircles(sources);
        CheckPorts(sources);
        CheckNames(sources);
        TemplateLint.Check(baseline, sources, problems);
    }

    private static void CheckProducts(YamlFile file, Baseline baseline, BaselineSources sources)
    {
        for (var p = 0; p < baseline.Products.Count; p++)
        {
            foreach (var (key, components) in new[] { ("components", baseline.Products[p].Components), ("optional", baseline.Products[p].Optional) })
            {
                for (var c = 0; c < components.Count; c++)
                {
                    if (!sources.Names.Contains(components[c]))
                        Unknown(file, $"products[{p}].{key}[{c}]", $"product '{baseline.Products[p].Name}'", components[c], sources.Names);
                    else if (key == "optional" && baseline.Products[p].Components.Contains(components[c]))
                        file.Add("bad-value", file.PlaceOf($"products[{p}].optional[{c}]"), $"'{components[c]}' is among the product's 'components' already.", "keep one of them");
                }
            }
        }

        var sold = baseline.Products.SelectMany(p => p.Components.Concat(p.Optional)).ToHashSet();
        foreach (var name in sources.Names.Where(n => !sold.Contains(n)))
            file.Add("no-product", file.PlaceOf("products"), $"No product brings '{name}'.", "name it in a product's 'components'", Severity.Warning);
    }

    private static void CheckReferences(ComponentSource source, Baseline baseline, IReadOnlyCollection<string> names)
    {
        var (component, file) = (source.Component, source.File);
        for (var i = 0; i < component.DependsOn.Count; i++)
        {
            var name = component.DependsOn[i];
            if (!names.Contains(name))
                Unknown(file, $"dependsOn[{i}]", "'dependsOn'", name, names);
            else if (baseline.Find(name) is { } other && other.Stage > component.Stage)
                file.Add("later-stage", file.PlaceOf($"dependsOn[{i}]"), $"'{name}' comes in a later step of the menu ({Step(other)}) than {component.Name} ({Step(component)}).", "leave it out, or change 'stage'");
        }

        for (var i = 0; i < component.Placement.Apart.Count; i++)
        {
            var name = component.Placement.Apart[i];
            if (name == component.Name)
                file.Add("apart-from-itself", file.PlaceOf($"placement.apart[{i}]"), "A component cannot be apart from itself.", "write 'spread: true', which keeps its instances apart");
            else if (!names.Contains(name))
                Unknown(file, $"placement.apart[{i}]", "'placement.apart'", name, names);
        }

        if (!source.Sound)
            return;
        var ports = component.Ports.Select(p => p.Name).ToList();
        if (component.Endpoint is { Port.Length: > 0 } endpoint && !ports.Contains(endpoint.Port))
            UnknownPort(file, "endpoint.port", endpoint.Port, ports);
        else if (component.Endpoint is { } known && component.Ports.FirstOrDefault(p => p.Name == known.Port) is { Protocol: not "tcp" })
            file.Add("endpoint-protocol", file.PlaceOf("endpoint.port"), $"The endpoint's port '{known.Port}' is not TCP.", "an endpoint is reached by TCP");
        if (component.Metrics is { Port.Length: > 0 } metrics && !ports.Contains(metrics.Port))
            UnknownPort(file, "metrics.port", metrics.Port, ports);
    }

    private static void CheckRunning(ComponentSource source)
    {
        var (component, file, container) = (source.Component, source.File, source.Component.Container);
        if (component.Proofs.Count == 0)
            file.Add("no-proof", file.PlaceOf("proof"), $"'{component.Name}' has no proof that it works.", "add 'proof:' with what is run and what must come back: [{name: …, within: 30s, steps: [{on: first, run: [ark-proof]}]}]");
        if (container.MemoryLimit < component.Resources.MemoryBytes)
            file.Add("limit-below-need", file.PlaceOf("container.deploy.resources.limits.memory"), $"The limit of {Units.Write(container.MemoryLimit.Value)} is less than the {Units.Write(component.Resources.MemoryBytes)} that 'resources' sets aside.", "raise the limit, or lower resources.memory");
        if (container.CpuLimit < component.Resources.Cpus)
            file.Add("limit-below-need", file.PlaceOf("container.deploy.resources.limits.cpus"), "The limit is less than what 'resources.cpus' sets aside.", "raise the limit, or lower resources.cpus");
        if (container.Healthcheck is not { } health)
        {
            if (!file.Root!.Has("container") || !file.Root.Get("container")!.IsMap || !file.Root.Get("container")!.Map()!.Has("healthcheck"))
                file.Add("no-healthcheck", file.PlaceOf("container"), $"'{component.Name}' has no healthcheck.", "add 'healthcheck: {test: [CMD, ark-health], interval: 2s, timeout: 5s, retries: 5, start_period: 30s}' to 'container'");
            return;
        }

        var longest = health.StartPeriod + (health.Retries * health.Interval);
        if (component.Update.Deadline <= longest)
            file.Add("deadline-too-short", file.PlaceOf("update.deadline"), $"The deadline of {Units.Write(component.Update.Deadline)} is over before an instance can be found unhealthy: start_period + retries × interval is {Units.Write(longest)}.", "raise update.deadline, or lower the times of the healthcheck");
        if (health.Interval <= TimeSpan.Zero || health.Timeout <= TimeSpan.Zero)
            file.Add("bad-value", file.PlaceOf("container.healthcheck"), "The healthcheck's interval and timeout must be more than nothing.");
        for (var i = 0; i < component.Proofs.Count; i++)
        {
            if (component.Proofs[i].Within <= TimeSpan.Zero)
                file.Add("bad-value", file.PlaceOf($"proof[{i}].within"), "A proof's time must be more than nothing.");
        }
    }

    private static void CheckImage(ComponentSource source, Baseline baseline)
    {
        var image = source.Component.Container.Image;
        if (image.Length == 0 || image.Contains(':', StringComparison.Ordinal) || baseline.Images.Count == 0 || baseline.Images.ContainsKey(image))
            return;
        var hint = Nearest.Hint(image, baseline.Images.Keys);
        if (baseline.SuppliedImages)
            source.File.Add("unknown-image", source.File.PlaceOf("container.image"), $"images.yaml of '{baseline.Name}' has no image '{image}': no task can have {source.Component.Name}.", "its owner supplies it: ark images import PACKAGE", Severity.Warning);
        else
            source.File.Add("unknown-image", source.File.PlaceOf("container.image"), $"images.yaml of '{baseline.Name}' has no image '{image}'.", hint.Length == 0 ? $"run 'ark images build {image}'" : hint);
    }

    /// <summary>Each circle of dependencies once, at the dependency that closes it.</summary>
    private static void CheckCircles(BaselineSources sources)
    {
        var byName = sources.Components.ToDictionary(s => s.Component.Name);
        HashSet<string> done = [];
        foreach (var name in byName.Keys.Order(StringComparer.Ordinal))
            Walk(name, []);

        void Walk(string name, List<string> path)
        {
            if (!byName.TryGetValue(name, out var source) || done.Contains(name))
                return;
            path.Add(name);
            for (var i = 0; i < source.Component.DependsOn.Count; i++)
            {
                var next = source.Component.DependsOn[i];
                var at = path.IndexOf(next);
                if (at < 0)
                    Walk(next, path);
                else
                    source.File.Add("circular-dependency", source.File.PlaceOf($"dependsOn[{i}]"), $"These wait for each other: {string.Join(" → ", [.. path[at..], next])}.", "remove one of the dependencies");
            }

            path.RemoveAt(path.Count - 1);
            done.Add(name);
        }
    }

    /// <summary>In VM mode all instances on a machine share its ports; what HAProxy fronts needs ports that nobody else has.</summary>
    private static void CheckPorts(BaselineSources sources)
    {
        Dictionary<(int, string), string> owners = [];
        foreach (var (component, file) in sources.Components.Select(s => (s.Component, s.File)))
        {
            for (var i = 0; i < component.Ports.Count; i++)
            {
                var port = component.Ports[i];
                if (Reserved(port) is { } owner)
                    file.Add("reserved-port", file.PlaceOf($"ports[{i}].port"), $"Port {port.Number} belongs to {owner} on every machine.", "choose another one");
                if (!owners.TryAdd((port.Number, port.Protocol), component.Name) && owners[(port.Number, port.Protocol)] is { } other && other != component.Name)
                    file.Add("shared-port", file.PlaceOf($"ports[{i}].port"), $"'{other}' has port {port.Number}/{port.Protocol} too: in VM mode the two can never share a machine.", "choose another one", Severity.Warning);
            }
        }

        Dictionary<int, string> fronts = [];
        foreach (var (component, file) in sources.Components.Where(s => s.Component.Endpoint is { FrontPort: > 0 }).Select(s => (s.Component, s.File)))
        {
            var port = component.Endpoint!.FrontPort;
            if (!fronts.TryAdd(port, component.Name))
                file.Add("duplicate-port", file.PlaceOf("endpoint.frontPort"), $"'{fronts[port]}' has the front port {port} too.", "choose another one");
            if (owners.TryGetValue((port, "tcp"), out var owner))
                file.Add("duplicate-port", file.PlaceOf("endpoint.frontPort"), $"The front port {port} is a port of '{owner}', which may stand on HAProxy's machine.", "choose another one");
        }
    }

    private static string? Reserved(Port port) => (port.Number, port.Protocol) switch
    {
        (22, "tcp") => "SSH",
        (2377, "tcp") or (7946, _) or (4789, "udp") => "Docker Swarm",
        (5000, "tcp") => "the image registry",
        _ => null,
    };

    /// <summary>Names under the domain lead to one thing.</summary>
    private static void CheckNames(BaselineSources sources)
    {
        var owners = sources.Names.ToDictionary(n => n, n => $"component '{n}'");
        foreach (var (component, file) in sources.Components.Select(s => (s.Component, s.File)))
        {
            for (var i = 0; i < component.DnsNames.Count; i++)
            {
                var name = component.DnsNames[i];
                var ending = Words.InstanceEnding().Match(name);
                if (ending.Success && sources.Names.Contains(name[..ending.Index]))
                    file.Add("duplicate-name", file.PlaceOf($"dnsNames[{i}]"), $"'{name}' is the name of an instance.", "choose another one");
                else if (!owners.TryAdd(name, $"'{component.Name}'"))
                    file.Add("duplicate-name", file.PlaceOf($"dnsNames[{i}]"), $"The name '{name}' belongs to {owners[name]} already.", name == component.Name ? "leave it out: a component's own name is always served" : "choose another one");
            }
        }
    }

    private static string Step(Component component) => component.Stage.ToString().ToLowerInvariant();

    private static void Unknown(YamlFile file, string path, string where, string name, IEnumerable<string> names)
    {
        var hint = Nearest.Hint(name, names);
        var list = "the baseline has " + string.Join(", ", names);
        file.Add("unknown-component", file.PlaceOf(path), $"There is no component {YamlFile.Show(name)}, which {where} names.", hint.Length == 0 ? list : $"{hint} ({list})");
    }

    private static void UnknownPort(YamlFile file, string path, string name, List<string> ports)
    {
        var hint = Nearest.Hint(name, ports);
        var list = ports.Count == 0 ? "it has no ports" : "it has " + string.Join(", ", ports);
        file.Add("unknown-port", file.PlaceOf(path), $"The component has no port {YamlFile.Show(name)}.", hint.Length == 0 ? list : $"{hint} ({list})");
    }
}
