using System.Text.Json;
using Ark.Core;
using Ark.Core.Addressing;
using Ark.Core.Tasks;
using Ark.Web.Answers;

namespace Ark.Panama.Features.Tasks;

/// <summary>What a task deploys, as people wrote it: the content of its <c>task.yaml</c>.</summary>
public sealed record TaskDesign
{
    /// <summary><c>poc</c> or <c>production</c>.</summary>
    public string Purpose { get; init; } = "production";

    /// <summary>Of a second task of a site, whose names must not be the first one's; null: the site's.</summary>
    public string? Domain { get; init; }

    /// <summary>The chosen components by name.</summary>
    public Dictionary<string, ComponentDesign> Components { get; init; } = [];

    public static TaskDesign Read(string? json) => json is null ? new() : JsonSerializer.Deserialize<TaskDesign>(json, Differences.Json)!;

    public string Write() => JsonSerializer.Serialize(Clean(), Differences.Json);

    /// <summary>Sorted, without blanks around values and without empty ones: equal designs are equal texts.</summary>
    public TaskDesign Clean() => new()
    {
        Purpose = string.IsNullOrWhiteSpace(Purpose) ? "production" : Purpose.Trim(),
        Domain = string.IsNullOrWhiteSpace(Domain) ? null : Domain.Trim().ToLowerInvariant().TrimEnd('.'),
        Components = (Components ?? []).OrderBy(c => c.Key, StringComparer.Ordinal).ToDictionary(c => c.Key, c => (c.Value ?? new()).Clean()),
    };

    /// <summary>For a copy: addresses are given once.</summary>
    public TaskDesign WithoutAddresses() => this with { Components = Components.ToDictionary(c => c.Key, c => c.Value with { Addresses = [] }) };

    public TaskDesign With(string component, ComponentDesign design) => this with { Components = new(Components) { [component] = design } };

    /// <summary>As Core knows a task.</summary>
    /// <param name="baseline">Name of the baseline as a site calls it.</param>
    /// <param name="problems">Takes addresses that are none, each at its field.</param>
    public Core.Tasks.DeploymentTask ToTask(string id, string baseline, ICollection<Problem> problems) => new()
    {
        Id = id, Baseline = baseline, Purpose = Purpose, Domain = Domain,
        Components = [.. Components.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Value.ToTask(c.Key, problems))],
    };
}

/// <summary>What a task says about one component.</summary>
public sealed record ComponentDesign
{
    /// <summary>Null: the catalogue's default for the task's purpose.</summary>
    public int? Count { get; init; }

    /// <summary>Image tag instead of the baseline's.</summary>
    public string? Image { get; init; }

    /// <summary>As written; secrets only as <c>ark secret encrypt</c> gives them.</summary>
    public Dictionary<string, string> Parameters { get; init; } = [];

    /// <summary>Port name to number, where the catalogue's would collide.</summary>
    public Dictionary<string, int> Ports { get; init; } = [];

    /// <summary>Instance name to address (physical mode).</summary>
    public Dictionary<string, string> Addresses { get; init; } = [];

    /// <summary>Instance name to machine address, where a person pinned it.</summary>
    public Dictionary<string, string> Machines { get; init; } = [];

    public ComponentDesign Clean() => new()
    {
        Count = Count,
        Image = string.IsNullOrWhiteSpace(Image) ? null : Image.Trim(),
        Parameters = Clean(Parameters),
        Ports = (Ports ?? []).OrderBy(p => p.Key, StringComparer.Ordinal).ToDictionary(),
        Addresses = Clean(Addresses),
        Machines = Clean(Machines),
    };

    /// <summary>With these parameter values; others stay as they are.</summary>
    public ComponentDesign Taking(IReadOnlyDictionary<string, string> values) =>
        this with { Parameters = Parameters.Where(p => !values.ContainsKey(p.Key)).Concat(values).ToDictionary() };

    public TaskComponent ToTask(string name, ICollection<Problem> problems) => new()
    {
        Name = name, Count = Count, ImageTag = Image, Parameters = Parameters, Ports = Ports,
        Addresses = Parsed(Addresses, $"components.{name}.addresses", problems),
        Machines = Parsed(Machines, $"components.{name}.machines", problems),
    };

    private static Dictionary<string, string> Clean(Dictionary<string, string>? values) =>
        (values ?? []).Where(v => !string.IsNullOrWhiteSpace(v.Value)).OrderBy(v => v.Key, StringComparer.Ordinal).ToDictionary(v => v.Key, v => v.Value.Trim());

    private static Dictionary<string, System.Net.IPAddress> Parsed(Dictionary<string, string> values, string field, ICollection<Problem> problems)
    {
        Dictionary<string, System.Net.IPAddress> parsed = [];
        foreach (var (instance, text) in values)
        {
            if (Ipv4.TryParse(text, out var address))
                parsed[instance] = address;
            else
                problems.Add(new("bad-address", $"{field}.{instance}", $"What {instance} has is no IPv4 address.", "write for example 10.16.9.21"));
        }

        return parsed;
    }
}
