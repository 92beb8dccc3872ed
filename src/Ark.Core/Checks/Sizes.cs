namespace Ark.Core.Checks;

/// <summary>Sizes as findings show them.</summary>
internal static class Sizes
{
    public const long GiB = 1L << 30;

    public const long TB = 1_000_000_000_000;

    /// <summary>In the largest unit that leaves at least one before the point: <c>3.8 GiB</c>.</summary>
    public static string Text(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
        double amount = bytes;
        var unit = 0;
        for (; amount >= 1024 && unit < units.Length - 1; unit++)
            amount /= 1024;
        return unit == 0 ? $"{bytes} bytes" : FormattableString.Invariant($"{amount:0.#} {units[unit]}");
    }

    /// <summary>As disks are sold: <c>2.4 TB</c>.</summary>
    public static string Sold(long bytes) => FormattableString.Invariant($"{bytes / (double)TB:0.##} TB");
}
