namespace Ark.Console.Texts;

/// <summary>Titles of checks in Chinese, by id. In English they stand in the checks themselves.</summary>
public static class CheckTitles
{
    public static IReadOnlyDictionary<string, string> Chinese { get; } = new Dictionary<string, string>();
}
