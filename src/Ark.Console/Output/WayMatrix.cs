using Ark.Console.Texts;
using Ark.Core.Checks;

namespace Ark.Console.Output;

/// <summary>Latency and bandwidth from each machine, a row, to each other, a column.</summary>
/// <param name="Head">The corner, then the machines that were measured to.</param>
/// <param name="Rows">The machine that sent, then a cell a column.</param>
public sealed record WayMatrix(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Null where nothing was measured, or the site is too large to read it.</summary>
    public static WayMatrix? Of(CheckReport report)
    {
        if (report.Ways is not { Count: > 0 } ways) return null;
        var machines = ways.Select(w => w.From).Distinct().ToList();
        if (machines.Count > ProbeRound.Whole) return null;
        var cells = ways.ToDictionary(w => (w.From, w.To), Cell);
        return new([Text.WaysFrom, .. machines], [.. machines.Select(IReadOnlyList<string> (from) => [from, .. machines.Select(to => from == to ? "" : cells.GetValueOrDefault((from, to), "–"))])]);
    }

    private static string Cell(Way way) =>
        $"{(way.Milliseconds is { } time ? FormattableString.Invariant($"{time:0.0} ms") : "–")}, {(way.BitsPerSecond is { } bits ? WayChecks.Speed(bits) : "–")}";
}
