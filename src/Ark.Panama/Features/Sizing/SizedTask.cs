using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;

namespace Ark.Panama.Features.Sizing;

/// <summary>Makes a draft task of a plan: the reference baseline of its line, the mode, and the counts of its components.</summary>
public static class SizedTask
{
    /// <param name="Line">3.0 or 3.1.</param>
    /// <param name="Sizing">What is planned.</param>
    public sealed record Request(long CustomerId, string? Name, string? Domain, SizingRequest? Sizing, string? Line = "3.1");

    public static async Task<Answer<ShowTask.View>> HandleAsync(ArkDb db, Actor actor, TimeProvider time, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (request.Sizing is null)
            return Refusal.Invalid([new("missing-value", "sizing", "sizing has no value.")]);
        var plan = PlanSizing.Plan(request.Sizing);
        if (!plan.Ok)
            return Refusal.Invalid([.. plan.Problems.Select(p => p with { Place = $"sizing.{p.Place}" })]);
        return await SaveTask.CreateWithAsync(db, actor, time, new()
        {
            CustomerId = request.CustomerId, Name = request.Name, Domain = request.Domain, Line = request.Line, Baseline = $"reference-{request.Line}",
            Variables = new() { ["mode"] = plan.Value.Mode == SiteMode.Vm ? "vm" : "physical" },
        }, DesignOf(plan.Value, request.Sizing.Purpose, request.Line), cancellation);
    }

    private static TaskDesign DesignOf(SizingPlan plan, Purpose purpose, string? line) => new()
    {
        Purpose = purpose == Purpose.Poc ? "poc" : "production",
        Components = CountsOf(plan, line).ToDictionary(c => c.Key, c => new ComponentDesign { Count = (int)c.Value }),
    };

    /// <summary>Instances by component, as the reference baseline of that line calls them: in 3.0 HAProxy stands in place of DNCS, and Ark's own MySQL is the metadata database.</summary>
    public static IReadOnlyDictionary<string, long> CountsOf(SizingPlan plan, string? line) =>
        plan.Instances.ToDictionary(i => line == "3.0" ? InLine30(i.Component) : i.Component, i => i.Count.Value);

    private static string InLine30(string component) => component switch
    {
        "middleware-dncs" => "haproxy",
        "minidbpaas-metadb" => "metadb",
        _ => component,
    };
}
