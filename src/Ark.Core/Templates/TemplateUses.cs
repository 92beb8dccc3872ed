using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Ark.Core.Templates;

/// <summary>A variable of a template, with what is asked of it: <c>parameters</c> and <c>maxmemory</c>. Lines and columns count from 1.</summary>
/// <param name="Member">Null where the variable stands alone, or the member is computed.</param>
internal sealed record TemplateUse(string Root, string? Member, int Line, int Column);

/// <summary>Finds what a template speaks of in all its branches, those that no rendering happens to take too.</summary>
internal sealed class TemplateUses : ScriptVisitor
{
    /// <summary>Variables that Liquid's own statements bring.</summary>
    private static readonly HashSet<string> Special = ["for", "forloop", "tablerow", "tablerowloop", "while", "continue", "true", "false", "nil", "empty", "blank", ""];

    private readonly List<TemplateUse> _uses = [];
    private readonly HashSet<string> _own = [];

    /// <summary>Uses of variables that the template did not make itself.</summary>
    public static IReadOnlyList<TemplateUse> Of(Template template)
    {
        var found = new TemplateUses();
        found.Visit(template.Page);
        return [.. found._uses.Where(u => !found._own.Contains(u.Root) && !Special.Contains(u.Root))];
    }

    public override void Visit(ScriptVariableGlobal node) => Add(node, null, node.Span);

    public override void Visit(ScriptMemberExpression node)
    {
        if (node is { Target: ScriptVariableGlobal root, Member: { } member })
            Add(root, member.Name, member.Span);
        else
            Visit(node.Target);
    }

    public override void Visit(ScriptIndexerExpression node)
    {
        if (node is { Target: ScriptVariableGlobal root, Index: ScriptLiteral { Value: string name } index })
        {
            Add(root, name, index.Span);
            return;
        }

        Visit(node.Target);
        Visit(node.Index);
    }

    public override void Visit(ScriptAssignExpression node)
    {
        Own(node.Target);
        base.Visit(node);
    }

    public override void Visit(ScriptForStatement node)
    {
        Own(node.Variable);
        base.Visit(node);
    }

    public override void Visit(ScriptTableRowStatement node)
    {
        Own(node.Variable);
        base.Visit(node);
    }

    public override void Visit(ScriptCaptureStatement node)
    {
        Own(node.Target);
        base.Visit(node);
    }

    private void Own(ScriptNode? target)
    {
        if (target is ScriptVariable variable)
            _own.Add(variable.Name);
    }

    private void Add(ScriptVariable root, string? member, SourceSpan span) => _uses.Add(new(root.Name, member, span.Start.Line + 1, span.Start.Column + 1));
}
