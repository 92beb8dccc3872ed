using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ark.Clients.Components;

/// <summary>
/// A durable quorum queue of its own; a write is a persistent message that the broker has confirmed. The reader gets every message and
/// acknowledges none: all stay in the queue, and come again to the one that verifies. At ten messages a second that suffices for 1.8 hours.
/// </summary>
internal sealed class RabbitMq : ISession
{
    /// <summary>How many messages a reader may hold, the most that the protocol knows. Without it a quorum queue stops at 2,000, and what follows would look lost.</summary>
    private const ushort Unacknowledged = ushort.MaxValue;

    /// <summary>
    /// How long a message may take to another consumer. A cluster notices a broker that is cut off after 25 s at the latest (five quarters of net_ticktime,
    /// which images/rabbitmq sets to 20 s); until then it goes on giving messages to the consumers there, and nobody else gets them. The rest is for
    /// handing them out anew on a computer that is busy.
    /// </summary>
    public static TimeSpan Noticing { get; } = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a reader waits for a message before it comes again as a new one. What was on its way to a reader when the queue's leader was cut off
    /// stays its own until its channel ends: an application that waits has to do the same.
    /// </summary>
    private static readonly TimeSpan Starving = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, string> _seen = new();
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _queue;
    private long _heard = System.Diagnostics.Stopwatch.GetTimestamp();
    private volatile bool _cancelled;
    private (long Serial, long Since) _wanted;

    private RabbitMq(string address, IConnection connection, IChannel channel, string run) =>
        (Instance, _connection, _channel, _queue) = (address, connection, channel, "ark-clients-" + run);

    public string Instance { get; }

    public static async Task<ISession> DialAsync(string address, Order order, Purpose purpose, string run, CancellationToken cancel)
    {
        var factory = new ConnectionFactory
        {
            HostName = address[..address.LastIndexOf(':')],
            Port = int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture),
            UserName = order.Account!,
            Password = order.Password!,
            AutomaticRecoveryEnabled = false, // The next connection goes to the next instance.
            RequestedConnectionTimeout = FailOver.ConnectLimit,
            HandshakeContinuationTimeout = FailOver.ConnectLimit,
            ContinuationTimeout = FailOver.CallLimit,
            RequestedHeartbeat = TimeSpan.FromSeconds(5),
        };
        var connection = await factory.CreateConnectionAsync("ark-clients", cancel);
        try
        {
            var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancel);
            var session = new RabbitMq(address, connection, channel, run);
            if (purpose != Purpose.Write) await session.ListenAsync(cancel);
            return session;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task PrepareAsync(CancellationToken cancel) =>
        _channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancel);

    public Task WriteAsync(long serial, string value, CancellationToken cancel)
    {
        if (serial >= Unacknowledged) throw new InvalidOperationException("More messages than one reader can hold: this run is too long.");
        return _channel.BasicPublishAsync("", _queue, mandatory: true, new BasicProperties { Persistent = true }, Encoding.ASCII.GetBytes(value), cancel).AsTask();
    }

    public Task<string?> ReadAsync(long serial, CancellationToken cancel)
    {
        if (_cancelled || !_channel.IsOpen) throw new InvalidOperationException("The consumer has ended.");
        if (_seen.TryGetValue(serial, out var value)) return Task.FromResult<string?>(value);
        if (_wanted.Serial != serial) _wanted = (serial, System.Diagnostics.Stopwatch.GetTimestamp());
        if (System.Diagnostics.Stopwatch.GetElapsedTime(_wanted.Since) > Starving) throw new InvalidOperationException("The consumer gets nothing.");
        return Task.FromResult<string?>(null);
    }

    public async Task<IReadOnlyDictionary<long, string>> ReadAllAsync(CancellationToken cancel)
    {
        while (System.Diagnostics.Stopwatch.GetElapsedTime(Interlocked.Read(ref _heard)) < Silence) await Task.Delay(100, cancel);
        if (_cancelled || !_channel.IsOpen) throw new InvalidOperationException("The consumer has ended.");
        return new Dictionary<long, string>(_seen);
    }

    public Task CleanAsync(CancellationToken cancel) => _channel.QueueDeleteAsync(_queue, cancellationToken: cancel);

    public async ValueTask DisposeAsync()
    {
        await _connection.AbortAsync(FailOver.CallLimit);
        await _connection.DisposeAsync();
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            var value = Encoding.ASCII.GetString(message.Body.Span);
            if (long.TryParse(value.AsSpan(0, Math.Max(0, value.IndexOf('-'))), CultureInfo.InvariantCulture, out var serial)) _seen[serial] = value;
            Interlocked.Exchange(ref _heard, System.Diagnostics.Stopwatch.GetTimestamp());
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            _cancelled = true;
            return Task.CompletedTask;
        };
        await _channel.BasicQosAsync(0, Unacknowledged, global: false, cancel);
        await _channel.BasicConsumeAsync(_queue, autoAck: false, consumer, cancel);
    }
}
