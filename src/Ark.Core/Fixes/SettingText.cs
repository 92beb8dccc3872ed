using System.Text.RegularExpressions;

namespace Ark.Core.Fixes;

/// <summary>Edits of configuration files as text. What is not edited stays byte for byte.</summary>
public static partial class SettingText
{
    /// <summary>Replaces the last line that the pattern fits, or adds the line at the end.</summary>
    /// <param name="pattern">Of a whole line.</param>
    public static string Set(string text, Regex pattern, string line)
    {
        var lines = Lines(text);
        var at = lines.FindLastIndex(l => pattern.IsMatch(l));
        if (at < 0) return Append(text, line);
        lines[at] = line;
        return string.Join('\n', lines);
    }

    /// <summary>Adds a line at the end, and an end to the last line where it has none.</summary>
    public static string Append(string text, string line) => text + (text.Length == 0 || text[^1] == '\n' ? "" : "\n") + line + "\n";

    /// <summary>Comments out every line that the pattern fits.</summary>
    public static string Comment(string text, Regex pattern) => string.Join('\n', Lines(text).Select(l => pattern.IsMatch(l) ? "# " + l : l));

    /// <summary>Takes a name out of every line but that of the address, and gives it that address. Lines between Ark's marks stay.</summary>
    public static string Assign(string hosts, string address, string name)
    {
        List<string> lines = [];
        var there = false;
        foreach (var line in Lines(hosts))
        {
            var parts = line.Split('#', 2);
            var words = parts[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (!words.Skip(1).Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                lines.Add(line);
                continue;
            }

            if (words[0] == address)
            {
                there = true;
                lines.Add(line);
                continue;
            }

            var others = words.Skip(1).Where(w => !string.Equals(w, name, StringComparison.OrdinalIgnoreCase)).ToList();
            lines.Add(others.Count == 0 ? "# " + line : $"{words[0]}\t{string.Join(' ', others)}{(parts.Length > 1 ? " #" + parts[1] : "")}");
        }

        var text = string.Join('\n', lines);
        return there ? text : Append(text, $"{address} {name}");
    }

    /// <summary>A setting of the SSH server before all others: the first value that sshd reads counts.</summary>
    public static string First(string text, string setting, string value)
    {
        var line = $"{setting} {value}";
        var lines = Lines(text);
        if (lines[0].StartsWith(setting + " ", StringComparison.OrdinalIgnoreCase)) lines[0] = line;
        else lines.Insert(0, line);
        return string.Join('\n', lines);
    }

    /// <summary>A line <c>name = value</c>.</summary>
    public static Regex Assignment(string name) => new($@"^\s*-?{Regex.Escape(name)}\s*=", RegexOptions.CultureInvariant);

    private static List<string> Lines(string text) => [.. text.Split('\n')];

    /// <summary>A line of fstab that mounts swap.</summary>
    [GeneratedRegex(@"^\s*[^#\s]\S*\s+\S+\s+swap\s", RegexOptions.CultureInvariant)]
    public static partial Regex SwapLine();
}
