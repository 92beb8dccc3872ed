using Ark.Core.Sites;

namespace Ark.Core.Checks;

/// <summary>For which sites a question arises: null where it does, otherwise why not.</summary>
internal static class Arises
{
    public static string? InPhysicalMode(CheckScope scope) =>
        scope.Site.Mode == SiteMode.Physical ? null : "VM mode: it is asked of physical machines only";

    public static string? WithCustomersDatabase(CheckScope scope) =>
        scope.Site.Metadb is null ? "no database of the customer holds the metadata" : null;

    /// <summary>Names of products are compared without regard to case.</summary>
    public static string? With(CheckScope scope, string product) =>
        scope.Products is null ? $"no task is known that {product.ToUpperInvariant()} is part of"
        : Has(scope, product) ? null : $"{product.ToUpperInvariant()} is not in the mix";

    public static bool Has(CheckScope scope, string product) => scope.Products?.Contains(product, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>Elasticsearch runs from line 3.3 on, and with ARMS.</summary>
    public static string? WithElasticsearch(CheckScope scope) =>
        Has(scope, "arms") || (Version.TryParse(scope.Site.Line, out var line) && line >= new Version(3, 3)) ? null : $"line {scope.Site.Line} without ARMS runs no Elasticsearch";
}
