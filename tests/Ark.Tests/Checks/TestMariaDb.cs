using System.Diagnostics;
using System.Globalization;
using MySqlConnector;
using Xunit;

namespace Ark.Tests.Checks;

/// <summary>A MariaDB as a customer's, in a folder of its own that is gone with the object; root comes in through the socket in it, without a password.</summary>
public sealed class TestMariaDb : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mariadbd";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-customer-");
    private Process? _server;

    private TestMariaDb()
    {
    }

    /// <summary>Why none can be started here; null when one can.</summary>
    public static string? Missing => !File.Exists(Program) ? "no MariaDB: lab/install-missing mariadb-server" : Environment.UserName != "root" ? "MariaDB's folders need root" : null;

    /// <param name="enter">The words that run a command where it is to stand; none: here.</param>
    /// <param name="tls">The versions that it offers: <c>TLSv1.2,TLSv1.3</c>; null: none.</param>
    /// <param name="options">Of the server.</param>
    public static async Task<TestMariaDb> StartAsync(IReadOnlyList<string> enter, string address, int port, string? tls, params string[] options)
    {
        var database = new TestMariaDb();
        try
        {
            await database.StartAsync(enter, [$"--bind-address={address}", $"--port={port.ToString(CultureInfo.InvariantCulture)}", .. await database.CertificateAsync(tls), .. options]);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>As root.</summary>
    public async Task RunAsync(string sql)
    {
        await using var connection = new MySqlConnection($"Server={Socket};ConnectionProtocol=Unix;User ID=root;SslMode=None;Pooling=false;AllowUserVariables=true");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private string Socket => Path.Combine(_folder.FullName, "s");

    private async Task StartAsync(IReadOnlyList<string> enter, IReadOnlyList<string> options)
    {
        var data = Path.Combine(_folder.FullName, "data");
        using (var install = Start(["mariadb-install-db", "--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", "--user=root"]))
        {
            await install.WaitForExitAsync();
            Assert.True(install.ExitCode == 0, "mariadb-install-db failed: sudo lab/install-missing mariadb-server");
        }

        _server = Start([.. enter, Program, "--no-defaults", $"--datadir={data}", $"--socket={Socket}", "--user=root", "--skip-name-resolve", "--innodb-buffer-pool-size=32M", .. options]);
        for (var tries = 0; ; tries++)
        {
            try
            {
                // The accounts that an installation leaves behind stand for nobody here.
                await RunAsync("DELETE FROM mysql.global_priv WHERE User = ''; FLUSH PRIVILEGES");
                return;
            }
            catch (MySqlException) when (tries < 600 && !_server.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task<IReadOnlyList<string>> CertificateAsync(string? tls)
    {
        if (tls is null) return [];
        var (key, certificate) = (Path.Combine(_folder.FullName, "key.pem"), Path.Combine(_folder.FullName, "cert.pem"));
        using var openssl = Start(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=database", "-days", "2", "-keyout", key, "-out", certificate]);
        await openssl.WaitForExitAsync();
        return [$"--ssl-key={key}", $"--ssl-cert={certificate}", $"--tls-version={tls}"];
    }

    private static Process Start(IReadOnlyList<string> words)
    {
        var process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
