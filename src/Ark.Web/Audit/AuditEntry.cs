using Ark.Web.Data;
using LinqToDB.Mapping;

namespace Ark.Web.Audit;

/// <summary>One change: who, when, how they came, what it was before and after. Never holds a secret.</summary>
[Table("audit")]
public sealed record AuditEntry
{
    /// <summary>From 1, without gaps.</summary>
    [Column("id"), PrimaryKey] public required long Id { get; init; }

    [Column("at"), ValueConverter(ConverterType = typeof(Milliseconds))] public required DateTimeOffset At { get; init; }

    [Column("actor")] public required string Actor { get; init; }

    [Column("via")] public required string Via { get; init; }

    /// <summary><c>task-changed</c>.</summary>
    [Column("action")] public required string Action { get; init; }

    /// <summary><c>task:527</c>.</summary>
    [Column("subject")] public required string Subject { get; init; }

    /// <summary>JSON; null where nothing was.</summary>
    [Column("before")] public string? Before { get; init; }

    /// <summary>JSON; null where nothing is left.</summary>
    [Column("after")] public string? After { get; init; }

    /// <summary>SHA-256 over this entry and the hash of the one before it.</summary>
    [Column("hash")] public string Hash { get; init; } = "";
}

/// <summary>The end of the chain. Whoever appends holds its row until the transaction ends.</summary>
[Table("audit_head")]
public sealed record AuditHead
{
    [Column("id"), PrimaryKey] public int Id { get; init; }

    [Column("entries")] public long Entries { get; init; }

    [Column("hash")] public string Hash { get; init; } = "";
}
