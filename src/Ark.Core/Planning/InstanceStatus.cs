using System.Text.Json.Serialization;

namespace Ark.Core.Planning;

/// <summary>What <c>ark status</c> shows; its JSON is part of the surface.</summary>
public sealed record SiteStatus(string Site, string Task, IReadOnlyList<InstanceStatus> Instances);

/// <param name="State">Swarm's word: pending, starting, running, failed, gone; missing where the task wants it and it is not there; external for a service outside the site.</param>
/// <param name="Health">healthy, unhealthy, starting, unknown.</param>
public sealed record InstanceStatus(
    string Name, string Component, string Product, string Machine, string Address, string Image, string State, string Health, ProofStatus Proof);

/// <param name="Result">passed, failed, notRun.</param>
public sealed record ProofStatus(string Result, DateTimeOffset? At, string Evidence);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SiteStatus))]
public sealed partial class StatusJson : JsonSerializerContext;
