namespace Ark.Lab.Labs;

/// <summary>Where the lab keeps its files. Everything lies under the clone of the repository, but for the register of labs that the whole computer shares.</summary>
internal static class LabHome
{
    /// <summary>The clone: <c>ARK_ROOT</c>, or the folder above this program that holds the solution.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("ARK_ROOT") is { Length: > 0 } given
        ? Path.GetFullPath(given)
        : Above(AppContext.BaseDirectory) ?? throw new InvalidOperationException("ark-lab does not stand in a clone of Ark; ARK_ROOT can name one.");

    /// <summary>What is made once and used by all labs: <c>ARK_CACHE</c>, or a folder in the clone.</summary>
    public static string Cache { get; } = Environment.GetEnvironmentVariable("ARK_CACHE") is { Length: > 0 } given
        ? Path.Combine(Path.GetFullPath(given), "lab")
        : Path.Combine(Root, ".ark", "cache", "lab");

    /// <summary>One lab's folder.</summary>
    public static string Of(string lab) => Path.Combine(Root, ".ark", "labs", lab);

    /// <summary>The text of a script that is part of this program.</summary>
    public static string Script(string name)
    {
        using var stream = typeof(LabHome).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"No script {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string? Above(string folder) =>
        File.Exists(Path.Combine(folder, "Ark.slnx")) ? Path.GetFullPath(folder) : Path.GetDirectoryName(folder) is { } parent ? Above(parent) : null;
}
