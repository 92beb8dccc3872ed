using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Secret = Ark.Core.Secret;

namespace Ark.Web.Channels;

/// <summary>
/// Channels' passwords, tokens and keys as the database keeps them: encrypted and authenticated with the host's own keys. Whoever reads the
/// whole database can open them, as the keys stand there too; a table or a log alone tells nothing.
/// </summary>
public sealed class ChannelSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("ark.channels.v1");

    public string Seal(Secret secret) => _protector.Protect(secret.Reveal());

    /// <summary>Null where there is none, or its key is gone: then it must be entered again.</summary>
    public Secret? Open(string? sealedText)
    {
        if (sealedText is null)
            return null;
        try
        {
            return new(_protector.Unprotect(sealedText));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
