using Ark.Core.Catalog;
using Ark.Core.Secrets;
using Ark.Core.Sites;
using Ark.Core.Tasks;

namespace Ark.Core.Planning;

/// <summary>Everything that decides what a task wants of the cluster.</summary>
public sealed record TaskInputs
{
    public required Site Site { get; init; }

    public required DeploymentTask Task { get; init; }

    /// <summary>The task's text as it is put on record.</summary>
    public required string Text { get; init; }

    public required Baseline Baseline { get; init; }

    /// <summary>Instance name to where it stands.</summary>
    public required IReadOnlyDictionary<string, Spot> Spots { get; init; }

    /// <summary>What stands on the site, of all tasks: instances that are not wanted any more take leave of their peers.</summary>
    public IReadOnlyList<ServiceFacts> Services { get; init; } = [];

    /// <summary>Component to its secret parameters' values.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>> Secrets { get; init; }

    /// <summary>Password of <see cref="Site.Metadb"/>'s user; null where it is not needed or nobody said it.</summary>
    public Secret? ExternalPassword { get; init; }

    /// <summary><c>name:tag</c> to manifest digest, for images that the baseline does not pin.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; init; } = new Dictionary<string, string>();

    /// <summary>What stands before an image's name: <c>registry.ark:5000</c>.</summary>
    public required string Registry { get; init; }

    /// <summary>Names secrets by their content.</summary>
    public required SiteKey Key { get; init; }

    /// <summary>Names of configs in the cluster whose content is not what their name says.</summary>
    public IReadOnlySet<string> Tampered { get; init; } = new HashSet<string>();
}

/// <summary>Where an instance stands.</summary>
/// <param name="Machine">The machine's address as in the properties.</param>
/// <param name="Address">The container's; in VM mode the machine's.</param>
public sealed record Spot(string Machine, string Address, string Room);
