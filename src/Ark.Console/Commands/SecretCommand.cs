using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Secrets;
using Ark.Core.Sites;

namespace Ark.Console.Commands;

/// <summary><c>ark secret</c>: replaces clear secrets by encrypted ones.</summary>
public static class SecretCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "Encrypt the text on stdin for this key (of ark.properties, or component.parameter of a task) and print it; without it the clear secrets of ark.properties are replaced.", Arity = ArgumentArity.ZeroOrOne };
        var encrypt = new Command("encrypt", "Encrypt secrets with the site's passphrase.") { name };
        encrypt.SetAction(parsed => parsed.GetValue(name) is { } key ? Print(parsed, key) : Replace(parsed));
        return new("secret", "Encrypt the site's secrets with its passphrase.") { encrypt };
    }

    private static int Print(ParseResult parsed, string name)
    {
        var key = SiteKeyOf(parsed);
        if (!key.Ok) return Talk.Problems(key.Problems, ExitCode.Usage);
        var clear = new Secret(System.Console.In.ReadToEnd().TrimEnd('\r', '\n'));
        System.Console.Out.WriteLine(Vault.Encrypt(key.Value, name, clear, RandomNumberGenerator.GetBytes(Vault.NonceBytes)));
        return ExitCode.Done;
    }

    private static int Replace(ParseResult parsed)
    {
        var folder = parsed.SiteFolder();
        var site = Session.ReadSite(folder);
        if (!site.Ok) return Talk.Problems(site.Problems, ExitCode.Usage);
        var key = SiteKeyOf(parsed);
        if (!key.Ok) return Talk.Problems(key.Problems, ExitCode.Usage);
        var names = ReplaceClear(folder, key.Value);
        Talk.Say(names.Count == 0 ? "There is no clear secret in ark.properties." : $"Encrypted: {string.Join(", ", names)}.");
        return ExitCode.Done;
    }

    /// <summary>
    /// Replaces what stands in clear in the properties, where the passphrase can be had; nothing where it cannot, since a clear secret was warned
    /// of when the properties were read.
    /// </summary>
    /// <returns>Why it cannot be encrypted though the passphrase is there.</returns>
    public static IReadOnlyList<Problem> EncryptClear(SiteFolder folder, Lazy<Outcome<KeyRing>> keys)
    {
        if (SiteSecrets.Clear(File.ReadAllText(folder.Properties)).Count == 0 || !keys.Value.Ok) return [];
        var key = SiteKeyOf(folder, keys.Value.Value);
        if (!key.Ok) return key.Problems;
        Talk.Say($"Encrypted in ark.properties: {string.Join(", ", ReplaceClear(folder, key.Value))}.");
        return [];
    }

    /// <summary>Writes the properties with their clear secrets encrypted; nothing else in the file changes.</summary>
    private static IReadOnlyList<string> ReplaceClear(SiteFolder folder, SiteKey key)
    {
        // Not ReadAllText: that would lose a byte order mark.
        var text = new UTF8Encoding(false).GetString(File.ReadAllBytes(folder.Properties));
        var names = SiteSecrets.Clear(text);
        if (names.Count == 0) return names;
        var beside = folder.Properties + ".ark-new";
        File.WriteAllText(beside, SiteSecrets.Encrypt(text, key, RandomNumberGenerator.GetBytes));
        File.SetUnixFileMode(beside, File.GetUnixFileMode(folder.Properties));
        File.Move(beside, folder.Properties, overwrite: true);
        return names;
    }

    private static Outcome<SiteKey> SiteKeyOf(ParseResult parsed)
    {
        var keys = Passphrase.Find(parsed);
        return keys.Ok ? SiteKeyOf(parsed.SiteFolder(), keys.Value) : Outcome<SiteKey>.Fail(keys.Problems);
    }

    /// <summary>The key of what is encrypted in the properties already, which it must open, or one with a new salt.</summary>
    private static Outcome<SiteKey> SiteKeyOf(SiteFolder folder, KeyRing keys)
    {
        var text = File.Exists(folder.Properties) ? File.ReadAllText(folder.Properties) : "";
        var place = Path.GetRelativePath(folder.Root, folder.Properties);
        List<Problem> problems = [];
        foreach (var entry in SiteProperty.Secrets.Select(PropertiesText.Parse(text, place).Find).OfType<PropertyEntry>().Where(e => Vault.IsEncrypted(e.Value.Trim())))
            problems.AddRange(Vault.Decrypt(keys, entry.Key, entry.Value.Trim(), $"{place}:{entry.Line}").Problems);
        return Outcome<SiteKey>.From(problems, () => keys.For(SiteSecrets.SaltOf(text) ?? RandomNumberGenerator.GetBytes(SiteKey.SaltBytes)));
    }
}
