using Docker.DotNet;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>Node operations through the Docker API of a manager.</summary>
/// <param name="client">Of a manager; stays the caller's.</param>
public sealed class DockerSwarmNodes(IDockerClient client, TimeProvider? time = null) : ISwarmNodes
{
    private const int Attempts = 10;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public Task LabelNodeAsync(string node, IReadOnlyDictionary<string, string?> labels, CancellationToken cancellation) =>
        UpdateAsync(
            node,
            spec =>
            {
                spec.Labels = new Dictionary<string, string>(spec.Labels ?? new Dictionary<string, string>());
                foreach (var (name, value) in labels)
                {
                    if (value is null)
                        spec.Labels.Remove(name);
                    else
                        spec.Labels[name] = value;
                }
            },
            cancellation);

    public Task DrainNodeAsync(string node, bool drained, CancellationToken cancellation) =>
        UpdateAsync(node, spec => spec.Availability = drained ? "drain" : "active", cancellation);

    public Task SetManagerAsync(string node, bool manager, CancellationToken cancellation) =>
        UpdateAsync(node, spec => spec.Role = manager ? "manager" : "worker", cancellation);

    public async Task RemoveNodeAsync(string node, CancellationToken cancellation)
    {
        if (await FindAsync(node, cancellation) is not { } found)
            return;
        if (found.Spec?.Role == "manager")
            await SetManagerAsync(node, false, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await EngineCalls.FindAsync(
                    $"Removing the node {node}", async () => { await client.Swarm.RemoveNodeAsync(node, true, cancellation); return node; }, cancellation);
                return;
            }
            catch (SwarmException) when (found.Spec?.Role == "manager" && attempt < Attempts)
            {
                // A manager's step down is not known everywhere at once.
                await Task.Delay(TimeSpan.FromMilliseconds(500), _time, cancellation);
            }
        }
    }

    private Task<Engine.NodeListResponse?> FindAsync(string node, CancellationToken cancellation) =>
        EngineCalls.FindAsync($"Reading the node {node}", () => client.Swarm.InspectNodeAsync(node, cancellation), cancellation);

    private async Task UpdateAsync(string node, Action<Engine.NodeUpdateParameters> change, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var found = await FindAsync(node, cancellation) ?? throw new SwarmException($"The Swarm has no node {node}. See: docker node ls");
            change(found.Spec!);
            try
            {
                await EngineCalls.AskAsync(
                    $"Changing the node {found.Description?.Hostname ?? node}",
                    () => client.Swarm.UpdateNodeAsync(node, found.Version?.Index ?? 0, found.Spec!, cancellation), cancellation);
                return;
            }
            catch (SwarmException failure) when (EngineCalls.IsOutOfSequence(failure) && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), _time, cancellation);
            }
        }
    }
}
