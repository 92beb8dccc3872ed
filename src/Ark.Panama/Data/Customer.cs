using Ark.Web.Data;
using LinqToDB.Mapping;

namespace Ark.Panama.Data;

/// <summary>Whom a delivery is for.</summary>
[Table("customers")]
public sealed record Customer
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    [Column("name")] public required string Name { get; init; }

    /// <summary>Whom to ask there.</summary>
    [Column("contact")] public string Contact { get; init; } = "";

    [Column("notes")] public string Notes { get; init; } = "";

    /// <summary>Goes up by one with each change; a change names the version that it was made from.</summary>
    [Column("version")] public int Version { get; init; } = 1;

    [Column("updated_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset UpdatedAt { get; init; }

    [Column("updated_by")] public required string UpdatedBy { get; init; }
}
