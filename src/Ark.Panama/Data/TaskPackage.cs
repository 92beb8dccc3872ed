using Ark.Web.Data;
using LinqToDB.Mapping;

namespace Ark.Panama.Data;

/// <summary>What is carried to the site: made once, never changed.</summary>
[Table("packages")]
public sealed record TaskPackage
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    [Column("task_id")] public long TaskId { get; init; }

    /// <summary>Counts the packages of a task, from 1.</summary>
    [Column("number")] public int Number { get; init; }

    /// <summary>Of the archive, as 64 hex digits.</summary>
    [Column("sha256")] public required string Sha256 { get; init; }

    /// <summary>The bytes of <c>task_&lt;id&gt;.tgz</c>.</summary>
    [Column("archive")] public required byte[] Archive { get; init; }

    /// <summary>The text of <c>ark.properties</c>.</summary>
    [Column("properties")] public required string Properties { get; init; }

    /// <summary>What it was made of, as JSON: the difference to the task of today is told by it.</summary>
    [Column("content")] public required string Content { get; init; }

    [Column("made_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset MadeAt { get; init; }

    [Column("made_by")] public required string MadeBy { get; init; }
}
