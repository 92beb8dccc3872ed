using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>The program itself, as it was built, with a new SQLite file and no account yet.</summary>
public class PanamaProgram : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-panama-");
    private PanamaProcess? _process;

    public PanamaProcess Process => _process ?? throw new InvalidOperationException("Not started.");

    public string Url => Process.Url;

    public string SetUpCode => Process.SetUpCode;

    /// <summary>The folder from which it reads repositories.</summary>
    public string Repositories => Path.Combine(_folder.FullName, "repositories");

    public async ValueTask InitializeAsync() => _process = await PanamaProcess.StartAsync(_folder.FullName, [("Git__LocalFolder", Repositories), .. await SettingsAsync()]);

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What the program is told besides, by environment.</summary>
    protected virtual Task<IEnumerable<(string Name, string Value)>> SettingsAsync() => Task.FromResult<IEnumerable<(string, string)>>([]);
}

/// <summary>The same on a new database of a real MariaDB.</summary>
public sealed class PanamaOnMariaDb(MariaDb server) : PanamaProgram
{
    protected override async Task<IEnumerable<(string Name, string Value)>> SettingsAsync() => [("ConnectionStrings__Ark", await server.NewDatabaseAsync())];
}
