using System.Security.Cryptography;
using System.Text;

namespace Ark.Core.Secrets;

/// <summary>
/// What a site's passphrase becomes: one key a purpose (texts in files, state in the cluster, names of secrets), none of which tells another.
/// PBKDF2 with SHA-256 stretches the passphrase once (measured: 0.7 s of one core of a small cloud machine), HKDF with SHA-256 parts it.
/// </summary>
public sealed class SiteKey
{
    public const int SaltBytes = 16;

    /// <summary>Rounds of PBKDF2 in version 1 of the formats; another number needs another version.</summary>
    public const int Iterations = 600_000;

    /// <summary>The shortest passphrase that is taken for a new site, in characters.</summary>
    public const int LeastPassphrase = 12;

    private readonly byte[] _salt;

    private SiteKey(byte[] salt, byte[] stretched)
    {
        _salt = salt;
        Texts = Part(stretched, "texts");
        State = Part(stretched, "state");
        Names = Part(stretched, "names");
    }

    /// <summary>Not secret: it stands beside whatever was encrypted, so that the passphrase alone opens it.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    internal byte[] Texts { get; }

    internal byte[] State { get; }

    internal byte[] Names { get; }

    /// <param name="salt">16 random bytes, drawn once a site; whoever opens something takes the salt that stands in it.</param>
    public static SiteKey Derive(Secret passphrase, ReadOnlySpan<byte> salt)
    {
        if (salt.Length != SaltBytes)
            throw new ArgumentException($"A salt has {SaltBytes} bytes.", nameof(salt));
        var bytes = Encoding.UTF8.GetBytes(passphrase.Reveal());
        var stretched = Rfc2898DeriveBytes.Pbkdf2(bytes, salt, Iterations, HashAlgorithmName.SHA256, 32);
        try
        {
            return new(salt.ToArray(), stretched);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(stretched);
        }
    }

    /// <summary>What speaks against a passphrase for a new site; empty if nothing does.</summary>
    public static IReadOnlyList<Problem> Weaknesses(Secret passphrase)
    {
        var text = passphrase.Reveal();
        List<Problem> problems = [];
        if (text.Length < LeastPassphrase)
            problems.Add(new("short-passphrase", "", $"The passphrase has fewer than {LeastPassphrase} characters.", "take four words or more"));
        else if (text.Distinct().Count() < 5)
            problems.Add(new("plain-passphrase", "", "The passphrase consists of fewer than five different characters.", "take four words or more"));
        if (text.Any(char.IsControl))
            problems.Add(new("odd-passphrase", "", "The passphrase holds a control character, which cannot be typed everywhere.", "take four words or more"));
        return problems;
    }

    private static byte[] Part(byte[] stretched, string purpose) =>
        HKDF.Expand(HashAlgorithmName.SHA256, stretched, 32, Encoding.ASCII.GetBytes("ark v1 " + purpose));
}
