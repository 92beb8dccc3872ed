using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>The program itself, as it was built, with a new SQLite file and no account yet.</summary>
public sealed class PanamaProgram : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-panama-");
    private PanamaProcess? _process;

    public PanamaProcess Process => _process ?? throw new InvalidOperationException("Not started.");

    public string Url => Process.Url;

    public string SetUpCode => Process.SetUpCode;

    public async ValueTask InitializeAsync() => _process = await PanamaProcess.StartAsync(_folder.FullName);
    /// <summary>The folder from which it reads repositories.</summary>
    public string Repositories => Path.Combine(_folder.FullName, "repositories");

    public async ValueTask InitializeAsync()
    {
        var built = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Clone.Root, "src/Ark.Panama/bin", built, "net10.0/ark-panama.dll"), "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardError = true, WorkingDirectory = _folder.FullName,
            Environment = { ["ARK_ROOT"] = _folder.FullName, ["ASPNETCORE_ENVIRONMENT"] = "Development", // files of libraries are served from where they are
                            ["Catalog"] = Path.Combine(Clone.Root, "catalog"), ["Git__LocalFolder"] = Repositories },
        };
        _process = Process.Start(start)!;
        var listens = new TaskCompletionSource<string>();
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text && Listening().Match(text) is { Success: true } match)
                listens.TrySetResult(match.Groups[1].Value);
        };
        _process.BeginErrorReadLine();
        Url = await listens.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
