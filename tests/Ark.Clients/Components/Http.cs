namespace Ark.Clients.Components;

/// <summary>Connections of HTTP clients.</summary>
internal static class Http
{
    /// <summary>A client of one instance, with connections of its own and no time limit but the caller's.</summary>
    public static HttpClient Make(string address) => new(new SocketsHttpHandler { ConnectTimeout = FailOver.ConnectLimit, UseProxy = false, UseCookies = false })
    {
        BaseAddress = new($"http://{address}/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
