using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ark.Core.Yaml;

namespace Ark.Core.Tasks;

/// <summary>Writes <c>task.yaml</c>: whole, or one count in a text that stays otherwise as a person wrote it.</summary>
public static partial class TaskWriter
{
    /// <summary>The same text for the same task, whatever the order of its maps.</summary>
    public static string Write(DeploymentTask task)
    {
        var text = new StringBuilder();
        text.Append("schema: 1\n").Append("id: ").Append(Quoted(task.Id)).Append('\n');
        text.Append("baseline: ").Append(Quoted(task.Baseline)).Append('\n');
        text.Append("purpose: ").Append(task.Purpose).Append('\n');
        if (task.Domain is not null)
            text.Append("domain: ").Append(Quoted(task.Domain)).Append('\n');
        text.Append(task.Components.Count == 0 ? "components: {}\n" : "components:\n");
        foreach (var component in task.Components.OrderBy(c => c.Name, StringComparer.Ordinal))
            Component(text, component);
        return text.ToString();
    }

    /// <summary>
    /// The text with the count of a component set: the number is replaced, or a line added; comments and all other lines stay.
    /// </summary>
    /// <param name="path">As problems name it.</param>
    /// <returns>The new text; the text's own problems, or that the task has no such component.</returns>
    public static Outcome<string> SetCount(string text, string path, string component, int count) =>
        Set(text, path, component, "count", count.ToString(CultureInfo.InvariantCulture), c => c with { Count = count });

    /// <summary>As <see cref="SetCount"/>, for the image tag that the task asks for instead of the baseline's.</summary>
    public static Outcome<string> SetImage(string text, string path, string component, string tag) =>
        Set(text, path, component, "image", Quoted(tag), c => c with { ImageTag = tag });

    private static Outcome<string> Set(string text, string path, string component, string key, string value, Func<TaskComponent, TaskComponent> change)
    {
        var before = TaskReader.Read(text, path);
        if (!before.Ok)
            return Outcome<string>.Fail(before.Problems);
        var task = before.Value.Task;
        if (task.Components.All(c => c.Name != component))
        {
            var hint = Nearest.Hint(component, task.Components.Select(c => c.Name));
            return Outcome<string>.Fail(new Problem("unknown-component", path, $"The task {task.Id} has no component {component}.", hint.Length > 0 ? hint : $"add it to components: {component}: {{}}"));
        }

        var wanted = Write(task with { Components = [.. task.Components.Select(c => c.Name == component ? change(c) : c)] });
        var edited = Edit(text, path, component, key, value);

        // An unusual layout that the edit did not understand: the whole text is written anew rather than a wrong one.
        return Outcome<string>.Of(TaskReader.Read(edited, path) is { Ok: true } after && Write(after.Value.Task) == wanted ? edited : wanted);
    }

    private static string Edit(string text, string path, string component, string key, string value)
    {
        var bare = text.TrimStart('\uFEFF');
        var file = YamlFile.Parse(path, bare);
        var map = file.Root!.Get("components")!.Map()!.Get(component)!.Map()!;
        var head = text[..(text.Length - bare.Length)];
        if (map.Get(key) is { } old)
        {
            var at = Offset(bare, old.Place);
            return head + bare[..at] + value + bare[(at + Scalar().Match(bare, at).Length)..];
        }

        var start = Offset(bare, map.Place);
        if (start < bare.Length && bare[start] == '{')
        {
            var empty = !map.Entries.Any();
            return head + bare[..(start + 1)] + $"{key}: {value}{(empty ? "" : ", ")}" + bare[(start + 1)..];
        }

        var lineEnd = bare.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        return head + bare[..start] + $"{key}: {value}{lineEnd}{new string(' ', map.Place.Column - 1)}" + bare[start..];
    }

    private static int Offset(string text, YamlPlace place)
    {
        var at = 0;
        for (var line = 1; line < place.Line; line++)
            at = text.IndexOf('\n', at) + 1;
        return at + place.Column - 1;
    }

    private static void Component(StringBuilder text, TaskComponent component)
    {
        var body = new StringBuilder();
        if (component.Count is { } count)
            body.Append(CultureInfo.InvariantCulture, $"    count: {count}\n");
        if (component.ImageTag is { } tag)
            body.Append(CultureInfo.InvariantCulture, $"    image: {Quoted(tag)}\n");
        Map(body, "parameters", component.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, Plain().IsMatch(p.Value) && !p.Value.Equals("null", StringComparison.OrdinalIgnoreCase) ? p.Value : Quoted(p.Value))));
        Map(body, "ports", component.Ports.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value.ToString(CultureInfo.InvariantCulture))));
        Map(body, "addresses", component.Addresses.OrderBy(a => a.Key, ByNumber).Select(a => (a.Key, a.Value.ToString())));
        Map(body, "machines", component.Machines.OrderBy(a => a.Key, ByNumber).Select(a => (a.Key, a.Value.ToString())));
        text.Append(CultureInfo.InvariantCulture, $"  {Key(component.Name)}:{(body.Length == 0 ? " {}" : "")}\n").Append(body);
    }

    private static void Map(StringBuilder text, string name, IEnumerable<(string Key, string Value)> entries)
    {
        var list = entries.ToList();
        if (list.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"    {name}:\n");
        foreach (var (key, value) in list)
            text.Append(CultureInfo.InvariantCulture, $"      {Key(key)}: {value}\n");
    }

    /// <summary>cache-2 before cache-10.</summary>
    private static Comparer<string> ByNumber { get; } = Comparer<string>.Create((a, b) =>
        a.Length != b.Length && a[..(a.LastIndexOf('-') + 1)] == b[..(b.LastIndexOf('-') + 1)] ? a.Length - b.Length : string.CompareOrdinal(a, b));

    private static string Key(string key) => Name().IsMatch(key) ? key : Quoted(key);

    private static string Quoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append(@"\n"),
                '\r' => quoted.Append(@"\r"),
                '\t' => quoted.Append(@"\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex("""\G("[^"]*"|'[^']*'|[^\s,}#]+)""")]
    private static partial Regex Scalar();

    /// <summary>Values that YAML reads back as they are written, whatever type it takes them for.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._/+-]*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9._-]*\z")]
    private static partial Regex Name();
}
