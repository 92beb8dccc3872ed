namespace Ark.Testing;

/// <summary>The clone that the tests run from.</summary>
public static class Clone
{
    /// <summary>Its root folder.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Ark.slnx"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run from a clone."));
}
