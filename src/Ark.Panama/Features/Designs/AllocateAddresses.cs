using Ark.Core.Catalog;
using Ark.Panama.Features.Baselines;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;

namespace Ark.Panama.Features.Designs;

/// <summary>
/// Gives every instance its address: in physical mode one of the pool, written into the design, where what is given stays; in VM mode it is its
/// machine's, and nothing is written.
/// </summary>
public static class AllocateAddresses
{
    public sealed record Request(int Version);

    /// <param name="Addresses">Instance to address.</param>
    public sealed record Allocation(ShowTask.View Task, IReadOnlyDictionary<string, string> Addresses);

    public static async Task<Answer<Allocation>> HandleAsync(
        ArkDb db, Actor actor, TimeProvider time, BaselineStore baselines, long id, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (await ShowTask.RowAsync(db, actor, id, cancellation) is not { } before)
            return Refusal.NotFound("task");
        var read = await ListComponents.OfTaskAsync(baselines, before.Task.Baseline, cancellation);
        if (!read.Ok)
            return Refusal.Invalid(read.Problems);
        var planned = await PlanAsync(db, before, read.Value.Baseline, cancellation);
        if (planned.Ok && planned.Site!.Pool is null)
            return new Allocation(ShowTask.Of(before.Task, before.Customer), Addresses(planned));

        var written = await ChangeTask.RunAsync(db, actor, time, id, new(request.Version, request, "addresses-allocated", async task =>
        {
            if (SaveDesign.Closed(task) is { } closed)
                return closed;
            planned = await PlanAsync(db, new(task, before.Customer), read.Value.Baseline, cancellation); // again: nobody else allocates meanwhile
            return planned.Ok ? task with { Design = With(TaskDesign.Read(task.Design), planned).Write() } : Refusal.Invalid(planned.Problems);
        }), cancellation);
        return written.Ok ? new Allocation(written.Value, Addresses(planned)) : written.Refusal;
    }

    private static async Task<PlannedTask> PlanAsync(ArkDb db, ShowTask.Row row, Baseline baseline, CancellationToken cancellation) =>
        PlannedTask.Of(ShowTask.Of(row.Task, row.Customer), baseline, await PlannedSite.NeighboursAsync(db, row.Task, cancellation), PlannedSite.TypeOf("")!);

    private static TaskDesign With(TaskDesign design, PlannedTask planned)
    {
        var given = planned.Spots.ToLookup(s => PlannedTask.ComponentOf(s.Key));
        return design with
        {
            Components = design.Components.ToDictionary(
                c => c.Key, c => c.Value with { Addresses = given[c.Key].Select(s => KeyValuePair.Create(s.Key, s.Value.Address)).UnionBy(c.Value.Addresses, a => a.Key).ToDictionary() }),
        };
    }

    private static SortedDictionary<string, string> Addresses(PlannedTask planned) =>
        new(planned.Spots.ToDictionary(s => s.Key, s => s.Value.Address), StringComparer.Ordinal);
}
