using System.Net;

namespace Ark.Core.Tasks;

/// <summary>One planned deployment for a site: the content of <c>tasks/task_&lt;id&gt;/task.yaml</c>.</summary>
public sealed record DeploymentTask
{
    /// <summary>Digits, letters, dashes: <c>527</c> of <c>task_527</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The baseline's folder name: <c>open-3.1</c>.</summary>
    public required string Baseline { get; init; }

    /// <summary>Defaults to the site's domain; a second task of a site needs one of its own.</summary>
    public string? Domain { get; init; }

    /// <summary><c>poc</c> or <c>production</c>.</summary>
    public string Purpose { get; init; } = "production";

    /// <summary>The chosen components, sorted by name.</summary>
    public required IReadOnlyList<TaskComponent> Components { get; init; }
}

/// <summary>What the task says about one component.</summary>
public sealed record TaskComponent
{
    public required string Name { get; init; }

    /// <summary>Null: the catalogue's default for the task's purpose.</summary>
    public int? Count { get; init; }

    /// <summary>Parameter values as written.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Port name to number, where the catalogue's would collide.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();

    /// <summary>Instance name to address, where Panama wrote them (physical mode).</summary>
    public IReadOnlyDictionary<string, IPAddress> Addresses { get; init; } = new Dictionary<string, IPAddress>();

    /// <summary>Instance name to machine address, where a person pinned it.</summary>
    public IReadOnlyDictionary<string, IPAddress> Machines { get; init; } = new Dictionary<string, IPAddress>();

    /// <summary>Image tag instead of the baseline's.</summary>
    public string? ImageTag { get; init; }
}
