namespace Ark.Core.Yaml;

/// <summary>How much of a YAML file is taken before it is refused.</summary>
/// <param name="Characters">Length of the text.</param>
/// <param name="Depth">Maps and lists within each other.</param>
/// <param name="Nodes">Values and keys in all.</param>
/// <param name="Problems">Problems after which reading stops to list more.</param>
public sealed record YamlLimits(int Characters = 1 << 20, int Depth = 32, int Nodes = 50_000, int Problems = 500);
