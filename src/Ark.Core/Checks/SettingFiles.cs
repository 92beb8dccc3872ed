using System.IO.Enumeration;

namespace Ark.Core.Checks;

/// <summary>
/// What the files under <c>sysctl.d</c> and <c>modules-load.d</c> give after a reboot, by the rules of systemd: files count in the order of their
/// names, whatever their folder; of two with one name the one in the folder that comes first counts, even if it is empty.
/// </summary>
internal static class SettingFiles
{
    /// <summary>Where such folders lie, the strongest first.</summary>
    internal static readonly IReadOnlyList<string> Roots = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"];

    /// <summary>The value that a kernel setting is given; null: no file sets it.</summary>
    internal static string? Sysctl(IReadOnlyList<SysctlLine> lines, string name)
    {
        string? exact = null, pattern = null;
        var excluded = false;
        foreach (var line in lines)
        {
            if (line.Name == name) (exact, excluded) = (line.Value, line.Value is null);
            else if (line.Value is not null && line.Name.Contains('*') && Matches(line.Name, name)) pattern = line.Value;
        }

        return exact ?? (excluded ? null : pattern);
    }

    /// <summary>Every assignment, in the order in which they are made.</summary>
    internal static IReadOnlyList<SysctlLine> Sysctls(HostText text) =>
        [.. InOrder(text, "sysctl.d").SelectMany(text.File).Select(SysctlLine.Parse).OfType<SysctlLine>()];

    /// <summary>Modules that are loaded at every start.</summary>
    internal static IReadOnlySet<string> Modules(HostText text) => InOrder(text, "modules-load.d")
        .SelectMany(text.File)
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && line[0] is not ('#' or ';'))
        .Select(line => line.Replace('-', '_'))
        .ToHashSet();

    private static IEnumerable<string> InOrder(HostText text, string folder) => Roots
        .SelectMany(root => text.Names.Where(n => n.StartsWith($"{root}/{folder}/", StringComparison.Ordinal)))
        .DistinctBy(Name)
        .OrderBy(Name, StringComparer.Ordinal);

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A star stands for anything within one part of the name.</summary>
    private static bool Matches(string pattern, string name)
    {
        var (patterns, parts) = (pattern.Split('.'), name.Split('.'));
        return patterns.Length == parts.Length && patterns.Zip(parts).All(p => FileSystemName.MatchesSimpleExpression(p.First, p.Second, ignoreCase: false));
    }
}

/// <summary>One line of a file under <c>sysctl.d</c>.</summary>
/// <param name="Name">With dots; may contain stars.</param>
/// <param name="Value">Null: the name is taken out of what patterns set.</param>
internal sealed record SysctlLine(string Name, string? Value)
{
    /// <summary>Null for comments, empty lines and what is no assignment.</summary>
    internal static SysctlLine? Parse(string line)
    {
        line = line.Trim();
        if (line.Length == 0 || line[0] is '#' or ';') return null;
        var parts = line.Split('=', 2);
        var optional = parts[0].StartsWith('-');
        var name = Dots(parts[0].TrimStart('-').Trim());
        if (parts.Length == 2) return new(name, Plain(parts[1]));
        return optional ? new(name, null) : null;
    }

    /// <summary>A value with single spaces between its words, as it is compared.</summary>
    internal static string Plain(string value) => string.Join(' ', HostText.Words(value));

    /// <summary>Where the first separator is a slash, slashes and dots have changed places.</summary>
    private static string Dots(string name)
    {
        var first = name.IndexOfAny(['.', '/']);
        return first < 0 || name[first] == '.' ? name : string.Concat(name.Select(c => c switch { '/' => '.', '.' => '/', _ => c }));
    }
}
