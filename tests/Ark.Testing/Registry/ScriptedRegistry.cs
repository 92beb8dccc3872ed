using Ark.Core;
using Ark.Remote.Registry;

namespace Ark.Testing.Registry;

/// <summary>A registry that knows what a test tells it, and remembers what it was asked.</summary>
public sealed class ScriptedRegistry : IImageRegistry
{
    private readonly SortedDictionary<(string Repository, string Reference), string> _digests = [];
    private readonly List<string> _asked = [];

    public string Address { get; init; } = "registry.test:5000";

    /// <summary>Every question is answered with this problem while it is set.</summary>
    public Problem? Fault { get; set; }

    /// <summary>Questions in order: <c>resolve redis:1</c>, <c>catalog</c>, <c>tags redis</c>.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked) return [.. _asked];
        }
    }

    public ScriptedRegistry With(string repository, string tag, string digest)
    {
        _digests[(repository, tag)] = digest;
        return this;
    }

    public Task<Outcome<string>> ResolveAsync(string repository, string reference, CancellationToken cancel) => Answer($"resolve {repository}:{reference}", () =>
        _digests.TryGetValue((repository, reference), out var digest) ? Outcome<string>.Of(digest)
        : _digests.Any(d => d.Key.Repository == repository && d.Value == reference) ? Outcome<string>.Of(reference)
        : Outcome<string>.Fail(new Problem("no-such-image", Address, $"The registry has no {repository}:{reference}.")));

    public Task<Outcome<IReadOnlyList<string>>> CatalogAsync(CancellationToken cancel) =>
        Answer("catalog", () => Outcome<IReadOnlyList<string>>.Of([.. _digests.Keys.Select(k => k.Repository).Distinct().Order(StringComparer.Ordinal)]));

    public Task<Outcome<IReadOnlyList<string>>> TagsAsync(string repository, CancellationToken cancel) => Answer($"tags {repository}", () =>
        _digests.Keys.Where(k => k.Repository == repository).Select(k => k.Reference).ToList() is { Count: > 0 } tags ? Outcome<IReadOnlyList<string>>.Of(tags)
        : Outcome<IReadOnlyList<string>>.Fail(new Problem("no-such-image", Address, $"The registry does not know {repository}.")));

    private Task<Outcome<T>> Answer<T>(string question, Func<Outcome<T>> answer) where T : class
    {
        lock (_asked) _asked.Add(question);
        return Task.FromResult(Fault is { } fault ? Outcome<T>.Fail(fault) : answer());
    }
}
