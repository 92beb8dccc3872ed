namespace Ark.Clients;

/// <summary>Holds one session, and goes on to the next address when it fails. For one caller at a time.</summary>
internal sealed class FailOver(Kind kind, IReadOnlyList<string> addresses, Purpose purpose, int first) : IAsyncDisposable
{
    private ISession? _session;
    private int _next = first;

    /// <summary>Longest time for a connection.</summary>
    public static TimeSpan ConnectLimit { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest time for one write or read.</summary>
    public static TimeSpan CallLimit { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Where the session leads; null without one.</summary>
    public string? Instance => _session?.Instance;

    /// <summary>Makes sure that there is a session. An exception: this address does not work, the next call tries the next one.</summary>
    public async Task ConnectAsync(CancellationToken cancel)
    {
        if (_session is not null) return;
        var address = addresses[_next++ % addresses.Count];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ConnectLimit);
        var dial = kind.Dial(address, purpose, limit.Token);
        try
        {
            _session = await dial.WaitAsync(ConnectLimit + TimeSpan.FromSeconds(1), cancel);
        }
        catch
        {
            _ = dial.ContinueWith(d => d.IsCompletedSuccessfully ? DropAsync(d.Result) : Task.FromResult(d.Exception), TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Does something with the session that <see cref="ConnectAsync"/> made. An exception: the session is dropped.</summary>
    public async Task<T> CallAsync<T>(Func<ISession, CancellationToken, Task<T>> call, TimeSpan within, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(within);
        Task<T>? running = null;
        try
        {
            running = call(_session!, limit.Token);
            return await running.WaitAsync(within + TimeSpan.FromMilliseconds(200), cancel);
        }
        catch
        {
            _ = running?.ContinueWith(r => r.Exception, TaskScheduler.Default); // Seen, so that nobody misses it.
            Drop();
            throw;
        }
    }

    /// <summary>Connects and calls; goes round the addresses until it works or the time is over, then the last exception.</summary>
    public async Task<T> InsistAsync<T>(Func<ISession, CancellationToken, Task<T>> call, TimeSpan each, TimeSpan deadline, CancellationToken cancel)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); ; await Task.Delay(300, cancel))
        {
            try
            {
                await ConnectAsync(cancel);
                return await CallAsync(call, each, cancel);
            }
            catch (Exception) when (clock.Elapsed < deadline && !cancel.IsCancellationRequested)
            {
            }
        }
    }

    /// <summary>Leaves the session; the next one goes to the next address.</summary>
    public void Drop()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session) _ = Task.Run(() => DropAsync(session));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session) await DropAsync(session).WaitAsync(CallLimit).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static async Task<AggregateException?> DropAsync(ISession session)
    {
        try
        {
            await session.DisposeAsync();
            return null;
        }
        catch (Exception failure)
        {
            return new(failure); // It was to be left anyway.
        }
    }
}
