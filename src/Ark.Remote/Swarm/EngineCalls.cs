using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Docker.DotNet;

namespace Ark.Remote.Swarm;

/// <summary>Turns what an engine or the way to it throws into <see cref="SwarmException"/>s that say what was asked and what was answered.</summary>
internal static partial class EngineCalls
{
    /// <summary>Managers that lost their leader choose another within one election (Swarm: 10 to 20 ticks of a second); until then they do nothing of what they are asked.</summary>
    private static readonly TimeSpan Election = TimeSpan.FromSeconds(20);

    /// <param name="what">What was asked, in the form <c>Creating the config x</c>.</param>
    public static async Task<T> AskAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await WithLeaderAsync(call, cancellation).ConfigureAwait(false);
        }
        catch (DockerApiException refusal)
        {
            throw new SwarmException($"{what} failed: {Reason(refusal)}.", refusal);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new SwarmException($"{what} failed: {failure.Message.TrimEnd('.')}.", failure);
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new SwarmException($"{what} failed: the engine did not answer in time.", failure);
        }
    }

    public static Task AskAsync(string what, Func<Task> call, CancellationToken cancellation) =>
        AskAsync(what, async () => { await call().ConfigureAwait(false); return true; }, cancellation);

    /// <summary>Null where the engine knows no such thing.</summary>
    public static async Task<T?> FindAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation) where T : class
    {
        try
        {
            return await AskAsync(what, call, cancellation).ConfigureAwait(false);
        }
        catch (SwarmException failure) when (Is(failure, HttpStatusCode.NotFound))
        {
            return null;
        }
    }

    /// <summary>True where the engine itself answered with this status.</summary>
    public static bool Is(SwarmException failure, HttpStatusCode status) => failure.InnerException is DockerApiException refusal && refusal.StatusCode == status;

    /// <summary>True where an object was changed between reading and writing it; Swarm tells it only in words.</summary>
    public static bool IsOutOfSequence(SwarmException failure) =>
        failure.InnerException is DockerApiException { ResponseBody: { } body } && body.Contains("update out of sequence", StringComparison.Ordinal);

    private static async Task<T> WithLeaderAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (DockerApiException refusal) when (clock.Elapsed < Election && refusal.ResponseBody?.Contains("does not have a leader", StringComparison.Ordinal) == true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation).ConfigureAwait(false);
            }
        }
    }

    private static string Reason(DockerApiException refusal)
    {
        var text = refusal.ResponseBody ?? "";
        try
        {
            text = JsonSerializer.Deserialize(text, EngineJson.Default.Refusal)?.Message ?? text;
        }
        catch (JsonException)
        {
            // Not JSON: the text itself is the reason.
        }

        text = text.StartsWith("rpc error:", StringComparison.Ordinal) && text.IndexOf("desc = ", StringComparison.Ordinal) is var i and >= 0 ? text[(i + 7)..] : text;
        return text.Trim().TrimEnd('.') is { Length: > 0 } reason ? reason : $"status {(int)refusal.StatusCode}";
    }

    internal sealed record Refusal([property: JsonPropertyName("message")] string? Message);

    [JsonSerializable(typeof(Refusal))]
    private sealed partial class EngineJson : JsonSerializerContext;
}
