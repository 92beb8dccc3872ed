using System.Text.Json;

namespace Ark.Bench.Panama;

/// <summary>One raw line. Times in milliseconds; where a line tells of memory, megabytes.</summary>
internal sealed record Measured(string Kind)
{
    public string Database { get; init; } = "";
    public int Requests { get; init; }
    public int Errors { get; init; }
    public double P50 { get; init; }
    public double P95 { get; init; }
    public double P99 { get; init; }
    public double Max { get; init; }

    /// <summary>The computer's load average when it was measured.</summary>
    public double Load { get; init; }
}

/// <param name="Theirs">There is no peer that does the same: the aim stands here.</param>
internal sealed record Figure(string Name, double Ours, double Theirs, string Peer, double Ratio, string Unit);

internal static class Figures
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Measured Of(string kind, IReadOnlyCollection<double> times, int errors = 0)
    {
        double[] sorted = [.. times.Order()];
        double At(double share) => sorted.Length == 0 ? 0 : Math.Round(sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))], 2);
        return new(kind) { Requests = sorted.Length, Errors = errors, P50 = At(0.5), P95 = At(0.95), P99 = At(0.99), Max = At(1) };
    }

    public static IReadOnlyList<Figure> Summarise(string lines)
    {
        var measured = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<Measured>(l, Json)!).ToList();
        List<Figure> figures = [];
        foreach (var line in measured)
        {
            var (name, ours, aim, unit) = line.Kind switch
            {
                "all" => ("p99", line.P99, 50d, "ms"),
                "memory" => ("memory", line.Max, 300d, "MB"),
                "sign-in page" or "task list page" => (line.Kind.Replace(' ', '-'), line.P50, 1000d, "ms"),
                _ => ("", 0d, 0d, ""),
            };
            if (name.Length > 0)
                figures.Add(new($"panama-{line.Database}-{name}", ours, aim, "aim", Math.Round(ours / aim, 3), unit));
            if (line is { Kind: "all" })
                figures.Add(new($"panama-{line.Database}-errors", line.Errors, 0, "aim", line.Errors == 0 ? 0 : 1, "requests"));
        }

        return figures;
    }
}
