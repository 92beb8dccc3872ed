using System.Text.RegularExpressions;

namespace Ark.Core.Checks;

/// <summary>Package tool, sources and what is or is not installed.</summary>
internal static partial class HostSoftwareReader
{
    internal static SoftwareFacts? Read(HostText text)
    {
        if (!text.Has("tools") || !text.Files.Any()) return null;
        var tools = text.Lines("tools").Select(l => l.Split('\t')).Where(t => t.Length == 2).ToLookup(t => t[0], t => t[1]);
        var tool = tools["there"].FirstOrDefault() switch { "apt-get" => "apt", { } other => other, null => "" };
        var packages = text.Lines("packages").ToHashSet();
        return new(
            tool,
            [.. (tool == "apt" ? Apt(text) : Yum(text)).Select(s => Account().Replace(s, "://")).Distinct()],
            [.. tools["missing"]],
            [.. HostFactsScript.Conflicts.Where(p => packages.Contains(p) || text.Names.Contains($"/var/lib/dpkg/info/{p}.md5sums"))]);
    }

    /// <summary>Address and suite of each: lines that begin with <c>deb</c>, and stanzas that are not switched off.</summary>
    private static IEnumerable<string> Apt(HostText text)
    {
        foreach (var file in text.Files.Where(f => f.StartsWith("/etc/apt/sources.list", StringComparison.Ordinal)))
        {
            var lines = text.File(file);
            foreach (var source in file.EndsWith(".sources", StringComparison.Ordinal) ? Stanzas(lines) : lines.Select(OneLine).OfType<string>()) yield return source;
        }
    }

    private static string? OneLine(string line) => AptLine().Match(line) is { Success: true } match ? $"{match.Groups[1].Value} {match.Groups[2].Value}" : null;

    private static IEnumerable<string> Stanzas(IReadOnlyList<string> lines)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var last = "";
        foreach (var line in lines.Where(l => !l.StartsWith('#')).Append(""))
        {
            if (line.Trim().Length == 0)
            {
                foreach (var source in Stanza(fields)) yield return source;
                fields.Clear();
            }
            else if (line[0] is ' ' or '\t')
            {
                if (fields.TryGetValue(last, out var before)) fields[last] = $"{before} {line}";
            }
            else if (line.Split(':', 2) is [var name, var value])
            {
                fields[last = name.Trim()] = value;
            }
        }
    }

    private static IEnumerable<string> Stanza(Dictionary<string, string> fields)
    {
        string[] Field(string name) => HostText.Words(fields.GetValueOrDefault(name, ""));
        return !Field("Types").Contains("deb") || Field("Enabled") is ["no", ..] ? [] : Field("URIs").SelectMany(uri => Field("Suites").Select(suite => $"{uri} {suite}"));
    }

    /// <summary>Names of the sections without <c>enabled=0</c>.</summary>
    private static IEnumerable<string> Yum(HostText text)
    {
        foreach (var file in text.Files.Where(f => f.StartsWith("/etc/yum.repos.d/", StringComparison.Ordinal)))
        {
            string? name = null;
            var enabled = true;
            foreach (var line in text.File(file).Append("[]"))
            {
                if (line.StartsWith('['))
                {
                    if (name is not null && enabled) yield return name;
                    (name, enabled) = (line.Trim().Trim('[', ']'), true);
                }
                else if (HostText.Setting([line], "enabled", '=') is { } value)
                {
                    enabled = value is not ("0" or "no" or "false" or "False");
                }
            }
        }
    }

    [GeneratedRegex(@"^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex AptLine();

    /// <summary>Name and password in an address: they are nobody's business.</summary>
    [GeneratedRegex(@"://[^/@\s]*@", RegexOptions.CultureInvariant)]
    private static partial Regex Account();
}
