using System.Security.Cryptography;
using Ark.Core;
using Ark.Core.Sites;
using Ark.Remote.Docker;
using Ark.Remote.Execution;
using Ark.Remote.Ssh;
using Ark.Remote.Swarm;
using Docker.DotNet;

namespace Ark.Console.Sites;

/// <summary>A site that the console works on: its properties, and a connection to every machine that can be reached.</summary>
public sealed class Session : IAsyncDisposable
{
    private readonly Dictionary<string, DockerClient> _clients = [];
    private readonly Lock _lock = new();

    private Session(SiteFolder folder, Site site, Machines machines) => (Folder, Site, Machines) = (folder, site, machines);

    public SiteFolder Folder { get; }

    public Site Site { get; }

    /// <summary>Every machine, the client first, with its shell or the reason why there is none.</summary>
    public Machines Machines { get; }

    /// <summary>Machines that answered, by address.</summary>
    public IReadOnlyDictionary<string, IRemoteShell> Shells => Machines.Reached.ToDictionary(s => s.Address.Host, IRemoteShell (s) => s);

    /// <summary>Those that did not, with the reason; and host keys recorded at first contact.</summary>
    public IReadOnlyList<Problem> Unreached => Machines.Problems;

    /// <summary>The properties, or all that is wrong with them.</summary>
    public static Outcome<Site> ReadSite(SiteFolder folder)
    {
        if (!File.Exists(folder.Properties))
            return Outcome<Site>.Fail(new Problem("no-properties", folder.Properties, "There is no such file.", "run ark in the folder that was carried to the site, or name it: --site DIR"));
        var place = Path.GetRelativePath(folder.Root, folder.Properties);
        var text = TextFile.Read(folder.Properties, place, PropertiesText.MaxBytes);
        return text.Ok ? SiteReader.Read(text.Value, place) : Outcome<Site>.Fail(text.Problems);
    }

    /// <summary>The console's key.</summary>
    /// <param name="make">Makes one where there is none; otherwise that is a problem.</param>
    public static Outcome<SshKey> Key(SiteFolder folder, bool make)
    {
        if (!make && !File.Exists(folder.Key))
            return Outcome<SshKey>.Fail(new Problem("not-prepared", folder.Key, "The console has no key for the machines yet.", "ark prepare"));
        try
        {
            return Outcome<SshKey>.Of(make ? SshKey.LoadOrGenerate(folder.Key, "ark") : SshKey.Load(folder.Key));
        }
        catch (CryptographicException)
        {
            return Outcome<SshKey>.Fail(new Problem("bad-key", folder.Key, "The file holds no key of the console's.", $"mv {folder.Key} {folder.Key}.bad && ark prepare"));
        }
    }

    /// <summary>What a command ends with that could not open the site: the fault is in the folder, or no machine was reached.</summary>
    public static int ExitCodeOf(Outcome<Session> failed) =>
        failed.Problems.Any(p => p.Code.StartsWith("ssh-", StringComparison.Ordinal)) ? ExitCode.Failed : ExitCode.Usage;

    /// <summary>Connects with the console's key to all machines at once; one that does not answer is a warning as long as another does.</summary>
    public static async Task<Outcome<Session>> OpenAsync(SiteFolder folder, CancellationToken cancellation)
    {
        var opened = await ConnectAsync(folder, null, cancellation);
        if (!opened.Ok || opened.Value.Machines.Reached.Any()) return opened;
        await using (opened.Value) return Outcome<Session>.Fail(opened.Value.Unreached);
    }

    /// <summary>As <see cref="OpenAsync"/>; that no machine was reached is no failure here.</summary>
    /// <param name="reached">Told each machine as its attempt ends.</param>
    /// <param name="requireSudo">A machine whose login cannot become root counts as not reached; false: whoever runs something as root sees it then, and a round trip is saved.</param>
    public static async Task<Outcome<Session>> ConnectAsync(SiteFolder folder, IProgress<MachineConnection>? reached, CancellationToken cancellation, SshOptions? options = null, bool requireSudo = true)
    {
        var site = ReadSite(folder);
        if (!site.Ok) return Outcome<Session>.Fail(site.Problems);
        var key = Key(folder, make: false);
        if (!key.Ok) return Outcome<Session>.Fail(key.Problems);
        var machines = await Machines.ConnectAsync(
            Addresses(site.Value), Login.WithKey(site.Value.MachineUser, key.Value), new HostKeys(folder.KnownHosts), options ?? new SshOptions(), requireSudo, reached, cancellation);
        return Outcome<Session>.Of(new(folder, site.Value, machines), site.Problems);
    }

    /// <summary>The client first, then the others.</summary>
    public static IReadOnlyList<MachineAddress> Addresses(Site site) =>
        [.. new[] { site.ClientAddress }.Concat(site.Machines.Select(m => m.Address)).Distinct().Select(a => new MachineAddress(a.ToString(), site.SshPort))];

    /// <summary>The Docker API of a machine that was reached.</summary>
    /// <exception cref="StepException">It was not reached.</exception>
    public DockerClient Docker(string machine)
    {
        lock (_lock)
        {
            if (_clients.TryGetValue(machine, out var client)) return client;
            if (!Shells.TryGetValue(machine, out var shell)) throw new StepException($"The machine {machine} cannot be reached.");
            return _clients[machine] = DockerOverSsh.CreateClient(shell);
        }
    }

    public EngineOf Engines => (machine, _) => Task.FromResult<IEngine>(new DockerEngine(Docker(machine), machine));

    /// <summary>Machine to the names of its volumes; a machine that does not answer is left out, with a warning.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> VolumesAsync(CancellationToken cancellation)
    {
        var lists = await Task.WhenAll(Shells.Keys.Select(async machine =>
        {
            try
            {
                return (Machine: machine, Names: await (await Engines(machine, cancellation)).ListVolumesAsync(cancellation));
            }
            catch (Exception failure) when (failure is SwarmException or StepException)
            {
                Talk.Say($"warning: the volumes of {machine} are not seen: {failure.Message}");
                return (machine, []);
            }
        }));
        return lists.ToDictionary(l => l.Machine, l => l.Names);
    }

    /// <summary>The Swarm through the first manager that answers; null where no machine is a manager.</summary>
    /// <param name="last">A machine that is to leave: asked only where no other answers.</param>
    public async Task<ISwarm?> FindSwarmAsync(CancellationToken cancellation, string? last = null) =>
        await FindManagerAsync(cancellation, last) is { } manager ? new DockerSwarm(Docker(manager)) : null;

    /// <summary>The first machine that answers as a manager, the client before others.</summary>
    /// <param name="last">As for <see cref="FindSwarmAsync"/>.</param>
    public async Task<string?> FindManagerAsync(CancellationToken cancellation, string? last = null)
    {
        foreach (var machine in Machines.Reached.Select(s => s.Address.Host).OrderBy(m => m == last))
        {
            try
            {
                if ((await Docker(machine).System.GetSystemInfoAsync(cancellation)).Swarm?.ControlAvailable == true) return machine;
            }
            catch (Exception failure) when (failure is RemoteException or DockerApiException or HttpRequestException)
            {
                // No Docker there, or not now: the next machine may be a manager.
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values) client.Dispose();
        await Machines.DisposeAsync();
    }
}
