using Ark.Panama.Data;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Baselines;

/// <summary>Registers a repository, and takes it away.</summary>
public static class SaveRepository
{
    public sealed record Request(string? Name, string? Url);

    public static async Task<Answer<ListRepositories.View>> CreateAsync(ArkDb db, Actor actor, TimeProvider time, GitMirrors mirrors, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Administrator) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var fields = new Fields();
        var url = RepositoryAddress.Parse(request.Url, mirrors.Settings);
        var repository = new Repository { Name = fields.Line("name", request.Name, 100), Url = url.Value?.AbsoluteUri ?? "", UpdatedAt = time.Now(), UpdatedBy = actor.Name };
        if (await db.GetTable<Repository>().AnyAsync(r => r.Name == repository.Name, cancellation))
            fields.Add("name", "name-taken", "There is a repository of that name.");
        if (fields.Problems.Concat(url.Problems).ToList() is { Count: > 0 } problems)
            return Refusal.Invalid(problems);
        repository = repository with { Id = await db.InsertWithInt64IdentityAsync(repository, token: cancellation) };
        var view = ListRepositories.Of(repository, []);
        await AuditLog.AppendAsync(db, actor, time, "repository-added", $"repository:{repository.Id}", null, view, cancellation);
        await transaction.CommitAsync(cancellation);
        return view;
    }

    public static async Task<Answer<Done>> DeleteAsync(ArkDb db, Actor actor, TimeProvider time, GitMirrors mirrors, long id, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Administrator) is { } refusal)
            return refusal;
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            if (await db.GetTable<Repository>().FirstOrDefaultAsync(r => r.Id == id, cancellation) is not { } repository)
                return Refusal.NotFound("repository");
            var baselines = await db.GetTable<RepositoryBaseline>().Where(b => b.RepositoryId == id).ToListAsync(cancellation);
            var names = baselines.Where(b => b.Usable).Select(b => b.Name).ToList();
            if (await db.GetTable<DeploymentTask>().AnyAsync(t => names.Contains(t.Baseline) && t.State != TaskState.Archived, cancellation))
                return new Refusal(409, "repository-in-use", "Tasks are made of its baselines: archive them, or give them another baseline, first.");
            await db.GetTable<RepositoryBaseline>().DeleteAsync(b => b.RepositoryId == id, cancellation);
            await db.GetTable<Repository>().DeleteAsync(r => r.Id == id, cancellation);
            await AuditLog.AppendAsync(db, actor, time, "repository-removed", $"repository:{id}", ListRepositories.Of(repository, [.. baselines.Select(b => b.Usable)]), null, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        mirrors.Forget(id, "");
        return Done.Yes;
    }
}
