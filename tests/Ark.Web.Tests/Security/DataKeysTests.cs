using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ark.Panama;
using Ark.Web.Accounts;
using Ark.Web.Data;
using Ark.Web.Tests.Hosts;
using LinqToDB.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ark.Web.Tests.Security;

/// <summary>The keys with which cookies are made.</summary>
public sealed class DataKeysTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-keys-");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_a_certificate_the_database_alone_makes_no_cookies(bool certified)
    {
        string[] certificate = certified ? ["--DataKeys:Certificate", Certificate()] : [];
        string cookie;
        await using (var host = await StartAsync(certificate))
        {
            await new Caller(host.Urls.First(), null).PostAsync("set-up", new { name = "admin", password = PanamaSite.Password, code = host.Services.GetRequiredService<SetUpCode>().Text });
            cookie = (await Browser.SignInAsync(host.Urls.First(), "admin", "/")).Cookies;
            await using var db = host.Services.GetRequiredService<Database>().Open();
            var xml = string.Concat(db.Query<string>("SELECT xml FROM data_keys"));
            Assert.Equal((certified, !certified), (xml.Contains("EncryptedData", StringComparison.Ordinal), xml.Contains("<masterKey", StringComparison.Ordinal)));
        }

        await using (var again = await StartAsync(certificate))
            Assert.Equal(HttpStatusCode.OK, await MeAsync(again, cookie));
        await using var thief = await StartAsync([]); // the same database, without the certificate
        Assert.Equal(certified ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, await MeAsync(thief, cookie));
    }

    private static async Task<HttpStatusCode> MeAsync(WebApplication host, string cookie) =>
        (await new Caller(host.Urls.First(), null).SendAsync("GET", "me", cookie: cookie)).Status;

    private async Task<WebApplication> StartAsync(string[] arguments)
    {
        var app = PanamaHost.Build(["--urls", "http://127.0.0.1:0", "--ConnectionStrings:Ark", $"Data Source={_folder.FullName}/panama.db", .. arguments]);
        app.Migrate();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>One that ended long ago: it serves as a pair of keys.</summary>
    private string Certificate()
    {
        using var key = RSA.Create(2048);
        var end = DateTimeOffset.UtcNow.AddDays(-1);
        using var made = new CertificateRequest("CN=panama", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(end.AddDays(-1), end);
        var file = Path.Combine(_folder.FullName, "keys.pem");
        File.WriteAllText(file, made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return file;
    }
}
