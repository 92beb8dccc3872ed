using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ark.Remote.Execution;

/// <summary>One line of the journal.</summary>
public sealed record JournalEntry(DateTimeOffset At, string Run, string Moment, string Step, string Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JournalEntry))]
public sealed partial class JournalJson : JsonSerializerContext;

/// <summary>
/// Evidence of what was in flight: one JSON object a line, on the disk before the step's effect. No run ever reads it to decide what to do.
/// </summary>
public sealed class Journal : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private Journal(FileStream file, string run) => (_file, Run) = (file, run);

    /// <summary>Name of the run: <c>20261122T101500Z-apply</c>.</summary>
    public string Run { get; }

    public static Journal Open(string directory, string verb, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        var name = $"{time.GetUtcNow():yyyyMMdd'T'HHmmssfff'Z'}-{verb}";
        return new(new FileStream(Path.Combine(directory, name + ".jsonl"), FileMode.Append, FileAccess.Write, FileShare.Read), name);
    }

    public async Task WriteAsync(DateTimeOffset at, string moment, string step, string detail, CancellationToken cancellation)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(new JournalEntry(at, Run, moment, step, detail), JournalJson.Default.JournalEntry);
        await _turn.WaitAsync(cancellation);
        try
        {
            await _file.WriteAsync(line, cancellation);
            _file.WriteByte((byte)'\n');
            _file.Flush(flushToDisk: true);
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        return _file.DisposeAsync();
    }
}
