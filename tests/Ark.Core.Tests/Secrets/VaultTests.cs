using System.Security.Cryptography;
using System.Text;
using Ark.Core.Secrets;
using Ark.Core.Sites;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Secrets;

public sealed class VaultTests
{
    private static readonly byte[] Salt = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    private static readonly KeyRing Keys = new(new("correct horse battery"));
    private static readonly SiteKey Key = Keys.For(Salt);
    private static readonly KeyRing OtherKeys = new(new("wrong horse battery"));

    private static byte[] Nonce(byte first = 0) => [first, .. new byte[11]];

    [Fact]
    public void What_is_encrypted_opens_with_the_passphrase_only()
    {
        var text = Vault.Encrypt(Key, "machine_password", new("pä ss=w\\ord"), Nonce());
        Assert.StartsWith("ENC(v1:", text, StringComparison.Ordinal);
        Assert.Equal(new Secret("pä ss=w\\ord"), Vault.Decrypt(new(new("correct horse battery")), "machine_password", text, "p:1").Value);
        var wrong = Vault.Decrypt(OtherKeys, "machine_password", text, "p:1");
        Assert.Equal(("wrong-passphrase", "p:1"), Assert.Single(wrong.Problems.Select(p => (p.Code, p.Place))));
    }

    [Fact]
    public void A_value_moved_to_another_key_does_not_open()
    {
        var text = Vault.Encrypt(Key, "machine_password", new("x"), Nonce());
        Assert.False(Vault.Decrypt(Keys, "metadb_password", text, "").Ok);
    }

    [Fact]
    public void Any_changed_byte_is_found()
    {
        var sealedBytes = Vault.Seal(Key, "task 527", "content"u8, Nonce());
        Assert.Equal("content"u8.ToArray(), Vault.Open(Keys, "task 527", sealedBytes, "").Value);
        Assert.False(Vault.Open(Keys, "task 528", sealedBytes, "").Ok);
        Assert.False(Vault.Open(Keys, "task 527", sealedBytes[..^1], "").Ok);
        Assert.Equal("bad-state", Vault.Open(Keys, "task 527", "junk"u8, "").Problems[0].Code);

        // Bytes of the salt are left out here: each would cost a stretching, and leads to another key.
        for (var i = 4 + SiteKey.SaltBytes; i < sealedBytes.Length; i++)
        {
            var changed = sealedBytes.ToArray();
            changed[i] ^= 1;
            Assert.Equal("wrong-passphrase", Vault.Open(Keys, "task 527", changed, "").Problems[0].Code);
        }
    }

    [Fact]
    public void Any_bytes_come_back()
    {
        Gen.Byte.Array[0, 300].Sample(content =>
            Assert.Equal(content, Vault.Open(Keys, "n", Vault.Seal(Key, "n", content, Nonce(7)), "").Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ENC()")]
    [InlineData("ENC(v1:)")]
    [InlineData("ENC(v1:AAAA)")]
    [InlineData("ENC(v2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA)")]
    [InlineData("ENC(v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!)")]
    public void Other_texts_are_not_encrypted(string text)
    {
        Assert.False(Vault.IsEncrypted(text));
        Assert.Null(Vault.SaltOf(text));
        Assert.Equal("bad-secret", Vault.Decrypt(Keys, "k", text, "").Problems[0].Code);
    }

    [Fact]
    public void A_secret_is_named_by_content_purpose_and_site()
    {
        var name = Vault.NameOf(Key, "cache/redis.conf", "content"u8);
        Assert.Matches("^[0-9a-f]{16}$", name);
        Assert.Equal(name, Vault.NameOf(Key, "cache/redis.conf", "content"u8));
        Assert.NotEqual(name, Vault.NameOf(Key, "cache/redis.conf", "contenT"u8));
        Assert.NotEqual(name, Vault.NameOf(Key, "cache/redis.con", "fcontent"u8));
        Assert.NotEqual(name, Vault.NameOf(OtherKeys.For(Salt), "cache/redis.conf", "content"u8));
    }

    /// <summary>The forms on disk and in clusters must open with later versions too.</summary>
    [Fact]
    public void Version_1_stays_as_it_is()
    {
        var stretched = Rfc2898DeriveBytes.Pbkdf2("correct horse battery", Salt, 600_000, HashAlgorithmName.SHA256, 32);
        var key = HKDF.Expand(HashAlgorithmName.SHA256, stretched, 32, "ark v1 texts"u8.ToArray());
        using var aes = new AesGcm(key, 16);
        var (cipher, tag) = (new byte[4], new byte[16]);
        aes.Encrypt(Nonce(), "abcd"u8, cipher, tag, "k"u8);
        var coded = Convert.ToBase64String([.. Salt, .. Nonce(), .. cipher, .. tag]).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        Assert.Equal($"ENC(v1:{coded})", Vault.Encrypt(Key, "k", new("abcd"), Nonce()));
    }

    [Theory]
    [InlineData("short", "short-passphrase")]
    [InlineData("aaaaaaaaaaaaaaaa", "plain-passphrase")]
    [InlineData("correct\thorse battery", "odd-passphrase")]
    public void A_weak_passphrase_is_named(string passphrase, string code)
    {
        Assert.Equal(code, Assert.Single(SiteKey.Weaknesses(new(passphrase))).Code);
        Assert.Empty(SiteKey.Weaknesses(new("correct horse battery")));
    }

    [Fact]
    public void Clear_secrets_of_a_file_are_encrypted_and_nothing_else_changes()
    {
        const string Before = "# ours\r\nmachine_password = top=secret\\\r\n  word\r\nmetadb_password:\r\nmode=vm";
        Assert.Equal(["machine_password"], SiteSecrets.Clear(Before));
        Assert.Null(SiteSecrets.SaltOf(Before));
        var after = SiteSecrets.Encrypt(Before, Key, count => new byte[count]);
        Assert.Empty(SiteSecrets.Clear(after));
        Assert.Equal(Salt, SiteSecrets.SaltOf(after));
        Assert.DoesNotContain("top", after, StringComparison.Ordinal);
        Assert.StartsWith("# ours\r\nmachine_password = ENC(v1:", after, StringComparison.Ordinal);
        Assert.EndsWith(")\r\nmetadb_password:\r\nmode=vm", after, StringComparison.Ordinal);
        var value = PropertiesText.Parse(after, "").Find("machine_password")!.Value;
        Assert.Equal(new Secret("top=secretword"), SiteSecrets.Reveal(new(null, value), "machine_password", Keys, "").Value);
        Assert.Equal(Encoding.UTF8.GetByteCount(after), after.Length);
    }
}
