using System.CommandLine;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Sites;
using Ark.Remote.Ssh;
using Spectre.Console;

namespace Ark.Console.Commands;

/// <summary><c>ark prepare</c>: checks the properties, opens SSH to every machine.</summary>
public static class PrepareCommand
{
    public static Command Create()
    {
        var stdin = new Option<bool>("--password-stdin") { Description = "Read the machines' password from the first line of stdin." };
        var command = new Command("prepare", "Check ark.properties and open SSH to every machine: the password is used once, to install a key.") { stdin };
        command.SetAction((parsed, cancel) => RunAsync(parsed, parsed.GetValue(stdin), cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, bool stdin, CancellationToken cancellation)
    {
        var folder = parsed.SiteFolder();
        var site = Session.ReadSite(folder);
        Talk.Problems(site.Problems, ExitCode.Done);
        if (!site.Ok) return ExitCode.Usage;
        var password = Password(parsed, folder, site.Value, stdin);
        if (!password.Ok) return Talk.Problems(password.Problems, ExitCode.Usage);

        var key = SshKey.LoadOrGenerate(folder.Key, "ark");
        var hostKeys = new HostKeys(folder.KnownHosts);
        var asked = new Lazy<Secret?>(password.Value);
        var results = await Task.WhenAll(Session.Addresses(site.Value).Select(async address =>
            (Address: address, Outcome: await KeyInstallation.EnsureAsync(address, site.Value.MachineUser, () => asked.Value, key, hostKeys, new SshOptions(), cancellation))));
        foreach (var (address, outcome) in results)
        {
            Terminal.Out.MarkupLineInterpolated($"{address,-22} {(outcome.Ok ? "OK" : "fail")}  {outcome.Value}");
            Talk.Problems(outcome.Problems, ExitCode.Done);
        }

        return results.All(r => r.Outcome.Ok) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>
    /// How the password is come by when a machine needs it. One that stands in clear in the properties is replaced by its encrypted form.
    /// </summary>
    private static Outcome<Func<Secret?>> Password(ParseResult parsed, SiteFolder folder, Site site, bool stdin)
    {
        if (stdin)
        {
            var line = System.Console.In.ReadLine() ?? "";
            return Outcome<Func<Secret?>>.Of(() => new Secret(line));
        }

        if (site.MachinePassword is not { } value)
            return Outcome<Func<Secret?>>.Of(() => Terminal.AskSecret($"Password of {site.MachineUser} on the machines:") is { } typed ? new Secret(typed) : null);
        if (value.Clear is { } clear)
        {
            if (SecretCommand.SiteKeyOf(parsed) is not { } siteKey) return Outcome<Func<Secret?>>.Fail(new Problem("clear-password", folder.Properties, "The password stands in clear and cannot be encrypted without the passphrase.", "--passphrase-file FILE, or leave machine_password out"));
            Talk.Say($"Encrypted in ark.properties: {string.Join(", ", SecretCommand.ReplaceClear(folder, siteKey))}.");
            return Outcome<Func<Secret?>>.Of(() => clear);
        }

        var keys = Passphrase.Find(parsed);
        if (!keys.Ok) return Outcome<Func<Secret?>>.Fail(keys.Problems);
        var opened = SiteSecrets.Reveal(value, "machine_password", keys.Value, folder.Properties);
        return opened.Ok ? Outcome<Func<Secret?>>.Of(() => opened.Value) : Outcome<Func<Secret?>>.Fail(opened.Problems);
    }
}
