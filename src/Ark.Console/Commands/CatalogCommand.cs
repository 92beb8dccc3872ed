using System.CommandLine;
using Ark.Console.Output;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Remote.Files;

namespace Ark.Console.Commands;

/// <summary><c>ark catalog</c>: for those who write components.</summary>
public static class CatalogCommand
{
    public static Command Create() => new("catalog", "Check, show and begin the components of a catalogue.")
    {
        CreateLint(),
        CreateShow(),
        CreateNew(),
    };

    private static Command CreateLint()
    {
        var folders = new Argument<string[]>("dir") { Description = "A catalogue, a baseline's or a component's folder.", Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => ["catalog"] };
        var command = new Command("lint", "Check baselines wholly: every problem with file, line and column. Exit code 2 if there are errors.") { folders };
        command.SetAction(async (parsed, cancel) =>
        {
            List<Problem> problems = [];
            List<Baseline> baselines = [];
            foreach (var folder in parsed.GetValue(folders)!)
                await LintAsync(folder, baselines, problems, cancel);
            return CatalogView.Lint([.. problems.Distinct()], baselines, parsed.WantsJson());
        });
        return command;
    }

    private static Command CreateShow()
    {
        var baseline = new Argument<string?>("baseline") { Description = "All baselines if none is named.", Arity = ArgumentArity.ZeroOrOne };
        var component = new Argument<string?>("component") { Description = "All components of the baseline if none is named.", Arity = ArgumentArity.ZeroOrOne };
        var folder = Catalogue();
        var rendered = new Option<bool>("--rendered") { Description = "Show what the component's templates render to for the first instance of a made-up task." };
        var command = new Command("show", "Show baselines, a baseline's components, or all that a component says.") { baseline, component, folder, rendered };
        command.SetAction(async (parsed, cancel) =>
        {
            var files = await CatalogFolder.ReadAsync(parsed.GetValue(folder)!, cancel);
            if (!files.Ok)
                return Talk.Problems(files.Problems, ExitCode.Usage);
            var names = parsed.GetValue(baseline) is { } one ? [one] : BaselineReader.Names(files.Value);
            var read = names.Select(n => BaselineReader.Read(files.Value, n)).ToList();
            if (read.SelectMany(r => r.Problems).Where(p => p.Severity == Severity.Error).ToList() is { Count: > 0 } errors)
                return Talk.Problems(errors.Distinct(), ExitCode.Usage);
            var baselines = read.Select(r => r.Value!).ToList();
            if (parsed.GetValue(component) is not { } name)
            {
                CatalogView.Baselines(baselines, parsed.GetValue(baseline) is not null, parsed.WantsJson());
                return ExitCode.Done;
            }

            if (baselines[0].Find(name) is not { } found)
            {
                var known = baselines[0].Components.Select(c => c.Name).ToList();
                var hint = Nearest.Hint(name, known);
                return Talk.Problems([new("unknown-component", baselines[0].Name, $"There is no component '{name}'.", hint.Length == 0 ? $"there are {string.Join(", ", known)}" : hint)], ExitCode.Usage);
            }

            if (!parsed.GetValue(rendered))
                ComponentView.Show(baselines[0], found, parsed.WantsJson());
            else if (ComponentPreview.Render(baselines[0], found) is var preview && preview.Ok)
                ComponentView.Show(preview.Value, parsed.WantsJson());
            else
                return Talk.Problems(preview.Problems, ExitCode.Usage);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateNew()
    {
        var name = new Argument<string>("name") { Description = "The component's name: lower-case letters, digits and dashes." };
        var folder = new Option<string>("--dir") { Description = "The baseline's folder.", DefaultValueFactory = _ => "catalog/open-3.1" };
        var compose = new Option<string?>("--from") { Description = "A Compose file: its services become components; what Ark has not stands in comments." };
        var command = new Command("new", "Write a commented component to begin with. Never overwrites a file.") { name, folder, compose };
        command.SetAction(async (parsed, cancel) =>
        {
            var written = await ComponentFiles.WriteAsync(parsed.GetValue(name)!, parsed.GetValue(folder)!, parsed.GetValue(compose), cancel);
            if (!written.Ok)
                return Talk.Problems(written.Problems, ExitCode.Usage);
            foreach (var path in written.Value.Paths)
                System.Console.Out.WriteLine(path);
            foreach (var note in written.Value.Notes)
                Talk.Say("not taken over: " + note);
            Talk.Say($"Next: name {string.Join(" and ", written.Value.Components)} in a product of {Path.Combine(parsed.GetValue(folder)!, "baseline.yaml")}, make the image, then: ark catalog lint {parsed.GetValue(folder)}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string> Catalogue() => new("--dir") { Description = "The catalogue: the folder that holds the baselines.", DefaultValueFactory = _ => "catalog" };

    private static async Task LintAsync(string folder, List<Baseline> baselines, List<Problem> problems, CancellationToken cancel)
    {
        var (root, baseline, component) = Split(folder);
        var files = await CatalogFolder.ReadAsync(root, cancel);
        if (!files.Ok)
        {
            problems.AddRange(files.Problems);
            return;
        }

        var names = baseline is null ? BaselineReader.Names(files.Value) : [baseline];
        if (names.Count == 0)
            problems.Add(new("no-baseline", folder, "No folder here has a baseline.yaml.", "name a catalogue, a baseline's or a component's folder"));
        foreach (var name in names)
        {
            var read = BaselineReader.Read(files.Value, name);
            if (read.Ok)
                baselines.Add(read.Value);
            problems.AddRange(read.Problems
                .Where(p => component is null || p.Place.StartsWith($"{name}/components/{component}/", StringComparison.Ordinal))
                .Select(p => p with { Place = Path.Combine(root, p.Place) }));
        }
    }

    /// <summary>The catalogue's folder, and the baseline and component if the folder is one's.</summary>
    private static (string Root, string? Baseline, string? Component) Split(string folder)
    {
        var path = folder.TrimEnd('/');
        if (File.Exists(Path.Combine(path, "baseline.yaml")))
            return (Parent(path, 1), Path.GetFileName(Path.GetFullPath(path)), null);
        if (File.Exists(Path.Combine(path, "component.yaml")))
            return (Parent(path, 3), Path.GetFileName(Path.GetFullPath(Parent(path, 2))), Path.GetFileName(Path.GetFullPath(path)));
        return (path, null, null);
    }

    private static string Parent(string path, int levels)
    {
        for (; levels > 0; levels--)
            path = Path.GetFileName(path) is "." or ".." or "" || Path.GetDirectoryName(path) is not { } up ? Path.Combine(path, "..") : up.Length == 0 ? "." : up;
        return path;
    }
}
