using Ark.Web.Data;
using LinqToDB.Mapping;

namespace Ark.Panama.Data;

/// <summary>Labels that a machine of some kind bears, under a name: <c>drds node</c> is <c>nodetype=drds</c>.</summary>
[Table("label_templates")]
public sealed record LabelTemplate
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    [Column("name")] public required string Name { get; init; }

    /// <summary>Null: for all customers.</summary>
    [Column("customer_id")] public long? CustomerId { get; init; }

    /// <summary>A JSON object of label to value.</summary>
    [Column("labels")] public required string Labels { get; init; }

    [Column("notes")] public string Notes { get; init; } = "";

    [Column("version")] public int Version { get; init; } = 1;

    [Column("updated_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset UpdatedAt { get; init; }

    [Column("updated_by")] public required string UpdatedBy { get; init; }
}
