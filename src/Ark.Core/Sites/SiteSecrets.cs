using Ark.Core.Secrets;

namespace Ark.Core.Sites;

/// <summary>The secrets of a properties file: which stand in clear, the file with them encrypted, their clear text.</summary>
public static class SiteSecrets
{
    /// <summary>Keys whose values stand in clear.</summary>
    public static IReadOnlyList<string> Clear(string text) =>
        [.. SiteProperty.Secrets.Where(key => PropertiesText.Parse(text, "").Find(key) is { } entry && IsClear(entry.Value))];

    /// <summary>The salt that the file's encrypted values were made with; null where there are none yet, and 16 random bytes begin one.</summary>
    public static byte[]? SaltOf(string text) =>
        SiteProperty.Secrets.Select(key => Vault.SaltOf(PropertiesText.Parse(text, "").Find(key)?.Value.Trim() ?? "")).FirstOrDefault(salt => salt is not null);

    /// <summary>The file with every clear secret encrypted and all else as it was, byte for byte.</summary>
    /// <param name="random">Gives that many random bytes.</param>
    public static string Encrypt(string text, SiteKey key, Func<int, byte[]> random) =>
        Clear(text).Aggregate(text, (t, name) =>
        {
            var value = new Secret(PropertiesText.Parse(t, "").Find(name)!.Value);
            return PropertiesWriter.Set(t, name, Vault.Encrypt(key, name, value, random(Vault.NonceBytes)));
        });

    /// <summary>The file's keys and values without its secrets and comments: what may be carried away from a site.</summary>
    public static string Without(string text) => string.Concat(
        PropertiesText.Parse(text, "").Entries.Where(e => !SiteProperty.Secrets.Contains(e.Key)).Select(e => PropertiesWriter.Line(e.Key, e.Value) + "\n"));

    /// <summary>The clear text of a value that may be encrypted.</summary>
    /// <param name="name">The property's key.</param>
    public static Outcome<Secret> Reveal(SecretValue value, string name, KeyRing keys, string place) =>
        value.Clear is { } clear ? Outcome<Secret>.Of(clear) : Vault.Decrypt(keys, name, value.Encrypted!, place);

    private static bool IsClear(string value) => value.Trim() is { Length: > 0 } text && !text.StartsWith("ENC(", StringComparison.Ordinal);
}
