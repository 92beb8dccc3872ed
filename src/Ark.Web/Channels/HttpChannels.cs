using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ark.Core;
using Ark.Core.Templates;
using Ark.Web.Answers;

namespace Ark.Web.Channels;

/// <summary>SMS gateways and webhooks: a JSON POST. No redirect is followed, no proxy is asked, and the address connected to is judged each time.</summary>
public sealed class HttpChannels : IDisposable
{
    /// <summary><c>sha256=</c> and the hex HMAC, with the channel's secret, of the timestamp, a dot, and the body.</summary>
    public const string Signature = "Ark-Signature";

    /// <summary>Seconds since 1970, so that an old message cannot be sent again.</summary>
    public const string Timestamp = "Ark-Timestamp";

    /// <summary>Bytes that are read of an answer: enough for what is shown, and for a secret that stands at its end to be seen whole.</summary>
    private const int MostRead = 8_192;

    private readonly HttpClient _client;

    public HttpChannels(OutboundNetworks networks, TrustedRoots roots) => _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, Credentials = null, MaxResponseHeadersLength = 16, PooledConnectionLifetime = TimeSpan.Zero,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, cancellation) => await networks.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation),
        SslOptions = new() { RemoteCertificateValidationCallback = roots.Accept },
    }) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _client.Dispose();

    internal async Task<Delivery> SendAsync(
        ChannelKind kind, ChannelSettings settings, Secret? secret, AlertView alert, DateTimeOffset now, CancellationToken cancellation)
    {
        if (Compose(kind, settings, secret, alert, now, out var problem) is not { } request)
            return Delivery.Not(problem!.Code, problem.Message, problem.Remedy);
        using (request)
        {
            try
            {
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                return Judge(response, await BeginningAsync(response, cancellation));
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return e.InnerException switch
                {
                    ForbiddenAddressException => Delivery.Not(ForbiddenAddressException.Problem.Code, ForbiddenAddressException.Problem.Message, ForbiddenAddressException.Problem.Remedy),
                    AuthenticationException => Delivery.Not("untrusted-certificate", "The other side's certificate is not trusted.", TrustedRoots.Remedy),
                    SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Delivery.Not("unknown-host", "No server is known by that name."),
                    SocketException socket => Delivery.Not("no-connection", $"No connection: {socket.SocketErrorCode}."),
                    _ => Delivery.Not("no-connection", "The other side does not speak HTTP as it should, or hung up."),
                };
            }
        }
    }

    private static HttpRequestMessage? Compose(ChannelKind kind, ChannelSettings settings, Secret? secret, AlertView alert, DateTimeOffset now, out Problem? problem)
    {
        List<Problem> problems = [];
        string Render(string template, string field)
        {
            var text = AlertTemplate.Render(template, field, alert, settings.Recipients, secret);
            problems.AddRange(text.Problems);
            return text.Value ?? "";
        }

        var url = Render(settings.Url!, "url");
        var body = settings.Body is { } template ? Render(template, "body") : JsonSerializer.Serialize(new { schema = 1, alert }, Differences.Json);
        var headers = settings.Headers.Select(h => (h.Name, Value: Render(h.Value, "headers"))).ToList();
        if (problems.Count == 0 && !IsJson(body))
            problems.Add(new("not-json", "body", "What the template gives is not JSON."));
        problem = problems.FirstOrDefault();
        if (problem is not null)
            return null;
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } },
        };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (kind == ChannelKind.Webhook && secret is not null)
            Sign(request, bytes, secret, now);
        return request;
    }

    private static void Sign(HttpRequestMessage request, byte[] body, Secret secret, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var code = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()), (byte[])[.. Encoding.ASCII.GetBytes(time + "."), .. body]);
        request.Headers.Add(Timestamp, time);
        request.Headers.Add(Signature, "sha256=" + Convert.ToHexStringLower(code));
    }

    private static Delivery Judge(HttpResponseMessage response, string answer)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
            return Delivery.Taken(status, answer);
        return response.StatusCode is >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest
            ? Delivery.Not("redirected", "The other side sends elsewhere, and no redirect is followed.", "enter the final address", status, answer)
            : Delivery.Not("refused-there", $"The other side answered with status {status}.", "", status, answer);
    }

    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[MostRead];
        var read = await stream.ReadAtLeastAsync(buffer, MostRead, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
