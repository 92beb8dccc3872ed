using Ark.Core.Catalog;

namespace Ark.Core.Planning;

/// <summary>Which part of a task a run may touch. A narrow action touches nothing else.</summary>
public sealed record PlanScope
{
    public static PlanScope Whole { get; } = new();

    /// <summary>Null: all.</summary>
    public IReadOnlySet<string>? Components { get; init; }

    /// <summary>Null: all; a step of the deploy menu otherwise.</summary>
    public Stage? Stage { get; init; }

    /// <summary>Take over components that belong to another task.</summary>
    public bool Adopt { get; init; }

    /// <summary>Remove what the task no longer names.</summary>
    public bool Prune { get; init; }

    public bool Has(DesiredComponent component) =>
        (Components is null || Components.Contains(component.Name)) && (Stage is null || Stage == component.Stage);
}
