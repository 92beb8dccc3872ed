using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Remote.State;

namespace Ark.Remote.Execution;

/// <summary>One line of the journal.</summary>
/// <param name="Moment"><c>opened</c> (the first line), <c>begin</c>, <c>done</c>, <c>failed</c>, <c>closed</c> (the last line; the detail is the run's result).</param>
/// <param name="Step">Id of the step; in the first and the last line the verb.</param>
public sealed record JournalEntry(DateTimeOffset At, string Run, string Moment, string Step, string Detail)
{
    /// <summary>Who runs it: in the first line.</summary>
    public LockHolder? By { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
public sealed partial class JournalJson : JsonSerializerContext;

/// <summary>
/// Evidence of who did what and of what was in flight: one JSON object a line, on the disk before the step's effect. No run ever reads it to
/// decide what to do.
/// </summary>
public sealed class Journal : IAsyncDisposable
{
    public const string Extension = ".jsonl";

    private readonly FileStream _file;
    private readonly string _verb;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private Journal(FileStream file, string run, string verb) => (_file, Run, _verb) = (file, run, verb);

    /// <summary>Name of the run: <c>20261122T101500123Z-apply</c>.</summary>
    public string Run { get; }

    /// <summary>Begins the journal of a run; who runs it stands in its first line.</summary>
    /// <param name="verb">The command: <c>machine drain</c>.</param>
    public static async Task<Journal> OpenAsync(string directory, string verb, LockHolder by, TimeProvider time, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        var now = time.GetUtcNow();
        var name = $"{now:yyyyMMdd'T'HHmmssfff'Z'}-{verb.Replace(' ', '-')}";
        var journal = new Journal(new FileStream(Path.Combine(directory, name + Extension), FileMode.Append, FileAccess.Write, FileShare.Read), name, verb);
        await journal.WriteAsync(new(now, name, "opened", verb, "") { By = by }, cancellation);
        return journal;
    }

    public Task WriteAsync(DateTimeOffset at, string moment, string step, string detail, CancellationToken cancellation) =>
        WriteAsync(new JournalEntry(at, Run, moment, step, detail), cancellation);

    /// <summary>The last line: how the run ended.</summary>
    public Task CloseAsync(DateTimeOffset at, string result) => WriteAsync(at, "closed", _verb, result, CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        return _file.DisposeAsync();
    }

    private async Task WriteAsync(JournalEntry entry, CancellationToken cancellation)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);
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
}
