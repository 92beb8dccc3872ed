using Ark.Core;
using Ark.Core.Fixes;
using Ark.Core.Planning;
using Ark.Remote.Execution;
using Ark.Remote.Ssh;

namespace Ark.Remote.Fixes;

/// <summary>Does the steps of fixes and of their undoing, and reads what both are planned from.</summary>
/// <param name="shells">Machines that answered, by address.</param>
/// <param name="folder">Where machines keep what was there before a fix.</param>
public sealed class FixSteps(IReadOnlyDictionary<string, IRemoteShell> shells, string folder = FixSteps.Folder)
{
    private const string Folder = "/var/lib/ark/fixes";

    private readonly FixScripts _scripts = new(folder);

    /// <summary>A machine's changes are made one after the other: two may look at the same files, and its SSH server may allow few sessions.</summary>
    private readonly Dictionary<string, SemaphoreSlim> _turns = shells.Keys.ToDictionary(m => m, _ => new SemaphoreSlim(1));

    /// <summary>Packages may come from a slow mirror.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(60);

    public async Task<string> RunAsync(Step step, CancellationToken cancellation) => step.Work switch
    {
        ApplyFix fix => await RunAsync(fix.Machine, new RemoteCommand(_scripts.Apply(fix.Run, fix.Number)).WithInput(FixScripts.Input(fix, FixWords.Write(step))), step.After, cancellation),
        UndoFix fix => await RunAsync(fix.Machine, new RemoteCommand(_scripts.Undo(fix.Run, fix.Number)), step.After, cancellation),
        _ => throw new InvalidOperationException($"No way to do {step.Work.GetType().Name}."),
    };

    /// <summary>Files of machines, all machines at once; one that fails is left out, with the reason.</summary>
    /// <param name="paths">By machine.</param>
    public async Task<(IReadOnlyList<ReadFile> Files, IReadOnlyList<Problem> Problems)> ReadAsync(IReadOnlyDictionary<string, IReadOnlyList<string>> paths, CancellationToken cancellation)
    {
        var all = await OnEachAsync(paths.Where(p => p.Value.Count > 0).Select(p => p.Key), machine => new RemoteCommand(FixScripts.Read).WithInput(string.Concat(paths[machine].Select(p => p + "\n"))), cancellation);
        return ([.. from answer in all from line in answer.Lines where line is ["file", _, _, _] select new ReadFile(answer.Machine, line[1], line[2], Latin1(line[3]))], [.. all.SelectMany(a => a.Problems)]);
    }

    /// <summary>What the machines have on record of all runs.</summary>
    public async Task<(IReadOnlyList<FixRecord> Records, IReadOnlyList<Problem> Problems)> ListAsync(CancellationToken cancellation)
    {
        var all = await OnEachAsync(shells.Keys, _ => new RemoteCommand(_scripts.List), cancellation);
        return ([.. all.SelectMany(a => FixWords.Records(a.Machine, a.Lines))], [.. all.SelectMany(a => a.Problems)]);
    }

    private async Task<string> RunAsync(string machine, RemoteCommand command, string evidence, CancellationToken cancellation)
    {
        if (!shells.TryGetValue(machine, out var shell)) throw new StepException($"The machine {machine} cannot be reached.");
        await _turns[machine].WaitAsync(cancellation);
        try
        {
            var result = await shell.RunAsync(command with { Sudo = true, Deadline = Deadline }, cancellation);
            if (result.Ok) return evidence;
            var words = (result.Error.Trim().Length > 0 ? result.Error : result.Output).Trim();
            throw new StepException($"{machine}: {(words.Length == 0 ? $"exit code {result.ExitCode}" : words[Math.Max(0, words.Length - 600)..])}");
        }
        catch (RemoteException failure)
        {
            throw new StepException(failure.Message, failure);
        }
        finally
        {
            _turns[machine].Release();
        }
    }

    private async Task<IReadOnlyList<Answer>> OnEachAsync(IEnumerable<string> machines, Func<string, RemoteCommand> command, CancellationToken cancellation) =>
        await Task.WhenAll(machines.Where(shells.ContainsKey).Select(async machine =>
        {
            try
            {
                var result = await shells[machine].RunAsync(command(machine) with { Sudo = true, Deadline = ReadDeadline }, cancellation);
                return result.Ok
                    ? new Answer(machine, [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t'))], [])
                    : new(machine, [], [new("fix-unread", machine, $"What fixes are planned from could not be read: {result.Error.Trim()}", "look at the machine's disk, then run it again")]);
            }
            catch (RemoteException failure)
            {
                return new(machine, [], [failure.Problem]);
            }
        }));

    private static string Latin1(string base64) => System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(base64));

    private sealed record Answer(string Machine, IReadOnlyList<string[]> Lines, IReadOnlyList<Problem> Problems);
}
