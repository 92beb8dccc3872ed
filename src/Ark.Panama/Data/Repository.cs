using Ark.Web.Data;
using LinqToDB.Mapping;

namespace Ark.Panama.Data;

/// <summary>A Git repository whose branches hold baselines.</summary>
[Table("repositories")]
public sealed record Repository
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    [Column("name")] public required string Name { get; init; }

    /// <summary>Without credentials.</summary>
    [Column("url")] public required string Url { get; init; }

    /// <summary>Folder of the mirror that was read last, within that of all mirrors; empty before the first.</summary>
    [Column("mirror")] public string Mirror { get; init; } = "";

    /// <summary>When it was mirrored last; the beginning of 1970: never.</summary>
    [Column("refreshed_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset RefreshedAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Why the last refresh failed: a JSON list of problems.</summary>
    [Column("problems")] public string Problems { get; init; } = "[]";

    [Column("updated_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset UpdatedAt { get; init; }

    [Column("updated_by")] public required string UpdatedBy { get; init; }
}

/// <summary>A baseline that a branch held when its repository was mirrored last.</summary>
[Table("repository_baselines")]
public sealed record RepositoryBaseline
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    [Column("repository_id")] public required long RepositoryId { get; init; }

    /// <summary>What a task keeps: the branch, or <c>branch:folder</c> where it holds several.</summary>
    [Column("name")] public required string Name { get; init; }

    /// <summary>Its folder in the branch's catalogue.</summary>
    [Column("folder")] public required string Folder { get; init; }

    [Column("commit_id")] public required string Commit { get; init; }

    [Column("title")] public required string Title { get; init; }

    [Column("line")] public required string Line { get; init; }

    [Column("committed_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset CommittedAt { get; init; }

    /// <summary>No problem is an error: tasks can be made of it.</summary>
    [Column("usable")] public bool Usable { get; init; }

    /// <summary>What is wrong with it: a JSON list.</summary>
    [Column("problems")] public string Problems { get; init; } = "[]";
}
