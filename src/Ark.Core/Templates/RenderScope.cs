using Ark.Core.Catalog;

namespace Ark.Core.Templates;

/// <summary>Everything that a component's templates may speak of, for one instance. Names in templates are in camelCase.</summary>
public sealed record RenderScope
{
    public required SiteView Site { get; init; }

    public required TaskView Task { get; init; }

    /// <summary>The component's name: <c>component.name</c>.</summary>
    public required string Component { get; init; }

    /// <summary>The instance that is rendered for.</summary>
    public required InstanceView Instance { get; init; }

    /// <summary>All instances of the component, itself too, by index.</summary>
    public required IReadOnlyList<InstanceView> Peers { get; init; }

    public required ParameterValues Parameters { get; init; }

    /// <summary>Port name to number, the task's changes applied.</summary>
    public required IReadOnlyDictionary<string, int> Ports { get; init; }

    /// <summary>The task's components by name, this one too.</summary>
    public IReadOnlyDictionary<string, ComponentView> Components { get; init; } = new Dictionary<string, ComponentView>();

    /// <summary>The endpoints of the task's components, sorted by component.</summary>
    public IReadOnlyList<EndpointView> Endpoints { get; init; } = [];

    /// <summary>Every name under the task's domain, sorted.</summary>
    public IReadOnlyList<NameView> Names { get; init; } = [];

    /// <summary>The service outside the site that takes the component's place; null otherwise, where <c>external</c> is then undefined.</summary>
    public ExternalView? External { get; init; }

    /// <summary>The random word of a proof's run; null outside of proofs, where <c>token</c> is then undefined.</summary>
    public string? Token { get; init; }
}

/// <param name="Mode"><c>physical</c> or <c>vm</c>.</param>
/// <param name="Line"><c>3.0</c> or <c>3.1</c>.</param>
/// <param name="DnsForwarders">Addresses.</param>
public sealed record SiteView(string Mode, string Line, string Domain, string Region, string NtpServer, IReadOnlyList<string> DnsForwarders);

/// <param name="Domain">The task's own, or the site's.</param>
/// <param name="Purpose"><c>poc</c> or <c>production</c>.</param>
public sealed record TaskView(string Id, string Domain, string Purpose);

/// <param name="Name"><c>cache-1</c>.</param>
/// <param name="Index">From 1.</param>
/// <param name="Address">The container's address; in VM mode the machine's.</param>
/// <param name="Machine">The machine's address.</param>
/// <param name="Room">The machine's room; empty if there is only one.</param>
public sealed record InstanceView(string Name, int Index, string Address, string Machine, string Room);

/// <summary>A component of the task as others see it: without its secrets.</summary>
public sealed record ComponentView
{
    public required IReadOnlyList<InstanceView> Instances { get; init; }

    public required IReadOnlyDictionary<string, int> Ports { get; init; }

    /// <summary>Only <see cref="ParameterValues.Clear"/> is given to templates.</summary>
    public required ParameterValues Parameters { get; init; }

    public EndpointView? Endpoint { get; init; }
}

/// <summary>What clients of a component reach.</summary>
/// <param name="Port">Number, not name.</param>
/// <param name="HttpCheck">Path; null where a TCP connection is enough.</param>
public sealed record EndpointView(string Component, int Port, int FrontPort, string Balance, string? HttpCheck, IReadOnlyList<InstanceView> Instances);

/// <param name="Name">Fully qualified, without a final dot: <c>cache-1.example.com</c>.</param>
/// <param name="Instances">That answer to it, each address once, sorted by address.</param>
public sealed record NameView(string Name, IReadOnlyList<InstanceView> Instances);

/// <param name="Host">Address or name.</param>
/// <param name="User">May make databases and accounts there.</param>
/// <param name="Password">That user's; null where nobody said it. Only where secrets are allowed.</param>
public sealed record ExternalView(string Host, int Port, string User, Secret? Password);
