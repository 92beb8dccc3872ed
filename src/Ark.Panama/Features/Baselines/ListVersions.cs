using Ark.Core;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB.Async;

namespace Ark.Panama.Features.Baselines;

/// <summary>Every baseline, broken ones too, and which customers' tasks are made of it.</summary>
public static class ListVersions
{
    /// <param name="Usable">Tasks can be made of it; otherwise the problems say why not.</param>
    /// <param name="Customers">How many customers of those that the actor sees have tasks with it.</param>
    public sealed record Row(BaselineBranch Baseline, bool Usable, int Customers, IReadOnlyList<Problem> Problems);

    public sealed record Listing(IReadOnlyList<Row> Versions);

    public sealed record TaskOf(long Id, string Name, string State);

    public sealed record CustomerOf(long Id, string Name, IReadOnlyList<TaskOf> Tasks);

    public sealed record Users(IReadOnlyList<CustomerOf> Customers);

    /// <param name="search">Words of a name or title.</param>
    public static async Task<Answer<Listing>> HandleAsync(ArkDb db, Actor actor, BaselineStore store, string? search, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var usable = await store.ListAsync(search, cancellation);
        var kept = await BaselineStore.Kept(db).ToListAsync(cancellation);
        var uses = (await ShowTask.Rows(db, actor).Select(r => new { r.Task.Baseline, r.Task.CustomerId }).ToListAsync(cancellation)).Distinct().CountBy(u => u.Baseline).ToDictionary();
        var good = usable.Select(b => new Row(b, true, uses.GetValueOrDefault(b.Name), Warnings(b)));
        var broken = kept.Where(k => !k.Baseline.Usable).Select(k => new Row(BaselineStore.Of(k), false, 0, GitMirrors.Read(k.Baseline.Problems)))
            .Where(r => BaselineStore.HasWords(search, r.Baseline.Name, r.Baseline.Title));
        return new Listing([.. good.Concat(broken).OrderBy(r => r.Baseline.Name, StringComparer.Ordinal).ThenBy(r => r.Baseline.Source, StringComparer.Ordinal)]);

        IReadOnlyList<Problem> Warnings(BaselineBranch branch) =>
            kept.FirstOrDefault(k => k.Baseline.Usable && k.Baseline.Name == branch.Name && branch.Source.Length > 0) is { } found ? GitMirrors.Read(found.Baseline.Problems) : [];
    }

    /// <summary>Whose tasks are made of a baseline; only customers that the actor sees.</summary>
    public static async Task<Answer<Users>> CustomersAsync(ArkDb db, Actor actor, string name, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var rows = await ShowTask.Rows(db, actor).Where(r => r.Task.Baseline == name)
            .Select(r => new { r.Task.Id, r.Task.Name, r.Task.State, r.Task.CustomerId, r.Customer }).ToListAsync(cancellation);
        return new Users([.. rows.GroupBy(r => (r.CustomerId, r.Customer)).OrderBy(g => g.Key.Customer, StringComparer.Ordinal)
            .Select(g => new CustomerOf(g.Key.CustomerId, g.Key.Customer, [.. g.OrderBy(t => t.Id).Select(t => new TaskOf(t.Id, t.Name, t.State.ToString().ToLowerInvariant()))]))]);
    }
}
