using Ark.Core;
using Ark.Panama.Data;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace Ark.Panama.Features.Baselines;

/// <summary>Reads a repository anew. What was known stays as it was where that fails, and the repository says why.</summary>
public static class RefreshRepository
{
    private sealed record Standing(IReadOnlyList<string> Baselines, IReadOnlyList<Problem> Problems);

    public static Task<Answer<ListRepositories.View>> HandleAsync(
        ArkDb db, Actor actor, TimeProvider time, GitMirrors mirrors, BaselineStore store, long id, CancellationToken cancellation) =>
        RunAsync(db, actor, time, mirrors, store, id, (_, _) => Task.CompletedTask, cancellation);

    /// <param name="progress">Told how many branches of how many were read.</param>
    public static async Task<Answer<ListRepositories.View>> RunAsync(
        ArkDb db, Actor actor, TimeProvider time, GitMirrors mirrors, BaselineStore store, long id, Func<int, int, Task> progress, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (await db.GetTable<Repository>().FirstOrDefaultAsync(r => r.Id == id, cancellation) is not { } repository)
            return Refusal.NotFound("repository");
        if (!mirrors.TryBegin(id))
            return new Refusal(409, "refresh-running", "The repository is being refreshed already.");
        try
        {
            var copy = await mirrors.CopyAsync(repository, progress, cancellation);
            var answer = await KeepAsync(db, actor, time, store, id, copy, cancellation);
            var mirror = await db.GetTable<Repository>().Where(r => r.Id == id).Select(r => r.Mirror).FirstOrDefaultAsync(CancellationToken.None);
            mirrors.Forget(id, mirror ?? "");
            return answer;
        }
        finally
        {
            mirrors.End(id);
        }
    }

    private static async Task<Answer<ListRepositories.View>> KeepAsync(
        ArkDb db, Actor actor, TimeProvider time, BaselineStore store, long id, Outcome<Mirrored> copy, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.GetTable<Repository>().FirstOrDefaultAsync(r => r.Id == id, cancellation) is not { } before)
            return Refusal.NotFound("repository");
        var known = await db.GetTable<RepositoryBaseline>().Where(b => b.RepositoryId == id).OrderBy(b => b.Id).ToListAsync(cancellation);
        var found = copy.Ok ? await WithoutNamesakesAsync(db, store, id, copy.Value.Baselines, cancellation) : known;
        var after = before with { Problems = GitMirrors.Write(copy.Problems), UpdatedAt = time.Now(), UpdatedBy = actor.Name };
        if (copy.Ok)
        {
            after = after with { Mirror = copy.Value.Folder, RefreshedAt = after.UpdatedAt };
            await db.GetTable<RepositoryBaseline>().DeleteAsync(b => b.RepositoryId == id, cancellation);
            await db.BulkCopyAsync(new BulkCopyOptions { BulkCopyType = BulkCopyType.MultipleRows }, found, cancellation);
        }

        await db.UpdateAsync(after, token: cancellation);
        await AuditLog.AppendAsync(db, actor, time, "repository-refreshed", $"repository:{id}", Of(before, known), Of(after, found), cancellation);
        await transaction.CommitAsync(cancellation);
        return copy.Ok ? ListRepositories.Of(after, [.. found.Select(b => b.Usable)]) : Refusal.Invalid(copy.Problems);
    }

    /// <summary>A name means one baseline: those that came with Panama and those of other repositories keep theirs.</summary>
    private static async Task<IReadOnlyList<RepositoryBaseline>> WithoutNamesakesAsync(
        ArkDb db, BaselineStore store, long id, IReadOnlyList<RepositoryBaseline> found, CancellationToken cancellation)
    {
        var others = await BaselineStore.Kept(db).Where(k => k.Repository.Id != id && k.Baseline.Usable).Select(k => new { k.Baseline.Name, Owner = k.Repository.Name }).ToListAsync(cancellation);
        var taken = others.DistinctBy(o => o.Name).ToDictionary(o => o.Name, o => $"the repository {o.Owner}");
        foreach (var own in store.OwnNames())
            taken[own] = "Panama itself";
        return
        [
            .. found.Select(b => taken.GetValueOrDefault(b.Name) is not { } owner ? b : b with
            {
                Usable = false,
                Problems = GitMirrors.Write(GitMirrors.Read(b.Problems).Prepend(new("name-taken", b.Name, $"A baseline of that name comes from {owner}.", "give the branch another name"))),
            }),
        ];
    }

    private static Standing Of(Repository repository, IReadOnlyList<RepositoryBaseline> baselines) =>
        new([.. baselines.Select(b => $"{b.Name} {b.Commit}")], GitMirrors.Read(repository.Problems));
}
