using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ark.Remote.Images;
using Ark.Remote.Programs;
using Ark.Remote.Registry;
using Ark.Testing;
using Ark.Testing.Registry;
using Xunit;

namespace Ark.Tests.Registry;

/// <summary>Against Debian's docker-registry on loopback.</summary>
public sealed class HttpImageRegistryTests : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("ark-registry-test-").FullName;
    private readonly SampleRegistry _sample = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _sample.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    [Fact]
    public async Task A_tag_is_resolved_to_the_digest_of_its_manifest()
    {
        var digest = _sample.Add("redis", "1", "layer");
        await using var server = await ServeAsync();
        using var client = new HttpImageRegistry(server.Uri);
        Assert.Equal(digest, (await client.ResolveAsync("redis", "1", Token)).Value);
        Assert.Equal(digest, (await client.ResolveAsync("redis", digest, Token)).Value);
        Assert.True((await client.ExistsAsync("redis", "1", Token)).Value!.IsThere);
        Assert.False((await client.ExistsAsync("redis", "2", Token)).Value!.IsThere);
        Assert.Equal("no-such-image", Assert.Single((await client.ResolveAsync("nope", "1", Token)).Problems).Code);
        Assert.Equal("no-such-image", Assert.Single((await client.ResolveAsync("../secret", "1?x", Token)).Problems).Code);
    }

    [Fact]
    public async Task The_catalogue_is_read_over_all_its_pages()
    {
        for (var i = 0; i < 1003; i++)
            Directory.CreateDirectory(Path.Combine(RegistryLayout.RepositoryFolder(_sample.Directory, $"many/i{i:0000}"), "_layers"));
        await using var server = await ServeAsync();
        using var client = new HttpImageRegistry(server.Uri);
        var names = (await client.CatalogAsync(Token)).Value!;
        Assert.Equal(Enumerable.Range(0, 1003).Select(i => $"many/i{i:0000}"), names);
    }

    [Fact]
    public async Task Tags_are_listed_and_an_unknown_repository_is_said_to_be_unknown()
    {
        _sample.Add("redis", "2", "layer");
        _sample.Add("redis", "1", "layer");
        await using var server = await ServeAsync();
        using var client = new HttpImageRegistry(server.Uri);
        Assert.Equal(["1", "2"], (await client.TagsAsync("redis", Token)).Value!);
        Assert.Equal("no-such-image", Assert.Single((await client.TagsAsync("nope", Token)).Problems).Code);
    }

    [Fact]
    public async Task A_folder_made_by_import_is_what_a_registry_serves()
    {
        _sample.Add("redis", "1", "layer");
        var target = Path.Combine(_work, "images");
        Assert.True((await ImageImport.RunAsync([_sample.Directory], target, null, Token)).Ok);
        var started = await LoopbackRegistry.StartAsync(target, _work, Token);
        await using var server = started.Value!;
        using var http = new HttpClient { BaseAddress = server.Uri };
        Assert.Equal("layer", await http.GetStringAsync($"/v2/redis/blobs/{SampleRegistry.DigestOf("layer")}", Token));
    }

    [Fact]
    public async Task Over_TLS_only_a_certificate_of_the_given_authority_is_trusted()
    {
        var digest = _sample.Add("redis", "1", "layer");
        using var authority = Authority("site");
        using var stranger = Authority("stranger");
        var (port, server) = await ServeTlsAsync(authority);
        try
        {
            var address = new Uri($"https://127.0.0.1:{port}");
            using var good = new HttpImageRegistry(address, authority);
            Assert.Equal(digest, (await good.ResolveAsync("redis", "1", Token)).Value);
            using var wrong = new HttpImageRegistry(address, stranger);
            Assert.Equal("registry-untrusted", Assert.Single((await wrong.ResolveAsync("redis", "1", Token)).Problems).Code);
            using var none = new HttpImageRegistry(address);
            Assert.Equal("registry-untrusted", Assert.Single((await none.CatalogAsync(Token)).Problems).Code);
            using var otherName = new HttpImageRegistry(new Uri($"https://localhost:{port}"), authority);
            Assert.Equal("registry-untrusted", Assert.Single((await otherName.CatalogAsync(Token)).Problems).Code);
        }
        finally
        {
            await LocalProgram.EndAsync(server, TimeSpan.FromSeconds(5));
            server.Dispose();
        }
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_unreachable_and_not_empty()
    {
        using var client = new HttpImageRegistry(new Uri($"http://127.0.0.1:{FreePort()}"));
        Assert.Equal("registry-unreachable", Assert.Single((await client.ExistsAsync("redis", "1", Token)).Problems).Code);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var patient = new HttpImageRegistry(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), deadline: TimeSpan.FromMilliseconds(200));
        Assert.Contains("within", Assert.Single((await patient.CatalogAsync(Token)).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_http_to_another_computer_is_never_spoken() =>
        Assert.Throws<ArgumentException>(() => new HttpImageRegistry(new Uri("http://10.0.0.1:5000")));

    private async Task<LoopbackRegistry> ServeAsync()
    {
        var started = await LoopbackRegistry.StartAsync(_sample.Directory, _work, Token);
        Assert.Empty(started.Problems);
        return started.Value!;
    }

    private async Task<(int Port, System.Diagnostics.Process Server)> ServeTlsAsync(X509Certificate2 authority)
    {
        var port = FreePort();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=registry", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var leaf = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30), [1, 2, 3]);
        var (certificate, privateKey, config) = (Path.Combine(_work, "tls.crt"), Path.Combine(_work, "tls.key"), Path.Combine(Clone.Root, "images/registry/config.yml"));
        await File.WriteAllTextAsync(certificate, leaf.ExportCertificatePem(), Token);
        await File.WriteAllTextAsync(privateKey, key.ExportPkcs8PrivateKeyPem(), Token);
        var process = LocalProgram.Start(new ProgramCall("docker-registry", "serve", config)
        {
            Environment = new Dictionary<string, string?>
            {
                ["REGISTRY_HTTP_ADDR"] = $"127.0.0.1:{port}", ["REGISTRY_HTTP_TLS_CERTIFICATE"] = certificate, ["REGISTRY_HTTP_TLS_KEY"] = privateKey,
                ["REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"] = _sample.Directory,
            },
        }, out var missing);
        Assert.True(process is not null, missing);
        using var probe = new HttpImageRegistry(new Uri($"https://127.0.0.1:{port}"), authority);
        while (!process.HasExited && (await probe.CatalogAsync(Token)).Problems is [{ Code: "registry-unreachable" }]) await Task.Delay(50, Token);
        return (port, process);
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(60));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
