namespace Ark.Core.Planning;

/// <summary>Plans the restart of instances: one at a time, with a proof after each; components one after the other too.</summary>
public static class RestartPlanner
{
    /// <param name="targets">Components or instances.</param>
    public static Outcome<Plan> Plan(DesiredTask task, ClusterFacts facts, IReadOnlyList<string> targets)
    {
        var there = facts.Services.Where(s => s.Task == task.Id).ToList();
        var unknown = targets.Where(t => there.All(s => s.Name != t && s.Component != t))
            .Select(t => new Problem("unknown-target", $"task {task.Id}", $"The task runs no component or instance {t}.", "ark status")).ToList();
        if (unknown.Count > 0) return Outcome<Plan>.Fail(unknown);

        List<Step> steps = [];
        foreach (var component in task.Components)
            foreach (var service in there.Where(s => s.Component == component.Name && (targets.Contains(s.Name) || targets.Contains(s.Component))))
            {
                var needs = steps.Count == 0 ? (IReadOnlyList<string>)[] : [steps[^1].Id];
                steps.Add(new() { Id = $"restart-service:{service.Name}", Target = service.Name, Before = "running", After = "restarted, healthy", Needs = needs, Work = new RestartService(service.Name, service.Spec.Hash(), component.Deadline) });
                if (component.Proofs.Count > 0)
                    steps.Add(new() { Id = $"prove:{component.Name}:after-{service.Name}", Target = component.Name, After = string.Join("; ", component.Proofs.Select(p => p.Name)), Needs = [steps[^1].Id], Work = new Prove(component.Name, component.Fingerprint(), [.. component.Proofs.Select(p => p.Run())]) });
            }

        return Outcome<Plan>.Of(new Plan($"restart in task {task.Id}", steps));
    }
}
