using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ark.Core;
using Ark.Remote.Ssh;

namespace Ark.Testing.Ssh;

/// <summary>
/// A real sshd of its own on a high port of the loopback, for the account that runs the tests, with its keys in a folder of its own.
/// It is gone with the object; nothing of the system is changed.
/// </summary>
public sealed class TestSshd : IAsyncDisposable
{
    private Process _process;

    private TestSshd(Process process, string folder, int port, SshKey key) => (_process, Folder, Port, Key) = (process, folder, port, key);

    public const string Program = "/usr/sbin/sshd";

    /// <summary>Why no sshd can be started here; null when one can.</summary>
    public static string? Missing =>
        !File.Exists(Program) ? "no sshd: apt-get install openssh-server"
        : Environment.UserName != "root" ? "sshd needs root to start sessions"
        : null;

    /// <summary>A folder that goes with the sshd.</summary>
    public string Folder { get; }

    public int Port { get; }

    /// <summary>The key that is let in.</summary>
    public SshKey Key { get; }

    public MachineAddress Address => new("127.0.0.1", Port);

    public Login Login => Login.WithKey(Environment.UserName, Key);

    public HostKeys HostKeys => new(Path.Combine(Folder, "known_hosts"));

    /// <summary>Starts one. Its sessions have its folder as home, so no shell start-up file of the account slows or colours them.</summary>
    /// <param name="settings">Lines for sshd_config.</param>
    /// <param name="port">0: a free one.</param>
    /// <param name="key">The key to let in, when one sshd stands in for another.</param>
    /// <param name="environment">Variables of the sessions: <c>NAME=value</c>, without spaces; <c>{home}</c> stands for the folder.</param>
    public static async Task<TestSshd> StartAsync(
        IReadOnlyList<string>? settings = null, int port = 0, SshKey? key = null, IReadOnlyList<string>? environment = null)
    {
        var folder = await PrepareAsync().ConfigureAwait(false);
        key ??= SshKey.Generate("test");
        await File.WriteAllTextAsync($"{folder}/authorized_keys", key.PublicLine + "\n").ConfigureAwait(false);
        var variables = $"SetEnv HOME={folder} {string.Join(' ', environment ?? [])}".Replace("{home}", folder, StringComparison.Ordinal);
        return await StartAsync(
            folder, port, key, "",
            ["ListenAddress 127.0.0.1", $"AuthorizedKeysFile {folder}/authorized_keys", "StrictModes no", "PasswordAuthentication no", variables, .. settings ?? []]).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts one that has accounts of its own, with passwords: it runs in a mount namespace in which /etc and /home are copies, so neither
    /// accounts nor sudo's rules of the system change.
    /// </summary>
    /// <param name="accounts">Name and password; a name with sudo's rule for it, null for none. The account root may be among them.</param>
    public static Task<TestSshd> StartWithAccountsAsync(params IReadOnlyList<(string User, string Password, string? Sudo)> accounts) =>
        StartWithAccountsAsync(null, "127.0.0.1", accounts);

    /// <summary>As above, as a machine of a network, on port 22 of its address there.</summary>
    public static Task<TestSshd> StartWithAccountsAsync(TestNetwork? network, string address, params IReadOnlyList<(string User, string Password, string? Sudo)> accounts) =>
        StartWithAccountsAsync(network, [address], [], accounts);

    /// <summary>As above, as several machines at once.</summary>
    /// <param name="matches">Lines for the end of sshd_config: what holds for some of the machines only.</param>
    public static async Task<TestSshd> StartWithAccountsAsync(
        TestNetwork? network, IReadOnlyList<string> addresses, IReadOnlyList<string> matches, params IReadOnlyList<(string User, string Password, string? Sudo)> accounts)
    {
        var folder = await PrepareAsync().ConfigureAwait(false);
        var setup = new System.Text.StringBuilder($"""
            set -e
            cp -a /etc {folder}/etc; mkdir -m 755 {folder}/home {folder}/root; chmod 755 {folder}
            mount --bind {folder}/etc /etc; mount --bind {folder}/home /home; mount --bind {folder}/root /root
            mkdir -p /run/sudo; mount -t tmpfs tmpfs /run/sudo; rm -f /etc/sudoers.d/*; mkdir -p /etc/sudoers.d

            """);
        foreach (var (user, password, sudo) in accounts)
        {
            if (user != "root")
                setup.Append(CultureInfo.InvariantCulture, $"useradd --no-log-init -M -s /bin/bash {user}; mkdir /home/{user}; chown {user}: /home/{user}\n");
            setup.Append(CultureInfo.InvariantCulture, $"echo {ShellText.Quote($"{user}:{password}")} | chpasswd\n");
            if (sudo is not null)
                setup.Append(CultureInfo.InvariantCulture, $"echo {ShellText.Quote(sudo)} >/etc/sudoers.d/test-{user}; chmod 440 /etc/sudoers.d/test-{user}\n");
        }
        IReadOnlyList<string> settings = ["PasswordAuthentication yes", "PermitRootLogin yes", "MaxStartups 100", .. addresses.Select(a => $"ListenAddress {a}")];
        return await StartAsync(folder, network is null ? 0 : 22, SshKey.Generate("test"), setup.ToString(), settings, network, matches).ConfigureAwait(false);
    }

    private static async Task<string> PrepareAsync()
    {
        var folder = Directory.CreateTempSubdirectory("ark-sshd-").FullName;
        Directory.CreateDirectory("/run/sshd");
        await RunAsync("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{folder}/host_key").ConfigureAwait(false);
        return folder;
    }

    private static async Task<TestSshd> StartAsync(string folder, int port, SshKey key, string setup, IReadOnlyList<string> settings, TestNetwork? network = null, IReadOnlyList<string>? matches = null)
    {
        for (var tries = 0; ; tries++)
        {
            var chosen = port == 0 ? FreePort() : port;
            await File.WriteAllTextAsync($"{folder}/sshd_config", Config(folder, chosen, settings, matches ?? [])).ConfigureAwait(false);
            var sshd = $"exec {Program} -D -e -f {folder}/sshd_config";
            var start = setup.Length == 0
                ? new ProcessStartInfo("/bin/sh", ["-c", sshd])
                : Words([.. network?.Enter ?? [], "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", setup + sshd]);
            start.RedirectStandardError = true;
            var process = Process.Start(start)!;
            if (network is not null)
                return await SaysItListensAsync(process).ConfigureAwait(false) ? new TestSshd(process, folder, chosen, key) : throw new InvalidOperationException("sshd did not start.");
            var errors = process.StandardError.ReadToEndAsync();
            if (await ListensAsync(process, chosen).ConfigureAwait(false))
                return new TestSshd(process, folder, chosen, key);
            if (tries == 5 || port != 0 || setup.Length > 0)
                throw new InvalidOperationException($"sshd did not start: {await errors.ConfigureAwait(false)}");
        }
    }

    /// <summary>Ends the listener and every session of it.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    /// <summary>Starts a stopped one again, with the same port and keys, as a machine that restarts.</summary>
    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", $"{Folder}/sshd_config"]) { RedirectStandardError = true })!;
        _ = _process.StandardError.ReadToEndAsync();
        if (!await ListensAsync(_process, Port).ConfigureAwait(false))
            throw new InvalidOperationException("sshd did not start again.");
    }

    /// <summary>Ends every session, as a cut or a restart would; the listener goes on.</summary>
    public async Task EndSessionsAsync() =>
        await RunAsync("/bin/sh", "-c", $"for c in $(cat /proc/{_process.Id}/task/{_process.Id}/children); do kill -9 $c; done").ConfigureAwait(false);

    /// <summary>A loopback port that nothing listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Config(string folder, int port, IReadOnlyList<string> settings, IReadOnlyList<string> matches) => $"""
        {string.Join('\n', settings)}
        Port {port.ToString(CultureInfo.InvariantCulture)}
        HostKey {folder}/host_key
        PidFile none
        PermitRootLogin prohibit-password
        KbdInteractiveAuthentication no
        UsePAM no
        UseDNS no
        {string.Join('\n', matches)}

        """;

    private static ProcessStartInfo Words(IReadOnlyList<string> words) => new(words[0], words.Skip(1));

    /// <summary>For one that cannot be reached from here.</summary>
    private static async Task<bool> SaysItListensAsync(Process process)
    {
        while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (!line.StartsWith("Server listening", StringComparison.Ordinal))
                continue;
            _ = process.StandardError.ReadToEndAsync();
            return true;
        }
        return false;
    }

    private static async Task<bool> ListensAsync(Process process, int port)
    {
        for (var i = 0; i < 1200 && !process.HasExited; i++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port).ConfigureAwait(false);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(25).ConfigureAwait(false);
            }
        }
        return false;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed: {error}");
    }
}
