using System.Diagnostics;

namespace Ark.Tests.Docker;

/// <summary>A real dockerd on a socket in a folder of its own, without networks and rules of its own, with one small image. Gone with the object.</summary>
public sealed class TestDockerd : IAsyncDisposable
{
    /// <summary>An image with <c>sh</c>, <c>cat</c>, <c>sleep</c> and <c>seq</c>.</summary>
    public const string Image = "ark-test:1";

    private readonly Process _process;

    private TestDockerd(Process process, string folder) => (_process, Folder) = (process, folder);

    /// <summary>Why no dockerd can be started here; null when one can.</summary>
    public static string? Missing =>
        Environment.UserName != "root" ? "dockerd needs root"
        : !OnPath("dockerd") || !OnPath("docker") || !OnPath("containerd") ? "no dockerd: apt-get install docker.io"
        : null;

    public string Folder { get; }

    /// <summary>As <c>DOCKER_HOST</c> takes it.</summary>
    public string Host => $"unix://{Folder}/docker.sock";

    public static async Task<TestDockerd> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("ark-dockerd-").FullName;
        var start = new ProcessStartInfo("/bin/sh", ["-c",
            $"exec dockerd --bridge none --iptables=false --ip-forward=false --data-root {folder}/data --exec-root {folder}/exec -p {folder}/pid "
            + $"-H unix://{folder}/docker.sock >{folder}/log 2>&1"]);
        var dockerd = new TestDockerd(Process.Start(start)!, folder);
        try
        {
            for (var tries = 0; !File.Exists($"{folder}/docker.sock") || !await dockerd.AnswersAsync(); tries++)
            {
                if (dockerd._process.HasExited || tries == 300)
                    throw new InvalidOperationException("dockerd did not start: " + await File.ReadAllTextAsync($"{folder}/log"));
                await Task.Delay(100);
            }
            await dockerd.ImportAsync();
            return dockerd;
        }
        catch
        {
            await dockerd.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await ShAsync($"kill {_process.Id}");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
        await ShAsync($"rm -rf {Folder}");
    }

    private async Task ImportAsync()
    {
        // Debian's own programs with what they link to: no image can be pulled in a test.
        var (code, said) = await ShAsync($$"""
            set -e
            r={{Folder}}/rootfs; mkdir -p $r/bin
            for b in sh cat sleep seq; do
              p=$(readlink -f "$(command -v $b)")
              for f in $p $(ldd $p | grep -o '/[^ ]*'); do mkdir -p "$r/$(dirname $f)"; cp -L $f $r/$f; done
              test -e $r/bin/$b || ln -s $p $r/bin/$b
            done
            tar -C $r -c . | DOCKER_HOST={{Host}} docker import - {{Image}}
            """);
        if (code != 0)
            throw new InvalidOperationException("The test's image could not be made: " + said);
    }

    private async Task<bool> AnswersAsync() => (await ShAsync($"DOCKER_HOST={Host} docker version")).Code == 0;

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<(int Code, string Said)> ShAsync(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec 2>&1; {script}"]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}
