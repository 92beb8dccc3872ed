using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Ark.Core.Templates;

/// <summary>What a message may say of an alert: <c>alert.name</c>, <c>alert.startsAt</c>…</summary>
/// <param name="Severity"><c>critical</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Machine">Address of the machine; empty where it is about none.</param>
/// <param name="Component">Empty where it is about none.</param>
/// <param name="StartsAt">RFC 3339 in UTC.</param>
/// <param name="Status"><c>firing</c> or <c>resolved</c>.</param>
public sealed record AlertView(string Name, string Severity, string Summary, string Machine, string Component, string StartsAt, string Status);

/// <summary>
/// Renders the Liquid templates of alert channels, by the same rules as those of components. They know <c>alert</c>, the channel's
/// <c>recipients</c> and its <c>secret</c>, and nothing else.
/// </summary>
public static class AlertTemplate
{
    private static readonly string[] Roots = ["alert", "recipients", "secret"];

    /// <summary>The text, or what is wrong with its place in the template: <c>body:1:4</c>.</summary>
    public static Outcome<string> Render(string template, string path, AlertView alert, IReadOnlyList<string> recipients, Secret? secret)
    {
        var fault = TemplateRenderer.Render(template, () => Context(alert, recipients, secret), out var text);
        return fault is null ? Outcome<string>.Of(text) : Outcome<string>.Fail(fault.At(path));
    }

    private static LiquidTemplateContext Context(AlertView alert, IReadOnlyList<string> recipients, Secret? secret)
    {
        var values = new Dictionary<string, object?>
        {
            ["alert"] = ScopeObjects.Of(
                ("name", alert.Name), ("severity", alert.Severity), ("summary", alert.Summary), ("machine", alert.Machine),
                ("component", alert.Component), ("startsAt", alert.StartsAt), ("status", alert.Status)),
            ["recipients"] = ScopeObjects.List(recipients, r => r),
            ["secret"] = secret?.Reveal() ?? "",
        };
        var context = TemplateRenderer.Bare();
        context.TryGetVariable = (TemplateContext _, SourceSpan span, ScriptVariable variable, out object? value) =>
            values.TryGetValue(variable.Name, out value) ? true : throw Missing(span, variable.Name, Roots);
        context.TryGetMember = (TemplateContext _, SourceSpan span, object target, string member, out object? _) =>
            throw Missing(span, member, target is ScriptObject of ? [.. of.Keys] : ["first", "last", "size"]);
        return context;
    }

    private static TemplateRenderer.ScopeException Missing(SourceSpan span, string name, IReadOnlyList<string> known)
    {
        var hint = Nearest.Hint(name, known);
        var list = $"known here: {string.Join(", ", known)}";
        return new(span, new("undefined-variable", $"'{name}' is not defined.", hint.Length == 0 ? list : $"{hint} ({list})"));
    }
}
