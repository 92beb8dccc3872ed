using Ark.Web.Data;
using LinqToDB.Mapping;

namespace Ark.Panama.Data;

/// <summary>Values of a component's parameters under a name, for one customer or for all. What they are stands in the revisions.</summary>
[Table("configurations")]
public sealed record ConfigurationSet
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    [Column("name")] public required string Name { get; init; }

    /// <summary>Null: for all customers.</summary>
    [Column("customer_id")] public long? CustomerId { get; init; }

    [Column("component")] public required string Component { get; init; }

    /// <summary>The number of the revision that holds now.</summary>
    [Column("version")] public int Version { get; init; } = 1;
}

/// <summary>What a set said from one save to the next. Never changed.</summary>
[Table("configuration_revisions")]
public sealed record ConfigurationRevision
{
    [Column("configuration_id"), PrimaryKey(1)] public required long ConfigurationId { get; init; }

    /// <summary>From 1, without gaps.</summary>
    [Column("number"), PrimaryKey(2)] public required int Number { get; init; }

    /// <summary>The baseline whose parameters they are.</summary>
    [Column("baseline")] public required string Baseline { get; init; }

    /// <summary>A JSON object of parameter to value as a task writes it; secrets encrypted.</summary>
    [Column("parameter_values")] public required string Values { get; init; }

    /// <summary>Why it was saved.</summary>
    [Column("reason")] public required string Reason { get; init; }

    [Column("made_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset At { get; init; }

    [Column("made_by")] public required string By { get; init; }
}
