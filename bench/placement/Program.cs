using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Bench.Placement;
using Ark.Core.Placement;

const ulong Seed = 20;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

switch (args)
{
    case ["measure", var side]:
        Console.WriteLine(JsonSerializer.Serialize(Measure(side), Json.Default.Measured));
        return 0;
    case ["summarise"]:
        Console.WriteLine(JsonSerializer.Serialize(Summarise(Console.In.ReadToEnd()), Json.Default.FigureArray));
        return 0;
    default:
        Console.Error.WriteLine("measure ours|spread|firstfit, or summarise with the measured lines on standard input");
        return 2;
}

// One placement in a fresh process, as a console would do it: the compiler's work is in the time.
static Measured Measure(string side)
{
    var request = new Generator(Seed).Request();
    GC.Collect();
    var before = PeakBytes();
    var watch = Stopwatch.StartNew();
    var cpuBefore = Environment.CpuUsage.TotalTime;
    IReadOnlyList<(PlacementComponent, IPAddress)> placed;
    switch (side)
    {
        case "ours":
            var outcome = Placer.Place(request);
            if (!outcome.Ok)
                throw new InvalidOperationException(string.Join('\n', outcome.Problems.Take(5)));
            var components = request.Components.ToDictionary(c => c.Name);
            placed = [.. outcome.Value.Instances.Select(i => (components[i.Component], i.Machine))];
            break;
        case "spread":
            placed = new Peer(request).Spread(request);
            break;
        default:
            placed = new Peer(request).FirstFit(request);
            break;
    }

    watch.Stop();
    var cpu = (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds;
    var peak = PeakBytes();
    return new(side, placed.Count, Generator.Instances - placed.Count, cpu, watch.Elapsed.TotalSeconds, peak / 1048576.0, (peak - before) / 1048576.0,
        Judge.Balance(request, placed), Judge.EvenOverRooms(request, placed), request.Components.Count);
}

static Figure[] Summarise(string lines)
{
    var all = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize(l, Json.Default.Measured)!).ToLookup(m => m.Side);
    double Median(string side, Func<Measured, double> of) => all[side].Select(of).Order().ElementAt(all[side].Count() / 2);
    Figure Compare(string name, string peer, string described, string unit, Func<Measured, double> of) =>
        new(name, Math.Round(Median("ours", of), 3), Math.Round(Median(peer, of), 3), described, Math.Round(Median("ours", of) / Median(peer, of), 3), unit);
    const string Spread = "filter and spread by instance counts, a service at a time, as Swarm does (written in the bench)";
    const string FirstFit = "first fit decreasing (written in the bench)";
    return
    [
        Compare("placement-time", "spread", Spread, "CPU s, one core", m => m.CpuSeconds),
        Compare("placement-wall", "spread", Spread, "s, one core, other work on the machine included", m => m.WallSeconds),
        Compare("placement-time-first-fit", "firstfit", FirstFit, "CPU s, one core", m => m.CpuSeconds),
        Compare("placement-balance", "spread", Spread, "highest load / mean load", m => m.Balance),
        Compare("placement-memory", "spread", Spread, "MiB at the peak of the process", m => m.PeakMib),
        Compare("placement-rooms", "spread", Spread, "components uneven over rooms", m => m.Components - m.EvenOverRooms),
    ];
}

static long PeakBytes() => long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

/// <summary>One run of one side.</summary>
internal sealed record Measured(string Side, int Placed, int Unplaced, double CpuSeconds, double WallSeconds, double PeakMib, double AddedMib, double Balance, int EvenOverRooms, int Components);

internal sealed record Figure(string Name, double Ours, double Theirs, string Peer, double Ratio, string Unit);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Measured))]
[JsonSerializable(typeof(Figure[]))]
internal sealed partial class Json : JsonSerializerContext;
