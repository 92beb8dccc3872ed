using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>One machine after an attempt to connect: a shell, or the problems that prevented it.</summary>
public sealed record MachineConnection(MachineAddress Address, Outcome<SshShell> Shell);

/// <summary>
/// The shells of a site's machines, connected in parallel. A machine that cannot be reached does not keep the others waiting
/// longer than the deadline of one connection.
/// </summary>
public sealed class Machines : IAsyncDisposable
{
    private readonly Dictionary<string, SshShell> _byHost;

    private Machines(IReadOnlyList<MachineConnection> all)
    {
        All = all;
        _byHost = all.Where(m => m.Shell.Ok).ToDictionary(m => m.Address.Host, m => m.Shell.Value!);
    }

    /// <summary>Every machine, in the order asked for.</summary>
    public IReadOnlyList<MachineConnection> All { get; }

    /// <summary>The shells of the machines that were reached, in the order asked for.</summary>
    public IEnumerable<SshShell> Reached => All.Select(m => m.Shell.Value).OfType<SshShell>();

    /// <summary>Everything that went wrong, machine after machine, and a warning for every host key that was recorded.</summary>
    public IReadOnlyList<Problem> Problems => [.. All.SelectMany(m => m.Shell.Problems)];

    /// <summary>True when every machine was reached.</summary>
    public bool Complete => All.All(m => m.Shell.Ok);

    /// <summary>The shell of a machine that was reached.</summary>
    /// <exception cref="KeyNotFoundException">It is none of the machines, or was not reached.</exception>
    public SshShell this[string host] =>
        _byHost.TryGetValue(host, out var shell) ? shell : throw new KeyNotFoundException($"The machine {host} is not connected.");

    /// <summary>Connects to all machines, to many at once; the deadline of a connection begins with its turn.</summary>
    /// <param name="addresses">Each host once.</param>
    /// <param name="requireSudo">A machine whose login cannot become root without a password counts as not reached.</param>
    /// <param name="reached">Told each machine as its attempt ends.</param>
    public static async Task<Machines> ConnectAsync(
        IReadOnlyCollection<MachineAddress> addresses,
        Login login,
        HostKeys hostKeys,
        SshOptions options,
        bool requireSudo,
        IProgress<MachineConnection>? reached,
        CancellationToken cancellationToken)
    {
        PoolThreads.KeepReady(addresses.Count);
        List<MachineAddress> all = [.. addresses];
        var machines = new MachineConnection?[all.Count];
        try
        {
            await Parallel.ForAsync(0, all.Count, new ParallelOptions { MaxDegreeOfParallelism = options.MachinesAtOnce }, ConnectOneAsync).ConfigureAwait(false);
            return new Machines([.. machines.Select(m => m!)]);
        }
        catch
        {
            foreach (var machine in machines)
                if (machine?.Shell.Value is { } shell)
                    await shell.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        async ValueTask ConnectOneAsync(int place, CancellationToken _)
        {
            var shell = await SshShell.ConnectAsync(all[place], login, hostKeys, options, requireSudo, cancellationToken).ConfigureAwait(false);
            var machine = new MachineConnection(all[place], shell);
            machines[place] = machine;
            reached?.Report(machine);
        }
    }

    /// <summary>Runs one piece of work on every machine that was reached, all at once; the results are in the order of <see cref="Reached"/>.</summary>
    public async Task<IReadOnlyList<T>> OnEachAsync<T>(Func<SshShell, Task<T>> work) =>
        await Task.WhenAll(Reached.Select(work)).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        foreach (var shell in Reached)
            await shell.DisposeAsync().ConfigureAwait(false);
    }
}
