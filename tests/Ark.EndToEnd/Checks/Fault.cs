namespace Ark.EndToEnd.Checks;

/// <summary>Something wrong with a machine, made on purpose.</summary>
/// <param name="Machine">m1…</param>
/// <param name="Make">Run as root there, under <c>set -eu</c>.</param>
internal sealed record Fault(string Name, string Machine, string Make, params IReadOnlyList<Found> Found);

/// <summary>What <c>ark check</c> must say of a fault.</summary>
/// <param name="Check">Its id.</param>
/// <param name="Verdict"><c>fail</c>, <c>warning</c> or <c>couldNotCheck</c>.</param>
/// <param name="Evidence">A part of it, with the value.</param>
internal sealed record Found(string Check, string Verdict, string Evidence)
{
    /// <summary>The machine of which it is said, where that is another than the one with the fault.</summary>
    public string? On { get; init; }

    /// <summary>Where <c>--apply</c> mends it: a command for the machine, and what it prints once that is so, a reboot later too. Null: people must.</summary>
    public Mended? Mended { get; init; }
}

internal sealed record Mended(string Look, string Prints);

/// <summary>A machine that the console does not get onto.</summary>
/// <param name="Make">As of <see cref="Fault"/>; null: its cables are out.</param>
/// <param name="Codes">Of the reason that the console gives: one of these.</param>
internal sealed record Unreachable(string Name, string Machine, string? Make, params IReadOnlyList<string> Codes);
