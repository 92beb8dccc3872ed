using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MySqlConnector;
using Xunit;

[assembly: AssemblyFixture(typeof(Ark.Web.Tests.Hosts.MariaDb))]

namespace Ark.Web.Tests.Hosts;

/// <summary>A MariaDB of the tests' own: a folder, a port on loopback, ended with them. Started when the first test asks for it.</summary>
public sealed class MariaDb : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-mariadb-");
    private readonly Lazy<Task<int>> _port;
    private Process? _server;

    public MariaDb() => _port = new(StartAsync);

    /// <summary>Connection string of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var server = $"Server=127.0.0.1;Port={await _port.Value};User ID=root;";
        var name = $"t{Guid.NewGuid():N}";
        await using var connection = new MySqlConnection(server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
        return $"{server}Database={name}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            MySqlConnection.ClearAllPools();
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<int> StartAsync()
    {
        var data = Path.Combine(_folder.FullName, "data");
        using (var install = Start("mariadb-install-db", "--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", "--user=root"))
        {
            await install.WaitForExitAsync();
            Assert.True(install.ExitCode == 0, "mariadb-install-db failed: sudo lab/install-missing mariadb-server");
        }

        var port = FreePort();
        _server = Start(
            "/usr/sbin/mariadbd", "--no-defaults", $"--datadir={data}", $"--socket={_folder.FullName}/s", $"--port={port}", "--bind-address=127.0.0.1", "--user=root",
            "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=2", "--max-connections=300");
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var connection = new MySqlConnection($"Server=127.0.0.1;Port={port};User ID=root;Pooling=false");
                await connection.OpenAsync();
                return port;
            }
            catch (MySqlException) when (tries < 300 && !_server.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
