using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.Swarm;

namespace Ark.Remote.Execution;

/// <summary>Gives the Docker engine of a machine, by the machine's address as in the properties.</summary>
public delegate Task<IEngine> EngineOf(string machine, CancellationToken cancellation);

/// <summary>Runs the functional tests of a component and remembers the result in the cluster.</summary>
/// <param name="inputs">What commands read on stdin, by name.</param>
public sealed class Proofs(ISwarm swarm, EngineOf engines, IReadOnlyDictionary<string, Secret> inputs, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly CommandInputs _inputs = new(inputs);

    /// <exception cref="StepException">A proof did not hold within its time; says which call, where, and what came back.</exception>
    public async Task<string> RunAsync(Prove work, CancellationToken cancellation)
    {
        try
        {
            foreach (var proof in work.Proofs)
                await RunAsync(proof, cancellation);
        }
        catch (StepException failure)
        {
            await RememberAsync(work, passed: false, failure.Message, cancellation);
            throw;
        }

        var evidence = string.Join("; ", work.Proofs.Select(p => p.Name));
        await RememberAsync(work, passed: true, evidence, cancellation);
        return evidence;
    }

    private async Task RunAsync(ProofRun proof, CancellationToken cancellation)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var start = time.GetTimestamp();
        foreach (var group in proof.Calls.GroupBy(c => c.Order).OrderBy(g => g.Key))
            await Task.WhenAll(group.Select(call => HoldAsync(proof, call, token, start, cancellation)));
    }

    private async Task HoldAsync(ProofRun proof, ProofCall call, string token, long start, CancellationToken cancellation)
    {
        while (await TryAsync(proof, call, token, cancellation) is { } failure)
        {
            if (time.GetElapsedTime(start) > proof.Within)
                throw new StepException($"Proof \"{proof.Name}\" did not hold within {proof.Within.TotalSeconds:0} s: {failure}");
            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>Null when the call gave what it should.</summary>
    private async Task<string?> TryAsync(ProofRun proof, ProofCall call, string token, CancellationToken cancellation)
    {
        string Fill(string text) => text.Replace(ProofRun.Token, token, StringComparison.Ordinal);
        List<string> command = [.. call.Command.Select(Fill)];
        var place = call.Instance ?? "machine " + call.Machine;
        try
        {
            var engine = await engines(call.Machine, cancellation);
            var output = call.Instance is { } instance
                ? await engine.ExecAsync(instance, command, proof.Within, cancellation)
                : await engine.RunOnceAsync(call.Image!, command, _inputs.Of(call.Input, $"Proof \"{proof.Name}\""), proof.Within, cancellation);
            if (output.ExitCode != 0)
                return $"{command[0]} on {place} ended with {output.ExitCode}: {Tail(output.Text)}";
            return call.Expect is null || Regex.IsMatch(output.Text, Fill(call.Expect), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
                ? null
                : $"{command[0]} on {place} answered \"{Tail(output.Text)}\", wanted /{Fill(call.Expect)}/";
        }
        catch (SwarmException failure)
        {
            return $"{command[0]} on {place}: {failure.Message}";
        }
    }

    private async Task RememberAsync(Prove work, bool passed, string evidence, CancellationToken cancellation)
    {
        var labels = new ProofFacts(work.Component, passed, time.GetUtcNow(), evidence, work.Fingerprint).ToLabels();
        await swarm.RemoveConfigAsync(ProofFacts.ConfigName(work.Component), cancellation);
        await swarm.CreateConfigAsync(ProofFacts.ConfigName(work.Component), "proof"u8.ToArray(), labels, cancellation);
    }

    private static string Tail(string text)
    {
        text = text.Trim().ReplaceLineEndings(" ");
        return text.Length <= 300 ? text : "…" + text[^300..];
    }
}
