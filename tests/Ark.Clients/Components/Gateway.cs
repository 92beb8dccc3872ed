using System.Text.Json.Nodes;

namespace Ark.Clients.Components;

/// <summary>
/// A request through the API gateway to the backend that it has itself. Nothing is stored: a request counts as acknowledged when the answer
/// bears its very word, and there is nothing to read back.
/// </summary>
internal sealed class Gateway(string address, string run) : ISession
{
    private readonly HttpClient _http = Http.Make(address);

    public string Instance => address;

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public async Task WriteAsync(long serial, string value, CancellationToken cancel)
    {
        var word = $"{run}.{value}";
        using var answer = await _http.GetAsync("_status?token=" + word, cancel);
        var body = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode || (string?)JsonNode.Parse(body)?["token"] != word) throw new HttpRequestException($"{(int)answer.StatusCode} {body}");
    }

    /// <summary>Not asked: the kind says that nothing is stored.</summary>
    public Task<string?> ReadAsync(long serial, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<long, string>> ReadAllAsync(CancellationToken cancel) => throw new NotSupportedException();

    public Task CleanAsync(CancellationToken cancel) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
