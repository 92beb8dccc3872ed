using System.CommandLine;
using System.Security.Cryptography;
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
        if (SiteKeyOf(parsed) is not { } key) return ExitCode.Usage;
        var clear = new Secret(System.Console.In.ReadToEnd().TrimEnd('\r', '\n'));
        System.Console.Out.WriteLine(Vault.Encrypt(key, name, clear, RandomNumberGenerator.GetBytes(Vault.NonceBytes)));
        return ExitCode.Done;
    }

    private static int Replace(ParseResult parsed)
    {
        var folder = parsed.SiteFolder();
        var site = Session.ReadSite(folder);
        if (!site.Ok) return Talk.Problems(site.Problems, ExitCode.Usage);
        if (SiteKeyOf(parsed) is not { } key) return ExitCode.Usage;
        var names = ReplaceClear(folder, key);
        Talk.Say(names.Count == 0 ? "There is no clear secret in ark.properties." : $"Encrypted: {string.Join(", ", names)}.");
        return ExitCode.Done;
    }

    /// <summary>Writes the properties with their clear secrets encrypted; nothing else in the file changes.</summary>
    public static IReadOnlyList<string> ReplaceClear(SiteFolder folder, SiteKey key)
    {
        var text = File.ReadAllText(folder.Properties);
        var names = SiteSecrets.Clear(text);
        if (names.Count == 0) return names;
        var beside = folder.Properties + ".ark-new";
        File.WriteAllText(beside, SiteSecrets.Encrypt(text, key, RandomNumberGenerator.GetBytes));
        File.SetUnixFileMode(beside, File.GetUnixFileMode(folder.Properties));
        File.Move(beside, folder.Properties, overwrite: true);
        return names;
    }

    /// <summary>The key of what is encrypted in the properties already, or one with a new salt.</summary>
    public static SiteKey? SiteKeyOf(ParseResult parsed)
    {
        var keys = Passphrase.Find(parsed);
        if (!keys.Ok)
        {
            Talk.Problems(keys.Problems, ExitCode.Usage);
            return null;
        }

        var properties = parsed.SiteFolder().Properties;
        var salt = File.Exists(properties) ? SiteSecrets.SaltOf(File.ReadAllText(properties)) : null;
        return keys.Value.For(salt ?? RandomNumberGenerator.GetBytes(SiteKey.SaltBytes));
    }
}
