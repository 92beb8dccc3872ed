namespace Ark.Core;

/// <summary>Text for POSIX shells.</summary>
public static class ShellText
{
    /// <summary>The value as one word of a script, whatever it contains.</summary>
    /// <exception cref="ArgumentException">The value contains a NUL, which no argument can carry.</exception>
    public static string Quote(string value)
    {
        if (value.Contains('\0'))
            throw new ArgumentException("A NUL cannot stand in a shell's argument.", nameof(value));
        return "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    /// <summary>The values as words with spaces between.</summary>
    public static string Quote(IEnumerable<string> values) => string.Join(' ', values.Select(Quote));
}
