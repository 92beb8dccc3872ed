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
