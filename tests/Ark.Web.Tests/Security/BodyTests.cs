using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ark.Panama.Data;
using Ark.Web.Accounts;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Xunit;

namespace Ark.Web.Tests.Security;

/// <summary>Bodies that hold too much, or something else than they should.</summary>
public abstract class BodyTests(PanamaSite site)
{
    private static readonly string[] Endless = ["sign-in", "set-up", "customers", "tasks", "tasks/check", "accounts", "tokens"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("customers", """{"name":"Mass","id":77}""")]
    [InlineData("customers", """{"name":"Mass","updatedBy":"mallory"}""")]
    [InlineData("customers", """{"name":"Mass","updatedAt":"2001-01-01T00:00:00Z"}""")]
    [InlineData("tasks", """{"customerId":1,"name":"Mass","domain":"m.example","line":"3.1","baseline":"b1","id":77}""")]
    [InlineData("tasks", """{"customerId":1,"name":"Mass","domain":"m.example","line":"3.1","baseline":"b1","state":"deployed"}""")]
    [InlineData("tasks", """{"customerId":1,"name":"Mass","domain":"m.example","line":"3.1","baseline":"b1","updatedBy":"mallory"}""")]
    [InlineData("tasks", """{"customerId":1,"name":"Mass","domain":"m.example","line":"3.1","baseline":"b1","search":"x"}""")]
    [InlineData("accounts", """{"name":"mass","password":"correct horse battery","role":"viewer","passwordHash":"x"}""")]
    [InlineData("accounts", """{"name":"mass","password":"correct horse battery","role":"viewer","stamp":"x"}""")]
    [InlineData("accounts", """{"name":"mass","password":"correct horse battery","role":"viewer","identity":"x"}""")]
    [InlineData("accounts", """{"name":"mass","password":"correct horse battery","role":"root"}""")]
    [InlineData("tokens", """{"name":"mass","scope":"viewer","days":1,"accountId":1}""")]
    [InlineData("tokens", """{"name":"mass","scope":"viewer","days":1,"expiresAt":"2099-01-01T00:00:00Z"}""")]
    public async Task What_is_not_the_callers_to_say_is_refused(string path, string body)
    {
        using var content = Json(body);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As("admin").SendAsync("POST", path, content)).Status);
        await using var db = site.Open();
        Assert.False(await db.GetTable<Customer>().AnyAsync(c => c.Name == "Mass", Cancellation));
        Assert.False(await db.GetTable<DeploymentTask>().AnyAsync(t => t.Name == "Mass", Cancellation));
        Assert.False(await db.GetTable<Account>().AnyAsync(a => a.Name == "mass", Cancellation));
        Assert.False(await db.GetTable<ApiToken>().AnyAsync(t => t.Name == "mass", Cancellation));
    }

    [Fact]
    public async Task A_body_without_end_is_refused_everywhere_and_the_service_lives()
    {
        foreach (var path in Endless)
        {
            using var said = Json("{\"name\":\"" + new string('x', 3 << 20) + "\"}");
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await site.As("admin").SendAsync("POST", path, said)).Status);
        }

        using var form = new FormUrlEncodedContent([new("name", new string('x', 3 << 20))]);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As(null).SendAsync("POST", "/sign-in", form)).Status);
        using var many = new FormUrlEncodedContent(Enumerable.Range(0, 20_000).Select(n => new KeyValuePair<string, string>($"k{n}", "")));
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As(null).SendAsync("POST", "/sign-in", many)).Status);
        await LivesAsync();
    }

    /// <summary>Its length is not told beforehand.</summary>
    [Fact]
    public async Task A_body_in_pieces_without_end_is_refused_as_well()
    {
        using var content = new StreamContent(new Endlessness(64 << 20));
        content.Headers.ContentType = new("application/json");
        HttpStatusCode? status;
        try
        {
            status = (await site.As("admin").SendAsync("POST", "customers", content)).Status;
        }
        catch (HttpRequestException)
        {
            status = null; // the connection was closed while the body was still coming
        }

        Assert.True(status is null or HttpStatusCode.RequestEntityTooLarge, status.ToString());
        await LivesAsync();
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{\"variables\":", 50_000)]
    [InlineData("{\"name\":", 5_000)]
    public async Task JSON_without_bottom_is_refused(string opening, int times)
    {
        using var content = Json(string.Concat(Enumerable.Repeat(opening, times)));
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As("engineer").SendAsync("POST", "tasks", content)).Status);
        await LivesAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"name\":5}")]
    [InlineData("{\"name\":\"a\",}")]
    [InlineData("{\"name\":\"a\"")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"name\":\"a\",\"version\":99999999999999}")]
    [InlineData("{\"name\":\"a\\u0000b\"}")]
    [InlineData("{\"name\":\"a\\r\\nb\"}")]
    public async Task Malformed_JSON_is_refused(string body)
    {
        using var content = Json(body);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As("engineer").SendAsync("POST", "customers", content)).Status);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_and_other_kinds_of_content_are_refused()
    {
        using var bytes = new ByteArrayContent([.. "{\"name\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);
        bytes.Headers.ContentType = new("application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As("engineer").SendAsync("POST", "customers", bytes)).Status);
        foreach (var kind in (string[])["text/plain", "application/xml", "application/x-www-form-urlencoded"])
        {
            using var other = new StringContent("""{"name":"Other kind"}""", Encoding.UTF8, new MediaTypeHeaderValue(kind));
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await site.As("engineer").SendAsync("POST", "customers", other)).Status);
        }
    }

    private async Task LivesAsync() => Assert.Equal(HttpStatusCode.OK, (await site.As(null).GetAsync("/health")).Status);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private sealed class Endlessness(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(_left, count);
            buffer.AsSpan(offset, read).Fill((byte)' ');
            _left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

public sealed class BodiesOnSqlite(SqliteSite site) : BodyTests(site), IClassFixture<SqliteSite>;

public sealed class BodiesOnMariaDb(MariaDbSite site) : BodyTests(site), IClassFixture<MariaDbSite>;
