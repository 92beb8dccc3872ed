using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Ark.Bench.Panama;

/// <summary>
/// Requests at a constant rate, sent when they are due whether or not earlier ones were answered. A time runs from the moment at which the request was due: what
/// waits behind a slow one is late, and counts as late.
/// </summary>
internal sealed class Load(string url, int rate, TimeSpan length)
{
    /// <summary>The same requests before, not counted: the compiler's work at the start is another matter.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(url + "/api/v1/"), Timeout = Patience };
    private readonly ConcurrentDictionary<int, int> _versions = [];
    private readonly ConcurrentBag<(string Kind, double Milliseconds)> _times = [];
    private readonly ConcurrentBag<string> _errors = [];

    public async Task<IReadOnlyList<Measured>> RunAsync()
    {
        await PhaseAsync(WarmUp, counted: false);
        await PhaseAsync(length, counted: true);
        foreach (var error in _errors.CountBy(e => e))
            await Console.Error.WriteLineAsync($"{error.Value} × {error.Key}");
        return
        [
            .. _times.GroupBy(t => t.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Figures.Of(g.Key, [.. g.Select(t => t.Milliseconds)])),
            Figures.Of("all", [.. _times.Select(t => t.Milliseconds)], _errors.Count),
        ];
    }

    private async Task PhaseAsync(TimeSpan lasts, bool counted)
    {
        var random = new Random(counted ? 20 : 2);
        List<Task> under = [];
        var watch = Stopwatch.StartNew();
        for (var number = 0; number < lasts.TotalSeconds * rate; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / rate);
            while (watch.Elapsed < due)
                Thread.Sleep(1);
            var (kind, request, task) = Next(random);
            under.Add(Task.Run(async () =>
            {
                var right = await SendAsync(kind, request, task);
                if (counted && right)
                    _times.Add((kind, (watch.Elapsed - due).TotalMilliseconds));
            }));
        }

        await Task.WhenAll(under);
        if (!counted)
            _errors.Clear();
    }

    /// <summary>Of 20 requests 7 list (one of them somebody's who sees a tenth of the customers), 4 search, 7 open, 2 save.</summary>
    private (string Kind, HttpRequestMessage Request, int Task) Next(Random random)
    {
        var task = 1 + random.Next(Seed.Tasks);
        return random.Next(20) switch
        {
            0 => ("list", Get("tasks?page=1", Seed.Some), 0),
            < 7 => ("list", Get($"tasks?state=draft&page={1 + random.Next(20)}"), 0),
            < 11 => ("search", Get($"tasks?search={Uri.EscapeDataString(random.Next(2) == 0 ? Seed.NameOf(task) : $"harbour customer {1 + random.Next(50)}")}"), 0),
            < 18 => ("open", Get($"tasks/{task}"), 0),
            _ => Save(task),
        };
    }

    /// <summary>Never two at once of one task: a refusal because of the other would be right, and would measure nothing.</summary>
    private (string Kind, HttpRequestMessage Request, int Task) Save(int task)
    {
        int version;
        while ((version = _versions.GetOrAdd(task, 1)) < 0 || !_versions.TryUpdate(task, -version, version))
            task = 1 + (task % Seed.Tasks);
        var variables = Seed.VariablesOf(task);
        variables["region"] = $"west-{version}";
        var body = new { customerId = 1 + (task % Seed.Customers), name = Seed.NameOf(task), domain = Seed.DomainOf(task), line = "3.0", baseline = "open-3.0", variables, version };
        return ("save", new(HttpMethod.Put, $"tasks/{task}") { Content = JsonContent.Create(body), Headers = { Authorization = As(Seed.Everybody) } }, task);
    }

    private async Task<bool> SendAsync(string kind, HttpRequestMessage request, int task)
    {
        try
        {
            using var response = await _client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode && kind == "save")
                _versions[task] = 1 - _versions[task];
            if (!response.IsSuccessStatusCode)
                _errors.Add($"{kind}: {(int)response.StatusCode} {body[..Math.Min(body.Length, 200)]}");
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            _errors.Add($"{kind}: {e.Message}");
            return false;
        }
        finally
        {
            request.Dispose();
        }
    }

    private static HttpRequestMessage Get(string path, string token = Seed.Everybody) => new(HttpMethod.Get, path) { Headers = { Authorization = As(token) } };

    private static AuthenticationHeaderValue As(string token) => new("Bearer", token);
}
