using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ark.Core.Addressing;

namespace Ark.Core.Sites;

/// <summary>
/// Reads <c>machine_labels</c>: a JSON object of machine address to an object of label to value. Names and values stay within what the placement
/// constraints of Swarm accept (there names are letters, digits and <c>- _ .</c>, and values compare without case) and free of what a shell would read.
/// </summary>
public static partial class MachineLabels
{
    private const string Example = """machine_labels={"10.0.0.11":{"nodetype":"drds"}}""";

    internal static Dictionary<IPAddress, Dictionary<string, string>> Read(SiteFields fields, IReadOnlyCollection<IPAddress> machines)
    {
        Dictionary<IPAddress, Dictionary<string, string>> labels = [];
        if (fields.Get("machine_labels") is not { } json)
            return labels;
        var line = fields.LineOf("machine_labels");
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 8 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                Machines(document.RootElement, fields, line, machines, labels);
            else
                fields.Add("bad-labels", line, "machine_labels is JSON, but not an object of machines.", $"write {Example}");
        }
        catch (JsonException e)
        {
            fields.Add("bad-labels", line, $"machine_labels is not JSON: it cannot be read from its character {e.BytePositionInLine + 1} on.", $"write {Example}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // So the library calls half a surrogate pair, as an escape (\ud800) and as a character.
            fields.Add("bad-labels", line, "machine_labels holds a \\u that is no character.", $"write {Example}");
        }

        return labels;
    }

    private static void Machines(
        JsonElement root, SiteFields fields, int line, IReadOnlyCollection<IPAddress> machines, Dictionary<IPAddress, Dictionary<string, string>> labels)
    {
        foreach (var entry in root.EnumerateObject())
        {
            var shown = SiteFields.Show(entry.Name);
            if (!Ipv4.TryParse(entry.Name, out var address))
                fields.Add("bad-labels", line, $"machine_labels: {shown} is not a machine's address.", $"write {Example}");
            else if (!machines.Contains(address))
                fields.Add("unknown-machine", line, $"machine_labels: {shown} is not one of machine_ips.", "add it to machine_ips or take its labels out");
            else if (entry.Value.ValueKind != JsonValueKind.Object)
                fields.Add("bad-labels", line, $"machine_labels: what {shown} has is not an object of labels.", $"write {Example}");
            else if (!labels.TryAdd(address, Labels(entry, fields, line)))
                fields.Add("bad-labels", line, $"machine_labels: {shown} stands twice.", "write all labels of a machine in one object");
        }
    }

    /// <summary>What is wrong with one label, or null. Its place is the caller's to add.</summary>
    /// <param name="where">Whose label it is, for the message.</param>
    /// <param name="value">Null: it is no text.</param>
    public static Problem? Check(string where, string name, string? value)
    {
        var shown = SiteFields.Show(name);
        if (!Name().IsMatch(name))
            return Bad($"{where}: the name {shown} is not one that Swarm accepts.", "use letters, digits and - _ . beginning with a letter, at most 63");
        if (name.StartsWith("ark.", StringComparison.OrdinalIgnoreCase))
            return Bad($"{where}: names that begin with 'ark.' are Ark's own ({shown}).", "choose another name");
        if (value is null)
            return Bad($"{where}: the value of {shown} is not a text.", "put it in double quotes");
        return Value().IsMatch(value)
            ? null
            : Bad($"{where}: the value {SiteFields.Show(value)} of {shown} is not one that Swarm accepts.", "use letters, digits and - _ . : / at most 63");
    }

    private static Dictionary<string, string> Labels(JsonProperty machine, SiteFields fields, int line)
    {
        Dictionary<string, string> labels = [];
        foreach (var label in machine.Value.EnumerateObject())
        {
            var where = $"machine_labels of {machine.Name}";
            var value = label.Value.ValueKind == JsonValueKind.String ? label.Value.GetString() : null;
            if (Check(where, label.Name, value) is { } problem)
                fields.Add(problem.Code, line, problem.Message, problem.Remedy);
            else if (!labels.TryAdd(label.Name, value!))
                fields.Add("bad-label", line, $"{where}: the label {SiteFields.Show(label.Name)} stands twice.", "keep one of them");
        }

        return labels;
    }

    private static Problem Bad(string message, string remedy) => new("bad-label", "", message, remedy);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9._-]{0,62}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:/-]{0,62}\z")]
    private static partial Regex Value();
}
