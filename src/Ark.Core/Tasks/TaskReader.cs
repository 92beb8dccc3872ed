using System.Net;
using System.Text.RegularExpressions;
using Ark.Core.Addressing;
using Ark.Core.Yaml;

namespace Ark.Core.Tasks;

/// <summary>A task as its file says it, with the places of its values.</summary>
public sealed record TaskDocument(DeploymentTask Task, Func<string, string> PlaceOf);

/// <summary>What could be read of a task: with errors among the problems it is not to be used, only to be looked at further.</summary>
/// <param name="Document">Null where the text is no map.</param>
public sealed record TaskDraft(TaskDocument? Document, IReadOnlyList<Problem> Problems);

/// <summary>From the text of <c>task.yaml</c> to a <see cref="DeploymentTask"/>, or to all that is wrong with it.</summary>
public static partial class TaskReader
{
    private const int Schema = 1;

    /// <summary>Of one component.</summary>
    public const int MostInstances = 10_000;

    /// <summary>Characters of a task's text above which it is refused.</summary>
    public const int Longest = 1 << 20;


    /// <param name="path">As problems name it: <c>tasks/task_527/task.yaml</c>.</param>
    public static Outcome<TaskDocument> Read(string text, string path)
    {
        var draft = ReadDraft(text, path);
        return Outcome<TaskDocument>.From(draft.Problems, () => draft.Document!);
    }

    /// <summary>True for what can be a task's id: letters, digits and dashes.</summary>
    public static bool IsId(string id) => IdPattern().IsMatch(id);

    /// <summary>As <see cref="Read"/>, with what can be read of a text in which something is wrong, so that the rest is checked too.</summary>
    public static TaskDraft ReadDraft(string text, string path)
    {
        var file = YamlFile.Parse(path, text, new YamlLimits { Characters = Longest });
        if (file.Root is not { } root) return new(null, file.Problems);
        if (root.Need("schema") is { } schema && schema.Integer() is { } version and not Schema)
            schema.Add("unknown-schema", $"This version of Ark reads schema {Schema}, not {version}.", "use the version of Ark that the task was made for");
        var id = root.Need("id")?.Text();
        if (id is not null && !IsId(id)) root.Get("id")!.Add("bad-task-id", $"The id {YamlFile.Show(id)} is not made of letters, digits and dashes.");
        var baseline = root.Need("baseline")?.Matching(NamePattern(), "the name of a baseline: open-3.1");
        var purpose = root.Get("purpose")?.OneOf("poc", "production") ?? "production";
        var domain = root.Get("domain")?.Matching(DomainPattern(), "a domain: shop.example");
        List<TaskComponent> components = [];
        foreach (var (name, _, value) in root.Need("components")?.Map()?.Entries ?? [])
            components.Add(Component(name, value));
        root.Close();
        var task = new DeploymentTask { Id = id ?? "", Baseline = baseline ?? "", Purpose = purpose, Domain = domain, Components = [.. components.OrderBy(c => c.Name, StringComparer.Ordinal)] };
        return new(new(task, at => $"{path}:{file.PlaceOf(at).Line}:{file.PlaceOf(at).Column}"), file.Problems);
    }

    private static TaskComponent Component(string name, YamlValue value)
    {
        if (value.Map() is not { } map) return new() { Name = name };
        var component = new TaskComponent
        {
            Name = name,
            Count = map.Get("count")?.Integer(0, MostInstances),
            Parameters = Entries(map, "parameters", v => v.Text()),
            Ports = Entries(map, "ports", v => v.Integer(1, 65535)).ToDictionary(p => p.Key, p => p.Value!.Value),
            Addresses = Instances(map, "addresses", name),
            Machines = Instances(map, "machines", name),
            ImageTag = map.Get("image")?.Matching(TagPattern(), "an image tag: letters, digits, dots and dashes"),
        };
        map.Close();
        return component;
    }

    private static Dictionary<string, T> Entries<T>(YamlMap map, string key, Func<YamlValue, T?> read)
    {
        Dictionary<string, T> entries = [];
        foreach (var (name, _, value) in map.Get(key)?.Map()?.Entries ?? [])
            if (read(value) is { } content) entries[name] = content;
        return entries;
    }

    /// <summary>Instance name to address; the names are <c>component-1</c>, <c>component-2</c>…</summary>
    private static Dictionary<string, IPAddress> Instances(YamlMap map, string key, string component)
    {
        foreach (var (name, place, _) in map.Get(key)?.Map()?.Entries ?? [])
        {
            if (!name.StartsWith(component + "-", StringComparison.Ordinal) || !NumberPattern().IsMatch(name[(component.Length + 1)..]))
                map.File.Add("unknown-instance", place, $"{YamlFile.Show(name)} is no instance of {component}.", $"its instances are called {component}-1, {component}-2…");
        }

        return Entries(map, key, Address);
    }

    private static IPAddress? Address(YamlValue value)
    {
        if (value.Text() is not { } text) return null;
        if (Ipv4.TryParse(text, out var address)) return address;
        value.Add("bad-address", $"{YamlFile.Show(text)} is no IPv4 address.", "10.16.9.21");
        return null;
    }

    [GeneratedRegex(@"^[1-9][0-9]{0,4}\z")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]{0,31}\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{0,63}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^(?=.{1,253}\z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex DomainPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex TagPattern();
}
