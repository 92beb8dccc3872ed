using Ark.Core;
using Ark.Panama.Data;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Baselines;

/// <summary>The repositories with what their last refresh brought.</summary>
public static class ListRepositories
{
    /// <param name="RefreshedAt">When it was mirrored last; null: never.</param>
    /// <param name="Baselines">How many baselines its branches hold.</param>
    /// <param name="Broken">How many of them have errors.</param>
    /// <param name="Problems">Why the last refresh failed; empty where it did not.</param>
    public sealed record View(long Id, string Name, string Url, DateTimeOffset? RefreshedAt, int Baselines, int Broken, IReadOnlyList<Problem> Problems);

    public sealed record Listing(IReadOnlyList<View> Repositories);

    public static async Task<Answer<Listing>> HandleAsync(ArkDb db, Actor actor, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var repositories = await db.GetTable<Repository>().OrderBy(r => r.Name).ToListAsync(cancellation);
        var baselines = await db.GetTable<RepositoryBaseline>().Select(b => new { b.RepositoryId, b.Usable }).ToListAsync(cancellation);
        return new Listing([.. repositories.Select(r => Of(r, [.. baselines.Where(b => b.RepositoryId == r.Id).Select(b => b.Usable)]))]);
    }

    /// <param name="usable">For each of its baselines whether it can be used.</param>
    public static View Of(Repository repository, IReadOnlyList<bool> usable) => new(
        repository.Id, repository.Name, repository.Url, repository.RefreshedAt == DateTimeOffset.UnixEpoch ? null : repository.RefreshedAt,
        usable.Count, usable.Count(u => !u), GitMirrors.Read(repository.Problems));
}
