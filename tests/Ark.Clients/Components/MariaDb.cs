using System.Globalization;
using MySqlConnector;

namespace Ark.Clients.Components;

/// <summary>
/// A table of its own in a Galera cluster; a write is a transaction. Reads wait until the node has applied all that was committed anywhere
/// (wsrep_sync_wait), so that no node may answer without an acknowledged write.
/// </summary>
internal sealed class MariaDb : ISession
{
    private readonly MySqlConnection _connection;
    private readonly string _table;

    private MariaDb(string address, MySqlConnection connection, string run) => (Instance, _connection, _table) = (address, connection, "ark_clients_" + run);

    public string Instance { get; }

    public static async Task<ISession> DialAsync(string address, Order order, string run, CancellationToken cancel)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = address[..address.LastIndexOf(':')],
            Port = uint.Parse(address.AsSpan(address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture),
            UserID = order.Account,
            Password = order.Password,
            Database = order.Database,
            Pooling = false,
            SslMode = MySqlSslMode.Preferred,
            ConnectionTimeout = 2,
            DefaultCommandTimeout = 60, // The caller cancels.
            CancellationTimeout = -1,   // A statement that is given up is given up with its connection.
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            var session = new MariaDb(address, connection, run);
            await session.DoAsync("SET SESSION wsrep_sync_wait = 1", cancel);
            return session;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task PrepareAsync(CancellationToken cancel) =>
        DoAsync($"CREATE TABLE IF NOT EXISTS {_table} (serial BIGINT PRIMARY KEY, written VARCHAR(100) NOT NULL)", cancel);

    public Task WriteAsync(long serial, string value, CancellationToken cancel) =>
        DoAsync($"INSERT INTO {_table} VALUES (@serial, @value)", cancel, new("@serial", serial), new("@value", value));

    public async Task<string?> ReadAsync(long serial, CancellationToken cancel)
    {
        await using var command = new MySqlCommand($"SELECT written FROM {_table} WHERE serial = @serial", _connection) { Parameters = { new("@serial", serial) } };
        return (string?)await command.ExecuteScalarAsync(cancel);
    }

    public async Task<IReadOnlyDictionary<long, string>> ReadAllAsync(CancellationToken cancel)
    {
        Dictionary<long, string> all = [];
        await using var command = new MySqlCommand($"SELECT serial, written FROM {_table}", _connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) all[reader.GetInt64(0)] = reader.GetString(1);
        return all;
    }

    public Task CleanAsync(CancellationToken cancel) => DoAsync($"DROP TABLE IF EXISTS {_table}", cancel);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task DoAsync(string statement, CancellationToken cancel, params MySqlParameter[] parameters)
    {
        await using var command = new MySqlCommand(statement, _connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
