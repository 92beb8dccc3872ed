namespace Ark.Core.Yaml;

/// <summary>A place in a YAML file; line and column count from 1.</summary>
public readonly record struct YamlPlace(string File, int Line, int Column)
{
    /// <summary><c>file:line:column</c>, as <see cref="Problem.Place"/> wants it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
