using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ark.Web.Tests.Channels;

/// <summary>An HTTP server on loopback that keeps what it gets, and behaves as its paths say.</summary>
public sealed class HttpSink : IAsyncDisposable
{
    private readonly WebApplication _app;

    public HttpSink()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapPost("/ok", async (HttpRequest request) => Results.Text("taken: " + (await KeepAsync(request)).Text));
        _app.MapGet("/ok", async (HttpRequest request) => Results.Text("taken: " + (await KeepAsync(request)).Text));
        _app.MapPost("/busy", () => Results.Text("busy, come back later", statusCode: 503));
        _app.MapPost("/elsewhere", () => Results.Redirect("/ok"));
        _app.MapPost("/long", () => Results.Text(new string('x', 200_000)));
        _app.MapPost("/never", async (HttpContext context) => await Task.Delay(Timeout.Infinite, context.RequestAborted));
    }

    public string Url => _app.Urls.First();

    public int Port => new Uri(Url).Port;

    public ConcurrentQueue<Received> Got { get; } = [];

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<Received> KeepAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var got = new Received(request.Path + request.QueryString, request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
        Got.Enqueue(got);
        return got;
    }
}

public sealed record Received(string Path, Dictionary<string, string> Headers, string Body)
{
    public string Text => $"{Path} {string.Join(' ', Headers.Values)} {Body}";
}
