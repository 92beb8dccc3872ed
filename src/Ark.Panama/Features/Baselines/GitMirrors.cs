using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Panama.Data;
using Ark.Panama.Features.Tasks;
using Ark.Web.Answers;
using Microsoft.Extensions.Caching.Memory;

namespace Ark.Panama.Features.Baselines;

/// <summary>A repository as it was just copied.</summary>
/// <param name="Folder">Name of the mirror's folder.</param>
public sealed record Mirrored(string Folder, IReadOnlyList<RepositoryBaseline> Baselines);

/// <summary>
/// The mirrors of the repositories. Each refresh makes a new one beside the last, which goes once the new one counts: nobody ever reads half of one.
/// </summary>
public sealed class GitMirrors : IDisposable
{
    private const int MaxBranches = 500;
    private const int MaxProblems = 20;
    private const int MaxName = 100;
    private const long CachedCharacters = 24L << 20;
    private readonly GitSettings _settings;
    private readonly GitProgram _git;
    private readonly GitCatalogue _catalogue;
    private readonly ConcurrentDictionary<long, bool> _running = [];
    private readonly MemoryCache _read = new(new MemoryCacheOptions { SizeLimit = CachedCharacters });

    public GitMirrors(IConfiguration configuration)
    {
        _settings = GitSettings.Of(configuration);
        _git = new(_settings);
        _catalogue = new(_git);
    }

    public GitSettings Settings => _settings;

    public void Dispose() => _read.Dispose();

    /// <summary>False while the repository is being refreshed already.</summary>
    public bool TryBegin(long repository) => _running.TryAdd(repository, true);

    public void End(long repository) => _running.TryRemove(repository, out _);

    /// <summary>Copies the repository and reads every branch of it.</summary>
    /// <param name="progress">Told how many branches of how many were read.</param>
    public async Task<Outcome<Mirrored>> CopyAsync(Repository repository, Func<int, int, Task> progress, CancellationToken cancellation)
    {
        var url = RepositoryAddress.Parse(repository.Url, _settings);
        if (!url.Ok)
            return Outcome<Mirrored>.Fail(url.Problems);
        var addresses = await RepositoryAddress.ResolveAsync(url.Value, _settings, cancellation);
        if (!addresses.Ok)
            return Outcome<Mirrored>.Fail(addresses.Problems);
        Directory.CreateDirectory(_settings.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var name = string.Create(CultureInfo.InvariantCulture, $"{repository.Id}-{Guid.NewGuid():N}");
        var whole = false;
        try
        {
            var mirror = await _git.MirrorAsync(url.Value, addresses.Value, PathOf(name), cancellation);
            var branches = mirror.Ok ? await _catalogue.BranchesAsync(PathOf(name), cancellation) : null;
            if (branches is not { Ok: true })
                return Outcome<Mirrored>.Fail(branches?.Problems ?? mirror.Problems);
            if (branches.Value.Count > MaxBranches)
                return Outcome<Mirrored>.Fail(new Problem("git-too-big", "url", $"The repository has {branches.Value.Count} branches; at most {MaxBranches} are read.", "keep baselines in a repository of their own"));
            List<RepositoryBaseline> found = [];
            foreach (var (branch, number) in branches.Value.Select((b, n) => (b, n + 1)))
            {
                await progress(number, branches.Value.Count);
                found.AddRange(await BaselinesAsync(repository.Id, name, branch, cancellation));
            }

            whole = true;
            return Outcome<Mirrored>.Of(new(name, found));
        }
        finally
        {
            if (!whole)
                Remove(name);
        }
    }

    /// <summary>The catalogue of a commit, kept for whoever asks next.</summary>
    public async Task<Outcome<CommitCatalogue>> CatalogueAsync(string mirror, string commit, CancellationToken cancellation)
    {
        if (_read.TryGetValue<CommitCatalogue>(commit, out var kept))
            return Outcome<CommitCatalogue>.Of(kept!);
        if (!Directory.Exists(PathOf(mirror)))
            return Outcome<CommitCatalogue>.Fail(new Problem("no-mirror", "", "The copy of the repository is not there.", "refresh the repository"));
        var read = await _catalogue.ReadAsync(PathOf(mirror), commit, cancellation);
        if (read.Ok)
            _read.Set(commit, read.Value, new MemoryCacheEntryOptions { Size = read.Value.Files.Sum(f => (long)f.Value.Length) + 1 });
        return read;
    }

    /// <summary>Takes away all copies of a repository but one.</summary>
    /// <param name="except">Empty: none stays.</param>
    public void Forget(long repository, string except)
    {
        if (!Directory.Exists(_settings.Folder))
            return;
        foreach (var folder in Directory.EnumerateDirectories(_settings.Folder, string.Create(CultureInfo.InvariantCulture, $"{repository}-*")).Select(f => Path.GetFileName(f)!).Where(f => f != except))
            Remove(folder);
    }

    private async Task<IReadOnlyList<RepositoryBaseline>> BaselinesAsync(long repository, string mirror, BranchTip branch, CancellationToken cancellation)
    {
        var catalogue = await _catalogue.ReadAsync(PathOf(mirror), branch.Commit, cancellation);
        if (!catalogue.Ok)
            return [Of(branch.Branch, "", "", "", catalogue.Problems)];
        return
        [
            .. catalogue.Value.Folders.Select(folder =>
            {
                var read = BaselineReader.Read(catalogue.Value.Files, folder);
                var problems = catalogue.Value.Problems.Where(p => p.Place.StartsWith(folder + "/", StringComparison.Ordinal)).Concat(read.Problems).ToList();
                return Of(catalogue.Value.Folders.Count == 1 ? branch.Branch : $"{branch.Branch}:{folder}", folder, read.Value?.Title ?? "", read.Value?.Line ?? "", problems);
            }),
        ];

        RepositoryBaseline Of(string name, string folder, string title, string line, IReadOnlyList<Problem> problems)
        {
            if (name.Length > MaxName || !SaveTask.Branch().IsMatch(name) || name.Contains("..", StringComparison.Ordinal))
                problems = [.. problems, new("bad-branch-name", name, "A task cannot name this branch.", $"use letters, digits and . _ / - at most {MaxName}")];
            return new()
            {
                RepositoryId = repository, Name = name, Folder = folder, Commit = branch.Commit, CommittedAt = branch.At, Line = line,
                Title = title.Length > 300 ? title[..300] : title, Usable = problems.All(p => p.Severity != Severity.Error), Problems = Write(problems.Take(MaxProblems)),
            };
        }
    }

    public static string Write(IEnumerable<Problem> problems) => JsonSerializer.Serialize(problems, Differences.Json);

    public static IReadOnlyList<Problem> Read(string json) => JsonSerializer.Deserialize<IReadOnlyList<Problem>>(json, Differences.Json)!;

    private string PathOf(string mirror) => Path.Combine(_settings.Folder, mirror);

    private void Remove(string mirror)
    {
        if (Directory.Exists(PathOf(mirror)))
            Directory.Delete(PathOf(mirror), recursive: true);
    }
}
