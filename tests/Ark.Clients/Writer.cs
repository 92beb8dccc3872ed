using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ark.Clients;

/// <summary>
/// Writes one number after the other to a component, reads some of them back through another instance meanwhile, and knows at the end which of
/// the acknowledged ones are not there. A number is sent once: what was sent without an acknowledgement is followed by the next number.
/// </summary>
internal sealed class Writer(Order order, Kind kind, string run)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Gaps _gaps = new(); // From the first acknowledgement on.
    private readonly List<long> _acknowledged = [];
    private readonly List<long> _unread = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _latest;
    private int _unknown;
    private int _readBack;
    private string? _writesTo;
    private string _said = "";

    /// <summary>Completes with the first acknowledgement.</summary>
    public Task Started => _started.Task;

    /// <summary>Makes table, queue or key space; an exception if no instance lets it for a minute.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        await using var line = new FailOver(kind, order.Addresses, Purpose.Write, 0);
        await line.InsistAsync(async (s, c) => { await s.PrepareAsync(c); return true; }, FailOver.CallLimit * 3, Patience, cancel);
    }

    /// <summary>Writes and reads until <paramref name="stop"/>, then verifies and cleans up.</summary>
    public async Task<ComponentReport> RunAsync(CancellationToken stop, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, cancel);
        var reading = ReadAsync(end.Token);
        await WriteAsync(end.Token);
        await reading;
        var (lost, through) = await VerifyAsync(cancel);
        await CleanAsync(cancel);
        return new(order.Component, _acknowledged.Count, _unknown, lost, _unread, Math.Round(_gaps.Longest.TotalSeconds, 2), _gaps.LongestAt, _readBack, through);
    }

    /// <summary>What is written under a number: only this run writes it.</summary>
    private string Value(long serial) =>
        string.Create(CultureInfo.InvariantCulture, $"{serial}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{run}/{order.Component}/{serial}")).AsSpan(0, 12))}");

    private async Task WriteAsync(CancellationToken stop)
    {
        await using var line = new FailOver(kind, order.Addresses, Purpose.Write, 0);
        for (long serial = 0; !stop.IsCancellationRequested; await Task.Delay(Pace, CancellationToken.None))
        {
            try
            {
                await line.ConnectAsync(CancellationToken.None);
                _writesTo = line.Instance;
            }
            catch (Exception failure)
            {
                Say($"not connected: {failure.Message}");
                continue;
            }

            serial++;
            try
            {
                var (number, value) = (serial, Value(serial));
                await line.CallAsync(async (s, c) => { await s.WriteAsync(number, value, c); return true; }, FailOver.CallLimit, CancellationToken.None);
                if (_acknowledged.Count == 0) _gaps = new();
                _acknowledged.Add(serial);
                Interlocked.Exchange(ref _latest, serial);
                if (_gaps.Mark() is { TotalSeconds: > 1 } gap) Say($"{gap.TotalSeconds:0.0} s without an acknowledged write, now through {_writesTo}");
                _started.TrySetResult();
            }
            catch (Exception failure)
            {
                _unknown++;
                Say($"{serial} not acknowledged by {_writesTo}: {failure.Message}");
            }
        }

        _gaps.Mark();
    }

    /// <summary>Takes the latest acknowledged number again and again, and asks another instance for it than the one that writes go to.</summary>
    private async Task ReadAsync(CancellationToken stop)
    {
        if (!kind.Stores) return;
        await using var line = new FailOver(kind, order.Addresses, Purpose.Read, 1);
        for (long read = 0; !stop.IsCancellationRequested; await Task.Delay(Pace, CancellationToken.None))
        {
            var serial = Interlocked.Read(ref _latest);
            if (serial == read || await ReadBackAsync(line, serial, stop) is not { } there) continue;
            read = serial;
            _readBack++;
            if (!there)
            {
                _unread.Add(serial);
                Say($"{serial} was acknowledged, and {line.Instance} does not have it");
            }
        }
    }

    /// <summary>Null: nobody else answered before the next number was due. False: others answered for longer than they may lag, and did not have it.</summary>
    private async Task<bool?> ReadBackAsync(FailOver line, long serial, CancellationToken stop)
    {
        System.Diagnostics.Stopwatch absent = new(); // Runs while another instance is there and does not have it, not while one is looked for.
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await line.ConnectAsync(stop);
                if (order.Addresses.Count > 1 && line.Instance == _writesTo)
                {
                    line.Drop();
                    throw new InvalidOperationException("This is no other instance.");
                }

                var value = await line.CallAsync((s, c) => s.ReadAsync(serial, c), FailOver.CallLimit, stop);
                if (value is not null) return value == Value(serial);
                absent.Start();
                if (absent.Elapsed >= kind.Tolerance) return false;
            }
            catch (Exception)
            {
                absent.Stop();
                if (absent.Elapsed == TimeSpan.Zero) return null; // This instance is away. That is the writer's to complain about.
            }

            await Task.Delay(Pace, CancellationToken.None);
        }

        return null;
    }

    /// <summary>Reads everything through every instance that answers. A number that is missing is looked for again: an instance may still be catching up.</summary>
    private async Task<(IReadOnlyList<long> Lost, IReadOnlyList<string> Through)> VerifyAsync(CancellationToken cancel)
    {
        SortedSet<long> lost = [];
        List<string> through = [];
        foreach (var address in kind.Stores ? order.Addresses : [])
        {
            await using var line = new FailOver(kind, [address], Purpose.Verify, 0);
            IReadOnlyList<long>? missing = null;
            for (var clock = System.Diagnostics.Stopwatch.StartNew(); missing is not { Count: 0 } && clock.Elapsed < kind.Tolerance + TimeSpan.FromSeconds(5); await Task.Delay(Pace, cancel))
            {
                try
                {
                    await line.ConnectAsync(cancel);
                    var all = await line.CallAsync((s, c) => s.ReadAllAsync(c), Patience, cancel);
                    missing = [.. _acknowledged.Where(serial => !all.TryGetValue(serial, out var value) || value != Value(serial))];
                }
                catch (Exception failure) when (!cancel.IsCancellationRequested)
                {
                    Say($"{address} cannot be read: {failure.Message}");
                    await Task.Delay(500, cancel);
                }
            }

            if (missing is null) continue;
            through.Add(address);
            lost.UnionWith(missing);
            if (missing.Count > 0) Say($"through {address} {missing.Count} acknowledged writes are not there: {string.Join(' ', missing.Take(20))}");
        }

        return ([.. lost], kind.Stores ? through : order.Addresses);
    }

    private async Task CleanAsync(CancellationToken cancel)
    {
        try
        {
            await using var line = new FailOver(kind, order.Addresses, Purpose.Write, 0);
            await line.InsistAsync(async (s, c) => { await s.CleanAsync(c); return true; }, FailOver.CallLimit * 3, Patience, cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            Say($"not cleaned up: {failure.Message}");
        }
    }

    /// <summary>The first line of it, unless it was said just before.</summary>
    private void Say(string what)
    {
        var line = what.Split('\n', 2)[0].TrimEnd();
        if (line.Length > 240) line = line[..240] + "…";
        if (Interlocked.Exchange(ref _said, line) != line) Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {order.Component}: {line}");
    }
}
