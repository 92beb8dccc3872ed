using System.Globalization;
using Ark.Core;
using Ark.Remote.Ssh;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Client;

namespace Ark.Remote.Docker;

/// <summary>
/// Sends Docker's requests three ways: what is answered at once over a few kept connections, what lasts over connections of its own (or a few
/// followed logs would leave none for the rest), and what takes the connection over as a raw stream through the client library's own HTTP code,
/// which alone can end one direction of it.
/// </summary>
internal sealed class DialStdioHandler : HttpMessageHandler
{
    private static readonly string[] Lasting =
        ["/events", "/wait", "/stop", "/restart", "/build", "/images/create", "/images/load", "/get", "/push", "/pull", "/export", "/archive", "/stats", "/leave"];

    private readonly IRemoteShell _shell;
    private readonly DockerOverSshOptions _options;
    private readonly HttpMessageInvoker _short;
    private readonly HttpMessageInvoker _lasting;
    private readonly HttpMessageInvoker _raw;

    internal DialStdioHandler(IRemoteShell shell, DockerOverSshOptions options, ILogger logger)
    {
        (_shell, _options) = (shell, options);
        _short = new HttpMessageInvoker(Handler(options.Connections, TimeSpan.FromMinutes(2)));
        _lasting = new HttpMessageInvoker(Handler(int.MaxValue, TimeSpan.FromSeconds(5)));
        _raw = new HttpMessageInvoker(new ManagedHandler(async (_, _, token) => await DialAsync(token).ConfigureAwait(false), logger) { UseProxy = false });
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            if (request.Headers.Contains("Upgrade"))
                return await _raw.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (Lasts(request.RequestUri!))
                return await _lasting.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return await AskAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not RemoteException && RemoteCause(e) is { } cause)
        {
            throw new RemoteException(cause.Problem, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _short.Dispose();
            _lasting.Dispose();
            _raw.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>A kept connection may have been lost before anybody noticed: a question that changes nothing is then asked once more, over a new one.</summary>
    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await SendShortAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (request.Method == HttpMethod.Get && !cancellationToken.IsCancellationRequested && (e as RemoteException ?? RemoteCause(e))?.Problem.Code == "ssh-lost")
        {
            return await SendShortAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the whole answer here, so that a loss in its middle is told like any other.</summary>
    private async Task<HttpResponseMessage> SendShortAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.RequestDeadline);
        try
        {
            var response = await _short.SendAsync(request, deadline.Token).ConfigureAwait(false);
            try
            {
                // Logs, though not followed, may be long: they are left to their reader.
                if (response.Content.Headers.ContentType?.MediaType is "application/json" or "text/plain" or null)
                    await response.Content.LoadIntoBufferAsync(deadline.Token).ConfigureAwait(false);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RemoteException(TooSlow(request), e);
        }
    }

    private SocketsHttpHandler Handler(int connections, TimeSpan idle) => new()
    {
        MaxConnectionsPerServer = connections,
        PooledConnectionIdleTimeout = idle,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        ConnectTimeout = _options.ConnectDeadline,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (_, token) => await DialAsync(token).ConfigureAwait(false),
    };

    private async Task<DialStdioStream> DialAsync(CancellationToken cancellationToken)
    {
        var command = new RemoteCommand("exec docker system dial-stdio") { Sudo = true, Deadline = _options.ConnectDeadline };
        return new DialStdioStream(await _shell.OpenAsync(command, cancellationToken).ConfigureAwait(false), _shell.Machine);
    }

    private static bool Lasts(Uri uri)
    {
        var path = uri.AbsolutePath;
        return Lasting.Any(p => path.EndsWith(p, StringComparison.Ordinal))
            || (path.EndsWith("/logs", StringComparison.Ordinal)
                && (uri.Query.Contains("follow=1", StringComparison.Ordinal) || uri.Query.Contains("follow=true", StringComparison.OrdinalIgnoreCase)));
    }

    private static RemoteException? RemoteCause(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            if (e is RemoteException cause)
                return cause;
        return null;
    }

    private Problem TooSlow(HttpRequestMessage request) => new(
        "docker-deadline", _shell.Machine,
        $"Docker did not answer {request.Method} {request.RequestUri!.AbsolutePath} within {_options.RequestDeadline.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s.",
        "systemctl status docker on the machine; look at its load and disks");
}
