using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Core;

namespace Ark.Remote.Registry;

/// <summary>
/// A registry over HTTP (Distribution API v2). Over TLS it trusts the given certificate authority and no other; without TLS it speaks to this computer's loopback only.
/// </summary>
public sealed partial class HttpImageRegistry : IImageRegistry, IDisposable
{
    private const string ManifestTypes =
        "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";

    private const int PageSize = 500;

    private readonly HttpClient _client;

    /// <param name="address"><c>https://host:port</c>, or <c>http://</c> with a loopback address.</param>
    /// <param name="authority">The certificate authority that signs the registry's certificate; null: the system's trust.</param>
    /// <param name="deadline">For one request; 30 seconds if null.</param>
    /// <exception cref="ArgumentException">Plain HTTP to another computer.</exception>
    public HttpImageRegistry(Uri address, X509Certificate2? authority = null, TimeSpan? deadline = null)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            throw new ArgumentException($"A registry is asked over https, or over http on loopback, not at {address}.", nameof(address));
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (authority is not null) handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => Trusted(certificate, errors, authority);
        _client = new HttpClient(handler) { BaseAddress = address, Timeout = deadline ?? TimeSpan.FromSeconds(30) };
        Address = address.Authority;
    }

    public string Address { get; }

    public async Task<Outcome<string>> ResolveAsync(string repository, string reference, CancellationToken cancel)
    {
        if (!IsSafe(repository) || !IsSafe(reference))
            return Outcome<string>.Fail(new Problem("no-such-image", Address, $"{repository}:{reference} is no image name."));
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/v2/{repository}/manifests/{reference}");
        request.Headers.TryAddWithoutValidation("Accept", ManifestTypes);
        var (answer, problem) = await SendAsync(request, cancel);
        using (answer)
        {
            if (answer is null) return Outcome<string>.Fail(problem!);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return Outcome<string>.Fail(new Problem("no-such-image", Address, $"The registry has no {repository}:{reference}.", "ark images import PACKAGE --registry-dir DIR"));
            if (!answer.IsSuccessStatusCode) return Outcome<string>.Fail(Refused(answer));
            return answer.Headers.TryGetValues("Docker-Content-Digest", out var values) && values.FirstOrDefault() is { Length: > 0 } digest
                ? Outcome<string>.Of(digest)
                : Outcome<string>.Fail(new Problem("registry-failed", Address, $"The registry named no digest for {repository}:{reference}."));
        }
    }

    public Task<Outcome<IReadOnlyList<string>>> CatalogAsync(CancellationToken cancel) =>
        PagesAsync($"/v2/_catalog?n={PageSize}", AnswerJson.Default.CatalogPage, p => p.Repositories, cancel);

    public Task<Outcome<IReadOnlyList<string>>> TagsAsync(string repository, CancellationToken cancel) => IsSafe(repository)
        ? PagesAsync($"/v2/{repository}/tags/list?n={PageSize}", AnswerJson.Default.TagPage, p => p.Tags, cancel)
        : Task.FromResult(Outcome<IReadOnlyList<string>>.Fail(new Problem("no-such-image", Address, $"{repository} is no repository name.")));

    public void Dispose() => _client.Dispose();

    private async Task<Outcome<IReadOnlyList<string>>> PagesAsync<T>(
        string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<T, IReadOnlyList<string>?> items, CancellationToken cancel) where T : class
    {
        var all = new SortedSet<string>(StringComparer.Ordinal);
        for (var next = path; next is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next);
            var (answer, problem) = await SendAsync(request, cancel);
            using (answer)
            {
                if (answer is null) return Outcome<IReadOnlyList<string>>.Fail(problem!);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                    return Outcome<IReadOnlyList<string>>.Fail(new Problem("no-such-image", Address, $"The registry does not know {path}."));
                if (!answer.IsSuccessStatusCode) return Outcome<IReadOnlyList<string>>.Fail(Refused(answer));
                try
                {
                    var page = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(cancel), type);
                    if (page is not null) all.UnionWith(items(page) ?? []);
                }
                catch (JsonException e)
                {
                    return Outcome<IReadOnlyList<string>>.Fail(new Problem("registry-failed", Address, $"The registry's answer to {path} is not readable: {e.Message}"));
                }
                next = NextPage(answer);
            }
        }
        return Outcome<IReadOnlyList<string>>.Of([.. all]);
    }

    private async Task<(HttpResponseMessage? Answer, Problem? Problem)> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return (await _client.SendAsync(request, cancel), null);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            return (null, new Problem("registry-untrusted", Address, $"The registry's certificate is not trusted: {e.InnerException.Message}", "ark base --only registry"));
        }
        catch (HttpRequestException e)
        {
            return (null, new Problem("registry-unreachable", Address, $"The registry does not answer: {e.Message}", "Look whether its container runs, and whether the port is open."));
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, new Problem("registry-unreachable", Address, $"The registry did not answer within {_client.Timeout.TotalSeconds:0} s.", "Look whether its container runs, and whether the port is open."));
        }
    }

    private Problem Refused(HttpResponseMessage answer) =>
        new("registry-failed", Address, $"The registry answered {(int)answer.StatusCode} {answer.ReasonPhrase} to {answer.RequestMessage?.RequestUri?.PathAndQuery}.");

    /// <summary>The address in a header such as <c>Link: &lt;/v2/_catalog?last=x&amp;n=500&gt;; rel="next"</c>.</summary>
    private static string? NextPage(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Link", out var links) || links.FirstOrDefault(l => l.Contains("rel=\"next\"", StringComparison.Ordinal)) is not { } link) return null;
        var (from, to) = (link.IndexOf('<'), link.IndexOf('>'));
        return from >= 0 && to > from + 1 && link[from + 1] == '/' ? link[(from + 1)..to] : null;
    }

    private static bool IsSafe(string part) => part.Length is > 0 and < 300 && !part.Contains("..", StringComparison.Ordinal)
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':');

    private static bool Trusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2 authority)
    {
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(leaf);
    }

    internal sealed record CatalogPage(IReadOnlyList<string>? Repositories);

    internal sealed record TagPage(IReadOnlyList<string>? Tags);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(CatalogPage))]
    [JsonSerializable(typeof(TagPage))]
    internal sealed partial class AnswerJson : JsonSerializerContext;
}
