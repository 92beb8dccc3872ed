using Ark.Web.Data;
using LinqToDB.Mapping;

namespace Ark.Web.Channels;

public enum ChannelKind
{
    /// <summary>A gateway that takes a JSON POST.</summary>
    Sms,

    /// <summary>SMTP.</summary>
    Mail,

    /// <summary>A JSON POST, signed if there is a secret.</summary>
    Webhook,
}

/// <summary>How a connection to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Begins in clear and must become TLS; port 587.</summary>
    StartTls,

    /// <summary>TLS from the first byte; port 465.</summary>
    Tls,

    /// <summary>In clear; port 25. Not with a password.</summary>
    None,
}

/// <summary>Where alerts are sent to.</summary>
[Table("channels")]
public sealed record Channel
{
    [Column("id"), PrimaryKey, Identity] public long Id { get; init; }

    [Column("name")] public required string Name { get; init; }

    [Column("kind")] public required ChannelKind Kind { get; init; }

    /// <summary>Null: for all customers.</summary>
    [Column("customer_id")] public long? CustomerId { get; init; }

    [Column("enabled")] public bool Enabled { get; init; } = true;

    /// <summary><see cref="ChannelSettings"/> as JSON.</summary>
    [Column("settings")] public required string Settings { get; init; }

    /// <summary>What <see cref="ChannelSecrets"/> made of it; null if there is none.</summary>
    [Column("secret")] public string? Secret { get; init; }

    [Column("version")] public int Version { get; init; } = 1;

    [Column("updated_at"), ValueConverter(ConverterType = typeof(Milliseconds))] public DateTimeOffset UpdatedAt { get; init; }

    [Column("updated_by")] public required string UpdatedBy { get; init; }
}

/// <summary>What a kind of channel needs; what belongs to other kinds is null or empty.</summary>
public sealed record ChannelSettings
{
    /// <summary>SMS, webhook: http or https; the part behind the host is a template.</summary>
    public string? Url { get; init; }

    /// <summary>SMS, webhook: sent besides; values are templates.</summary>
    public IReadOnlyList<ChannelHeader> Headers { get; init; } = [];

    /// <summary>SMS: the template of the JSON that is sent. Webhook: the same, or null for Ark's own.</summary>
    public string? Body { get; init; }

    /// <summary>Mail: name or address of the server.</summary>
    public string? Host { get; init; }

    /// <summary>Mail.</summary>
    public int? Port { get; init; }

    /// <summary>Mail.</summary>
    public MailSecurity? Security { get; init; }

    /// <summary>Mail: null where the server takes mail without a sign-in. Its password is the channel's secret.</summary>
    public string? User { get; init; }

    /// <summary>Mail: the sender's address.</summary>
    public string? From { get; init; }

    /// <summary>Mail: addresses. SMS: telephone numbers, for the template.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>To whom a secret is given: where this changes, it has to be given anew.</summary>
    internal string Peer => Url is not { } url ? $"{Host}:{Port} {Security} {User}"
        : Uri.TryCreate(url.Split("{{")[0], UriKind.Absolute, out var uri) ? $"{uri.Scheme}://{uri.Authority}" : url;
}

/// <param name="Value">A template.</param>
public sealed record ChannelHeader(string Name, string Value);
