using Ark.Core;
using Ark.Core.Catalog;
using Ark.Panama.Features.Baselines;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;

namespace Ark.Panama.Features.Designs;

/// <summary>What can be deployed: the baselines, and the products and components of a task's baseline.</summary>
public static class ListComponents
{
    public sealed record Baselines(IReadOnlyList<BaselineBranch> Branches);

    /// <param name="Labels">That a machine must bear to carry it.</param>
    /// <param name="Products">That bring it.</param>
    public sealed record Row(
        string Name, string Title, Stage Stage, IReadOnlyList<string> Products, CountRule Count, ResourceNeeds Resources, IReadOnlyList<Port> Ports,
        IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> DependsOn, IReadOnlyList<Parameter> Parameters);

    public sealed record Listing(BaselineBranch Baseline, IReadOnlyList<Product> Products, IReadOnlyList<Row> Components);

    public static async Task<Answer<Baselines>> BaselinesAsync(Actor actor, BaselineStore baselines, string? search, CancellationToken cancellation) =>
        actor.Lacks(Role.Viewer) is { } refusal ? refusal : new Baselines(await baselines.ListAsync(search, cancellation));

    public static async Task<Answer<Listing>> HandleAsync(ArkDb db, Actor actor, BaselineStore baselines, long id, CancellationToken cancellation)
    {
        if (await ShowTask.ViewAsync(db, actor, id, cancellation) is not { } task)
            return Refusal.NotFound("task");
        var read = await OfTaskAsync(baselines, task.Baseline, cancellation);
        if (!read.Ok)
            return Refusal.Invalid(read.Problems);
        var baseline = read.Value.Baseline;
        return new Listing(read.Value.Branch, baseline.Products, [.. baseline.Components.Select(c => Of(c, baseline.Products))]);
    }

    /// <summary>A task's baseline; what is wrong with it stands at the task's field.</summary>
    public static async Task<Outcome<BaselineVersion>> OfTaskAsync(BaselineStore baselines, string name, CancellationToken cancellation)
    {
        var read = await baselines.ReadAsync(name, cancellation);
        return read.Ok ? read : Outcome<BaselineVersion>.Fail([.. read.Problems.Select(p => p with { Place = "baseline" })]);
    }

    private static Row Of(Component component, IReadOnlyList<Product> products) => new(
        component.Name, component.Title, component.Stage, [.. products.Where(p => p.Components.Contains(component.Name) || p.Optional.Contains(component.Name)).Select(p => p.Name)],
        component.Count, component.Resources, component.Ports, component.Placement.Labels, component.DependsOn, component.Parameters);
}
