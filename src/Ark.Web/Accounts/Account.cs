using Ark.Web.Data;
using LinqToDB.Mapping;

namespace Ark.Web.Accounts;

/// <summary>Who may sign in.</summary>
[Table("accounts")]
public sealed record Account
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    /// <summary>What is typed at sign-in; lower case.</summary>
    [Column("name")] public required string Name { get; init; }

    [Column("display")] public required string Display { get; init; }

    [Column("department")] public string Department { get; init; } = "";

    [Column("role")] public required Role Role { get; init; }

    /// <summary>False: only the customers of <see cref="AccountCustomer"/>.</summary>
    [Column("all_customers")] public bool AllCustomers { get; init; }

    /// <summary>Null: signs in through the identity provider only.</summary>
    [Column("password_hash")] public string? PasswordHash { get; init; }

    /// <summary>Issuer and subject at the identity provider.</summary>
    [Column("identity")] public string? Identity { get; init; }

    /// <summary>Wrong passwords since the last right one.</summary>
    [Column("failures")] public int Failures { get; init; }

    [Column("locked_until"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset LockedUntil { get; init; } = DateTimeOffset.UnixEpoch;

    [Column("disabled")] public bool Disabled { get; init; }

    /// <summary>Stands in the cookie: a new stamp ends all sessions.</summary>
    [Column("stamp")] public required string Stamp { get; init; }

    [Column("version")] public int Version { get; init; } = 1;

    [Column("created_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A customer that an account may see.</summary>
[Table("account_customers")]
public sealed record AccountCustomer
{
    [Column("account_id"), PrimaryKey(1)] public long AccountId { get; init; }

    [Column("customer_id"), PrimaryKey(2)] public long CustomerId { get; init; }
}

/// <summary>A credential for programs. Only its hash is kept.</summary>
[Table("tokens")]
public sealed record ApiToken
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    [Column("account_id")] public long AccountId { get; init; }

    [Column("name")] public required string Name { get; init; }

    [Column("hash")] public required string Hash { get; init; }

    /// <summary>The token does what its account may, but never more than this role.</summary>
    [Column("scope")] public required Role Scope { get; init; }

    [Column("created_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset CreatedAt { get; init; }

    [Column("expires_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset ExpiresAt { get; init; }
}
