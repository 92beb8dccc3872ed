using System.Globalization;

namespace Ark.Core.Checks;

/// <summary>What <see cref="HostFactsScript"/> printed, taken apart: parts by name, and files by path.</summary>
internal sealed class HostText
{
    private readonly Dictionary<string, (int? Exit, List<string> Lines)> _parts = [];
    private readonly Dictionary<string, List<string>> _files = [];
    private readonly HashSet<string> _names;

    internal HostText(string output)
    {
        List<string>? lines = null;
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("@@ ", StringComparison.Ordinal))
            {
                var words = line[3..].Split(' ');
                lines = [];
                _parts[words[0]] = (words.Length > 1 && int.TryParse(words[1], CultureInfo.InvariantCulture, out var exit) ? exit : null, lines);
            }
            else
            {
                lines?.Add(line.TrimEnd('\r'));
            }
        }

        _names = [.. Lines("names").Where(n => !n.Contains('*'))];
        foreach (var line in Lines("files"))
        {
            var end = line.IndexOf(':');
            if (end < 1 || line[0] != '/') continue;
            if (_files.TryGetValue(line[..end], out var file)) file.Add(line[(end + 1)..]);
            else _files[line[..end]] = [line[(end + 1)..]];
        }
    }

    /// <summary>The part was printed, whatever came of it.</summary>
    internal bool Has(string part) => _parts.ContainsKey(part);

    /// <summary>The exit code of the program behind a part; null: the part was not printed, or has none.</summary>
    internal int? Exit(string part) => _parts.TryGetValue(part, out var found) ? found.Exit : null;

    /// <summary>Lines of a part that are not empty.</summary>
    internal IEnumerable<string> Lines(string part) => _parts.TryGetValue(part, out var found) ? found.Lines.Where(l => l.Length > 0) : [];

    /// <summary>The first line of a part, trimmed; empty where there is none.</summary>
    internal string First(string part) => Lines(part).FirstOrDefault("").Trim();

    /// <summary>Paths that are there, of those that the script looks for.</summary>
    internal IReadOnlySet<string> Names => _names;

    /// <summary>Paths of the files that were printed. A file that is empty is not among them.</summary>
    internal IEnumerable<string> Files => _files.Keys;

    internal bool HasFile(string path) => _files.ContainsKey(path);

    /// <summary>Lines of a file; none where it is absent or empty.</summary>
    internal IReadOnlyList<string> File(string path) => _files.TryGetValue(path, out var lines) ? lines : [];

    /// <summary>The first line of a file, trimmed; null where it is absent or empty.</summary>
    internal string? Value(string path) => _files.TryGetValue(path, out var lines) ? lines[0].Trim() : null;

    /// <summary>What follows a word and a separator at the start of a line: <c>MemTotal:</c>, <c>SELINUX=</c>. The last such line counts.</summary>
    internal static string? Setting(IEnumerable<string> lines, string name, char separator) => lines
        .Select(line => line.Split(separator, 2))
        .Where(pair => pair.Length == 2 && pair[0].Trim() == name)
        .Select(pair => pair[1].Trim())
        .LastOrDefault();

    internal static string[] Words(string text) => text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    internal static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
