using System.Security.Cryptography;
using Ark.Core.Checks;
using Ark.Remote.Ssh;

namespace Ark.Remote.Checks;

/// <summary>Measures how much goes from each machine to each other, one second each; no machine is in two measurements at once.</summary>
public static class MeasureBandwidth
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Of all ordered pairs of those that have a shell; in the order of the machines, the sender first.</summary>
    /// <param name="facts">Of the same machines, in the same order: what listens there.</param>
    public static async Task<IReadOnlyList<BandwidthProbe>> AskAsync(IReadOnlyList<MachineToAsk> machines, IReadOnlyList<HostFacts> facts, CancellationToken cancellation)
    {
        List<(MachineToAsk Machine, int Port)> able = [.. machines.Zip(facts).Where(m => m.First.Shell is not null).Select(m => (m.First, BandwidthScript.PortOf(m.Second)))];
        List<(int From, int To, BandwidthProbe Probe)> all = [];
        foreach (var round in BandwidthRounds.Of(able.Count))
        {
            all.AddRange(await Task.WhenAll(round.Select(p => MeasureAsync(p.One, p.Other))).ConfigureAwait(false));
            all.AddRange(await Task.WhenAll(round.Select(p => MeasureAsync(p.Other, p.One))).ConfigureAwait(false));
        }

        return [.. all.OrderBy(p => p.From).ThenBy(p => p.To).Select(p => p.Probe)];

        async Task<(int, int, BandwidthProbe)> MeasureAsync(int from, int to) => (from, to, await OneAsync(able[from].Machine, able[to].Machine, able[to].Port, cancellation).ConfigureAwait(false));
    }

    private static async Task<BandwidthProbe> OneAsync(MachineToAsk from, MachineToAsk to, int port, CancellationToken cancellation)
    {
        var token = RandomNumberGenerator.GetHexString(16, lowercase: true);
        try
        {
            var receiving = to.Shell!.RunAsync(new RemoteCommand(BandwidthScript.Receiver(to.Machine, port, token)) { Deadline = Deadline }, cancellation);
            var sending = from.Shell!.RunAsync(new RemoteCommand(BandwidthScript.Sender(to.Machine, port, token)) { Deadline = Deadline }, cancellation);
            await Task.WhenAll(receiving, sending).ConfigureAwait(false);
            return BandwidthScript.Read(from.Machine, to.Machine, port, (await receiving.ConfigureAwait(false)).Output, (await sending.ConfigureAwait(false)).Output);
        }
        catch (RemoteException failure)
        {
            return new(from.Machine, to.Machine, null, $"{failure.Problem.Place}: {failure.Problem.Message.TrimEnd('.')}");
        }
    }
}
