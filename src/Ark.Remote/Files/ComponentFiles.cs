using Ark.Core;
using Ark.Core.Catalog;

namespace Ark.Remote.Files;

/// <summary>What <see cref="ComponentFiles.WriteAsync"/> wrote.</summary>
public sealed record WrittenComponents(IReadOnlyList<string> Components, IReadOnlyList<string> Paths, IReadOnlyList<string> Notes);

/// <summary>Writes the files with which components begin.</summary>
public static class ComponentFiles
{
    private const int MaxBytes = 1 << 20;

    /// <summary>
    /// A starter in <c>baseline/components/name</c>, or what a Compose file's services become. Nothing is written if one of the folders is there.
    /// </summary>
    public static async Task<Outcome<WrittenComponents>> WriteAsync(string name, string baseline, string? compose, CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(baseline, "baseline.yaml")))
            return Fail(new("no-baseline", baseline, "The folder has no baseline.yaml.", "name a baseline's folder with --dir"));
        var (components, notes, problems) = compose is null ? Starter(name) : await FromComposeAsync(compose, name, cancel);
        foreach (var component in components.Keys)
        {
            var folder = Folder(baseline, component);
            if (Directory.Exists(folder) || File.Exists(folder))
                problems.Add(new("exists", folder, $"There is a component '{component}' already; nothing was written.", "choose another name, or remove the folder"));
        }

        if (problems.Count > 0)
            return Outcome<WrittenComponents>.Fail(problems);
        List<string> paths = [];
        foreach (var (component, files) in components)
        {
            Directory.CreateDirectory(Folder(baseline, component));
            foreach (var (file, text) in files)
            {
                var path = Path.Combine(Folder(baseline, component), file);
                await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                await using var writer = new StreamWriter(stream);
                await writer.WriteAsync(text.AsMemory(), cancel);
                paths.Add(path);
            }
        }

        return Outcome<WrittenComponents>.Of(new([.. components.Keys], paths, notes));
    }

    private static Outcome<WrittenComponents> Fail(Problem problem) => Outcome<WrittenComponents>.Fail(problem);

    private static string Folder(string baseline, string component) => Path.Combine(baseline, "components", component);

    private static (Dictionary<string, IReadOnlyDictionary<string, string>> Components, IReadOnlyList<string> Notes, List<Problem> Problems) Starter(string name)
    {
        var files = ComponentStarter.Files(name);
        return (files.Ok ? new() { [name] = files.Value } : [], [], [.. files.Problems]);
    }

    private static async Task<(Dictionary<string, IReadOnlyDictionary<string, string>> Components, IReadOnlyList<string> Notes, List<Problem> Problems)> FromComposeAsync(
        string compose, string name, CancellationToken cancel)
    {
        if (!File.Exists(compose) || new FileInfo(compose).Length > MaxBytes)
            return ([], [], [new("no-file", compose, "There is no such file, or it is bigger than 1 MB.", "name a Compose file with --from")]);
        var converted = ComposeConversion.Convert(compose, await File.ReadAllTextAsync(compose, cancel), name);
        if (!converted.Ok)
            return ([], [], [.. converted.Problems]);
        var files = converted.Value.ToDictionary(c => c.Name, c => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { ["component.yaml"] = c.Text });
        return (files, [.. converted.Value.SelectMany(c => c.Notes.Select(n => $"{c.Name}: {n}"))], []);
    }
}
