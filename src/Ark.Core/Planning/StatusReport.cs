using Ark.Core.Catalog;

namespace Ark.Core.Planning;

/// <summary>What is, beside what the task wants: an instance that is missing is shown as such.</summary>
public static class StatusReport
{
    /// <param name="desired">Null where only the cluster is known, or the task cannot be resolved.</param>
    public static SiteStatus Of(string site, string task, DesiredTask? desired, Baseline? baseline, ClusterFacts facts)
    {
        var wanted = desired?.Components.SelectMany(c => c.Instances.Select(i => (Component: c.Name, i.Spec))) ?? [];
        var there = facts.Services.Where(s => s.Task == task).Select(s => (s.Component, s.Spec));
        return new(site, task, [.. wanted.Concat(there).DistinctBy(i => i.Spec.Name)
            .OrderBy(i => i.Component, StringComparer.Ordinal).ThenBy(i => i.Spec.Name.Length).ThenBy(i => i.Spec.Name, StringComparer.Ordinal)
            .Select(i => Instance(i.Component, i.Spec, baseline, facts))
            .Concat(desired?.Components.Where(c => c.External is not null).Select(c => Outside(c, baseline, facts)) ?? [])]);
    }

    /// <summary>All that is known of a service outside the site is its proof.</summary>
    private static InstanceStatus Outside(DesiredComponent component, Baseline? baseline, ClusterFacts facts)
    {
        var proof = Proof(component.Name, facts);
        return new(component.Name, component.Name, Product(baseline, component.Name), "", component.External!, "", "external", proof.Result == "passed" ? "healthy" : "unknown", proof);
    }

    private static string Product(Baseline? baseline, string component) => baseline?.Products.FirstOrDefault(p => p.Components.Contains(component))?.Name ?? "";

    private static InstanceStatus Instance(string component, ServiceSpec spec, Baseline? baseline, ClusterFacts facts)
    {
        var service = facts.Find(spec.Name);
        var state = service is null ? "missing" : service.State.ToString().ToLowerInvariant();
        var health = service?.State switch
        {
            null => "unknown",
            InstanceState.Running => "healthy",
            InstanceState.Starting or InstanceState.Pending => "starting",
            _ => "unhealthy",
        };
        var machine = service?.Spec.Machine ?? spec.Machine;
        return new(spec.Name, component, Product(baseline, component),
            machine, InstanceUse.AddressOf(service?.Spec ?? spec), TaskPlanner.Image(service?.Spec ?? spec), state, health, Proof(component, facts));
    }

    private static ProofStatus Proof(string component, ClusterFacts facts) => ProofFacts.Of(facts, component) is { } proof
        ? new(proof.Passed ? "passed" : "failed", proof.At, proof.Evidence)
        : new("notRun", null, "");
}
