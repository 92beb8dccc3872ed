namespace Ark.Core.Planning;

/// <summary>What puts a component back when the replacement of its instances fails half-way.</summary>
public static class Rollouts
{
    /// <summary>
    /// The previous specs of every instance that the failed rollout has touched, the last one first, and a proof at the end.
    /// Empty where the failed step belongs to no rollout.
    /// </summary>
    /// <param name="plan">The plan in which <paramref name="failed"/> stands.</param>
    /// <param name="touched">Ids of the steps that were begun, done or not.</param>
    public static IReadOnlyList<Step> Undo(Plan plan, Step failed, IReadOnlySet<string> touched)
    {
        if (failed.Rollout is not { } component) return [];
        var undo = plan.Steps
            .Where(s => s.Rollout == component && touched.Contains(s.Id) && s.Work is UpdateService)
            .Reverse()
            .Select(s => (Step: s, Update: (UpdateService)s.Work))
            .Select(u => new Step
            {
                Id = $"undo-update:{u.Update.Spec.Name}",
                Target = u.Update.Spec.Name,
                Before = u.Step.After,
                After = u.Step.Before,
                Work = new UpdateService(u.Update.Previous, u.Update.Spec, u.Update.Deadline),
            })
            .ToList();
        return [.. undo.Select((step, i) => i == 0 ? step : step with { Needs = [undo[i - 1].Id] })];
    }
}
