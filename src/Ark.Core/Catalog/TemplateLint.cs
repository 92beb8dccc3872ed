using System.Text.RegularExpressions;
using Ark.Core.Templates;
using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>
/// Renders every template of a baseline for made-up tasks, one with all components and one with as few as there can be, and looks for
/// undefined variables in the branches that these do not take.
/// </summary>
internal sealed class TemplateLint
{
    private readonly ComponentSource _source;
    private IReadOnlyList<RenderScope> _scopes;
    private readonly List<Problem> _problems;
    private readonly HashSet<string> _parameters = [];
    private readonly bool _othersKnown;
    private bool _unread;

    private TemplateLint(ComponentSource source, IReadOnlyList<RenderScope> scopes, List<Problem> problems, bool othersKnown) =>
        (_source, _scopes, _problems, _othersKnown) = (source, scopes, problems, othersKnown);

    public static void Check(Baseline baseline, BaselineSources sources, List<Problem> problems)
    {
        var othersKnown = sources.Components.Count == sources.Names.Count && sources.Components.All(s => s.Sound);
        foreach (var source in sources.Components.Where(s => s.Sound))
            new TemplateLint(source, SyntheticTask.Scopes(baseline, source.Component), problems, othersKnown).Run();
    }

    private void Run()
    {
        var (component, file) = (_source.Component, _source.File);
        foreach (var template in component.Files)
            Texts(template.Template, (line, column) => $"{_source.Folder}/{template.Source}:{line}:{column}", template.Secret, false, _ => null);
        var container = component.Container;
        Words(container.Entrypoint, "container.entrypoint", false);
        Words(container.Command, "container.command", false);
        Words(container.Healthcheck?.Test, "container.healthcheck.test", false);
        foreach (var (name, value) in container.Environment)
            Text(value, "container.environment." + name, false, _ => null);
        if (container.Hostname is { } hostname)
            Text(hostname, "container.hostname", false, t => Catalog.Words.HostName().IsMatch(t) ? null : $"It renders to {YamlFile.Show(t)}, which is no host name.");
        Jobs(component.Init, "init");
        Words(component.Leave, "leave", false);
        Proofs(component.Proofs, "proof");
        if (component.External is { } external)
        {
            _scopes = [.. _scopes.Select(SyntheticTask.Outside)];
            Jobs(external.Init, "external.init");
            Proofs(external.Proofs, "external.proof");
        }

        if (_unread || component.Files.Count != (file.Root!.Get("files")?.Items().Count ?? 0))
            return;
        foreach (var parameter in component.Parameters.Where(p => !_parameters.Contains(p.Name) && !_parameters.Contains("*")))
        {
            var index = component.Parameters.ToList().IndexOf(parameter);
            file.Add("unused-parameter", file.PlaceOf($"parameters[{index}].name"), $"No template of the component uses '{parameter.Name}'.", "use it, or remove it", Severity.Warning);
        }
    }

    private void Jobs(IReadOnlyList<InitJob> jobs, string path)
    {
        for (var i = 0; i < jobs.Count; i++)
        {
            Words(jobs[i].Run, $"{path}[{i}].run", false);
            Input(jobs[i].Input, $"{path}[{i}].input");
        }
    }

    private void Proofs(IReadOnlyList<Proof> proofs, string path)
    {
        for (var p = 0; p < proofs.Count; p++)
        {
            for (var s = 0; s < proofs[p].Steps.Count; s++)
            {
                var step = proofs[p].Steps[s];
                Words(step.Run, $"{path}[{p}].steps[{s}].run", true);
                Input(step.Input, $"{path}[{p}].steps[{s}].input");
                if (step.Expect is { } expect)
                    Text(expect, $"{path}[{p}].steps[{s}].expect", true, Pattern);
            }
        }
    }

    private void Input(string? text, string path)
    {
        if (text is not null)
            Texts(text, (line, column) => _source.File.PlaceInside(path, line, column).ToString(), true, false, _ => null);
    }

    private static string? Pattern(string text)
    {
        try
        {
            _ = new Regex(text, RegexOptions.CultureInvariant);
            return null;
        }
        catch (ArgumentException e)
        {
            return $"It is no regular expression: {e.Message}";
        }
    }

    private void Words(IReadOnlyList<string>? texts, string path, bool proof)
    {
        for (var i = 0; i < texts?.Count; i++)
            Text(texts[i], $"{path}[{i}]", proof, _ => null);
    }

    private void Text(string text, string path, bool proof, Func<string, string?> wrong) =>
        Texts(text, (line, column) => _source.File.PlaceInside(path, line, column).ToString(), false, proof, wrong);

    /// <param name="place">Of a line and column in the text.</param>
    /// <param name="wrong">Says what is wrong with what the text renders to; null if nothing is.</param>
    private void Texts(string text, Func<int, int, string> place, bool secret, bool proof, Func<string, string?> wrong)
    {
        var template = TemplateRenderer.Parse(text, out var faults);
        List<TemplateFault> all = [.. faults];
        _unread |= template is null;
        if (template is not null)
        {
            var uses = TemplateUses.Of(template);
            _parameters.UnionWith(uses.Where(u => u.Root == "parameters").Select(u => u.Member ?? "*"));
            var known = _othersKnown || !uses.Any(u => u.Root is "components" or "endpoints");
            foreach (var scope in (known ? _scopes : []).Select(s => s with { Token = proof ? "kX7token" : null }))
            {
                all.AddRange(TemplateRenderer.Undefined(uses, scope, secret));
                if (TemplateRenderer.Render(text, scope, secret, out var rendered) is { } fault)
                    all.Add(fault with { Message = fault.Code == "template-fails" ? $"{fault.Message.TrimEnd('.')} (for {scope.Instance.Name}, {SyntheticTask.Describe(scope)})." : fault.Message });
                else if (wrong(rendered) is { } why)
                    all.Add(new("bad-value", 1, 1, why, ""));
            }
        }

        foreach (var fault in all.DistinctBy(f => (f.Code, f.Line, f.Column)))
            _problems.Add(new(fault.Code, place(fault.Line, fault.Column), fault.Message, fault.Remedy));
    }
}
