using System.Text.RegularExpressions;
using Ark.Core.Yaml;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Ark.Core.Templates;

/// <summary>
/// Renders the Liquid templates of components. The same template and scope give the same text always: there is no clock, no chance, no
/// environment, no file. What is not defined is an error.
/// </summary>
public static partial class TemplateRenderer
{
    /// <summary>Characters that a template and what it renders to may have: Swarm takes no config of more than 500 kB.</summary>
    public const int Longest = 500_000;

    private const int Loops = 100_000;
    private const int Depth = 100;

    /// <summary>Liquid's filters that depend on nothing but their input.</summary>
    private static readonly HashSet<string> Filters =
    [
        "abs", "append", "capitalize", "ceil", "compact", "concat", "contains", "cycle", "default", "divided_by", "downcase", "escape", "first",
        "floor", "join", "last", "lstrip", "map", "minus", "modulo", "plus", "prepend", "remove", "remove_first", "replace", "replace_first",
        "reverse", "round", "rstrip", "size", "slice", "sort", "split", "strip", "strip_newlines", "times", "truncate", "uniq", "upcase",
        "empty", "blank",
    ];

    /// <summary>Filters that the library has not.</summary>
    private static readonly string[] OwnFilters = ["json", "shell", "url_encode"];

    /// <summary>The text for one instance, or the first problem with its place in the template.</summary>
    /// <param name="path">Stands in a problem's place, with line and column within <paramref name="template"/>.</param>
    /// <param name="withSecrets">
    /// True for files that are marked secret. Elsewhere a secret parameter is an error, whatever the template does with it.
    /// </param>
    public static Outcome<string> Render(string template, string path, RenderScope scope, bool withSecrets)
    {
        var fault = Render(template, scope, withSecrets, out var text);
        return fault is null ? Outcome<string>.Of(text) : Outcome<string>.Fail(fault.At(path));
    }

    /// <summary>Each text of a list with its index in the problem's place: <c>path[0]:1:4</c>. All problems at once.</summary>
    public static Outcome<IReadOnlyList<string>> RenderAll(IReadOnlyList<string> templates, string path, RenderScope scope, bool withSecrets)
    {
        var rendered = templates.Select((t, i) => Render(t, $"{path}[{i}]", scope, withSecrets)).ToList();
        return Outcome<IReadOnlyList<string>>.From([.. rendered.SelectMany(r => r.Problems)], () => [.. rendered.Select(r => r.Value!)]);
    }

    /// <summary>
    /// What a template asks for that the scope has not, in branches too that this rendering does not take: variables, and the members of those
    /// whose members are known.
    /// </summary>
    internal static IReadOnlyList<TemplateFault> Undefined(IReadOnlyList<TemplateUse> uses, RenderScope scope, bool withSecrets)
    {
        var objects = new ScopeObjects(scope, withSecrets);
        List<TemplateFault> faults = [];
        foreach (var use in uses)
        {
            if (Filters.Contains(use.Root) || OwnFilters.Contains(use.Root))
                continue;
            if (!objects.TryGet(use.Root, out var value))
                faults.Add(Undefined(scope, use.Root).At(use));
            else if (use.Member is { } member && use.Root is not "components" && value is ScriptObject of && !of.ContainsKey(member))
                faults.Add(NoMember(scope, of, member, objects.IsParameters(of)).At(use));
        }

        return faults;
    }

    internal static TemplateFault? Render(string template, RenderScope scope, bool withSecrets, out string text) =>
        Render(template, () => Context(scope, withSecrets), out text);

    internal static TemplateFault? Render(string template, Func<LiquidTemplateContext> make, out string text)
    {
        text = template;
        if (!template.Contains("{{", StringComparison.Ordinal) && !template.Contains("{%", StringComparison.Ordinal))
            return null;
        var parsed = Parse(template, out var faults);
        if (parsed is null)
            return faults[0];
        try
        {
            var context = make();
            text = parsed.Render(context);
            return TakesMore(context) ? null : new("template-too-long", 1, 1, $"It renders to more than {Longest} characters.", "");
        }
        catch (ScriptRuntimeException e)
        {
            return Fault(e);
        }
    }

    /// <summary>The template, or why it is none.</summary>
    internal static Template? Parse(string template, out IReadOnlyList<TemplateFault> faults)
    {
        if (template.Length > Longest)
        {
            faults = [new("template-too-long", 1, 1, $"The template has more than {Longest} characters.", "")];
            return null;
        }

        var parsed = Template.ParseLiquid(template, "", new ParserOptions { ExpressionDepthLimit = Depth });
        faults = [.. parsed.Messages.Where(m => m.Type == ParserMessageType.Error).Select(m => Unreadable(template, m))];
        return parsed.HasErrors ? null : parsed;
    }

    private static TemplateFault Unreadable(string template, LogMessage message)
    {
        var start = message.Span.Start;
        var (line, column) = message.Message.Contains("<eof>", StringComparison.Ordinal) || start.Line < 0
            ? (template.Count(c => c == '\n') + 1, template.Length - template.LastIndexOf('\n'))
            : (start.Line + 1, start.Column + 1);
        var what = message.Message.Contains("<eof>", StringComparison.Ordinal)
            ? "a '{{' or '{%' is not closed"
            : message.Message.ReplaceLineEndings(" ").TrimEnd('.').Trim();
        return new("template-syntax", line, column, $"This is no Liquid template: {what}.", "");
    }

    private static LiquidTemplateContext Context(RenderScope scope, bool withSecrets)
    {
        var objects = new ScopeObjects(scope, withSecrets);
        var context = Bare();
        context.TryGetVariable = (TemplateContext _, SourceSpan span, ScriptVariable variable, out object? value) =>
            objects.TryGet(variable.Name, out value) ? true : throw new ScopeException(span, Undefined(scope, variable.Name));
        context.TryGetMember = (TemplateContext _, SourceSpan span, object target, string member, out object? _) =>
            throw new ScopeException(span, NoMember(scope, target, member, objects.IsParameters(target)));
        return context;
    }

    /// <summary>Limits and filters, without any variable.</summary>
    internal static LiquidTemplateContext Bare()
    {
        var context = new LiquidTemplateContext
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            EnableRelaxedTargetAccess = false,
            EnableRelaxedIndexerAccess = false,
            LoopLimit = Loops,
            RecursiveLimit = Depth,
            LimitToString = Longest + 1,
            NewLine = "\n",
            AutoIndent = false,
        };
        foreach (var name in context.BuiltinObject.Keys.Where(k => !Filters.Contains(k)).ToList())
            context.BuiltinObject.Remove(name);
        context.BuiltinObject.SetValue("nil", null, true);
        context.BuiltinObject.SetValue("json", DelegateCustomFunction.CreateFunc<object?, string>(TemplateFilters.Json), true);
        context.BuiltinObject.SetValue("shell", DelegateCustomFunction.CreateFunc<object?, string>(TemplateFilters.Shell), true);
        context.BuiltinObject.SetValue("url_encode", DelegateCustomFunction.CreateFunc<object?, string>(TemplateFilters.UrlEncode), true);
        context.PushGlobal(new ScriptObject());
        return context;
    }

    /// <summary>False once anything was cut off at the limit, captured text too: Scriban cuts in silence.</summary>
    private static bool TakesMore(TemplateContext context)
    {
        context.PushOutput();
        context.Write("?");
        return context.PopOutput().ToString() == "?";
    }

    private static Missing Undefined(RenderScope scope, string name)
    {
        var known = scope.Token is null ? ScopeObjects.Roots : [.. ScopeObjects.Roots, "token"];
        var hint = Nearest.Hint(name, [.. known, .. Filters, .. OwnFilters]);
        var list = $"known are {string.Join(", ", known)} and Liquid's filters";
        return new("undefined-variable", $"'{name}' is not defined.", hint.Length == 0 ? list : $"{hint} ({list})");
    }

    private static Missing NoMember(RenderScope scope, object target, string member, bool parameters)
    {
        if (parameters && scope.Parameters.Secrets.ContainsKey(member))
        {
            return new(
                "secret-in-clear",
                $"The secret parameter '{member}' is used where everybody can read it.",
                "use it in a file with 'secret: true' only, and let the program read it from there");
        }

        var known = target is ScriptObject of ? of.Keys.ToList() : ["first", "last", "size"];
        var hint = Nearest.Hint(member, known);
        var list = known.Count == 0 ? "there is none at all" : "known here: " + string.Join(", ", known.Take(40));
        return new("undefined-variable", $"'{member}' is not defined.", hint.Length == 0 ? list : $"{hint} ({list})");
    }

    private static TemplateFault Fault(ScriptRuntimeException e)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is ScopeException of)
                return new(of.What.Code, of.Span.Start.Line + 1, of.Span.Start.Column + 1, of.What.Message, of.What.Remedy);
        }

        if (NullTarget().Match(e.OriginalMessage) is { Success: true } target)
        {
            var missing = target.Groups[1].Value;
            return new("template-fails", e.Span.Start.Line + 1, e.Span.Start.Column + 1, $"The template cannot be rendered: there is no {missing} here.", $"test for it first: {{% if {missing} %}}");
        }

        var why = e.OriginalMessage.Contains("LoopLimit", StringComparison.Ordinal) ? $"it loops more than {Loops} times"
            : e.OriginalMessage.Contains("LimitToString", StringComparison.Ordinal) ? $"it makes a text of more than {Longest} characters"
            : e.OriginalMessage.ReplaceLineEndings(" ").TrimEnd('.').Trim();
        return new("template-fails", e.Span.Start.Line + 1, e.Span.Start.Column + 1, $"The template cannot be rendered: {why}.", "");
    }

    [GeneratedRegex("^Object `(.*)` is null")]
    private static partial Regex NullTarget();

    /// <summary>Something that a template asks for and the scope has not.</summary>
    internal sealed record Missing(string Code, string Message, string Remedy)
    {
        public TemplateFault At(TemplateUse use) => new(Code, use.Line, use.Column, Message, Remedy);
    }

    internal sealed class ScopeException(SourceSpan span, Missing what) : ScriptRuntimeException(span, what.Message)
    {
        public Missing What => what;
    }
}

/// <summary>What is wrong in a template; line and column count from 1 within it.</summary>
internal sealed record TemplateFault(string Code, int Line, int Column, string Message, string Remedy)
{
    public string Message { get; init => field = YamlFile.Plain(value); } = YamlFile.Plain(Message);

    public string Remedy { get; init => field = YamlFile.Plain(value); } = YamlFile.Plain(Remedy);

    public Problem At(string path) => new(Code, $"{path}:{Line}:{Column}", Message, Remedy);
}
