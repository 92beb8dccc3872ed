namespace Ark.Clients;

/// <summary>A connection to one instance of a component. After a failure it is dropped, and another one made, as a rule to the next instance.</summary>
internal interface ISession : IAsyncDisposable
{
    /// <summary>Where it leads.</summary>
    string Instance { get; }

    /// <summary>Makes the table, queue or whatever the writes go to, unless it is there.</summary>
    Task PrepareAsync(CancellationToken cancel);

    /// <summary>Returns once the component has acknowledged the write. Any exception: unknown whether it is there.</summary>
    Task WriteAsync(long serial, string value, CancellationToken cancel);

    /// <summary>What was written under the number; null: this instance answers that it does not have it.</summary>
    Task<string?> ReadAsync(long serial, CancellationToken cancel);

    /// <summary>Everything that is there, by number.</summary>
    Task<IReadOnlyDictionary<long, string>> ReadAllAsync(CancellationToken cancel);

    /// <summary>Takes away what <see cref="PrepareAsync"/> made.</summary>
    Task CleanAsync(CancellationToken cancel);
}

/// <summary>What a session is for: a cache's writes go to its primary, its reads to a replica, a verification to the primary.</summary>
internal enum Purpose { Write, Read, Verify }

/// <summary>How a kind of component is connected to.</summary>
/// <param name="Dial">Makes a session with one of the addresses.</param>
/// <param name="Tolerance">How long another instance may lag behind an acknowledgement. Zero: not at all, it must answer with the write or not answer.</param>
/// <param name="Stores">False where a write leaves nothing behind that could be lost.</param>
internal sealed record Kind(Func<string, Purpose, CancellationToken, Task<ISession>> Dial, TimeSpan Tolerance, bool Stores = true)
{
    /// <summary>The kind that a component of the open catalogue is; null if it is none of them.</summary>
    /// <param name="run">A word of its own for this run, of letters and digits.</param>
    public static Kind? Of(Order order, string run) => order.Component switch
    {
        "metadb" => new((address, _, cancel) => Components.MariaDb.DialAsync(address, order, run, cancel), TimeSpan.Zero),
        "cache" => new((address, purpose, cancel) => Components.Redis.DialAsync(address, order, purpose, run, cancel), TimeSpan.FromSeconds(30)),
        "mq-broker" => new((address, purpose, cancel) => Components.RabbitMq.DialAsync(address, order, purpose, run, cancel), Components.RabbitMq.Noticing),
        "edas-registry" => new((address, _, _) => Task.FromResult<ISession>(new Components.Etcd(address, run)), TimeSpan.Zero),
        "csb-broker" => new((address, _, _) => Task.FromResult<ISession>(new Components.Gateway(address, run)), TimeSpan.Zero, Stores: false),
        _ => null,
    };
}
