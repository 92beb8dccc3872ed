using System.Text;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Tasks;
using Ark.Remote.Files;

namespace Ark.Remote.Packages;

/// <summary>Looks whether a task that is to be carried holds a secret in clear.</summary>
internal static class TaskSecrets
{
    private const string TaskFile = "task.yaml";

    /// <summary>Each clear secret with its place, and whatever keeps from finding out; never a value.</summary>
    /// <param name="task">An archive or a folder.</param>
    /// <param name="baselines">Folders of the baselines that are carried along.</param>
    public static async Task<IReadOnlyList<Problem>> CheckAsync(string task, IReadOnlyList<string> baselines, CancellationToken cancel)
    {
        var (text, problems) = await ReadAsync(task, cancel);
        if (text is null) return problems;
        var document = TaskReader.Read(text, Path.Combine(task, TaskFile));
        if (!document.Ok) return document.Problems;
        // Only a parameter can hold a secret: a task without any needs no catalogue to be judged.
        if (document.Value.Task.Components.All(c => c.Parameters.Count == 0)) return [];
        var name = document.Value.Task.Baseline;
        if (baselines.FirstOrDefault(b => Path.GetFileName(b.TrimEnd('/')) == name) is not { } folder)
            return [new("no-baseline", document.Value.PlaceOf("baseline"), $"The baseline {name} of the task is not carried along.", $"name it too: --catalog {name}")];
        var files = await CatalogFolder.ReadAsync(Path.GetDirectoryName(Path.GetFullPath(folder.TrimEnd('/')))!, cancel);
        if (!files.Ok) return files.Problems;
        var baseline = BaselineReader.Read(files.Value, name);
        return baseline.Ok ? TaskValidation.ClearSecrets(document.Value, baseline.Value) : baseline.Problems;
    }

    private static async Task<(string? Text, IReadOnlyList<Problem> Problems)> ReadAsync(string task, CancellationToken cancel)
    {
        if (Directory.Exists(task))
        {
            var file = Path.Combine(task, TaskFile);
            return File.Exists(file) ? (await File.ReadAllTextAsync(file, cancel), []) : (null, [new("no-file", file, "The task has no task.yaml.")]);
        }

        var archive = await TaskArchive.ReadAsync(task, cancel);
        return archive.Ok ? (Encoding.UTF8.GetString(archive.Value[TaskFile]), []) : (null, archive.Problems);
    }
}
