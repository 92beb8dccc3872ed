using System.Text.Json.Serialization;

namespace Ark.Core.Planning;

/// <summary>One property in which the site is not what a task says.</summary>
/// <param name="Target">An instance, or the task: <c>task 527</c>.</param>
/// <param name="Property">Its path: <c>environment.LEVEL</c>; <c>instance</c> where all of it comes or goes; <c>state</c> where it does not run.</param>
/// <param name="Is">Empty where there is nothing.</param>
/// <param name="Wanted">Empty where there should be nothing.</param>
public sealed record Difference(string Target, string Property, string Is, string Wanted);

/// <summary>What <c>ark diff</c> shows; its JSON is part of the surface.</summary>
public sealed record TaskDifferences(string Site, string Task, IReadOnlyList<Difference> Differences);

/// <summary>A task against the site, property by property: what is different, not what is to be done.</summary>
public static class TaskDiff
{
    /// <param name="recordedText">The task's text as it was applied; null where it never was.</param>
    public static IReadOnlyList<Difference> Of(DesiredTask desired, ClusterFacts facts, string? recordedText)
    {
        List<Difference> differences = [];
        if (recordedText != desired.Text)
            differences.Add(new($"task {desired.Id}", "text", recordedText is null ? "" : "as it was applied", "as it is here"));
        var wanted = desired.Components.SelectMany(c => c.Instances).Select(i => i.Spec).ToList();
        foreach (var spec in wanted)
            differences.AddRange(Instance(spec, facts.Find(spec.Name)));
        var components = desired.Components.Select(c => c.Name).ToHashSet();
        var names = wanted.Select(s => s.Name).ToHashSet();
        foreach (var service in facts.Services.Where(s => !names.Contains(s.Name) && (s.Task == desired.Id || components.Contains(s.Component))))
            differences.Add(new(service.Name, "instance", TaskPlanner.Place(service.Spec), ""));
        return differences;
    }

    private static IEnumerable<Difference> Instance(ServiceSpec spec, ServiceFacts? service)
    {
        if (service is null)
        {
            yield return new(spec.Name, "instance", "", TaskPlanner.Place(spec));
            yield break;
        }

        foreach (var (property, @is, should) in SpecDiff.Changes(service, spec))
            yield return new(spec.Name, property, @is, should);
        if (service.State != InstanceState.Running)
            yield return new(spec.Name, "state", service.State.ToString().ToLowerInvariant() + (service.Message.Length == 0 ? "" : ": " + service.Message), "running");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(TaskDifferences))]
public sealed partial class DiffJson : JsonSerializerContext;
