using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Ark.Core.Addressing;
using Ark.Core.Secrets;

namespace Ark.Core.Sites;

/// <summary>Typed reading of properties; what is wrong is collected with its line.</summary>
internal sealed class SiteFields(PropertiesText text, string path)
{
    private readonly List<(int Line, Problem Problem)> _problems = [];

    /// <summary>In the order of the lines; what has none (a missing key) stands first.</summary>
    public IReadOnlyList<Problem> Problems => [.. _problems.OrderBy(p => p.Line).Select(p => p.Problem)];

    public IEnumerable<PropertyEntry> Entries => text.Entries;

    public void Add(string code, int line, string message, string remedy = "", Severity severity = Severity.Error) =>
        _problems.Add((line, new(code, line == 0 ? path : $"{path}:{line}", message, remedy, severity)));

    public void Keep(Problem problem, int line) => _problems.Add((line, problem));

    /// <summary>0 where the key is missing.</summary>
    public int LineOf(string key) => text.Find(key)?.Line ?? 0;

    /// <summary>The value without blanks around it; null where the key is missing or has none.</summary>
    public string? Get(string key) => text.Find(key)?.Value.Trim() is { Length: > 0 } value ? value : null;

    public string? Need(string key)
    {
        var value = Get(key);
        if (value is null)
            Missing(key, "");
        return value;
    }

    /// <summary>Says that a key is missing, and why it is needed.</summary>
    public void Missing(string key, string because)
    {
        var example = $"write for example {key}={SiteProperty.Of(key).Example}";
        var reason = because.Length == 0 ? "" : " " + because;
        if (LineOf(key) == 0)
            Add("missing-key", 0, $"The key '{key}' is missing{reason}.", example);
        else
            Add("missing-value", LineOf(key), $"The key '{key}' has no value{reason}.", example);
    }

    /// <summary>The value if it matches as a whole; what it should be stands in <paramref name="wanted"/>.</summary>
    public string? Matching(string key, string? value, Regex pattern, string wanted)
    {
        if (value is null || pattern.IsMatch(value))
            return value;
        Add("bad-value", LineOf(key), $"{key}={Show(value)} is not {wanted}.", $"write for example {key}={SiteProperty.Of(key).Example}");
        return null;
    }

    public int? Number(string key, string? value, int min, int max)
    {
        if (value is null)
            return null;
        if (value.Length <= 9 && value.All(char.IsAsciiDigit) && int.Parse(value, CultureInfo.InvariantCulture) is var number && number >= min && number <= max)
            return number;
        Add("bad-value", LineOf(key), $"{key}={Show(value)} is not a whole number from {min} to {max}.", $"write for example {key}={SiteProperty.Of(key).Example}");
        return null;
    }

    public bool Flag(string key, bool otherwise)
    {
        switch (Get(key)?.ToLowerInvariant())
        {
            case null:
                return otherwise;
            case "yes" or "true":
                return true;
            case "no" or "false":
                return false;
            default:
                Add("bad-value", LineOf(key), $"{key}={Show(Get(key)!)} is neither yes nor no.", $"write {key}=yes or {key}=no (true and false are understood too)");
                return otherwise;
        }
    }

    public IPAddress? Address(string key, string? value) => value is null ? null : Address(key, value, LineOf(key));

    public IPAddress? Address(string key, string value, int line)
    {
        if (Ipv4.TryParse(value, out var address) && IsHost(address))
            return address;
        var why = address is null ? "is not an IPv4 address" : "is no address that a machine can have";
        Add("bad-address", line, $"{key}: {Show(value)} {why}.", "write four decimal numbers without leading zeros, as in 10.0.0.11");
        return null;
    }

    public IPNetwork? Network(string key, string value, int line)
    {
        var network = Ipv4.ParseNetwork(value, out var reason);
        if (network is null)
            Add("bad-cidr", line, $"{key}: {Show(value)} is not a subnet: {reason}.", $"write for example {key}={SiteProperty.Of(key).Example}");
        return network;
    }

    /// <summary>A list's items, separated by commas, blanks, line ends or continuation lines, each with its line.</summary>
    public IReadOnlyList<(string Item, int Line)> Items(string key) =>
        text.Find(key) is { } entry
            ? [.. entry.Pieces.SelectMany(p => p.Text.Split([',', ' ', '\t', '\n', '\r', ';'], StringSplitOptions.RemoveEmptyEntries).Select(i => (i, p.Line)))]
            : [];

    /// <summary>A password: as written, blanks too.</summary>
    public SecretValue? Secret(string key)
    {
        if (Get(key) is not { } trimmed)
            return null;
        var line = LineOf(key);
        if (trimmed.StartsWith("ENC(", StringComparison.Ordinal))
        {
            if (Vault.IsEncrypted(trimmed))
                return new(null, trimmed);
            Add("bad-secret", line, $"The encrypted value of {key} is damaged or of an unknown version.", $"write {key} again with: ark secret encrypt");
            return null;
        }

        var clear = text.Find(key)!.Value;
        if (clear.Any(char.IsControl))
            Add("bad-secret", line, $"{key} holds a control character or a line end, which no login accepts.", "change the password");
        else
            Add("clear-secret", line, $"{key} stands in clear in the file.", "encrypt it with: ark secret encrypt", Severity.Warning);
        if (clear.Length != clear.TrimEnd().Length)
            Add("blank-in-secret", line, $"{key} ends in a blank, which counts as part of it.", "take the blank out unless it is meant", Severity.Warning);
        return new(new Secret(clear), null);
    }

    /// <summary>As messages show it: quoted, on one line, not too long.</summary>
    public static string Show(string value)
    {
        var clipped = value.Length > 60 ? value[..57] + "..." : value;
        return "'" + string.Concat(clipped.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c)) + "'";
    }

    private static bool IsHost(IPAddress address)
    {
        var first = Ipv4.ToNumber(address) >> 24;
        return first is not (0 or 127) && first < 224;
    }
}
