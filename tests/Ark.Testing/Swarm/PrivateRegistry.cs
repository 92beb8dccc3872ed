using System.Diagnostics;

namespace Ark.Testing.Swarm;

/// <summary>A real registry in the network of a <see cref="PrivateSwarm"/>, with a folder of its own.</summary>
public sealed class PrivateRegistry : IAsyncDisposable
{
    private const string Program = "/usr/bin/docker-registry";

    private readonly PrivateSwarm _engine;
    private readonly Process _process;
    private readonly string _folder;

    private PrivateRegistry(PrivateSwarm engine, Process process, string folder) => (_engine, _process, _folder) = (engine, process, folder);

    /// <summary>As the engine reaches it, without TLS since it is its loopback.</summary>
    public string Address => "127.0.0.1:5000";

    public static async Task<PrivateRegistry> StartAsync(PrivateSwarm engine)
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException("Missing: docker-registry. apt-get install docker-registry");
        var folder = Directory.CreateTempSubdirectory("ark-registry-").FullName;
        await File.WriteAllTextAsync($"{folder}/config.yml", $"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {folder}/data}}}}\nhttp: {{addr: '127.0.0.1:5000'}}\n");
        return new(engine, engine.StartInside(Program, "serve", $"{folder}/config.yml"), folder);
    }

    /// <summary>Tags and pushes an image of the engine; gives its digest. Tried until the registry listens.</summary>
    public async Task<string> PushAsync(string image, string name)
    {
        var target = $"{Address}/{name}";
        await _engine.DockerAsync("tag", image, target);
        for (var tries = 0; ; tries++)
        {
            try
            {
                await _engine.DockerAsync("push", "-q", target);
                break;
            }
            catch (InvalidOperationException) when (tries < 50 && !_process.HasExited)
            {
                await Task.Delay(200);
            }
        }

        var digests = await _engine.DockerAsync("image", "inspect", "-f", "{{join .RepoDigests \"\\n\"}}", target);
        return digests.Split('\n').First(d => d.StartsWith(Address, StringComparison.Ordinal)).Split('@')[1].Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
