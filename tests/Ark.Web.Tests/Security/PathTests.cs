using System.Net.Sockets;
using System.Text;
using Ark.Web.Languages;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Security;

/// <summary>Paths that lead elsewhere: on the disk, or to another site.</summary>
public abstract class PathTests(PanamaSite site)
{
    [Theory]
    [InlineData("/../../../../../../../../etc/passwd")]
    [InlineData("/_content/../../../../../../../../etc/passwd")]
    [InlineData("/_content/Ark.Web/..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/_content/Ark.Web/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/_content/Ark.Web/..\\..\\..\\..\\etc\\passwd")]
    [InlineData("/_content/Ark.Web/%2e%2e%5c%2e%2e%5cark-panama.dll")]
    [InlineData("/_content/Ark.Web/....//....//etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/ark-panama.dll")]
    [InlineData("/appsettings.json")]
    [InlineData("/panama.db")]
    [InlineData("/_content/Ark.Web/ark.css%00.png")]
    [InlineData("/openapi/..%2f..%2f..%2fetc%2fpasswd.json")]
    public async Task No_path_leads_to_a_file_that_is_not_the_webs(string path)
    {
        var answer = await RawAsync($"GET {path} HTTP/1.1\r\nHost: {new Uri(site.Url).Authority}\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (302|400|404) ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("\t//evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("/\r\nLocation: https://evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil.example")]
    [InlineData("")]
    public async Task Nothing_leads_on_to_another_site(string to)
    {
        Assert.Equal("/", LocalPath.Of(to));
        Assert.Equal("/", (await site.As(null).GetAsync($"/language?choose=en&to={Uri.EscapeDataString(to)}")).Location?.OriginalString);
        Assert.Equal("/", (await Browser.SignInAsync(site.Url, "viewer", to)).Location);
        var page = await site.As(null).GetAsync($"/sign-in?to={Uri.EscapeDataString(to)}");
        Assert.Contains("""name="to" value="/" """.TrimEnd(), page.Body, StringComparison.Ordinal);
    }

    /// <summary>As browsers read them, such paths stay on this host.</summary>
    [Theory]
    [InlineData("/..//evil.example")]
    [InlineData("/%09/evil.example")]
    [InlineData("/@evil.example")]
    [InlineData("/tasks?x=https://evil.example")]
    public void A_path_of_this_host_stays_one(string to) => Assert.Equal("here.example", new Uri(new Uri("http://here.example/sign-in"), LocalPath.Of(to)).Host);

    private async Task<string> RawAsync(string request)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var url = new Uri(site.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(cancellation);
    }
}

public sealed class PathsOnSqlite(SqliteSite site) : PathTests(site), IClassFixture<SqliteSite>;

public sealed class PathsOnMariaDb(MariaDbSite site) : PathTests(site), IClassFixture<MariaDbSite>;
