using Ark.Panama.Data;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Packages;

/// <summary>What differs between a task as it stands and its last package.</summary>
public static class CompareTask
{
    /// <param name="Number">Of the last package; null where there is none yet.</param>
    public sealed record Comparison(int? Number, IReadOnlyList<Change> Changes);

    /// <param name="Packaged">Null: it was not there.</param>
    /// <param name="Now">Null: it is not there any more.</param>
    public sealed record Change(string Field, string? Packaged, string? Now);

    public static async Task<Answer<Comparison>> HandleAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation)
    {
        if (await ShowTask.ViewAsync(db, actor, id, cancellation) is not { } task)
            return Refusal.NotFound("task");
        var last = await db.GetTable<TaskPackage>().Where(p => p.TaskId == id).OrderByDescending(p => p.Number).Select(p => new { p.Number, p.Content }).FirstOrDefaultAsync(cancellation);
        if (last is null)
            return new Comparison(null, []);
        var (then, now) = (PackageContent.Read(last.Content).Fields(), PackageContent.Of(task).Fields());
        return new Comparison(last.Number, [.. then.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(f => new Change(f, then.GetValueOrDefault(f), now.GetValueOrDefault(f))).Where(c => c.Packaged != c.Now)]);
    }
}
