namespace Ark.Core.Sites;

/// <summary>A secret as a file holds it: in clear (accepted with a warning) or encrypted with the site's passphrase (<c>ENC(…)</c>).</summary>
public sealed record SecretValue(Secret? Clear, string? Encrypted);
