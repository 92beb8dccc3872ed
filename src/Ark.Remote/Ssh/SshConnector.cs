using System.Net.Sockets;
using System.Text;
using Ark.Core;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Ark.Remote.Ssh;

/// <summary>Makes connections to one machine: offers the preferred algorithms, judges the host key, logs in, all within a deadline.</summary>
internal sealed class SshConnector(MachineAddress address, Login login, HostKeys hostKeys, SshOptions options)
{
    internal MachineAddress Address => address;

    internal Login Login => login;

    internal SshOptions Options => options;

    /// <summary>A live connection, with a warning at first contact; or the problem that prevented it.</summary>
    /// <param name="streams">How many of its sessions streams may take.</param>
    internal async Task<Outcome<SshConnection>> ConnectAsync(int streams, CancellationToken cancellationToken)
    {
        var attempt = new Attempt();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.ConnectDeadline);
        SshClient client;
        try
        {
            client = Prepare(attempt);
        }
        catch (SshException e)
        {
            return Outcome<SshConnection>.Fail(SshProblems.UnreadableKey(address, e.Message));
        }
        var connecting = Task.Run(() => client.ConnectAsync(deadline.Token), CancellationToken.None);
        using var looking = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        var accepts = AcceptsAsync(attempt, looking.Token);
        try
        {
            await connecting.WaitAsync(deadline.Token).ConfigureAwait(false);
            await looking.CancelAsync().ConfigureAwait(false);
            var connection = new SshConnection(client, address, options, streams);
            return Outcome<SshConnection>.Of(connection, attempt.HostKey is { } warning ? [warning] : null);
        }
        catch (Exception e)
        {
            // SSH.NET blocks inside the key exchange and the login, whatever the token says; it is left to its own timeout.
            _ = connecting.ContinueWith(
                t =>
                {
                    _ = t.Exception;
                    client.Dispose();
                },
                TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            if (attempt.HostKey is { Severity: Severity.Error } changed)
                return Outcome<SshConnection>.Fail(changed);
            await looking.CancelAsync().ConfigureAwait(false);
            var contact = attempt.Greeted ? Contact.Greeted : await accepts.ConfigureAwait(false) ? Contact.Accepted : Contact.None;
            if (SshProblems.OfConnecting(e, address, login, contact, options.ConnectDeadline) is not { } problem)
                throw;
            return Outcome<SshConnection>.Fail(attempt.HostKey is { } first ? [problem, first] : [problem]);
        }
    }

    /// <summary>Shortly before the deadline: whether a machine whose SSH server has said nothing takes connections at all. SSH.NET does not tell.</summary>
    private async Task<bool> AcceptsAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(options.ConnectDeadline * 0.8, cancellationToken).ConfigureAwait(false);
            if (attempt.Greeted)
                return false;
            using var second = new TcpClient();
            await second.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private SshClient Prepare(Attempt attempt)
    {
        var info = new ConnectionInfo(address.Host, address.Port, login.User, [.. Methods()])
        {
            Timeout = options.ConnectDeadline,
            // The server's own limit is what counts; SSH.NET's would block a thread instead of failing.
            MaxSessions = 1000,
            RetryAttempts = 1,
        };
        Prefer(info.KeyExchangeAlgorithms, options.KeyExchangesFirst);
        Prefer(info.Encryptions, options.CiphersFirst);
        // Keys are recorded, not authorities: a certificate that is renewed would look like a changed key.
        foreach (var certificate in info.HostKeyAlgorithms.Keys.Where(k => k.Contains("-cert-", StringComparison.Ordinal)).ToList())
            info.HostKeyAlgorithms.Remove(certificate);
        Prefer(info.HostKeyAlgorithms, [.. hostKeys.TypesOf(address).SelectMany(AlgorithmsOf)]);

        var client = new SshClient(info) { KeepAliveInterval = TimeSpan.FromSeconds(15) };
        client.ServerIdentificationReceived += (_, _) => attempt.Greeted = true;
        client.HostKeyReceived += (_, e) =>
        {
            attempt.HostKey = Judge(e.HostKey);
            e.CanTrust = attempt.HostKey is not { Severity: Severity.Error };
        };
        return client;
    }

    private Problem? Judge(byte[] key)
    {
        try
        {
            return hostKeys.Judge(address, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SshProblems.HostKeysUnusable(address, hostKeys.File, e.Message);
        }
    }

    private IEnumerable<AuthenticationMethod> Methods()
    {
        if (login.PrivateKeyPem is { } pem)
            yield return new PrivateKeyAuthenticationMethod(login.User, new PrivateKeyFile(new MemoryStream(Encoding.UTF8.GetBytes(pem.Reveal()))));
        if (login.Password is { } password)
        {
            yield return new PasswordAuthenticationMethod(login.User, password.Reveal());
            // Servers that leave passwords to PAM ask for them.
            var asked = new KeyboardInteractiveAuthenticationMethod(login.User);
            asked.AuthenticationPrompt += (_, e) =>
            {
                foreach (var prompt in e.Prompts)
                    prompt.Response = prompt.IsEchoed ? "" : password.Reveal();
            };
            yield return asked;
        }
    }

    private static IEnumerable<string> AlgorithmsOf(string keyType) =>
        keyType == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [keyType];

    private static void Prefer<T>(IOrderedDictionary<string, T> algorithms, IReadOnlyList<string> first)
    {
        var position = 0;
        foreach (var name in first)
            if (algorithms.ContainsKey(name))
                algorithms.SetPosition(name, position++);
    }

    /// <summary>What was seen on the way, by SSH.NET's threads.</summary>
    private sealed class Attempt
    {
        internal volatile bool Greeted;
        internal volatile Problem? HostKey;
    }
}
