namespace Ark.Remote.Ssh;

/// <summary>What the file is like on the machine once it is there.</summary>
public sealed record UploadOptions
{
    /// <summary>Octal: <c>0644</c>.</summary>
    public string Mode { get; init; } = "0644";

    /// <summary><c>user:group</c>, names or numbers; null: whoever writes it (root with <see cref="Sudo"/>).</summary>
    public string? Owner { get; init; }

    /// <summary>Write as root.</summary>
    public bool Sudo { get; init; }

    /// <summary>For the whole upload.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromHours(2);
}

/// <summary>What an upload did.</summary>
/// <param name="Sha256">Of the content, 64 hex digits.</param>
/// <param name="Sent">Bytes that went over the network: 0 when the file was there already, less than its size when an earlier attempt was resumed.</param>
public sealed record UploadResult(string Sha256, long Size, long Sent);
