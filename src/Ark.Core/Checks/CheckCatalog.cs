namespace Ark.Core.Checks;

/// <summary>Every check there is, in the order of reports.</summary>
public static class CheckCatalog
{
    public static readonly IReadOnlyList<Check> All = [];
}
