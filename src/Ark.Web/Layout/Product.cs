using System.Reflection;
using System.Resources;
using Ark.Web.Accounts;
using Ark.Web.Data;

namespace Ark.Web.Layout;

/// <summary>What makes one web host differ from another.</summary>
public sealed record Product
{
    public required string Name { get; init; }

    /// <summary>Where its pages and migrations are.</summary>
    public required Assembly Host { get; init; }

    public required ResourceManager Words { get; init; }

    public required IReadOnlyList<NavigationLink> Navigation { get; init; }

    /// <summary>The customers that an actor sees, by name; null for a host that serves one customer and does not name it.</summary>
    public Func<ArkDb, Actor, CancellationToken, Task<IReadOnlyList<CustomerName>>>? CustomersAsync { get; init; }
}

public sealed record CustomerName(long Id, string Name);

/// <param name="Word">Key of the link's text.</param>
/// <param name="For">The role from which on it is shown.</param>
/// <param name="Under">Where the pages stand that it leads on to; null: under its own path.</param>
public sealed record NavigationLink(string Path, string Word, Role For, string? Under = null)
{
    /// <summary>True where that page is the link's, or one that it leads on to.</summary>
    public bool Holds(string page)
    {
        var (path, under) = (page.Split('?')[0], (Under ?? Path).TrimEnd('/'));
        return path == Path || (under.Length > 0 && path.StartsWith(under + "/", StringComparison.Ordinal));
    }
}
