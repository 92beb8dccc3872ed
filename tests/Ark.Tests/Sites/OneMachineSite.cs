using System.Diagnostics;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Planning;
using Ark.Core.Secrets;
using Ark.Remote.Images;
using Ark.Remote.State;
using Ark.Remote.Swarm;
using Ark.Testing.Ssh;
using Ark.Testing.Swarm;
using Xunit;

namespace Ark.Tests.Sites;

/// <summary>
/// A site of one machine: this computer in a network of its own, with a real sshd and a real Swarm of its own, and the folder that is carried to a
/// site. The program itself is run there, as people would; the base of this computer is never touched.
/// </summary>
public sealed class OneMachineSite : IAsyncLifetime
{
    public const string Machine = "10.99.0.1";

    private const string Words = "correct horse battery";

    private readonly string _folder = Directory.CreateTempSubdirectory("ark-site-").FullName;
    private PrivateSwarm? _engine;
    private TestSshd? _sshd;
    private Process? _listener;

    public PrivateSwarm Engine => _engine!;

    public DockerSwarm Swarm { get; private set; } = null!;

    public string TaskFile => Path.Combine(_folder, "tasks", "task_527", "task.yaml");

    public string PathOf(string name) => Path.Combine(_folder, name);

    public static string TaskText(int count) => $"schema: 1\nid: \"527\"\nbaseline: open-3.1\ncomponents:\n  store: {{count: {count}}}\n";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestSshd.Missing is not null, TestSshd.Missing ?? "");
        var cancel = TestContext.Current.CancellationToken;
        _engine = await PrivateSwarm.StartAsync();
        using (var address = _engine.StartInside("ip", "addr", "add", Machine + "/32", "dev", "lo")) await address.WaitForExitAsync(cancel);

        // The same sshd once more, in the network in which its second address is there.
        _sshd = await TestSshd.StartAsync(settings: ["ListenAddress " + Machine], environment: [$"DOCKER_HOST=unix://{_engine.Socket}"]);
        await _sshd.StopAsync();
        _listener = _engine.StartInside(TestSshd.Program, "-D", "-e", "-f", Path.Combine(_sshd.Folder, "sshd_config"));
        Swarm = new(_engine.Client);
        var node = (await _engine.DockerAsync("node", "ls", "-q")).Trim();
        await _engine.DockerAsync("node", "update", "--label-add", $"{ArkLabels.Machine}={Machine}", "--label-add", $"{ArkLabels.Disk}={100L << 30}", node);
        await (await OpenStoreAsync()).CreateAsync(cancel);
        WriteProperties("mode=vm");
        foreach (var (path, text) in SampleCatalogue.Files) Write("catalog/" + path, text);
        await ImageIndex.Empty.With("store", new ImagePin("1", "sha256:" + new string('1', 64))).WriteAsync(Path.Combine(_folder, "catalog/open-3.1"), cancel);
        Directory.CreateDirectory(Path.Combine(_folder, "images"));
        Directory.CreateDirectory(Path.Combine(_folder, "var/ssh"));
        _sshd.Key.Save(Path.Combine(_folder, "var/ssh/id"));
        Write("tasks/task_527/task.yaml", TaskText(1));
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
        {
            _listener.Kill(entireProcessTree: true);
            await _listener.WaitForExitAsync();
            _listener.Dispose();
        }

        if (_sshd is not null) await _sshd.DisposeAsync();
        if (_engine is not null) await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The site's state, as a console that starts now finds it.</summary>
    public async Task<SiteStore> OpenStoreAsync() =>
        (await SiteStore.OpenAsync(Swarm, new KeyRing(new Secret(Words)), TimeProvider.System, TestContext.Current.CancellationToken)).Value!;

    /// <param name="mode">The line of the mode, and those that only it has.</param>
    public void WriteProperties(string mode) => Write("bin/ark.properties", $"""
        schema=1
        {mode}
        aliware_version=3.1.0
        domain=shop.example
        machine_ips={Machine}
        client_ip={Machine}
        machine_user={Environment.UserName}
        ssh_port={_sshd!.Port}
        docker_dir=/var/lib/docker
        registry_dir={_folder}/registry
        ntp_server=10.0.0.1
        internet=no

        """);

    public async Task<(int Exit, string Out, string Error)> ArkAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("nsenter", ["--net=" + Engine.Network, Path.Combine(AppContext.BaseDirectory, "ark"), .. arguments, "--site", _folder])
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["ARK_PASSPHRASE"] = Words;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);
    }

    public void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
