using Xunit.Sdk;
using Xunit.v3;

namespace Ark.EndToEnd.Sites;

/// <summary>Starts with the whole sites, which take the longest to make and to try; labs without one follow, where a site is done.</summary>
public sealed class SitesFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => IsSite(c) ? 0 : 1).ThenBy(c => c.TestCollectionDisplayName, StringComparer.Ordinal)]; // which also has Checks, the longest, before Lab

    /// <summary>By the class that defines the collection, else by the test class that its name ends with.</summary>
    private static bool IsSite(ITestCollection collection)
    {
        var home = typeof(SitesFirst).Namespace!;
        return collection is IXunitTestCollection { CollectionDefinition: { } definition }
            ? definition.Namespace == home
            : collection.TestCollectionDisplayName.Contains(home, StringComparison.Ordinal);
    }
}
