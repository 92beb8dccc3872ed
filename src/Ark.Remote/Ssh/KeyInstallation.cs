using System.Text.RegularExpressions;
using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>
/// Puts the console's key on a machine with the password, once; from then on neither login nor sudo asks for it. Nothing happens where the
/// key is there already.
/// </summary>
public static partial class KeyInstallation
{
    /// <summary>Sudo reads the folder by name and believes the last rule that fits, so ours comes after those of the site.</summary>
    private const string SudoRule = "/etc/sudoers.d/zz-ark";

    /// <summary>Facts, what is missing, and the proof that it works: a login with the key, and sudo without a password.</summary>
    /// <param name="password">Asked for only where something is missing; null: there is none.</param>
    /// <returns>What was done, in words, with a warning at first contact; or why it could not be.</returns>
    public static async Task<Outcome<string>> EnsureAsync(
        MachineAddress address, string user, Func<Secret?> password, SshKey key, HostKeys hostKeys, SshOptions options, CancellationToken cancellationToken)
    {
        var facts = await ProveAsync(address, user, key, hostKeys, options, cancellationToken).ConfigureAwait(false);
        if (facts.Count == 0 || facts.All(p => p.Severity == Severity.Warning))
            return Outcome<string>.Of("the key is there", facts);
        var firstContact = facts.Where(p => p.Severity == Severity.Warning).ToList();
        if (!facts.Any(p => p.Code is "ssh-auth" or "ssh-no-sudo"))
            return Outcome<string>.Fail(facts);
        if (password() is not { } secret)
        {
            return Outcome<string>.Fail([.. firstContact, new Problem(
                "no-password", address.ToString(), "The key is not there yet, and the machine's password was not given.",
                "ark prepare in a terminal, or with --password-stdin")]);
        }

        var connected = await SshShell.ConnectAsync(address, Login.WithPassword(user, secret), hostKeys, options, requireSudo: false, cancellationToken)
            .ConfigureAwait(false);
        if (!connected.Ok)
            return Outcome<string>.Fail([.. firstContact, .. connected.Problems]);
        string done;
        await using (connected.Value.ConfigureAwait(false))
        {
            try
            {
                done = await InstallAsync(connected.Value, user, secret, key, cancellationToken).ConfigureAwait(false);
            }
            catch (RemoteException e)
            {
                return Outcome<string>.Fail([.. firstContact, e.Problem]);
            }
        }
        var proof = await ProveAsync(address, user, key, hostKeys, options, cancellationToken).ConfigureAwait(false);
        return proof.Any(p => p.Severity == Severity.Error)
            ? Outcome<string>.Fail([.. firstContact, .. proof])
            : Outcome<string>.Of(done, firstContact);
    }

    /// <summary>Logs in with the key and becomes root; what stands against that.</summary>
    private static async Task<IReadOnlyList<Problem>> ProveAsync(
        MachineAddress address, string user, SshKey key, HostKeys hostKeys, SshOptions options, CancellationToken cancellationToken)
    {
        var connected = await SshShell.ConnectAsync(address, Login.WithKey(user, key), hostKeys, options, requireSudo: true, cancellationToken).ConfigureAwait(false);
        if (connected.Ok)
            await connected.Value.DisposeAsync().ConfigureAwait(false);
        return connected.Problems;
    }

    private static async Task<string> InstallAsync(SshShell shell, string user, Secret password, SshKey key, CancellationToken cancellationToken)
    {
        var authorize = await shell.RunAsync(new RemoteCommand(Authorize(key)), cancellationToken).ConfigureAwait(false);
        if (!authorize.Ok)
            throw Failed("key-refused", shell, $"The key could not be written: {Said(authorize)}", $"look at the home folder of {user}: ls -ld ~ ~/.ssh");
        if (!shell.NeedsSudo)
            return "key installed";

        var free = await shell.RunAsync(new RemoteCommand("true") { Sudo = true }, cancellationToken).ConfigureAwait(false);
        if (free.Ok)
            return "key installed";
        if (!PlainName().IsMatch(user))
            throw Failed("ssh-no-sudo", shell, $"The account's name {user} cannot be written into a sudo rule.", "use an account with a plain name");
        var allow = await shell.RunAsync(
            new RemoteCommand($"sudo -k -S -p '' sh -c {ShellText.Quote(Allow(user))}").WithInput(new Secret(password.Reveal() + "\n")), cancellationToken)
            .ConfigureAwait(false);
        return allow.Ok
            ? "key installed, sudo without a password"
            : throw Failed("ssh-no-sudo", shell, $"{user} cannot become root: {Said(allow)}", $"let {user} use sudo with its password");
    }

    /// <summary>Adds the key's line once, to a file that may end without a line end; sshd wants the modes.</summary>
    private static string Authorize(SshKey key) => $$"""
        set -eu; umask 077; mkdir -p ~/.ssh; chmod 700 ~/.ssh; f=~/.ssh/authorized_keys; touch $f
        if ! grep -qxF {{ShellText.Quote(key.PublicLine)}} $f; then
          test -z "$(tail -c 1 $f)" || echo >>$f
          printf '%s\n' {{ShellText.Quote(key.PublicLine)}} >>$f
        fi
        chmod 600 $f
        if command -v restorecon >/dev/null; then restorecon -R ~/.ssh || true; fi
        """;

    /// <summary>
    /// Adds the rule for the account beside those for others. A rule that sudo cannot read would lock everybody out, so it is checked under a
    /// name that sudo passes over (one with a dot) before it gets its own. The input, the password, is left alone: sudo may not have asked for it.
    /// </summary>
    private static string Allow(string user) => $$"""
        exec </dev/null; set -eu; umask 077; f={{SudoRule}}; n=$f.new; rule={{ShellText.Quote(user + " ALL=(ALL) NOPASSWD: ALL")}}
        { if test -f $f; then grep -vxF "$rule" $f || true; fi; printf '%s\n' "$rule"; } >$n
        visudo -cqf $n || { rm -f $n; exit 1; }
        chmod 0440 $n; chown 0:0 $n; mv -fT $n $f
        """;

    private static string Said(CommandResult result)
    {
        var said = result.Error.Trim().ReplaceLineEndings(" ");
        return said.Length == 0 ? $"it ended with {result.ExitCode}" : said;
    }

    private static RemoteException Failed(string code, SshShell shell, string message, string remedy) => new(new Problem(code, shell.Machine, message, remedy));

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.-]*$")]
    private static partial Regex PlainName();
}
