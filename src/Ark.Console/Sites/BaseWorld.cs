using Ark.Core;
using Ark.Core.Base;
using Ark.Core.Secrets;
using Ark.Remote.Base;
using Ark.Remote.Execution;
using Ark.Remote.Images;
using Ark.Remote.Ssh;
using Ark.Remote.State;
using Ark.Remote.Swarm;

namespace Ark.Console.Sites;

/// <summary>The facts that the base is planned from, and the tools that its steps work with.</summary>
/// <param name="Swarm">Null where there is none yet.</param>
public sealed record BaseWorld(ISwarm? Swarm, BaseRequest Request, BaseTools Tools)
{
    private static readonly TimeSpan FactsDeadline = TimeSpan.FromSeconds(60);

    public static async Task<Outcome<BaseWorld>> GatherAsync(Session session, KeyRing keys, CancellationToken cancellation)
    {
        var swarm = await session.FindSwarmAsync(cancellation);
        var store = swarm is null ? null : await SiteStore.OpenAsync(swarm, keys, TimeProvider.System, cancellation);
        if (store is { Ok: false }) return Outcome<BaseWorld>.Fail(store.Problems);
        var request = await RequestAsync(session, GatherMachinesAsync(session, cancellation), store?.Value, cancellation);
        if (!request.Ok) return Outcome<BaseWorld>.Fail(request.Problems);
        return Outcome<BaseWorld>.Of(new(
            swarm,
            request.Value,
            new()
            {
                Shells = session.Shells,
                Docker = session.Docker,
                Packages = session.Folder.Packages,
                Images = session.Folder.Images,
                ReadAuthority = async cancel => await (await StoreAsync(cancel)).ReadAuthorityAsync(cancel),
                CreateState = async cancel => await (await StoreAsync(cancel)).CreateAsync(cancel),
                Time = TimeProvider.System,
            }));

        // The Swarm may come to be only by the steps of this very plan.
        async Task<SiteStore> StoreAsync(CancellationToken cancel)
        {
            if (store?.Value is { } there) return there;
            var started = await session.FindSwarmAsync(cancel) ?? throw new StepException("No machine is a manager of a Swarm yet.");
            store = await SiteStore.OpenAsync(started, keys, TimeProvider.System, cancel);
            return store.Value ?? throw new StepException(string.Join(' ', store.Problems));
        }
    }

    /// <summary>What the base is planned from.</summary>
    /// <param name="gathering">What <see cref="GatherMachinesAsync"/> gives, or will.</param>
    /// <param name="store">Null where there is no Swarm yet.</param>
    public static async Task<Outcome<BaseRequest>> RequestAsync(Session session, Task<GatheredMachines> gathering, SiteStore? store, CancellationToken cancellation)
    {
        var images = await ImageIndex.ReadAsync(session.Folder.Images, cancellation);
        if (!images.Ok) return Outcome<BaseRequest>.Fail(images.Problems);
        var machines = await gathering;
        Talk.Problems(machines.Problems, ExitCode.Done);
        return Outcome<BaseRequest>.Of(new()
        {
            Site = session.Site,
            Machines = machines.Facts,
            Cluster = store?.Facts,
            Authority = store?.Authority?.CertificatePem,
            Images = images.Value.Images.ToDictionary(i => $"{i.Key}:{i.Value.Tag}", i => i.Value.Digest),
            Distributions = Directory.Exists(session.Folder.Packages) ? Directory.GetDirectories(session.Folder.Packages).Select(d => Path.GetFileName(d)).ToHashSet() : [],
            Now = TimeProvider.System.GetUtcNow(),
        });
    }

    /// <summary>One round trip a machine; one that fails is left out and named by the steps that need it.</summary>
    public static async Task<GatheredMachines> GatherMachinesAsync(Session session, CancellationToken cancellation)
    {
        var script = BasePlanner.FactsScriptFor(session.Site);
        var all = await Task.WhenAll(session.Shells.Select(async shell =>
        {
            try
            {
                var result = await shell.Value.RunAsync(new RemoteCommand(script) { Sudo = true, Deadline = FactsDeadline }, cancellation);
                return Outcome<MachineFacts>.Of(MachineFacts.Parse(shell.Key, result.Output));
            }
            catch (RemoteException failure)
            {
                return Outcome<MachineFacts>.Fail(failure.Problem);
            }
        }));
        return new(all.Where(m => m.Ok).ToDictionary(m => m.Value!.Machine, m => m.Value!), [.. all.SelectMany(m => m.Problems)]);
    }
}

/// <summary>What the machines told of themselves.</summary>
/// <param name="Facts">By address, of those that did.</param>
/// <param name="Problems">Why others did not.</param>
public sealed record GatheredMachines(IReadOnlyDictionary<string, MachineFacts> Facts, IReadOnlyList<Problem> Problems);
