namespace Ark.Web.Tests.Hosts;

/// <summary>A Panama that reads repositories from a folder of its own.</summary>
public abstract class GitSite : PanamaSite
{
    private int _repositories;

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("ark-git-");

    public string Repositories => Path.Combine(Folder.FullName, "repositories");

    public string Mirrors => Path.Combine(Folder.FullName, "mirrors");

    protected override IEnumerable<string> Arguments => ["--Git:Folder", Mirrors, "--Git:LocalFolder", Repositories, "--Catalog", Path.Combine(Ark.Testing.Clone.Root, "catalog")];

    public GitRepository NewRepository() => new(Path.Combine(Repositories, $"r{Interlocked.Increment(ref _repositories)}"));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>On a new SQLite file.</summary>
public sealed class SqliteGitSite : GitSite
{
    protected override Task<string> ConnectionAsync() => Task.FromResult($"Data Source={Folder.FullName}/panama.db");
}

/// <summary>On a new database of a real MariaDB.</summary>
public sealed class MariaDbGitSite(MariaDb server) : GitSite
{
    protected override Task<string> ConnectionAsync() => server.NewDatabaseAsync();
}
