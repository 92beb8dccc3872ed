using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ark.Clients.Components;

/// <summary>Keys of its own in etcd, over its HTTP/JSON gateway. Reads are linearizable: no member may answer without an acknowledged write.</summary>
internal sealed class Etcd(string address, string run) : ISession
{
    private const int Page = 1000;
    private readonly HttpClient _http = Http.Make(address);
    private readonly string _prefix = $"ark-clients/{run}/";

    public string Instance => address;

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task WriteAsync(long serial, string value, CancellationToken cancel) =>
        AskAsync("put", new() { ["key"] = Coded(Key(serial)), ["value"] = Coded(value) }, cancel);

    public async Task<string?> ReadAsync(long serial, CancellationToken cancel) =>
        Found(await AskAsync("range", new() { ["key"] = Coded(Key(serial)) }, cancel)) is [var one] ? one.Value : null;

    public async Task<IReadOnlyDictionary<long, string>> ReadAllAsync(CancellationToken cancel)
    {
        Dictionary<long, string> all = [];
        for (var from = _prefix; ;)
        {
            var page = Found(await AskAsync("range", new() { ["key"] = Coded(from), ["range_end"] = Coded(_prefix + "~"), ["limit"] = Page }, cancel));
            foreach (var (key, value) in page) all[long.Parse(key.AsSpan(_prefix.Length), CultureInfo.InvariantCulture)] = value;
            if (page.Count < Page) return all;
            from = page[^1].Key + "\0";
        }
    }

    public Task CleanAsync(CancellationToken cancel) =>
        AskAsync("deleterange", new() { ["key"] = Coded(_prefix), ["range_end"] = Coded(_prefix + "~") }, cancel);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Key(long serial) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{serial:D12}");

    private static string Coded(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static string Decoded(JsonNode text) => Encoding.ASCII.GetString(Convert.FromBase64String((string)text!));

    private static List<(string Key, string Value)> Found(JsonNode answer) =>
        [.. (answer["kvs"]?.AsArray() ?? []).Select(kv => (Decoded(kv!["key"]!), Decoded(kv["value"]!)))];

    private async Task<JsonNode> AskAsync(string what, JsonObject question, CancellationToken cancel)
    {
        using var content = new StringContent(question.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync("v3/kv/" + what, content, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"{(int)answer.StatusCode} {text}");
        var node = JsonNode.Parse(text);
        return node?["header"] is null ? throw new JsonException("An answer without a header.") : node;
    }
}
