using System.Globalization;
using Ark.Core;
using Ark.Core.Checks;
using Ark.Remote.Ssh;

namespace Ark.Remote.Checks;

/// <summary>A machine to ask: a shell, or why there is none.</summary>
/// <param name="Machine">Address as in the properties, without a port.</param>
public sealed record MachineToAsk(string Machine, IRemoteShell? Shell, Problem? Unreached)
{
    /// <summary>Of the login, for what is said where it cannot become root.</summary>
    public string User { get; init; } = "";

    /// <summary>Every machine after the attempt to connect, in the same order.</summary>
    public static IReadOnlyList<MachineToAsk> Of(Machines machines) =>
    [
        .. machines.All.Select(m => new MachineToAsk(m.Address.Host, m.Shell.Value, m.Shell.Ok ? null : m.Shell.Problems.First(p => p.Severity == Severity.Error))
        {
            User = m.Shell.Value?.User ?? "",
        }),
    ];
}

/// <summary>How long machines may take, and how many take their turn at once.</summary>
/// <param name="Each">From the machine's turn, when its script is sent, to the script's last line.</param>
/// <param name="All">Of a round in which all have their turn at once. On a larger site as many times as long as turns follow each other; those that have not answered by then are left.</param>
public sealed record GatherDeadlines(TimeSpan Each, TimeSpan All)
{
    public static GatherDeadlines Default { get; } = Of(TimeSpan.FromSeconds(60));

    /// <summary>For letting Ark in.</summary>
    public TimeSpan Connect => Each / 2;

    /// <summary>All machines together get half as much again as each.</summary>
    public static GatherDeadlines Of(TimeSpan each) => new(each, each * 1.5);

    /// <summary>Each takes a session and the memory for its answer while it is asked.</summary>
    public int AtOnce { get; init; } = SshOptions.DefaultMachinesAtOnce;

    /// <summary>Of a whole round over so many machines.</summary>
    public TimeSpan ForAll(int machines) => All * Math.Max(1, (machines + AtOnce - 1) / AtOnce);
}

/// <summary>
/// Asks all machines, one round trip each. One that is not reached, falls silent or says something else does not stop the others. Cancelled,
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

        async Task<HostFacts> AskOneAsync(int place, Turn turn)
        {
            var machine = machines[place];
            var sent = time.GetUtcNow();
            var facts = await RunAsync(machine, new RemoteCommand(script) { Sudo = true }, turn).ConfigureAwait(false) switch
            {
                (_, { } problem) => new HostFacts { Machine = machine.Machine, At = sent, Unreached = problem },
                ({ } result, _) when HostFactsReader.IsAnswer(result.Output) => HostFactsReader.Read(question, machine.Machine, result.Output, sent, time.GetUtcNow()),
                var (result, _) => new HostFacts { Machine = machine.Machine, At = sent, Unreached = await WhyNoAnswerAsync(machine, result!, turn).ConfigureAwait(false) },
            };
            told?.Report(facts);
            return facts;
        }
    }

    /// <summary>Tries the ports of the machines from each that has a shell, as <see cref="ProbeRound"/> shares them out. What a machine could not try is left out.</summary>
    /// <param name="machines">All of the site, in the order of the properties.</param>
    /// <param name="ports">Of each machine, for the others to reach.</param>
    public static async Task<IReadOnlyList<PortProbe>> ProbeAsync(
        IReadOnlyList<MachineToAsk> machines, IReadOnlyDictionary<string, IReadOnlyList<PortTarget>> ports, GatherDeadlines deadlines, TimeProvider time, CancellationToken cancellation)
    {
        var probes = await OnAllAsync(machines, deadlines, time, ProbeOneAsync, cancellation).ConfigureAwait(false);
        return [.. probes.SelectMany(p => p)];

        async Task<IReadOnlyList<PortProbe>> ProbeOneAsync(int place, Turn turn)
        {
            var machine = machines[place];
            List<PortTarget> others = [.. ProbeRound.OthersOf(place, machines.Count).SelectMany(other => ports.GetValueOrDefault(machines[other].Machine, []))];
            if (machine.Shell is null || others.Count == 0) return [];
            var (result, _) = await RunAsync(machine, new RemoteCommand($"exec bash -c {ShellText.Quote(PortProbeScript.Script)}").WithInput(PortProbeScript.Input(others)), turn).ConfigureAwait(false);
            return result is null ? [] : PortProbeScript.Read(machine.Machine, others, result.Output);
        }
    }

    /// <param name="ask">Of a machine's place, when its turn has come.</param>
    private static async Task<T[]> OnAllAsync<T>(
        IReadOnlyList<MachineToAsk> machines, GatherDeadlines deadlines, TimeProvider time, Func<int, Turn, Task<T>> ask, CancellationToken cancellation)
    {
        using var all = new CancellationTokenSource(deadlines.ForAll(machines.Count), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(all.Token, cancellation);
        var turn = new Turn(deadlines.Each, deadlines.ForAll(machines.Count), either.Token, cancellation);
        var answers = new T[machines.Count];
        // Not told of the cancellation: a machine whose turn comes after it is left as such.
        await Parallel.ForAsync(0, machines.Count, new ParallelOptions { MaxDegreeOfParallelism = deadlines.AtOnce },
            async (place, _) => answers[place] = await ask(place, turn).ConfigureAwait(false)).ConfigureAwait(false);
        return answers;
    }

    /// <summary>A result, or the problem that kept it from coming; cancellation of the caller's own throws.</summary>
    private static async Task<(CommandResult? Result, Problem? Problem)> RunAsync(MachineToAsk machine, RemoteCommand command, Turn turn)
    {
        if (machine.Shell is null)
            return (null, machine.Unreached ?? new Problem("ssh-failed", machine.Machine, "The machine was not reached.", "ark prepare"));
        try
        {
            return (await machine.Shell.RunAsync(command with { Deadline = turn.Each }, turn.Either).ConfigureAwait(false), null);
        }
        catch (RemoteException failure)
        {
            return (null, failure.Problem);
        }
        catch (OperationCanceledException) when (!turn.Cancellation.IsCancellationRequested)
        {
            var seconds = turn.All.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            return (null, new Problem("gather-deadline", machine.Machine, $"The machine had not answered when the time for all of them, {seconds} s, was over.", "look at the machine's load and disks, then run it again"));
        }
    }

    /// <summary>The login cannot become root, or it runs no commands at all.</summary>
    private static async Task<Problem> WhyNoAnswerAsync(MachineToAsk machine, CommandResult result, Turn turn)
    {
        if (machine.Shell is { NeedsSudo: true } shell)
        {
            var (root, problem) = await RunAsync(machine, new RemoteCommand("true") { Sudo = true }, turn).ConfigureAwait(false);
            if (problem is not null) return problem;
            if (!root!.Ok) return SshProblems.NoSudo(shell.Machine, machine.User, root.Error.Trim());
        }

        return NoAnswer(machine.Machine, result);
    }

    private static Problem NoAnswer(string machine, CommandResult result)
    {
        var said = (result.Output + "\n" + result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("nothing");
        return new("gather-no-answer", machine, $"The login does not run commands: it said '{(said.Length <= 120 ? said : said[..120] + "…")}' and ended with {result.ExitCode}.", "give the account a shell: chsh -s /bin/sh");
    }

    /// <param name="Each">How long one machine may take.</param>
    /// <param name="All">How long the round may take.</param>
    /// <param name="Either">Cancelled by the caller, or when the round's time is over.</param>
    /// <param name="Cancellation">The caller's own.</param>
    private sealed record Turn(TimeSpan Each, TimeSpan All, CancellationToken Either, CancellationToken Cancellation);
}
