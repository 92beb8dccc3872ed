using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Ark.Core.Secrets;

/// <summary>
/// Encrypts with AES-256-GCM, and names secrets by their content. Nonces are arguments: 12 random bytes, new for each encryption.
/// Two forms, both with the salt in them, so that the passphrase alone opens them:
/// <c>ENC(v1:…)</c> with base64url of salt, nonce, ciphertext, tag, for values in files; and for bytes <c>ARK1</c>, salt, nonce, ciphertext, tag.
/// What is encrypted is bound to its name: a value copied to another key or object does not open there.
/// </summary>
public static class Vault
{
    public const int NonceBytes = 12;

    private const int TagBytes = 16;
    private const int Frame = SiteKey.SaltBytes + NonceBytes + TagBytes;
    private const string Opening = "ENC(v1:";
    private static readonly byte[] Mark = "ARK1"u8.ToArray();

    /// <summary>True for a text in the form <c>ENC(v1:…)</c>; whether it opens is another question.</summary>
    public static bool IsEncrypted(string text) => Unpack(text) is not null;

    /// <summary>The salt to derive the key with; null where the text is not encrypted.</summary>
    public static byte[]? SaltOf(string text) => Unpack(text)?[..SiteKey.SaltBytes];

    /// <summary>The salt to derive the key with; null where <paramref name="sealedBytes"/> are none of <see cref="Seal"/>.</summary>
    public static byte[]? SaltOf(ReadOnlySpan<byte> sealedBytes) =>
        IsSealed(sealedBytes) ? sealedBytes.Slice(Mark.Length, SiteKey.SaltBytes).ToArray() : null;

    /// <param name="name">The key that the value belongs to: <c>machine_password</c>.</param>
    /// <returns><c>ENC(v1:…)</c></returns>
    public static string Encrypt(SiteKey key, string name, Secret clear, ReadOnlySpan<byte> nonce)
    {
        var bytes = Encoding.UTF8.GetBytes(clear.Reveal());
        try
        {
            return Opening + Base64Url.EncodeToString(Lock(key.Texts, key.Salt, name, bytes, nonce)) + ")";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The clear text, or the problem: wrong passphrase, damaged, or written for another key.</summary>
    /// <param name="place">Where the text stands, for the problem.</param>
    public static Outcome<Secret> Decrypt(KeyRing keys, string name, string encrypted, string place)
    {
        if (Unpack(encrypted) is not { } packed)
            return Outcome<Secret>.Fail(new Problem("bad-secret", place, $"The encrypted value of {name} is damaged or of an unknown version.", $"write {name} again with: ark secret encrypt"));
        if (!TryUnlock(keys.For(packed.AsSpan(0, SiteKey.SaltBytes)).Texts, name, packed, out var clear))
            return Outcome<Secret>.Fail(new Problem("wrong-passphrase", place, $"The passphrase does not open {name}, or the value was changed or written for another key.", $"try the passphrase again, or write {name} again with: ark secret encrypt"));
        var secret = new Secret(Encoding.UTF8.GetString(clear));
        CryptographicOperations.ZeroMemory(clear);
        return Outcome<Secret>.Of(secret);
    }

    /// <summary>Encrypts bytes for the cluster's state.</summary>
    /// <param name="name">What they are: <c>task 527</c>. The same is needed to open them.</param>
    public static byte[] Seal(SiteKey key, string name, ReadOnlySpan<byte> content, ReadOnlySpan<byte> nonce) =>
        [.. Mark, .. Lock(key.State, key.Salt, name, content, nonce)];

    /// <summary>What <see cref="Seal"/> was given, or the problem.</summary>
    public static Outcome<byte[]> Open(KeyRing keys, string name, ReadOnlySpan<byte> sealedBytes, string place)
    {
        if (!IsSealed(sealedBytes))
            return Outcome<byte[]>.Fail(new Problem("bad-state", place, $"{name} is damaged or of an unknown version.", "use the version of Ark that wrote it"));
        var packed = sealedBytes[Mark.Length..];
        return TryUnlock(keys.For(packed[..SiteKey.SaltBytes]).State, name, packed, out var content)
            ? Outcome<byte[]>.Of(content)
            : Outcome<byte[]>.Fail(new Problem("wrong-passphrase", place, $"The passphrase does not open {name}, or it was changed.", "try the passphrase again"));
    }

    /// <summary>
    /// 16 hexadecimal digits that stand for a secret content: the same for the same, but nothing that can be guessed at without the passphrase.
    /// </summary>
    /// <param name="name">What the content is; the same content under another name gets other digits.</param>
    public static string NameOf(SiteKey key, string name, ReadOnlySpan<byte> content)
    {
        var label = Encoding.UTF8.GetBytes(name);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, label.Length);
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Names);
        mac.AppendData(length);
        mac.AppendData(label);
        mac.AppendData(content);
        return Convert.ToHexStringLower(mac.GetHashAndReset().AsSpan(0, 8));
    }

    private static byte[] Lock(byte[] key, ReadOnlySpan<byte> salt, string name, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> nonce)
    {
        if (nonce.Length != NonceBytes)
            throw new ArgumentException($"A nonce has {NonceBytes} bytes.", nameof(nonce));
        var packed = new byte[Frame + clear.Length];
        salt.CopyTo(packed);
        nonce.CopyTo(packed.AsSpan(SiteKey.SaltBytes));
        var body = packed.AsSpan(SiteKey.SaltBytes + NonceBytes);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, clear, body[..clear.Length], body[clear.Length..], Encoding.UTF8.GetBytes(name));
        return packed;
    }

    private static bool TryUnlock(byte[] key, string name, ReadOnlySpan<byte> packed, [NotNullWhen(true)] out byte[]? clear)
    {
        var body = packed[(SiteKey.SaltBytes + NonceBytes)..];
        var bytes = new byte[body.Length - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(packed.Slice(SiteKey.SaltBytes, NonceBytes), body[..bytes.Length], body[bytes.Length..], bytes, Encoding.UTF8.GetBytes(name));
            clear = bytes;
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            clear = null;
            return false;
        }
    }

    private static byte[]? Unpack(string text)
    {
        if (!text.StartsWith(Opening, StringComparison.Ordinal) || !text.EndsWith(')'))
            return null;
        var coded = text.AsSpan(Opening.Length, text.Length - Opening.Length - 1);
        if (!Base64Url.IsValid(coded, out var length) || length < Frame || coded.ContainsAny(" \t\r\n="))
            return null;
        return Base64Url.DecodeFromChars(coded);
    }

    private static bool IsSealed(ReadOnlySpan<byte> bytes) => bytes.Length >= Mark.Length + Frame && bytes.StartsWith(Mark);
}
