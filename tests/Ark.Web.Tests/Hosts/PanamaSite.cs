using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Ark.Panama;
using Ark.Testing;
using Ark.Web.Accounts;
using Ark.Web.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ark.Web.Tests.Hosts;

/// <summary>A running Panama on 127.0.0.1 with a database of its own, one account a role, and two customers of whom the outsider sees neither.</summary>
public abstract class PanamaSite : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly Dictionary<string, string> _tokens = [];
    private WebApplication? _app;

    public MovableTime Time { get; } = new();

    public WebApplication App => _app ?? throw new InvalidOperationException("Not started.");

    public string Url => App.Urls.First();

    protected abstract Task<string> ConnectionAsync();

    /// <summary>What the configuration holds besides.</summary>
    protected virtual IEnumerable<string> Arguments => [];

    public async ValueTask InitializeAsync()
    {
        _app = PanamaHost.Build(["--urls", "http://127.0.0.1:0", "--ConnectionStrings:Ark", await ConnectionAsync(), "--Catalog", Path.Combine(Clone.Root, "catalog"), .. Arguments], Time);
        _app.Migrate();
        await _app.StartAsync();
        await As(null).PostAsync("set-up", new { name = "admin", password = Password, code = App.Services.GetRequiredService<SetUpCode>().Text });
        var admin = await SignedInAsync("admin");
        await admin.PostAsync("customers", new { name = "Shop" });
        foreach (var (name, role, all) in (IEnumerable<(string, string, bool)>)[("viewer", "viewer", true), ("engineer", "engineer", true), ("outsider", "engineer", false)])
        {
            await admin.PostAsync("accounts", new { name, role, allCustomers = all, password = Password });
            await SignedInAsync(name);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_app is { } app)
            await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public ArkDb Open() => App.Services.GetRequiredService<Database>().Open();

    /// <summary>The API as seen by an account that signed in; null: by nobody.</summary>
    public Caller As(string? account) => new(Url, account is null ? null : _tokens[account]);

    public async Task<Caller> SignedInAsync(string account, string password = Password)
    {
        var answer = await As(null).PostAsync("sign-in", new { name = account, password });
        _tokens[account] = answer.Json.GetProperty("token").GetString()!;
        return As(account);
    }
}

/// <summary>Panama on a new SQLite file.</summary>
public sealed class SqliteSite : PanamaSite
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-panama-");

    protected override Task<string> ConnectionAsync() => Task.FromResult($"Data Source={_folder.FullName}/panama.db");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}

/// <summary>Panama on a new database of a real MariaDB.</summary>
public sealed class MariaDbSite(MariaDb server) : PanamaSite
{
    protected override Task<string> ConnectionAsync() => server.NewDatabaseAsync();
}

/// <summary>What came back.</summary>
public sealed record Reply(HttpStatusCode Status, string Body, Uri? Location)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Code => Json.GetProperty("code").GetString()!;

    /// <summary>The fields at which something is wrong.</summary>
    public IReadOnlyList<string> Fields => [.. Json.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("place").GetString()!)];

    public long Id => Json.GetProperty("id").GetInt64();

    public int Version => Json.GetProperty("version").GetInt32();
}

/// <summary>Calls the API with a token, or without.</summary>
public sealed class Caller(string url, string? token)
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public Task<Reply> GetAsync(string path) => SendAsync("GET", path);

    public Task<Reply> PostAsync(string path, object body) => SendAsync("POST", path, JsonContent.Create(body));

    public Task<Reply> PutAsync(string path, object body) => SendAsync("PUT", path, JsonContent.Create(body));

    /// <summary>A file, which must come under its name and with its type.</summary>
    public async Task<byte[]> DownloadAsync(string path, string type, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}{WebHost.Api}/{path}") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(("attachment", name), (response.Content.Headers.ContentDisposition?.DispositionType, response.Content.Headers.ContentDisposition?.FileName?.Trim('"')));
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    /// <param name="path">Under the API, or from the root if it begins with a slash.</param>
    public async Task<Reply> SendAsync(string method, string path, HttpContent? content = null, string? cookie = null)
    {
        using var request = new HttpRequestMessage(new(method), path.StartsWith('/') ? url + path : $"{url}{WebHost.Api}/{path}") { Content = content };
        request.Headers.ExpectContinue = content is not null; // a body that is refused need not be sent
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers.Location);
    }
}
