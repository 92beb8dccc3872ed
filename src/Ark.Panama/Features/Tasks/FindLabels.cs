using System.Text.Json;
using Ark.Core.Addressing;
using Ark.Core.Catalog;
using Ark.Panama.Features.Baselines;
using Ark.Web.Accounts;
using Ark.Web.Answers;

namespace Ark.Panama.Features.Tasks;

/// <summary>Which components could land where: for the form, while machines and labels are being written.</summary>
public static class FindLabels
{
    /// <param name="Machines">As the variable machine_ips has them.</param>
    /// <param name="Labels">As the variable machine_labels has them.</param>
    public sealed record Request(string? Baseline, string? Machines, string? Labels);

    /// <param name="Readable">The labels can be read: those of machines that are not in the list are left out.</param>
    /// <param name="Components">Those that ask for labels; the others can stand anywhere.</param>
    public sealed record Landing(bool Readable, IReadOnlyList<MachineLabels> Machines, IReadOnlyList<LabelRow> Components);

    public sealed record MachineLabels(string Address, IReadOnlyDictionary<string, string> Labels);

    /// <summary>A component that asks for labels, and the machines that bear them.</summary>
    public sealed record LabelRow(string Component, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> Machines);

    public static async Task<Answer<Landing>> HandleAsync(Actor actor, BaselineStore baselines, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var labels = Read(request.Labels);
        var machines = (request.Machines ?? "").Split([',', '\n', '\r', ' ', '\t', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(m => Ipv4.TryParse(m, out _)).Distinct().Select(m => new MachineLabels(m, labels?.GetValueOrDefault(m) ?? [])).ToList();
        var baseline = string.IsNullOrWhiteSpace(request.Baseline) ? null : (await baselines.ReadAsync(request.Baseline.Trim(), cancellation)).Value?.Baseline;
        return new Landing(labels is not null, machines, [.. (baseline?.Components ?? []).Where(c => c.Placement.Labels.Count > 0).Select(c => Of(c, machines.Select(m => (m.Address, m.Labels))))]);
    }

    public static LabelRow Of(Component component, IEnumerable<(string Machine, IReadOnlyDictionary<string, string> Labels)> machines) =>
        new(component.Name, component.Placement.Labels, [.. machines.Where(m => component.Placement.IsMetBy(m.Labels)).Select(m => m.Machine)]);

    /// <summary>Labels of machines as JSON; null where they cannot be read.</summary>
    public static Dictionary<string, Dictionary<string, string>>? Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return [];
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The labels with one more, one less or one changed; empty where none is left.</summary>
    /// <param name="value">Empty: the machine does not bear it.</param>
    public static string With(string? json, string machine, string label, string value)
    {
        var labels = Read(json) ?? [];
        var own = labels.TryGetValue(machine, out var there) && there is not null ? there : [];
        own.Remove(label);
        if (value.Trim().Length > 0)
            own[label] = value.Trim();
        labels[machine] = own;
        var kept = labels.Where(l => l.Value is { Count: > 0 }).ToDictionary();
        return kept.Count == 0 ? "" : JsonSerializer.Serialize(kept, Differences.Json);
    }
}
