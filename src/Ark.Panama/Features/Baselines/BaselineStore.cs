using Ark.Core;
using Ark.Core.Catalog;
using Ark.Remote.Files;

namespace Ark.Panama.Features.Baselines;

/// <summary>A baseline that can be deployed, as the task form's version branch names it.</summary>
/// <param name="Name">What a task keeps: <c>open-3.1</c>, the folder of one that came with Panama.</param>
/// <param name="Line"><c>3.0</c> or <c>3.1</c>.</param>
/// <param name="Source">Where it is from; empty for those that came with Panama.</param>
/// <param name="Commit">What it stands at; empty for those that came with Panama.</param>
public sealed record BaselineBranch(string Name, string Title, string Line, string Source = "", string Commit = "", DateTimeOffset? UpdatedAt = null);

/// <summary>A baseline as it was read.</summary>
/// <param name="Files">Path within its catalogue to text: what is carried to a site.</param>
public sealed record BaselineVersion(BaselineBranch Branch, Baseline Baseline, IReadOnlyDictionary<string, string> Files);

/// <summary>The baselines that tasks can be made of. Setting <c>Catalog</c>: the folder of those that come with Panama.</summary>
public sealed class BaselineStore(IConfiguration configuration)
{
    private readonly string _folder = configuration["Catalog"] ?? Path.Combine(Environment.GetEnvironmentVariable("ARK_ROOT") ?? AppContext.BaseDirectory, "catalog");

    /// <summary>Those whose name or title has all words of the search, sorted by name.</summary>
    public async Task<IReadOnlyList<BaselineBranch>> ListAsync(string? search, CancellationToken cancellation)
    {
        var words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var files = await CatalogFolder.ReadAsync(_folder, cancellation);
        return [.. (files.Value is null ? [] : BaselineReader.Names(files.Value).Select(n => BaselineReader.Read(files.Value, n)).Where(b => b.Ok).Select(b => Of(b.Value!)))
            .Where(b => words.All(w => $"{b.Name} {b.Title}".Contains(w, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(b => b.Name, StringComparer.Ordinal)];
    }

    /// <summary>One of them with its components, or what is wrong with it.</summary>
    public async Task<Outcome<BaselineVersion>> ReadAsync(string name, CancellationToken cancellation)
    {
        var files = await CatalogFolder.ReadAsync(_folder, cancellation);
        if (!files.Ok)
            return Outcome<BaselineVersion>.Fail(files.Problems);
        var read = BaselineReader.Read(files.Value, name);
        return Outcome<BaselineVersion>.From(read.Problems, () => new(Of(read.Value!), read.Value!, files.Value));
    }

    private static BaselineBranch Of(Baseline baseline) => new(baseline.Name, baseline.Title, baseline.Line);
}
