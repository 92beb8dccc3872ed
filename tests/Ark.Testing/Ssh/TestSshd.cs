using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ark.Remote.Ssh;

namespace Ark.Testing.Ssh;

/// <summary>
/// A real sshd of its own on a high port of the loopback, for the account that runs the tests, with its keys in a folder of its own.
/// It is gone with the object; nothing of the system is changed.
/// </summary>
public sealed class TestSshd : IAsyncDisposable
{
    private readonly Process _process;

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
        var folder = Directory.CreateTempSubdirectory("ark-sshd-").FullName;
        Directory.CreateDirectory("/run/sshd");
        await RunAsync("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{folder}/host_key").ConfigureAwait(false);
        key ??= SshKey.Generate("test");
        await File.WriteAllTextAsync($"{folder}/authorized_keys", key.PublicLine + "\n").ConfigureAwait(false);
        for (var tries = 0; ; tries++)
        {
            var chosen = port == 0 ? FreePort() : port;
            await File.WriteAllTextAsync($"{folder}/sshd_config", Config(folder, chosen, settings ?? [], environment ?? [])).ConfigureAwait(false);
            var process = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", $"{folder}/sshd_config"]) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            if (await ListensAsync(process, chosen).ConfigureAwait(false))
                return new TestSshd(process, folder, chosen, key);
            if (tries == 5 || port != 0)
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

    private static string Config(string folder, int port, IReadOnlyList<string> settings, IReadOnlyList<string> environment) => $"""
        ListenAddress 127.0.0.1
        Port {port.ToString(CultureInfo.InvariantCulture)}
        HostKey {folder}/host_key
        PidFile none
        AuthorizedKeysFile {folder}/authorized_keys
        StrictModes no
        PermitRootLogin prohibit-password
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        UsePAM no
        UseDNS no
        SetEnv HOME={folder} {string.Join(' ', environment).Replace("{home}", folder, StringComparison.Ordinal)}
        {string.Join('\n', settings)}

        """;

    private static async Task<bool> ListensAsync(Process process, int port)
    {
        for (var i = 0; i < 200 && !process.HasExited; i++)
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
