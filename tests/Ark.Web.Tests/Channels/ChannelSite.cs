using Ark.Web.Tests.Hosts;

namespace Ark.Web.Tests.Channels;

/// <summary>Panama with something to send to: loopback is allowed, and the mail server's certificate is trusted.</summary>
public abstract class ChannelSite : PanamaSite
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-channels-");

    public HttpSink Http { get; } = new();

    public MailSink Mail { get; } = new();

    protected string Folder => _folder.FullName;

    protected override IEnumerable<string> Arguments =>
        ["--Channels:AllowedNetworks", "127.0.0.0/8, ::1/128", "--Channels:TrustedCertificates", Path.Combine(Folder, "roots.pem")];

    protected override async Task<string> ConnectionAsync()
    {
        await Http.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "roots.pem"), Mail.Pem);
        return await DatabaseAsync();
    }

    protected abstract Task<string> DatabaseAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Http.DisposeAsync();
        Mail.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteChannelSite : ChannelSite
{
    protected override Task<string> DatabaseAsync() => Task.FromResult($"Data Source={Folder}/panama.db");
}

public sealed class MariaDbChannelSite(MariaDb server) : ChannelSite
{
    protected override Task<string> DatabaseAsync() => server.NewDatabaseAsync();
}
