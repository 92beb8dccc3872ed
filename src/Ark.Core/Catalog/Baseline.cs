namespace Ark.Core.Catalog;

/// <summary>One version of a catalogue: <c>catalog/&lt;name&gt;/</c> with <c>baseline.yaml</c>, <c>images.yaml</c> and a folder a component.</summary>
public sealed record Baseline
{
    /// <summary>The folder's name: <c>open-3.1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The product line that decides the deploy menu: <c>3.0</c> or <c>3.1</c>.</summary>
    public required string Line { get; init; }

    public required string Title { get; init; }

    public required IReadOnlyList<Product> Products { get; init; }

    /// <summary>Sorted by name.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>Image name to what was built of it, from <c>images.yaml</c>; empty in a clone where no image was built yet.</summary>
    public required IReadOnlyDictionary<string, ImagePin> Images { get; init; }

    /// <summary>The images are supplied by their owner: one that is missing stops only the tasks that want it.</summary>
    public bool SuppliedImages { get; init; }

    public Component? Find(string component) => Components.FirstOrDefault(c => c.Name == component);
}

/// <summary>What a customer buys: it groups components.</summary>
/// <param name="Optional">Components that it brings only if they are asked for.</param>
public sealed record Product(string Name, string Title, IReadOnlyList<string> Components, IReadOnlyList<string> Optional);

/// <summary>One built image. <paramref name="Digest"/> is the manifest's, with its algorithm: <c>sha256:…</c>.</summary>
public sealed record ImagePin(string Tag, string Digest);
