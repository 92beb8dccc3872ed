using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ark.Testing;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>What programs hold on to.</summary>
public sealed class ApiDocumentTests(SqliteSite site) : IClassFixture<SqliteSite>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>After a change that is meant: ARK_ACCEPT=1 writes the document anew.</summary>
    [Fact]
    public async Task The_API_is_what_the_committed_document_says()
    {
        var served = JsonSerializer.Serialize((await site.As(null).GetAsync("/openapi/v1.json")).Json, Indented) + "\n";
        var file = Path.Combine(Clone.Root, "docs/api/panama.v1.json");
        if (Environment.GetEnvironmentVariable("ARK_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, served, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), served);
    }

    [Fact]
    public async Task Health_and_metrics_answer_without_a_sign_in()
    {
        Assert.Equal("""{"status":"ok"}""", (await site.As(null).GetAsync("/health")).Body);
        var metrics = await site.As(null).GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, metrics.Status);
        Assert.Contains("http_request_duration_seconds", metrics.Body, StringComparison.Ordinal);
    }
}
