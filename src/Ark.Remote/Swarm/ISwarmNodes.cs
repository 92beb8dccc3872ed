namespace Ark.Remote.Swarm;

/// <summary>The members of the cluster, through one of its managers. A node is named by its id, see <see cref="Core.Planning.NodeFacts.Id"/>. Failures throw <see cref="SwarmException"/>.</summary>
public interface ISwarmNodes
{
    /// <summary>Sets labels; those not named stay as they are, a null takes one away.</summary>
    Task LabelNodeAsync(string node, IReadOnlyDictionary<string, string?> labels, CancellationToken cancellation);

    /// <summary>Drained: its tasks are stopped and it gets no others. Not drained: it takes tasks again.</summary>
    Task DrainNodeAsync(string node, bool drained, CancellationToken cancellation);

    Task SetManagerAsync(string node, bool manager, CancellationToken cancellation);

    /// <summary>Forgets a node that left or is lost; nothing happens where there is none. A manager is made a worker first.</summary>
    Task RemoveNodeAsync(string node, CancellationToken cancellation);
}
