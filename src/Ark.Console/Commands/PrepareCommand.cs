using System.CommandLine;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Secrets;
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
        var keys = new Lazy<Outcome<KeyRing>>(() => Passphrase.Find(parsed));
        var password = Password(folder, site.Value, stdin, keys);
        if (!password.Ok) return Talk.Problems(password.Problems, ExitCode.Usage);
        var clear = SecretCommand.EncryptClear(folder, keys);
        if (clear.Any(p => p.Severity == Severity.Error)) return Talk.Problems(clear, ExitCode.Usage);
        var key = Session.Key(folder, make: true);
        if (!key.Ok) return Talk.Problems(key.Problems, ExitCode.Usage);

        var hostKeys = new HostKeys(folder.KnownHosts);
        var asked = new Lazy<Secret?>(password.Value);
        var results = await Task.WhenAll(Session.Addresses(site.Value).Select(async address =>
            (Address: address, Outcome: await KeyInstallation.EnsureAsync(address, site.Value.MachineUser, () => asked.Value, key.Value, hostKeys, new SshOptions(), cancellation))));
        foreach (var (address, outcome) in results)
        {
            Terminal.Out.MarkupLineInterpolated($"{address,-22} {(outcome.Ok ? "OK" : "fail")}  {outcome.Value}");
            Talk.Problems(outcome.Problems, ExitCode.Done);
        }

        return results.All(r => r.Outcome.Ok) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>How the password is come by when a machine needs it; what stands in the properties is looked at now.</summary>
    private static Outcome<Func<Secret?>> Password(SiteFolder folder, Site site, bool stdin, Lazy<Outcome<KeyRing>> keys)
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
            return keys.Value.Ok
                ? Outcome<Func<Secret?>>.Of(() => clear)
                : Outcome<Func<Secret?>>.Fail([.. keys.Value.Problems, new Problem("clear-password", folder.Properties, "The password stands in clear and cannot be encrypted without the passphrase.", "--passphrase-file FILE, or leave machine_password out")]);
        }

        if (!keys.Value.Ok) return Outcome<Func<Secret?>>.Fail(keys.Value.Problems);
        var opened = SiteSecrets.Reveal(value, "machine_password", keys.Value.Value, folder.Properties);
        return opened.Ok ? Outcome<Func<Secret?>>.Of(() => opened.Value) : Outcome<Func<Secret?>>.Fail(opened.Problems);
    }
}
