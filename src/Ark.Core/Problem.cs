namespace Ark.Core;

/// <summary>How much a <see cref="Problem"/> weighs: an error stops the operation, a warning is shown and the operation goes on.</summary>
public enum Severity { Error, Warning }

/// <summary>
/// One expected failure, made to be acted upon: one fact, its place, one cause, one remedy.
/// </summary>
/// <param name="Code">Stable, kebab-case, never translated: <c>unknown-key</c>.</param>
/// <param name="Place">File with line and column (<c>bin/ark.properties:12</c>, <c>component.yaml:3:5</c>), a field, a machine; empty where there is none.</param>
/// <param name="Message">What is wrong, in one sentence, with the value found.</param>
/// <param name="Remedy">What mends it: a command, or what to write instead.</param>
public sealed record Problem(string Code, string Place, string Message, string Remedy = "", Severity Severity = Severity.Error)
{
    public override string ToString()
    {
        var place = Place.Length == 0 ? "" : Place + ": ";
        var remedy = Remedy.Length == 0 ? "" : " → " + Remedy;
        return $"{place}{Message} [{Code}]{remedy}";
    }
}
