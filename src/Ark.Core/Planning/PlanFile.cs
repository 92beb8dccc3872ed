using System.Text.Json;

namespace Ark.Core.Planning;

/// <summary>What a plan was made for: the options of the command that made it.</summary>
/// <param name="Task">Null: the properties' task, or the only one.</param>
/// <param name="Components">Empty: all.</param>
/// <param name="Stage">A step of the deploy menu, or <c>images</c>; null: all.</param>
public sealed record PlanOptions(string? Task, IReadOnlyList<string> Components, string? Stage, bool Adopt, bool Prune);

/// <summary>A plan in a file: written by <c>ark plan --out</c>, and carried out by <c>ark apply FILE</c> as long as it is still what would be planned.</summary>
public static class PlanFile
{
    /// <summary>The plan as part of the surface, too: <c>steps: {id, action, target, before, after, needs}</c>, with what each does.</summary>
    public static string Write(Plan plan) => JsonSerializer.Serialize(plan, PlanJson.Default.Plan);

    /// <param name="path">As problems name it.</param>
    public static Outcome<Plan> Read(string text, string path)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, PlanJson.Default.Plan) is { Subject: not null, Steps: not null } plan && plan.Steps.All(s => s?.Work is not null)) return Outcome<Plan>.Of(plan);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            // Told below: what is wrong with a file that no person writes is of no use.
        }

        return Outcome<Plan>.Fail(new Problem("bad-plan", path, "This is no plan of this version of Ark.", "ark plan --out " + path));
    }

    /// <summary>
    /// What is different between the plan in the file and what would be planned now, a line a step; empty where they are the same. Secrets that
    /// are to be created have no name to compare: the name tells the content, which is made anew by every plan until it is on record.
    /// </summary>
    public static IReadOnlyList<string> Differences(Plan saved, Plan now)
    {
        // Both as they come out of a file: reading may order maps otherwise than they were made.
        var (then, today) = (Steps(saved), Steps(Read(Write(now), "").Value ?? now));
        List<string> differences = [];
        if (saved.Subject != now.Subject) differences.Add($"it is for {saved.Subject}, not for {now.Subject}");
        differences.AddRange(then.Keys.Where(id => !today.ContainsKey(id)).Select(id => $"{id} would not be done any more"));
        differences.AddRange(today.Keys.Where(id => !then.ContainsKey(id)).Select(id => $"{id} would be done too"));
        differences.AddRange(then.Keys.Where(id => today.TryGetValue(id, out var other) && other != then[id]).Select(id => $"{id} would be done otherwise"));
        if (differences.Count == 0 && !then.Keys.SequenceEqual(today.Keys)) differences.Add("the order of the steps is another");
        return differences;
    }

    /// <summary>Id to the step's text, in the order of the plan, both without the names of new secrets and what follows from them.</summary>
    private static OrderedDictionary<string, string> Steps(Plan plan)
    {
        var names = plan.Steps.Select(s => s.Work).OfType<CreateSecret>().Select(c => c.Name).ToList();
        OrderedDictionary<string, string> steps = [];
        foreach (var step in plan.Steps)
        {
            // The fingerprint is made of specs in which the names stand; those that change at all are compared in their own steps.
            var plain = names.Count > 0 && step.Work is Prove prove ? step with { Work = prove with { Fingerprint = "" } } : step;
            var text = JsonSerializer.Serialize(plain, PlanJson.Default.Step);
            var id = step.Id;
            foreach (var name in names)
                (id, text) = (id.Replace(name, Stem(name), StringComparison.Ordinal), text.Replace(name, Stem(name), StringComparison.Ordinal));
            steps[id] = text;
        }

        return steps;
    }

    /// <summary>A secret's name without the digits of its content.</summary>
    private static string Stem(string name) => name[..(name.LastIndexOf('-') + 1)] + "new";
}
