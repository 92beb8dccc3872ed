using System.CommandLine;
using Ark.Console.Commands;
using Ark.Console.Output;
using Ark.Core;
using Ark.Core.Secrets;

namespace Ark.Console.Sites;

/// <summary>Where the site's passphrase comes from: a file named, the environment, <c>~/.ark/passphrase</c>, a person.</summary>
public static class Passphrase
{
    private const string Variable = "ARK_PASSPHRASE";

    /// <summary>Stretches the passphrase in the background with the salt that was seen last, while the machines are connected.</summary>
    public static void Stretch(SiteFolder folder, KeyRing keys)
    {
        if (!File.Exists(folder.Salt) || File.ReadAllBytes(folder.Salt) is not { Length: SiteKey.SaltBytes } salt) return;
        _ = Task.Run(() => keys.For(salt));
    }

    /// <summary>Keeps the salt for the next command.</summary>
    public static void Remember(SiteFolder folder, SiteKey key)
    {
        if (File.Exists(folder.Salt) && key.Salt.SequenceEqual(File.ReadAllBytes(folder.Salt))) return;
        File.WriteAllBytes(folder.Salt + ".new", key.Salt);
        File.Move(folder.Salt + ".new", folder.Salt, overwrite: true);
    }

    public static Outcome<KeyRing> Find(ParseResult parsed)
    {
        var named = parsed.GetValue(GlobalOptions.PassphraseFile);
        var usual = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ark", "passphrase");
        if (named is not null && !File.Exists(named))
            return Outcome<KeyRing>.Fail(new Problem("no-passphrase", named, "There is no such file.", "--passphrase-file FILE"));
        var text = named is not null ? File.ReadAllText(named)
            : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value
            : File.Exists(usual) ? File.ReadAllText(usual)
            : Terminal.AskSecret("The site's passphrase:");
        return text?.Trim() is { Length: > 0 } passphrase
            ? Outcome<KeyRing>.Of(new KeyRing(new Secret(passphrase)))
            : Outcome<KeyRing>.Fail(new Problem("no-passphrase", "", "The site's passphrase is needed and was not given.", $"--passphrase-file FILE, or write it to {usual} (mode 0600), or set {Variable}"));
    }
}
