using Ark.Core;
using Ark.Core.Catalog;
using Ark.Panama.Data;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Baselines;

/// <summary>A baseline that can be deployed, as the task form's version branch names it.</summary>
/// <param name="Name">
/// What a task keeps: <c>open-3.1</c>, the folder of one that came with Panama; the branch of one from a repository, or <c>branch:folder</c> where the
/// branch holds several.
/// </param>
/// <param name="Line"><c>3.0</c> or <c>3.1</c>.</param>
/// <param name="Source">The repository that it is from; empty for those that came with Panama.</param>
/// <param name="Commit">What it stands at; empty for those that came with Panama.</param>
public sealed record BaselineBranch(string Name, string Title, string Line, string Source = "", string Commit = "", DateTimeOffset? UpdatedAt = null);

/// <summary>A baseline as it was read.</summary>
/// <param name="Files">Path within its catalogue to text: what is carried to a site.</param>
public sealed record BaselineVersion(BaselineBranch Branch, Baseline Baseline, IReadOnlyDictionary<string, string> Files);

/// <summary>
/// The baselines that tasks can be made of: those that come with Panama (setting <c>Catalog</c>: their folder), and those of the repositories' branches as
/// they were when they were refreshed last.
/// </summary>
public sealed class BaselineStore(IConfiguration configuration, Database database, GitMirrors mirrors)
{
    private readonly OwnCatalogue _own = new(configuration["Catalog"] ?? Path.Combine(Environment.GetEnvironmentVariable("ARK_ROOT") ?? AppContext.BaseDirectory, "catalog"));

    /// <summary>Those whose name or title has all words of the search, sorted by name.</summary>
    public async Task<IReadOnlyList<BaselineBranch>> ListAsync(string? search, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var kept = await Kept(db).Where(k => k.Baseline.Usable).ToListAsync(cancellation);
        return [.. (await _own.ListAsync(cancellation)).Concat(kept.Select(Of))
            .Where(b => HasWords(search, b.Name, b.Title))
            .OrderBy(b => b.Name, StringComparer.Ordinal)];
    }

    /// <summary>One of them with its components, or what is wrong with it.</summary>
    public async Task<Outcome<BaselineVersion>> ReadAsync(string name, CancellationToken cancellation)
    {
        await using var db = database.Open();
        if (await Kept(db).Where(k => k.Baseline.Name == name).OrderByDescending(k => k.Baseline.Usable).FirstOrDefaultAsync(cancellation) is { } kept && (kept.Baseline.Usable || !OwnNames().Contains(name)))
            return await ReadAsync(kept, cancellation);
        return await _own.ReadAsync(name, cancellation);
    }

    /// <summary>Names of those that came with Panama.</summary>
    public IReadOnlyList<string> OwnNames() => _own.Names();

    /// <summary>True where every word of the search is in one of the texts.</summary>
    public static bool HasWords(string? search, params IEnumerable<string> texts) =>
        (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(w => texts.Any(t => t.Contains(w, StringComparison.OrdinalIgnoreCase)));

    public static BaselineBranch Of(KeptBaseline kept) =>
        new(kept.Baseline.Name, kept.Baseline.Title, kept.Baseline.Line, kept.Repository.Name, kept.Baseline.Commit, kept.Baseline.CommittedAt);

    /// <summary>What the repositories hold, what is broken too.</summary>
    public static IQueryable<KeptBaseline> Kept(ArkDb db) =>
        from baseline in db.GetTable<RepositoryBaseline>()
        join repository in db.GetTable<Repository>() on baseline.RepositoryId equals repository.Id
        orderby baseline.Name, repository.Id
        select new KeptBaseline(baseline, repository);

    private async Task<Outcome<BaselineVersion>> ReadAsync(KeptBaseline kept, CancellationToken cancellation)
    {
        if (!kept.Baseline.Usable)
            return Outcome<BaselineVersion>.Fail(GitMirrors.Read(kept.Baseline.Problems));
        var catalogue = await mirrors.CatalogueAsync(kept.Repository.Mirror, kept.Baseline.Commit, cancellation);
        if (!catalogue.Ok)
            return Outcome<BaselineVersion>.Fail(catalogue.Problems);
        var read = BaselineReader.Read(catalogue.Value.Files, kept.Baseline.Folder);
        return Outcome<BaselineVersion>.From(read.Problems, () => new(Of(kept), read.Value!, catalogue.Value.Files));
    }
}

/// <summary>A baseline of a repository with the repository.</summary>
public sealed record KeptBaseline(RepositoryBaseline Baseline, Repository Repository);
