namespace Ark.Core.Planning;

/// <summary>A change that a check's finding calls for, kept on the machine so that it can be undone.</summary>
/// <param name="Run">Names the run of <c>ark check --apply</c>.</param>
/// <param name="Number">Within the run and the machine, from 1.</param>
/// <param name="Checks">Ids of the checks whose findings it mends.</param>
public sealed record ApplyFix(string Machine, string Run, int Number, IReadOnlyList<string> Checks) : Work
{
    /// <summary>The file that is written; null: none.</summary>
    public FileText? File { get; init; }

    /// <summary>Files that <see cref="Do"/> may change, as shell patterns; one with a slash at its end is everything below it.</summary>
    public IReadOnlyList<string> Tracked { get; init; } = [];

    /// <summary>Run as root after the file was written; may be empty.</summary>
    public string Do { get; init; } = "";

    /// <summary>Run as root after all files were put back; may be empty.</summary>
    public string Undo { get; init; } = "";
}

/// <param name="Was">State of the path that the text was made from; another one refuses the step.</param>
/// <param name="Text">All bytes, as Latin-1.</param>
/// <param name="Mode">Permissions of a file that was not there.</param>
public sealed record FileText(string Path, string Was, string Text, int Mode);

/// <summary>Puts back what a change of a run of fixes found.</summary>
public sealed record UndoFix(string Machine, string Run, int Number) : Work;
