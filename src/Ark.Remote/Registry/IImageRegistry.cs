using Ark.Core;

namespace Ark.Remote.Registry;

/// <summary>
/// An image registry as far as a deployment asks one: what a tag means, whether an image is there, which repositories there are.
/// Problems: <c>registry-unreachable</c>, <c>registry-untrusted</c>, <c>no-such-image</c>, <c>registry-failed</c>.
/// </summary>
public interface IImageRegistry
{
    /// <summary>Host and port, as they stand before a repository in an image reference: <c>10.0.0.11:5000</c>.</summary>
    string Address { get; }

    /// <summary>The manifest digest (<c>sha256:…</c>) that a tag or digest means now.</summary>
    Task<Outcome<string>> ResolveAsync(string repository, string reference, CancellationToken cancel);

    /// <summary>Every repository, sorted.</summary>
    Task<Outcome<IReadOnlyList<string>>> CatalogAsync(CancellationToken cancel);

    /// <summary>The tags of a repository, sorted.</summary>
    Task<Outcome<IReadOnlyList<string>>> TagsAsync(string repository, CancellationToken cancel);
}

public static class ImageRegistries
{
    /// <summary>Is there such an image? Only a registry's clear "no" is false; everything else that goes wrong is a problem.</summary>
    public static async Task<Outcome<Existence>> ExistsAsync(this IImageRegistry registry, string repository, string reference, CancellationToken cancel)
    {
        var found = await registry.ResolveAsync(repository, reference, cancel);
        if (found.Ok) return Outcome<Existence>.Of(Existence.Found);
        return found.Problems.All(p => p.Code == "no-such-image") ? Outcome<Existence>.Of(Existence.Missing) : Outcome<Existence>.Fail(found.Problems);
    }
}

/// <summary>A yes or no that can stand in an <see cref="Outcome{T}"/>.</summary>
public sealed record Existence(bool IsThere)
{
    public static Existence Found { get; } = new(true);

    public static Existence Missing { get; } = new(false);
}
