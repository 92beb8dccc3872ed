using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>
/// A component as read, with the file that knows where everything stands. <see cref="Sound"/> is false where ports or parameters have
/// problems, so that templates cannot be judged.
/// </summary>
internal sealed record ComponentSource(Component Component, YamlFile File, string Folder, bool Sound);

/// <summary>Reads a <c>component.yaml</c>. What is wrong goes to the file's problems; what could be read is given all the same.</summary>
internal sealed class ComponentReader
{
    /// <summary>The keys of a component.</summary>
    public static readonly IReadOnlyList<string> Keys =
    [
        "schema", "name", "title", "stage", "count", "resources", "ports", "placement", "parameters", "dependsOn", "container", "files", "init",
        "leave", "proof", "endpoint", "dnsNames", "update", "metrics", "external",
    ];

    private static readonly string[] Balances = ["roundrobin", "leastconn", "source", "first", "static-rr", "random"];

    private readonly YamlFile _file;
    private readonly YamlMap _root;
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string> _files;

    private ComponentReader(YamlFile file, YamlMap root, string folder, IReadOnlyDictionary<string, string> files) =>
        (_file, _root, _folder, _files) = (file, root, folder, files);

    /// <param name="folder">The component's folder as it stands in the keys of <paramref name="files"/>: <c>open-3.1/components/cache</c>.</param>
    /// <returns>The file, and the component where the file is a map at all.</returns>
    public static (YamlFile File, ComponentSource? Source) Read(string folder, IReadOnlyDictionary<string, string> files)
    {
        var path = folder + "/component.yaml";
        var file = YamlFile.Parse(path, files[path]);
        return (file, file.Root is { } root ? new ComponentReader(file, root, folder, files).Read() : null);
    }

    private ComponentSource Read()
    {
        _root.Know(Keys);
        Schema(_root);
        var errors = Errors();
        var (ports, parameters) = (Ports(), ParameterReader.Read(_root));
        var sound = errors == Errors();
        var component = new Component
        {
            Name = Name(),
            Title = _root.Need("title")?.String() ?? "",
            Stage = StageOf(),
            Count = Count(),
            Resources = Resources(),
            Ports = ports,
            Placement = Placement(),
            Parameters = parameters,
            DependsOn = Names("dependsOn"),
            Container = _root.Need("container")?.Map() is { } container ? new ContainerReader(container).Read() : new() { Image = "" },
            Files = Files(),
            Init = [.. _root.Get("init")?.Maps().Select(Init) ?? []],
            Leave = _root.Get("leave")?.Texts() ?? [],
            Proofs = [.. _root.Get("proof")?.Maps().Select(ProofOf) ?? []],
            Endpoint = EndpointOf(),
            DnsNames = Names("dnsNames"),
            Update = Update(),
            Metrics = MetricsOf(),
            External = _root.Get("external")?.Map() is { } external ? ExternalReader.Read(external) : null,
        };
        foreach (var key in ContainerReader.Keys.Where(k => !Keys.Contains(k)))
            _root.Refuse(key, "foreign-compose-key", $"'{key}' does not stand here.", "write it within 'container'");
        ForeignKeys.Refuse(_root, ForeignKeys.Service.Where(k => !Keys.Contains(k.Key)).ToDictionary(), "a component");
        _root.Close();
        return new(component, _file, _folder, sound);
    }

    private int Errors() => _file.Problems.Count(p => p.Severity == Severity.Error);

    /// <summary>The version of the format; the only one there is is 1.</summary>
    public static void Schema(YamlMap root)
    {
        var value = root.Need("schema");
        if (value?.Integer() is { } version && version != 1)
            value.Add("unknown-schema", $"This is written for version {version} of the format; this Ark reads version 1.", "write 'schema: 1', or use the Ark that goes with the catalogue");
    }

    private string Name()
    {
        var value = _root.Need("name");
        var name = value?.Matching(Words.Name(), Words.NameForm);
        var folder = _folder[(_folder.LastIndexOf('/') + 1)..];
        if (name is not null && name != folder)
            value!.Add("name-and-folder", $"The component is called {YamlFile.Show(name)}, its folder '{folder}'.", "give both the same name");
        else if (name is not null && Words.InstanceEnding().IsMatch(name))
            value!.Add("bad-value", $"'{name}' ends like an instance's name.", "end it with a letter");
        return folder;
    }

    private Stage StageOf() => _root.Need("stage")?.OneOf("metadb", "names", "middleware") switch
    {
        "metadb" => Stage.Metadb,
        "names" => Stage.Names,
        _ => Stage.Middleware,
    };

    private CountRule Count()
    {
        if (_root.Need("count")?.Map() is not { } map)
            return new(1, 1, 1);
        var (min, usual, max) = (map.Need("min")?.Integer(1, 1000), map.Need("default")?.Integer(1, 1000), map.Need("max")?.Integer(1, 1000));
        var odd = map.Get("odd")?.Boolean() ?? false;
        var poc = map.Get("poc")?.Integer(1, 1000);
        map.Close();
        if (min > max)
            _file.Add("count-rule", map.Place, $"'count' has min {min} above max {max}.");
        foreach (var (key, number) in new[] { ("default", usual), ("poc", poc) })
        {
            if (number < min || number > max)
                _file.Add("count-rule", _file.PlaceOf("count." + key), $"'count.{key}' is {number}, which is not between min {min} and max {max}.");
        }

        foreach (var (key, number) in new[] { ("min", min), ("default", usual), ("max", max), ("poc", poc) })
        {
            if (odd && number % 2 == 0)
                _file.Add("count-rule", _file.PlaceOf("count." + key), $"'count.{key}' is {number}, which is even, but 'odd: true' is wanted.", "write an odd number");
        }

        return new(min ?? 1, usual ?? min ?? 1, Math.Max(max ?? usual ?? 1, min ?? 1), odd, poc);
    }

    private ResourceNeeds Resources()
    {
        if (_root.Need("resources")?.Map() is not { } map)
            return new(0, 0, 0);
        var needs = new ResourceNeeds(map.Need("cpus")?.Number(0, 4096) ?? 0, map.Need("memory")?.Size() ?? 0, map.Need("disk")?.Size() ?? 0);
        map.Close();
        return needs;
    }

    private List<Port> Ports()
    {
        List<Port> ports = [];
        foreach (var map in _root.Get("ports")?.Maps() ?? [])
        {
            var name = map.Need("name")?.Matching(Words.Name(), Words.NameForm);
            var number = map.Need("port")?.Integer(1, 65535);
            var protocol = map.Get("protocol")?.OneOf("tcp", "udp") ?? "tcp";
            map.Close();
            if (name is null || number is null)
                continue;
            if (ports.Any(p => p.Name == name))
            {
                _file.Add("duplicate-port", _file.PlaceOf(map.Path + ".name"), $"Two ports are called '{name}'.", "give each a name of its own");
                continue;
            }

            if (ports.Find(p => p.Number == number && p.Protocol == protocol) is { } other)
                _file.Add("duplicate-port", _file.PlaceOf(map.Path + ".port"), $"Port {number}/{protocol} is both '{other.Name}' and '{name}'.", "an instance listens on a port once");
            ports.Add(new(name, number.Value, protocol));
        }

        return ports;
    }

    private PlacementRule Placement()
    {
        if (_root.Get("placement")?.Map() is not { } map)
            return new();
        SortedDictionary<string, string> labels = new(StringComparer.Ordinal);
        foreach (var (key, place, value) in map.Get("labels")?.Map()?.Entries ?? [])
        {
            var text = value.Text();
            if (!Words.Label().IsMatch(key) || (text is not null && !Words.Label().IsMatch(text)))
                _file.Add("bad-label", place, $"{YamlFile.Show(key)}: {YamlFile.Show(text ?? "")} is no label.", "use letters, digits and . _ - / in name and value: Swarm takes no others");
            else if (text is not null)
                labels[key] = text;
        }

        var rule = new PlacementRule
        {
            Labels = labels,
            Spread = map.Get("spread")?.Boolean() ?? true,
            Exclusive = map.Get("exclusive")?.Boolean() ?? false,
            Apart = Distinct(map.Get("apart")),
        };
        map.Close();
        return rule;
    }

    private List<string> Names(string key) => Distinct(_root.Get(key));

    private static List<string> Distinct(YamlValue? value)
    {
        List<string> names = [];
        foreach (var item in value?.Items() ?? [])
        {
            if (item.Matching(Words.Name(), Words.NameForm) is not { } name)
                continue;
            if (names.Contains(name))
                item.Add("bad-value", $"'{name}' stands twice in '{value!.Path}'.", "keep one of them");
            else
                names.Add(name);
        }

        return names;
    }

    private List<FileTemplate> Files()
    {
        List<FileTemplate> files = [];
        foreach (var map in _root.Get("files")?.Maps() ?? [])
        {
            var source = map.Need("source")?.Matching(Words.Source(), "a path within the component's folder, without '..', spaces or signs");
            var target = map.Need("target")?.Matching(Words.Target(), Words.TargetForm);
            var secret = map.Get("secret")?.Boolean() ?? false;
            var mode = map.Get("mode")?.Matching(Words.Mode(), "octal permissions in quotes such as \"0440\"") ?? (secret ? "0400" : "0444");
            var owner = new FileOwner(map.Get("uid")?.Integer(0) ?? 0, map.Get("gid")?.Integer(0) ?? 0);
            map.Close();
            if (target is not null && files.Any(f => f.Target == target))
                _file.Add("duplicate-target", _file.PlaceOf(map.Path + ".target"), $"Two files go to {target}.", "give each a path of its own");
            if (source is null || target is null)
                continue;
            if (!_files.TryGetValue($"{_folder}/{source}", out var text))
            {
                Missing(map, source);
                continue;
            }

            if (secret && !map.Has("uid") && (Convert.ToInt32(mode, 8) & 4) == 0)
                _file.Add("secret-unreadable", map.Place, $"Only root can read {target}.", "give 'uid' and 'gid' of the image's user (0 if it is root)", Severity.Warning);
            files.Add(new(source, text, target, Convert.ToInt32(mode, 8), owner, secret));
        }

        return files;
    }

    private void Missing(YamlMap map, string source)
    {
        var beside = _files.Keys.Where(f => f.StartsWith(_folder + "/", StringComparison.Ordinal)).Select(f => f[(_folder.Length + 1)..]).Where(f => f != "component.yaml");
        var hint = Nearest.Hint(source, beside);
        _file.Add("missing-file", _file.PlaceOf(map.Path + ".source"), $"There is no file {YamlFile.Show(source)} in {_folder}.", hint.Length == 0 ? "write it; a template may be plain text" : hint);
    }

    private static InitJob Init(YamlMap map)
    {
        var job = new InitJob(map.Need("name")?.String() ?? "", Run(map), map.Get("deadline")?.Duration() ?? TimeSpan.FromSeconds(60));
        map.Close();
        return job;
    }

    private static Proof ProofOf(YamlMap map)
    {
        var proof = new Proof(map.Need("name")?.String() ?? "", map.Get("within")?.Duration() ?? TimeSpan.FromSeconds(30), [.. map.Need("steps")?.Maps().Select(Step) ?? []], map.Get("rolling")?.Boolean() ?? true);
        map.Close();
        NotEmpty(map, "steps", "write what is run: [{on: first, run: [ark-proof]}]");
        return proof;
    }

    /// <summary>A list that must have something in it.</summary>
    public static void NotEmpty(YamlMap map, string key, string remedy)
    {
        if (map.Get(key) is { IsList: true } list && list.Items().Count == 0)
            list.Add("bad-value", $"'{list.Path}' is empty.", remedy);
    }

    private static ProofStep Step(YamlMap map)
    {
        var on = map.Need("on")?.OneOf("first", "last", "others", "each", "machines") ?? "first";
        var step = new ProofStep(Enum.Parse<ProofTarget>(on, ignoreCase: true), Run(map), map.Get("expect")?.Text());
        map.Close();
        return step;
    }

    /// <summary>The command of a job or of a proof's step.</summary>
    public static IReadOnlyList<string> Run(YamlMap map)
    {
        if (map.Need("run") is not { } value)
            return [];
        var words = value.Texts();
        if (value.IsList && words.Count == 0)
            value.Add("bad-value", $"'{value.Path}' is empty.", "write a command and its arguments: [ark-proof, set, x]");
        return words;
    }

    private Endpoint? EndpointOf()
    {
        if (_root.Get("endpoint")?.Map() is not { } map)
            return null;
        var endpoint = new Endpoint(
            map.Need("port")?.String() ?? "",
            map.Need("frontPort")?.Integer(1, 65535) ?? 0,
            map.Get("balance")?.OneOf(Balances) ?? "roundrobin",
            map.Get("httpCheck")?.Matching(Words.HttpPath(), "a path such as /health"));
        map.Close();
        return endpoint;
    }

    private UpdatePolicy Update()
    {
        var map = _root.Get("update")?.Map();
        var policy = new UpdatePolicy(map?.Get("deadline")?.Duration() ?? TimeSpan.FromSeconds(120), map?.Get("writeGap")?.Duration() ?? TimeSpan.Zero);
        map?.Close();
        return policy;
    }

    private Metrics? MetricsOf()
    {
        if (_root.Get("metrics")?.Map() is not { } map)
            return null;
        var metrics = new Metrics(map.Need("port")?.String() ?? "", map.Get("path")?.Matching(Words.HttpPath(), "a path such as /metrics") ?? "/metrics");
        map.Close();
        return metrics;
    }
}
