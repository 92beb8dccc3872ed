using System.Globalization;
using StackExchange.Redis;

namespace Ark.Clients.Components;

/// <summary>
/// A hash of its own; a Sentinel says where the primary and the replicas are. Redis replicates after it has answered: a write counts as
/// acknowledged only when <c>WAIT 1</c> says that a replica has it too. An application that does not wait may lose its last writes with the
/// primary's machine. Reads go to a replica, which may lag.
/// </summary>
internal sealed class Redis : ISession
{
    private const string Name = "ark"; // What the primary is called among the Sentinels.
    private const int WaitMilliseconds = 2500;

    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly string _hash;

    private Redis(string instance, ConnectionMultiplexer connection, string run) =>
        (Instance, _connection, _database, _hash) = (instance, connection, connection.GetDatabase(), "ark-clients:" + run);

    public string Instance { get; }

    public static async Task<ISession> DialAsync(string sentinel, Order order, Purpose purpose, string run, CancellationToken cancel)
    {
        string address;
        await using (var asked = await ConnectAsync(sentinel, order.Password, isSentinel: true))
        {
            address = await WhereAsync(asked.GetServer(sentinel), purpose, sentinel);
        }

        cancel.ThrowIfCancellationRequested();
        return new Redis(address, await ConnectAsync(address, order.Password, isSentinel: false), run);
    }

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public async Task WriteAsync(long serial, string value, CancellationToken cancel)
    {
        // WAIT speaks of the writes of its own connection. The library may have made a new one in between, for which it would say yes at once.
        var batch = _database.CreateBatch();
        var before = batch.ExecuteAsync("CLIENT", "ID");
        var set = batch.ExecuteAsync("HSET", _hash, serial, value);
        var wait = batch.ExecuteAsync("WAIT", 1, WaitMilliseconds);
        var after = batch.ExecuteAsync("CLIENT", "ID");
        batch.Execute();
        await Task.WhenAll(before, set, wait, after);
        if ((long)await before != (long)await after) throw new RedisException("The connection broke during the write.");
        if ((long)await wait < 1) throw new RedisException("No replica has it yet.");
    }

    public async Task<string?> ReadAsync(long serial, CancellationToken cancel) =>
        await _database.HashGetAsync(_hash, serial, CommandFlags.PreferReplica);

    public async Task<IReadOnlyDictionary<long, string>> ReadAllAsync(CancellationToken cancel) =>
        (await _database.HashGetAllAsync(_hash)).ToDictionary(e => (long)e.Name, e => e.Value.ToString());

    public Task CleanAsync(CancellationToken cancel) => _database.KeyDeleteAsync(_hash, CommandFlags.DemandMaster);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>The primary, or a replica that the Sentinel believes to be well.</summary>
    private static async Task<string> WhereAsync(IServer sentinel, Purpose purpose, string asked)
    {
        if (purpose != Purpose.Read)
        {
            var primary = (string[]?)await sentinel.ExecuteAsync("SENTINEL", "get-master-addr-by-name", Name);
            return primary is [var host, var port] ? $"{host}:{port}" : throw new RedisException($"{asked} knows no primary.");
        }

        var replicas = (RedisResult[]?)await sentinel.ExecuteAsync("SENTINEL", "replicas", Name) ?? [];
        List<string> well = [.. replicas.Select(r => r.ToDictionary()).Where(r => r["flags"].ToString() == "slave").Select(r => $"{r["ip"]}:{r["port"]}").Order(StringComparer.Ordinal)];
        return well.Count > 0 ? well[Random.Shared.Next(well.Count)] : throw new RedisException($"{asked} knows no replica that is well.");
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(string address, string? password, bool isSentinel)
    {
        var limit = (int)FailOver.ConnectLimit.TotalMilliseconds;
        return ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { address },
            Password = password,
            AbortOnConnectFail = true,
            ConnectRetry = 1,
            ConnectTimeout = limit,
            AsyncTimeout = (int)FailOver.CallLimit.TotalMilliseconds,
            BacklogPolicy = BacklogPolicy.FailFast, // Nothing is sent later than asked.
            CommandMap = isSentinel ? CommandMap.Sentinel : CommandMap.Default,
            Protocol = RedisProtocol.Resp2,
            TieBreaker = "",
            ConfigurationChannel = "",
            ClientName = string.Create(CultureInfo.InvariantCulture, $"ark-clients-{Environment.ProcessId}"),
        });
    }
}
