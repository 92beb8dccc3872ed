using System.Globalization;
using Ark.Core;
using Ark.Core.Checks;
using Ark.Remote.Ssh;

namespace Ark.Remote.Checks;

/// <summary>A machine to ask: a shell, or why there is none.</summary>
/// <param name="Machine">Address as in the properties, without a port.</param>
public sealed record MachineToAsk(string Machine, IRemoteShell? Shell, Problem? Unreached)
{
    /// <summary>Every machine after the attempt to connect, in the same order.</summary>
    public static IReadOnlyList<MachineToAsk> Of(Machines machines) =>
        [.. machines.All.Select(m => new MachineToAsk(m.Address.Host, m.Shell.Value, m.Shell.Ok ? null : m.Shell.Problems.First(p => p.Severity == Severity.Error)))];
}

/// <summary>How long machines may take.</summary>
/// <param name="Each">From the script's sending to its last line.</param>
/// <param name="All">Of the whole round; those that have not answered by then are left.</param>
public sealed record GatherDeadlines(TimeSpan Each, TimeSpan All)
{
    public static GatherDeadlines Default { get; } = Of(TimeSpan.FromSeconds(60));

    /// <summary>For letting Ark in; and once more for the proof that sudo works.</summary>
    public TimeSpan Connect => Each / 2;

    /// <summary>All machines together get half as much again as each.</summary>
    public static GatherDeadlines Of(TimeSpan each) => new(each, each * 1.5);
}

/// <summary>
/// Asks all machines at once, one round trip each. One that is not reached, falls silent or says something else does not stop the others. Cancelled,
/// what runs on the machines is ended, as far as they can be reached.
/// </summary>
public static class GatherFacts
{
    /// <summary>What the machines say of themselves, in their order.</summary>
    /// <param name="told">Hears of each machine as it has answered or failed.</param>
    public static async Task<IReadOnlyList<HostFacts>> AskAsync(
        IReadOnlyList<MachineToAsk> machines, HostFactsQuestion question, GatherDeadlines deadlines, TimeProvider time, IProgress<HostFacts>? told, CancellationToken cancellation)
    {
        var script = HostFactsScript.For(question);
        return await OnAllAsync(machines, deadlines, time, AskOneAsync, cancellation).ConfigureAwait(false);

        async Task<HostFacts> AskOneAsync(MachineToAsk machine, CancellationToken token)
        {
            var sent = time.GetUtcNow();
            var facts = await RunAsync(machine, new RemoteCommand(script) { Sudo = true }, deadlines, token, cancellation).ConfigureAwait(false) switch
            {
                (_, { } problem) => new HostFacts { Machine = machine.Machine, At = sent, Unreached = problem },
                ({ } result, _) when HostFactsReader.IsAnswer(result.Output) => HostFactsReader.Read(question, machine.Machine, result.Output, sent, time.GetUtcNow()),
                var (result, _) => new HostFacts { Machine = machine.Machine, At = sent, Unreached = NoAnswer(machine.Machine, result!) },
            };
            told?.Report(facts);
            return facts;
        }
    }

    /// <summary>Tries the ports of every machine from every other that has a shell. What a machine could not try is left out.</summary>
    /// <param name="ports">By the machine on which they should be free to reach.</param>
    public static async Task<IReadOnlyList<PortProbe>> ProbeAsync(
        IReadOnlyList<MachineToAsk> machines, IReadOnlyDictionary<string, IReadOnlyList<int>> ports, GatherDeadlines deadlines, TimeProvider time, CancellationToken cancellation)
    {
        var probes = await OnAllAsync(machines, deadlines, time, ProbeOneAsync, cancellation).ConfigureAwait(false);
        return [.. probes.SelectMany(p => p)];

        async Task<IReadOnlyList<PortProbe>> ProbeOneAsync(MachineToAsk machine, CancellationToken token)
        {
            List<PortTarget> targets =
                [.. machines.Where(m => m.Machine != machine.Machine).SelectMany(m => ports.GetValueOrDefault(m.Machine, []).Distinct().Order().Select(port => new PortTarget(m.Machine, port)))];
            if (targets.Count == 0) return [];
            var (result, _) = await RunAsync(machine, new RemoteCommand($"bash -c {Sh.Quote(PortProbeScript.Script)}").WithInput(PortProbeScript.Input(targets)), deadlines, token, cancellation).ConfigureAwait(false);
            return result is null ? [] : PortProbeScript.Read(machine.Machine, targets, result.Output);
        }
    }

    private static async Task<T[]> OnAllAsync<T>(
        IReadOnlyList<MachineToAsk> machines, GatherDeadlines deadlines, TimeProvider time, Func<MachineToAsk, CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var all = new CancellationTokenSource(deadlines.All, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(all.Token, cancellation);
        return await Task.WhenAll(machines.Select(machine => ask(machine, either.Token))).ConfigureAwait(false);
    }

    /// <summary>A result, or the problem that kept it from coming; cancellation of the caller's own throws.</summary>
    private static async Task<(CommandResult? Result, Problem? Problem)> RunAsync(
        MachineToAsk machine, RemoteCommand command, GatherDeadlines deadlines, CancellationToken either, CancellationToken cancellation)
    {
        if (machine.Shell is null)
            return (null, machine.Unreached ?? new Problem("ssh-failed", machine.Machine, "The machine was not reached.", "ark prepare"));
        try
        {
            return (await machine.Shell.RunAsync(command with { Deadline = deadlines.Each }, either).ConfigureAwait(false), null);
        }
        catch (RemoteException failure)
        {
            return (null, failure.Problem);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var seconds = deadlines.All.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            return (null, new Problem("gather-deadline", machine.Machine, $"The machine had not answered when the time for all of them, {seconds} s, was over.", "look at the machine's load and disks, then run it again"));
        }
    }

    private static Problem NoAnswer(string machine, CommandResult result)
    {
        var said = (result.Output + "\n" + result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("nothing");
        return new("gather-no-answer", machine, $"The login does not run commands: it said '{(said.Length <= 120 ? said : said[..120] + "…")}' and ended with {result.ExitCode}.", "give the account a shell: chsh -s /bin/sh");
    }
}
