using Ark.Core.Templates;

namespace Ark.Core.Catalog;

/// <summary>What a template of a component renders to.</summary>
/// <param name="Where"><c>container.command</c>, or a file's path in the container.</param>
public sealed record Rendered(string Where, string Text);

/// <summary>Renders a component for its author, before there is a task.</summary>
public static class ComponentPreview
{
    /// <summary>
    /// Command, environment, jobs, proofs and files of the first instance in a made-up task with all components of the baseline, in VM mode. Secrets are made
    /// up too. Problems: as of the templates; none for a component of a baseline that was read.
    /// </summary>
    public static Outcome<IReadOnlyList<Rendered>> Render(Baseline baseline, Component component)
    {
        var scope = SyntheticTask.Scopes(baseline, component)[0];
        var withToken = scope with { Token = "kX7token" };
        List<Rendered> all = [];
        List<Problem> problems = [];
        var container = component.Container;
        AddWords("container.entrypoint", container.Entrypoint);
        AddWords("container.command", container.Command);
        Add("container.hostname", container.Hostname, false);
        foreach (var (name, value) in container.Environment)
            Add("container.environment." + name, value, false);
        AddWords("container.healthcheck.test", container.Healthcheck?.Test);
        foreach (var job in component.Init)
            AddWords($"init \"{job.Name}\"", job.Run);
        AddWords("leave", component.Leave);
        foreach (var (proof, step) in component.Proofs.SelectMany(p => p.Steps.Select(s => (p, s))))
        {
            var where = $"proof \"{proof.Name}\" on {step.On.ToString().ToLowerInvariant()}";
            AddWords(where, step.Run, withToken);
            Add(where + " expects", step.Expect, false, withToken);
        }
        foreach (var file in component.Files)
            Add(file.Target, file.Template, file.Secret);
        return Outcome<IReadOnlyList<Rendered>>.From(problems, () => all);

        void Add(string where, string? template, bool secret, RenderScope? of = null)
        {
            if (template is null)
                return;
            var rendered = TemplateRenderer.Render(template, where, of ?? scope, secret);
            problems.AddRange(rendered.Problems);
            if (rendered.Ok)
                all.Add(new(where, rendered.Value));
        }

        void AddWords(string where, IReadOnlyList<string>? templates, RenderScope? of = null)
        {
            if (templates is null or [])
                return;
            var rendered = TemplateRenderer.RenderAll(templates, where, of ?? scope, withSecrets: false);
            problems.AddRange(rendered.Problems);
            if (rendered.Ok)
                all.Add(new(where, string.Join(' ', rendered.Value.Select(w => w.Contains(' ', StringComparison.Ordinal) ? $"\"{w}\"" : w))));
        }
    }
}
