using Ark.Core.Planning;
using Ark.Core.Sites;

namespace Ark.Core.Base;

/// <summary>The sub-steps of "deploy the base", in the order in which the menu offers them.</summary>
public enum BasePart { Kernel, Docker, Swarm, Certificates, Registry, Mirror, Labels, Names }

/// <summary>What the base is planned from.</summary>
public sealed record BaseRequest
{
    public required Site Site { get; init; }

    /// <summary>Facts of the machines that answered, by address; the client's among them.</summary>
    public required IReadOnlyDictionary<string, MachineFacts> Machines { get; init; }

    /// <summary>Null where there is no Swarm yet.</summary>
    public ClusterFacts? Cluster { get; init; }

    /// <summary>The site's certificate authority, PEM; null where it was not made yet.</summary>
    public string? Authority { get; init; }

    /// <summary>Images that were carried along: <c>name:tag</c> to manifest digest.</summary>
    public required IReadOnlyDictionary<string, string> Images { get; init; }

    /// <summary>Distributions whose packages were carried along: <c>debian-12</c>.</summary>
    public required IReadOnlySet<string> Distributions { get; init; }

    /// <summary>Parts to plan; null: all.</summary>
    public IReadOnlySet<BasePart>? Parts { get; init; }

    /// <summary>Issue certificates anew even if those there are good.</summary>
    public bool Renew { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool Has(BasePart part) => Parts is null || Parts.Contains(part);
}
