using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>Writes one service of a Compose file as a component.</summary>
/// <param name="components">Service name to component name, of those that are converted together.</param>
internal sealed partial class ComposeService(YamlMap service, string name, IReadOnlyDictionary<string, string> components)
{
    /// <summary>Keys that mean the same in a component and are copied.</summary>
    private static readonly string[] Copied = ["user", "working_dir", "stop_signal"];

    private static readonly string[] Taken =
    [
        "image", "build", "command", "entrypoint", "environment", "healthcheck", "volumes", "ports", "expose", "depends_on", "deploy", "scale",
        "mem_limit", "cpus", "tmpfs", "ulimits", "sysctls", "cap_add", "cap_drop", "hostname", "init", "read_only", "stop_grace_period", .. Copied,
    ];

    private readonly List<string> _notes = [];
    private readonly SortedDictionary<string, string> _parameters = new(StringComparer.Ordinal);
    private readonly List<string> _container = [];

    public ConvertedComponent Convert()
    {
        var (cpus, memory, limits) = Sizes();
        var ports = Ports();
        var needs = Depends();
        Image();
        foreach (var key in new[] { "entrypoint", "command" })
        {
            if (service.Get(key) is { } value && Command(value) is { Count: > 0 } words)
                _container.Add($"{key}: {YamlText.List(words.Select(w => Interpolated(w, key)))}");
        }

        Environment();
        Health();
        Volumes();
        Others();
        if (limits.Length > 0)
            _container.Add($"deploy: {{resources: {{limits: {{{limits}}}}}}}");
        foreach (var (key, _, _) in service.Entries.Where(e => !Taken.Contains(e.Key)))
            Note(key, ForeignKeys.Service.GetValueOrDefault(key) ?? "no key of Ark's has this meaning");
        return new(name, Write(cpus, memory, ports, needs), _notes);
    }

    private string Write(string cpus, string memory, List<(string Name, int Port, string Protocol)> ports, List<string> needs)
    {
        var text = new StringBuilder(ComponentStarter.Header);
        text.Append(CultureInfo.InvariantCulture, $"schema: 1\nname: {name}\ntitle: What {name} is, in a few words\nstage: middleware\n");
        var count = Math.Clamp(service.Get("deploy") is { IsMap: true } deploy && deploy.Map()!.Get("replicas") is { IsScalar: true } replicas && int.TryParse(replicas.Text(), CultureInfo.InvariantCulture, out var n) ? n
            : service.Get("scale") is { IsScalar: true } scale && int.TryParse(scale.Text(), CultureInfo.InvariantCulture, out var s) ? s : 1, 1, 1000);
        text.Append(CultureInfo.InvariantCulture, $"count: {{min: 1, default: {count}, max: {Math.Max(9, count)}}}\nresources: {{cpus: {cpus}, memory: {memory}, disk: 1G}}      # look at these: Compose files seldom say them\n");
        Section(text, "ports", ports.Select(p => $"{{name: {p.Name}, port: {p.Port}{(p.Protocol == "udp" ? ", protocol: udp" : "")}}}"));
        Section(text, "parameters", _parameters.Select(p => $"{{name: {p.Key}, {p.Value}, help: Say here what it is}}"));
        if (needs.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"dependsOn: {YamlText.List(needs)}\n");
        text.Append("container:\n");
        foreach (var line in _container)
            text.Append("  ").Append(line).Append('\n');
        text.Append("proof:\n  # Write what shows that it works: what is run, and what must come back.\n  - {name: it answers, within: 30s, steps: [{on: each, run: [ark-proof]}]}\nupdate: {deadline: 5m, writeGap: 15s}\n");
        if (_notes.Count > 0)
            text.Append("\n# Not taken over from the Compose file:\n").AppendJoin("", _notes.Select(note => $"# - {note}\n"));
        return text.ToString();
    }

    private static void Section(StringBuilder text, string key, IEnumerable<string> items)
    {
        var all = items.ToList();
        if (all.Count > 0)
            text.Append(key).Append(":\n").AppendJoin("", all.Select(i => $"  - {i}\n"));
    }

    private (string Cpus, string Memory, string Limits) Sizes()
    {
        var deploy = Child(service, "deploy");
        foreach (var (key, _, _) in deploy?.Entries.Where(e => e.Key is not ("resources" or "replicas")) ?? [])
            Note("deploy." + key, ForeignKeys.Deploy.GetValueOrDefault(key) ?? "no key of Ark's has this meaning");
        var resources = deploy is null ? null : Child(deploy, "resources");
        var (limits, reserved) = (resources is null ? null : Child(resources, "limits"), resources is null ? null : Child(resources, "reservations"));
        var cpuLimit = Scalar(limits, "cpus") ?? Scalar(service, "cpus");
        var memoryLimit = Scalar(limits, "memory") ?? Scalar(service, "mem_limit");
        List<string> written = [];
        if (cpuLimit is not null && double.TryParse(cpuLimit, CultureInfo.InvariantCulture, out _))
            written.Add($"cpus: \"{cpuLimit}\"");
        if (memoryLimit is not null && Units.Size(memoryLimit) is { } bytes)
            written.Add($"memory: {Units.Write(bytes)}");
        if (Scalar(limits, "pids") is { } pids && int.TryParse(pids, CultureInfo.InvariantCulture, out _))
            written.Add($"pids: {pids}");
        var cpus = Scalar(reserved, "cpus") is { } c && double.TryParse(c, CultureInfo.InvariantCulture, out _) ? c : "0.1";
        var memory = Units.Size(Scalar(reserved, "memory") ?? "") is { } set ? Units.Write(set) : Units.Size(memoryLimit ?? "") is { } limit && limit < 128 << 20 ? Units.Write(limit) : "128M";
        return (cpus, memory, string.Join(", ", written));
    }

    private List<(string Name, int Port, string Protocol)> Ports()
    {
        List<(string Name, int Port, string Protocol)> ports = [];
        foreach (var item in new[] { "ports", "expose" }.SelectMany(k => service.Get(k) is { IsList: true } list ? list.Items() : []))
        {
            var target = item.IsMap ? Scalar(item.Map()!, "target") : item.Text();
            var match = PortText().Match(target ?? "");
            var protocol = item.IsMap ? Scalar(item.Map()!, "protocol") ?? "tcp" : match.Groups["protocol"].Success ? match.Groups["protocol"].Value : "tcp";
            if (!match.Success || !int.TryParse(match.Groups["port"].Value, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535 || protocol is not ("tcp" or "udp"))
                Note("ports", $"{YamlFile.Show(target ?? "")} is no single TCP or UDP port");
            else if (!ports.Any(p => p.Port == port && p.Protocol == protocol))
                ports.Add((ports.Count == 0 ? "main" : $"port-{port}{(protocol == "udp" ? "-udp" : "")}", port, protocol));
        }

        return ports;
    }

    private List<string> Depends()
    {
        var value = service.Get("depends_on");
        var names = value is null ? [] : value.IsList ? value.Items().Select(i => i.Text() ?? "") : value.IsMap ? value.Map()!.Entries.Select(e => e.Key) : [];
        List<string> needs = [];
        foreach (var needed in names)
        {
            if (components.TryGetValue(needed, out var component) && component != name)
                needs.Add(component);
            else
                Note("depends_on", $"{YamlFile.Show(needed)} is not converted with it: name the component of the catalogue that stands for it in 'dependsOn'");
        }

        return needs;
    }

    private void Image()
    {
        var image = Scalar(service, "image");
        var bare = image?.Split('@')[0].Split('/')[^1].Split(':')[0].ToLowerInvariant();
        var own = bare is { Length: > 0 } && Words.Image().IsMatch(bare) ? bare : name;
        _container.Add($"image: {YamlText.Of(own)}      # images/{own}/Dockerfile{(image is null ? "" : $"; Compose took {YamlFile.Show(image)}")}");
        if (service.Has("build"))
            Note("build", ForeignKeys.Service["build"]);
    }

    private static IReadOnlyList<string> Command(YamlValue value) =>
        value.IsList ? value.Texts() : value.IsScalar ? ShellWords.Split(value.Text() ?? "") : [];

    private void Environment()
    {
        List<string> lines = [];
        foreach (var (variable, value) in Pairs("environment"))
        {
            if (!Words.EnvironmentName().IsMatch(variable))
                Note("environment", $"{YamlFile.Show(variable)} is no variable's name");
            else if (SecretName().IsMatch(variable))
                Secret(variable);
            else if (value is null)
                Note("environment", $"{variable} came from the environment: write a value");
            else
                lines.Add($"  {variable}: {YamlText.Of(Interpolated(value, "environment"))}");
        }

        if (lines.Count > 0)
            _container.AddRange(["environment:", .. lines]);
    }

    /// <summary>A secret's value is not copied: it would stand in the catalogue.</summary>
    private void Secret(string variable)
    {
        var parameter = Parameter(variable);
        _parameters[parameter] = "type: secret";
        Note("environment", $"{variable} is a secret: its parameter is '{parameter}'. Set it into a file with 'secret: true' under 'files', and let the program read it from there");
    }

    private void Health()
    {
        var check = Child(service, "healthcheck");
        if (check?.Get("test") is not { } test || check.Get("disable") is not null)
        {
            _container.Add("healthcheck: {test: [CMD, ark-health], interval: 2s, timeout: 5s, retries: 5, start_period: 30s}      # put ark-health into the image");
            return;
        }

        List<string> words = test.IsScalar ? ["CMD-SHELL", test.Text()!] : [.. test.Texts()];
        var times = new[] { "interval", "timeout", "start_period" }.Where(k => Units.Duration(Scalar(check, k) ?? "") is not null).Select(k => $", {k}: {Scalar(check, k)}");
        var retries = int.TryParse(Scalar(check, "retries"), CultureInfo.InvariantCulture, out var n) && n > 0 ? $", retries: {n}" : "";
        _container.Add($"healthcheck: {{test: {YamlText.List(words.Select(w => words[0] == "CMD-SHELL" ? w.Replace("$$", "$", StringComparison.Ordinal) : Interpolated(w, "healthcheck")))}{string.Concat(times)}{retries}}}");
    }

    private void Volumes()
    {
        List<string> volumes = [];
        foreach (var item in service.Get("volumes") is { IsList: true } list ? list.Items() : [])
        {
            var parts = item.IsMap ? [Scalar(item.Map()!, "source") ?? "", Scalar(item.Map()!, "target") ?? ""] : (item.Text() ?? "").Split(':');
            var (source, target) = parts is [var only] ? ("data" + (volumes.Count == 0 ? "" : (volumes.Count + 1).ToString(CultureInfo.InvariantCulture)), only) : (parts[0], parts[1]);
            var readOnly = parts is [_, _, var mode] ? mode.Contains("ro", StringComparison.Ordinal) : item.IsMap && Scalar(item.Map()!, "read_only") == "true";
            source = source.Replace('_', '-').ToLowerInvariant();
            if (!Words.Name().IsMatch(source) || !Words.Target().IsMatch(target))
                Note("volumes", $"{YamlFile.Show(string.Join(':', parts))}: a file belongs under 'files', as a template beside component.yaml; nothing else of the machine is given to containers");
            else
                volumes.Add($"{source}:{target}{(readOnly ? ":ro" : "")}");
        }

        if (volumes.Count > 0)
            _container.Add($"volumes: {YamlText.List(volumes)}");
    }

    private void Others()
    {
        foreach (var key in Copied.Where(k => Scalar(service, k) is not null))
            _container.Add($"{key}: {YamlText.Of(Scalar(service, key)!)}");
        foreach (var key in new[] { "init", "read_only" }.Where(k => Scalar(service, k) is "true" or "false"))
            _container.Add($"{key}: {Scalar(service, key)}");
        if (Scalar(service, "hostname") is { } hostname)
            Note("hostname", $"{YamlFile.Show(hostname)}: instances have names of their own; write \"{{{{ instance.name }}}}\" if the program needs one");
        if (Units.Duration(Scalar(service, "stop_grace_period") ?? "") is { } grace)
            _container.Add($"stop_grace_period: {Units.Write(grace)}");
        foreach (var key in new[] { "cap_add", "cap_drop", "tmpfs" })
        {
            if (service.Get(key) is { } value && (value.IsScalar || value.IsList))
                _container.Add($"{key}: {YamlText.List(value.IsScalar ? [value.Text()!] : value.Texts())}");
        }

        var settings = Pairs("sysctls").Where(s => s.Value is not null).ToList();
        foreach (var (setting, _) in settings.Where(s => s.Name.StartsWith("net.", StringComparison.Ordinal)))
            Note("sysctls", $"{setting}: Docker refuses it in VM mode, where a container has the machine's network");
        settings.RemoveAll(s => s.Name.StartsWith("net.", StringComparison.Ordinal));
        if (settings.Count > 0)
            _container.Add($"sysctls: {{{string.Join(", ", settings.Select(s => $"{YamlText.Of(s.Name)}: {YamlText.Of(s.Value!)}"))}}}");
        var limits = (Child(service, "ulimits")?.Entries ?? []).Select(l => l.Value.IsMap
            ? $"{YamlText.Of(l.Key)}: {{soft: {Number(l.Value.Map()!.Get("soft"))}, hard: {Number(l.Value.Map()!.Get("hard"))}}}"
            : $"{YamlText.Of(l.Key)}: {Number(l.Value)}").ToList();
        if (limits.Count > 0)
            _container.Add($"ulimits: {{{string.Join(", ", limits)}}}");
    }

    /// <summary>Compose's <c>${NAME:-default}</c> as a parameter of the component.</summary>
    private string Interpolated(string text, string key) => Variable().Replace(text, match =>
    {
        if (match.Value == "$$")
            return "$";
        var variable = match.Groups["name"].Value;
        var parameter = Parameter(variable);
        if (SecretName().IsMatch(variable))
        {
            Secret(variable);
            return "";
        }

        var initial = match.Groups["default"];
        if (_parameters.TryAdd(parameter, initial.Success ? $"type: string, default: {YamlText.Of(initial.Value)}" : "type: string") && !initial.Success)
            _notes.Add($"{key}: {variable} came from the environment: the parameter '{parameter}' has no default, so a task must say it");
        return $"{{{{ parameters.{parameter} }}}}";
    });

    private static string Parameter(string variable)
    {
        var parts = variable.ToLowerInvariant().Split('_', StringSplitOptions.RemoveEmptyEntries);
        var joined = string.Concat(parts.Select((p, i) => i == 0 ? p : char.ToUpperInvariant(p[0]) + p[1..]));
        return joined.Length > 0 && char.IsAsciiLetter(joined[0]) ? joined : "p" + joined;
    }

    private IEnumerable<(string Name, string? Value)> Pairs(string key)
    {
        var value = service.Get(key);
        if (value is { IsMap: true })
            return value.Map()!.Entries.Select(e => (e.Key, e.Value.IsScalar ? e.Value.Text() : null));
        return value is not { IsList: true } ? [] : value.Items().Select(i => (i.Text() ?? "").Split('=', 2)).Select(p => (p[0], p.Length > 1 ? p[1] : null));
    }

    private static string Number(YamlValue? value) => value is { IsScalar: true } && long.TryParse(value.Text(), CultureInfo.InvariantCulture, out var n) ? n.ToString(CultureInfo.InvariantCulture) : "0";

    private void Note(string key, string why) => _notes.Add(string.Concat($"{key}: {why}.".Select(c => char.IsControl(c) ? ' ' : c)));

    private static YamlMap? Child(YamlMap map, string key) => map.Get(key) is { IsMap: true } value ? value.Map() : null;

    private static string? Scalar(YamlMap? map, string key) => map?.Get(key) is { IsScalar: true } value ? value.Text() : null;

    [GeneratedRegex(@"^(([0-9.]+|\[[0-9a-f:]+\]):)?([0-9]+:)?(?<port>[0-9]+)(/(?<protocol>tcp|udp))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PortText();

    [GeneratedRegex(@"\$\$|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:?-(?<default>[^{}]*)|:?\?[^{}]*)?\}|\$(?<name>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex("PASSW|SECRET|TOKEN|PRIVATE|CREDENTIAL|API_?KEY", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
