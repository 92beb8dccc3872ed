using Ark.Core;

namespace Ark.Web.Backup;

/// <summary>
/// What a backup holds: <c>manifest.json</c>, the first entry of the archive. Each table is an entry of its own, one row a line, as a JSON array in the order of
/// <see cref="BackupTable.Columns"/>. Both kinds of database write and read the same.
/// </summary>
public sealed record BackupManifest
{
    public const string FormatName = "ark-backup/1";

    public const string FileName = "manifest.json";

    public required string Format { get; init; }

    /// <summary>Whose data: <c>Panama</c>.</summary>
    public required string Product { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Numbers of the migrations that made the tables.</summary>
    public required IReadOnlyList<long> Migrations { get; init; }

    public required IReadOnlyList<BackupTable> Tables { get; init; }
}

/// <param name="Sha256">Of the table's entry, in hex.</param>
public sealed record BackupTable(string Name, IReadOnlyList<string> Columns, long Rows, string Sha256)
{
    public string Entry => $"tables/{Name}.jsonl";
}

/// <summary>A backup or restore that cannot be; nothing was changed.</summary>
public sealed class BackupException(Problem problem) : Exception(problem.ToString())
{
    public BackupException(string code, string place, string message, string remedy = "") : this(new(code, place, message, remedy)) { }

    public Problem Problem => problem;
}
