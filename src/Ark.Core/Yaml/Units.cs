using System.Globalization;
using System.Text.RegularExpressions;

namespace Ark.Core.Yaml;

/// <summary>Sizes and durations as people write them in Ark's files.</summary>
public static partial class Units
{
    /// <summary>Says how a size is written.</summary>
    public const string SizeForm = "write a number with K, M, G or T, such as 128M (1K = 1024 bytes)";

    /// <summary>Says how a duration is written.</summary>
    public const string DurationForm = "write numbers with h, m, s or ms, such as 30s or 1m30s";

    /// <summary>Bytes of <c>128M</c>, <c>1.5G</c>, <c>64kb</c> or <c>1024</c>; units count in 1024. Null if it is none, or beyond 8 exabytes.</summary>
    public static long? Size(string text)
    {
        var match = SizeText().Match(text);
        if (!match.Success)
            return null;
        var unit = match.Groups["unit"].Value;
        var power = unit.Length == 0 ? 0 : 1 + "kmgt".IndexOf(char.ToLowerInvariant(unit[0]), StringComparison.Ordinal);
        if (!decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        for (; power > 0 && number <= long.MaxValue; power--)
            number *= 1024;
        return number <= long.MaxValue ? (long)number : null;
    }

    /// <summary>The duration of <c>1h</c>, <c>1m30s</c>, <c>2s</c>, <c>500ms</c>: units from large to small, each at most once. Null if it is none.</summary>
    public static TimeSpan? Duration(string text)
    {
        var match = DurationText().Match(text);
        if (!match.Success || text.Length is 0 or > 24)
            return null;
        var milliseconds = Part(match, "h", 3_600_000) + Part(match, "m", 60_000) + Part(match, "s", 1000) + Part(match, "ms", 1);
        return milliseconds <= 365m * 24 * 3_600_000 ? TimeSpan.FromMilliseconds((double)milliseconds) : null;
    }

    /// <summary>The shortest form of a size that loses nothing: <c>64M</c>.</summary>
    public static string Write(long bytes)
    {
        var power = 0;
        for (; power < 4 && bytes != 0 && bytes % 1024 == 0; power++)
            bytes /= 1024;
        return bytes.ToString(CultureInfo.InvariantCulture) + (power == 0 ? "" : "KMGT"[power - 1]);
    }

    /// <summary>A duration as <see cref="Duration"/> reads it.</summary>
    public static string Write(TimeSpan time)
    {
        var total = (long)time.TotalMilliseconds;
        (long Count, string Unit)[] parts = [(total / 3_600_000, "h"), (total / 60_000 % 60, "m"), (total / 1000 % 60, "s"), (total % 1000, "ms")];
        var text = string.Concat(parts.Where(p => p.Count > 0).Select(p => FormattableString.Invariant($"{p.Count}{p.Unit}")));
        return text.Length == 0 ? "0s" : text;
    }

    private static decimal Part(Match match, string unit, int milliseconds) =>
        match.Groups[unit] is { Success: true } group ? decimal.Parse(group.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * milliseconds : 0;

    [GeneratedRegex(@"^(?<number>[0-9]{1,19}(\.[0-9]{1,6})?)(?<unit>[kKmMgGtT])?([iI]?[bB])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex SizeText();

    [GeneratedRegex(@"^((?<h>[0-9]{1,9}(\.[0-9]{1,3})?)h)?((?<m>[0-9]{1,9}(\.[0-9]{1,3})?)m(?!s))?((?<s>[0-9]{1,9}(\.[0-9]{1,3})?)s)?((?<ms>[0-9]{1,9}(\.[0-9]{1,3})?)ms)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex DurationText();
}
