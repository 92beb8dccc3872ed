namespace Ark.Core.Fixes;

/// <summary>One change to one machine: a file or a tool's work, and what makes it count at once.</summary>
/// <param name="Target">The file's path, or what else is changed. Changes with one target become one step.</param>
/// <param name="Before">What is, in words.</param>
/// <param name="After">What will be, in words.</param>
internal sealed record Change(string Target, string Before, string After)
{
    /// <summary>The change of the file at <see cref="Target"/>; null: none.</summary>
    public FileEdit? Edit { get; init; }

    /// <summary>Files that <see cref="Do"/> may change, as shell patterns; one with a slash at its end is everything below it.</summary>
    public IReadOnlyList<string> Tracked { get; init; } = [];

    /// <summary>Run after the file was written: POSIX sh under <c>set -eu</c>; <c>$step</c> is a folder that lasts until the change is undone.</summary>
    public string Do { get; init; } = "";

    /// <summary>Run after all files were put back. It leaves alone what somebody else changed since.</summary>
    public string Undo { get; init; } = "";

    /// <summary>For <see cref="Tracked"/>: links of units, and the start scripts of old beside them.</summary>
    public static readonly IReadOnlyList<string> UnitLinks = ["/etc/systemd/system/", "/etc/rc[0-6S].d/*"];

    public static Change OfFile(string path, string before, string after, Func<string, string?> edit, int mode = FileEdit.Mode644) =>
        new(path, before, after) { Edit = new(edit, mode) };
}

/// <summary>How a file's text changes.</summary>
/// <param name="Edit">From the text that is there (empty: no file) to the one wanted; null: it cannot be told how.</param>
/// <param name="Mode">Permissions of a file that is not there yet.</param>
internal sealed record FileEdit(Func<string, string?> Edit, int Mode)
{
    public const int Mode644 = 0b110_100_100;

    public FileEdit Then(FileEdit next) => new(text => Edit(text) is { } edited ? next.Edit(edited) : null, Mode);
}
