using System.Text;
using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>
/// Puts the console's key on a machine with the password, once; from then on neither login nor sudo asks for it. Nothing happens where the
/// key is there already.
/// </summary>
public static class KeyInstallation
{
    private const string SudoRule = "/etc/sudoers.d/ark";

    /// <summary>Facts, what is missing, and the proof that it works: a login with the key, and sudo without a password.</summary>
    /// <returns>What was done, in words; or why it could not be.</returns>
    public static async Task<Outcome<string>> EnsureAsync(
        MachineAddress address, string user, Func<Secret?> password, SshKey key, HostKeys hostKeys, SshOptions options, CancellationToken cancellation)
    {
        var withKey = await SshShell.ConnectAsync(address, Login.WithKey(user, key), hostKeys, options, requireSudo: true, cancellation);
        if (withKey.Ok)
        {
            await withKey.Value.DisposeAsync();
            return Outcome<string>.Of("the key is there", withKey.Problems);
        }

        if (withKey.Problems.All(p => p.Code is not ("ssh-auth" or "ssh-no-sudo"))) return Outcome<string>.Fail(withKey.Problems);
        if (password() is not { } secret)
            return Outcome<string>.Fail(new Problem("no-password", address.ToString(), "The key is not there yet, and the machine's password was not given.", "ark prepare in a terminal, or with --password-stdin"));
        var connected = await SshShell.ConnectAsync(address, Login.WithPassword(user, secret), hostKeys, options, requireSudo: false, cancellation);
        if (!connected.Ok) return Outcome<string>.Fail(connected.Problems);
        await using (var shell = connected.Value)
            if (await InstallAsync(shell, user, secret, key, cancellation) is { } problem)
                return Outcome<string>.Fail(problem);
        var proof = await SshShell.ConnectAsync(address, Login.WithKey(user, key), hostKeys, options, requireSudo: true, cancellation);
        if (!proof.Ok) return Outcome<string>.Fail(proof.Problems);
        await proof.Value.DisposeAsync();
        return Outcome<string>.Of("key installed", connected.Problems);
    }

    /// <summary>Null when it went well.</summary>
    private static async Task<Problem?> InstallAsync(SshShell shell, string user, Secret password, SshKey key, CancellationToken cancellation)
    {
        var authorize = await shell.RunAsync(new RemoteCommand("""
            set -eu; umask 077; mkdir -p ~/.ssh; chmod 700 ~/.ssh; touch ~/.ssh/authorized_keys
            read -r line; grep -qxF "$line" ~/.ssh/authorized_keys || printf '%s\n' "$line" >> ~/.ssh/authorized_keys
            chmod 600 ~/.ssh/authorized_keys
            """).WithInput(key.PublicLine + "\n"), cancellation);
        if (!authorize.Ok) return new("key-refused", shell.Machine, $"The key could not be written: {authorize.Error.Trim()}", "look at the home folder of " + user);
        if (user == "root") return null;

        // The first line of the input is for sudo; the rule comes after it, so that neither stands in a process list.
        var rule = $"{user} ALL=(ALL) NOPASSWD: ALL";
        var sudo = await shell.RunAsync(new RemoteCommand($"""
            set -eu
            sudo -k -S -p '' sh -c 'set -eu; umask 077; cat > {SudoRule}.ark-new; visudo -cqf {SudoRule}.ark-new; chmod 440 {SudoRule}.ark-new; mv {SudoRule}.ark-new {SudoRule}'
            """) { Input = Encoding.UTF8.GetBytes($"{password.Reveal()}\n{rule}\n") }, cancellation);
        return sudo.Ok ? null : new("no-sudo", shell.Machine, $"{user} cannot become root: {sudo.Error.Trim()}", $"let {user} use sudo with its password");
    }
}
