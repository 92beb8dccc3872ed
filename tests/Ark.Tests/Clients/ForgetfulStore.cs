using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Ark.Tests.Clients;

/// <summary>A store that speaks as much of etcd's HTTP/JSON gateway as the writers use, on two ports of the loopback, and has the faults that a test gives it.</summary>
internal sealed class ForgetfulStore : IAsyncDisposable
{
    private readonly SortedDictionary<string, string> _kept = new(StringComparer.Ordinal);
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public ForgetfulStore()
    {
        Addresses = [$"127.0.0.1:{FreePort()}", $"127.0.0.1:{FreePort()}"];
        foreach (var address in Addresses) _listener.Prefixes.Add($"http://{address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public IReadOnlyList<string> Addresses { get; }

    /// <summary>What becomes of a write that is acknowledged: number and value to what is kept; null: nothing.</summary>
    public Func<long, string, string?> Keep { get; set; } = (_, value) => value;

    /// <summary>The port asked, and the number: may it be read there?</summary>
    public Func<int, long, bool> Shows { get; set; } = (_, _) => true;

    /// <summary>The port asked, and the number: is the write refused there?</summary>
    public Func<int, long, bool> Refuses { get; set; } = (_, _) => false;

    /// <summary>The port asked: are reads of single numbers answered there?</summary>
    public Func<int, bool> Answers { get; set; } = _ => true;

    /// <summary>Numbers that came, refused ones too, with the port.</summary>
    public ConcurrentQueue<(int Port, long Serial)> Came { get; } = new();

    /// <summary>What is still there.</summary>
    public int Left => _kept.Count;

    public static int PortOf(string address) => int.Parse(address.AsSpan(address.IndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>One request after the other.</summary>
    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var answer = Answer(context.Request.Url!, JsonNode.Parse(await reader.ReadToEndAsync())!);
                context.Response.StatusCode = answer is null ? 503 : 200;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes((answer ?? []).ToJsonString()));
                context.Response.Close();
            }
            catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException)
            {
            }
        }
    }

    private JsonObject? Answer(Uri asked, JsonNode question)
    {
        var (key, end) = (Text(question["key"]!), question["range_end"] is { } e ? Text(e) : null);
        var answer = new JsonObject { ["header"] = new JsonObject() };
        switch (asked.Segments[^1])
        {
            case "put":
                Came.Enqueue((asked.Port, Serial(key)));
                if (Refuses(asked.Port, Serial(key))) return null;
                if (Keep(Serial(key), Text(question["value"]!)) is { } value) _kept[key] = value;
                break;
            case "deleterange":
                foreach (var gone in Range(key, end).ToList()) _kept.Remove(gone);
                break;
            case "range" when end is null && !Answers(asked.Port):
                return null;
            default:
                answer["kvs"] = new JsonArray([.. Range(key, end).Where(k => Shows(asked.Port, Serial(k))).Take((int?)question["limit"] ?? int.MaxValue)
                    .Select(k => new JsonObject { ["key"] = Coded(k), ["value"] = Coded(_kept[k]) })]);
                break;
        }

        return answer;
    }

    private IEnumerable<string> Range(string key, string? end) =>
        _kept.Keys.Where(k => end is null ? k == key : string.CompareOrdinal(k, key) >= 0 && string.CompareOrdinal(k, end) < 0);

    private static long Serial(string key) => long.Parse(key.AsSpan(key.LastIndexOf('/') + 1), System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(JsonNode coded) => Encoding.ASCII.GetString(Convert.FromBase64String((string)coded!));

    private static string Coded(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
