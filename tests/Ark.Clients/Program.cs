using System.Text.Json;
using Ark.Clients;

// Writes to components of a site and reads, as their applications would, while something happens to the site; then says what was lost.
//
//   standard input    one line of JSON, see Orders; later any line, or the end of input: stop
//   standard error    "writing" once every component has acknowledged a write; then what was refused, with UTC times
//   standard output   at the end one line of JSON, see Report
//   exit code         0 with a report, whatever it says; 1 if nothing could be written; 2 if the orders are not understood
ThreadPool.SetMinThreads(32, 32);
if (Read(Console.In.ReadLine()) is not { } orders) return 2;
var run = Guid.NewGuid().ToString("N")[..10];
List<Writer> writers = [];
foreach (var order in orders.Components)
{
    if (Kind.Of(order, run) is not { } kind || order.Addresses.Count == 0)
    {
        Console.Error.WriteLine($"'{order.Component}' is no component that this program can write to, or has no addresses.");
        return 2;
    }

    writers.Add(new(order, kind, run));
}

try
{
    await Task.WhenAll(writers.Select(w => w.PrepareAsync(CancellationToken.None)));
}
catch (Exception failure)
{
    Console.Error.WriteLine($"Nothing can be written: {failure.Message}");
    return 1;
}

using var stop = new CancellationTokenSource();
var running = writers.Select(w => w.RunAsync(stop.Token, CancellationToken.None)).ToList();
_ = Task.WhenAll(writers.Select(w => w.Started)).ContinueWith(_ => Console.Error.WriteLine("writing"), TaskScheduler.Default);
var pauses = Task.Run(() => PausesAsync(stop.Token));
await Task.Run(Console.In.ReadLine);
await stop.CancelAsync();
var reports = await Task.WhenAll(running);
Console.WriteLine(JsonSerializer.Serialize(new Report(reports, Math.Round((await pauses).TotalSeconds, 2)), ClientJson.Default.Report));
return 0;

static Orders? Read(string? line)
{
    try
    {
        return JsonSerializer.Deserialize(line ?? "", ClientJson.Default.Orders) ?? throw new JsonException("null");
    }
    catch (JsonException failure)
    {
        Console.Error.WriteLine($"The first line of standard input is to be the orders as JSON. It is not, at position {failure.BytePositionInLine}.");
        return null;
    }
}

static async Task<TimeSpan> PausesAsync(CancellationToken stop)
{
    var beat = TimeSpan.FromMilliseconds(50);
    for (var gaps = new Gaps(); ; await Task.Delay(beat, CancellationToken.None))
    {
        gaps.Mark();
        if (stop.IsCancellationRequested) return gaps.Longest > beat ? gaps.Longest - beat : TimeSpan.Zero;
    }
}
