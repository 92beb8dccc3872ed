using System.Globalization;
using System.Net.Sockets;
using Ark.Core;
using Renci.SshNet.Common;

namespace Ark.Remote.Ssh;

/// <summary>How far a connection came.</summary>
internal enum Contact { None, Accepted, Greeted }

/// <summary>What can go wrong on the way to a machine, each with a code, a cause and what mends it.</summary>
internal static class SshProblems
{
    /// <summary>The problem behind an exception while connecting; null for bugs.</summary>
    internal static Problem? OfConnecting(Exception e, MachineAddress address, Login login, Contact contact, TimeSpan deadline) => e switch
    {
        SocketException socket => OfSocket(socket, address),
        SshAuthenticationException => Refused(address, login, e.Message),
        SshOperationTimeoutException or OperationCanceledException => Timeout(address, contact, deadline),
        SshException or IOException or ObjectDisposedException => new Problem(
            "ssh-failed", address.ToString(), $"The connection failed: {e.Message}",
            $"check that an SSH server listens on port {address.Port} of {address.Host}: ssh -p {address.Port} {login.User}@{address.Host}"),
        _ => null,
    };

    internal static Problem HostKeyChanged(MachineAddress address, string type, IReadOnlyList<string> recorded, string offered, string file) => new(
        "ssh-host-key-changed", address.ToString(),
        $"The machine shows another host key than the recorded one: {type} SHA256:{offered}, recorded {string.Join(", ", recorded.Select(r => "SHA256:" + r))}. "
        + "It was installed anew, or somebody stands between.",
        $"make sure that the machine is the right one, then: ssh-keygen -R {ShellText.Quote(address.ToString())} -f {ShellText.Quote(file)}");

    internal static Problem HostKeyRevoked(MachineAddress address, string offered, string file) => new(
        "ssh-host-key-revoked", address.ToString(),
        $"The machine shows a host key that is marked as revoked: SHA256:{offered}.",
        $"give the machine a new host key, or delete the @revoked line from {file}");

    internal static Problem FirstContact(MachineAddress address, string type, string fingerprint, string file) => new(
        "ssh-host-key-recorded", address.ToString(),
        $"First contact: the host key {type} SHA256:{fingerprint} was recorded and is verified from now on.",
        $"compare it with what the machine's console shows for: ssh-keygen -lf /etc/ssh/ssh_host_{FileType(type)}_key.pub; recorded in {file}",
        Severity.Warning);

    internal static Problem HostKeysUnusable(MachineAddress address, string file, string why) => new(
        "ssh-host-keys-unusable", address.ToString(), $"The host key cannot be verified, for {file} cannot be read and written: {why.TrimEnd('.')}.",
        $"ls -l {ShellText.Quote(file)}");

    internal static Problem UnreadableKey(MachineAddress address, string why) => new(
        "ssh-key-unreadable", address.ToString(), $"The private key cannot be used: {why.TrimEnd('.')}.", "ark prepare makes and installs a new one");

    internal static Problem NoSudo(string machine, string user, string error) => new(
        "ssh-no-sudo", machine,
        $"{user} cannot become root without a password: {(error.Length == 0 ? "sudo failed" : error)}.",
        $"ark prepare, or put '{user} ALL=(ALL) NOPASSWD: ALL' into /etc/sudoers.d/zz-ark on the machine");

    internal static Problem Lost(MachineAddress address, string why) => new(
        "ssh-lost", address.ToString(), $"The connection was lost: {why.TrimEnd('.')}.", "run it again once the machine answers");

    internal static Problem Silent(MachineAddress address, TimeSpan after) => new(
        "ssh-lost", address.ToString(), $"The machine has not answered for {Seconds(after)} s; the connection was given up.",
        "run it again once the machine answers");

    internal static Problem Hangs(MachineAddress address, string user, TimeSpan within) => new(
        "ssh-hangs", address.ToString(), $"The machine lets {user} in, but nothing that is run there ended within {Seconds(within)} s, not even 'exit 0'.",
        $"look at what a login starts there: ForceCommand in sshd_config, start files of the shell, a home folder on a server that is gone; and at its disks and load: ssh -v -p {address.Port} {user}@{address.Host} true");

    internal static Problem TooSlow(MachineAddress address, RemoteCommand command) => new(
        "ssh-deadline", address.ToString(), $"The command did not end within {Seconds(command.Deadline)} s and was stopped: {FirstLine(command.Script)}",
        "look at the machine's load and disks, then run it again");

    private static Problem OfSocket(SocketException e, MachineAddress address) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => new(
            "ssh-name-unknown", address.ToString(), $"The name {address.Host} cannot be resolved.",
            $"write the machine's address, or make the name known: getent hosts {ShellText.Quote(address.Host)}"),
        SocketError.ConnectionRefused => new(
            "ssh-refused", address.ToString(), $"Nothing listens on port {address.Port}: the connection was refused.",
            "systemctl enable --now ssh (or sshd) on the machine, or correct ssh_port"),
        SocketError.TimedOut => Timeout(address, Contact.None, TimeSpan.Zero),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => new(
            "ssh-unreachable", address.ToString(), $"There is no route to the machine: {e.Message}.",
            $"check that the machine is on and the network is right: ping {address.Host}"),
        _ => new("ssh-failed", address.ToString(), $"The connection failed: {e.Message}.", $"ssh -p {address.Port} {address.Host}"),
    };

    private static Problem Timeout(MachineAddress address, Contact contact, TimeSpan deadline)
    {
        var within = deadline > TimeSpan.Zero ? $" within {Seconds(deadline)} s." : ".";
        var (message, remedy) = contact switch
        {
            Contact.Greeted => ("The SSH server answered, but the login did not finish", "look at the machine's load, its DNS and PAM (UseDNS, pam_systemd), then run it again"),
            Contact.Accepted => ($"Port {address.Port} accepts connections, but no SSH server said a word", $"look on the machine at its load, and at who listens there: ss -ltnp sport = :{address.Port}"),
            _ => ($"Nothing answered on port {address.Port}", $"check that the machine is on and no firewall drops port {address.Port}: ping {address.Host}"),
        };
        return new("ssh-timeout", address.ToString(), message + within, remedy);
    }

    private static Problem Refused(MachineAddress address, Login login, string message) => new(
        "ssh-auth", address.ToString(),
        $"{login.User} was not let in with {With(login)}: {message.TrimEnd('.')}.",
        login.Password is null
            ? "ark prepare installs the key once more"
            : "correct machine_user and machine_password, or allow PasswordAuthentication in the machine's sshd_config");

    private static string With(Login login) =>
        login.PrivateKeyPem is null ? "the password" : login.Password is null ? "the key" : "the key or the password";

    private static string FileType(string type) => type switch
    {
        "ssh-ed25519" => "ed25519",
        "ssh-rsa" => "rsa",
        _ => "ecdsa",
    };

    private static string FirstLine(string script)
    {
        var line = script.AsSpan().TrimStart();
        var end = line.IndexOf('\n');
        line = end < 0 ? line : line[..end];
        return line.Length <= 120 ? line.ToString() : string.Concat(line[..120], "…");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
}
