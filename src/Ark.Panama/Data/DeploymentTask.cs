using Ark.Web.Data;
using LinqToDB.Mapping;

namespace Ark.Panama.Data;

/// <summary>How far a delivery is.</summary>
public enum TaskState
{
    /// <summary>Being planned: the only state in which its variables can be changed.</summary>
    Draft,

    /// <summary>The variables were confirmed; components, addresses and parameters can still be changed.</summary>
    Confirmed,

    /// <summary>A package was made of it.</summary>
    Packaged,

    /// <summary>It runs at the customer's.</summary>
    Deployed,

    /// <summary>Out of the way.</summary>
    Archived,
}

/// <summary>One planned deployment for a customer's site.</summary>
[Table("tasks")]
public sealed record DeploymentTask
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    [Column("customer_id")] public long CustomerId { get; init; }

    /// <summary>The project's name, easy to recognise.</summary>
    [Column("name")] public required string Name { get; init; }

    /// <summary>The customer's root domain.</summary>
    [Column("domain")] public required string Domain { get; init; }

    /// <summary>Product line: <c>3.0</c> (a single machine room) or <c>3.1</c>.</summary>
    [Column("line")] public required string Line { get; init; }

    /// <summary>Git branch of the baseline to deploy.</summary>
    [Column("baseline")] public required string Baseline { get; init; }

    [Column("state")] public TaskState State { get; init; }

    /// <summary>Environment variables: a JSON object by the keys of <c>ark.properties</c>.</summary>
    [Column("variables")] public string Variables { get; init; } = "{}";

    /// <summary>Purpose and components: a JSON object; null until somebody chose some.</summary>
    [Column("design")] public string? Design { get; init; }

    /// <summary>What a search looks through, in lower case.</summary>
    [Column("search")] public string Search { get; init; } = "";

    [Column("version")] public int Version { get; init; } = 1;

    [Column("updated_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset UpdatedAt { get; init; }

    [Column("updated_by")] public required string UpdatedBy { get; init; }
}
