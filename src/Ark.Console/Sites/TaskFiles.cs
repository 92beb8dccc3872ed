using Ark.Core;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Core.Yaml;
using Ark.Remote.Files;
using Ark.Remote.State;

namespace Ark.Console.Sites;

/// <summary>The tasks that were carried along, and those on record in the cluster.</summary>
internal static class TaskFiles
{
    /// <summary>The id asked for, the properties', or the only one there is.</summary>
    public static Outcome<string> Choose(Session session, SiteStore? store, string? id)
    {
        var known = session.Folder.TaskIds().Concat(store?.Tasks ?? []).Distinct().Order(StringComparer.Ordinal).ToList();
        var wanted = id ?? session.Site.TaskId ?? (known.Count == 1 ? known[0] : null);
        if (wanted is not null && known.Contains(wanted)) return Outcome<string>.Of(wanted);
        var list = known.Count == 0 ? "none was carried along" : "there are " + string.Join(", ", known);
        return Outcome<string>.Fail(wanted is null
            ? new Problem("which-task", "tasks/", $"It is not clear which task is meant: {list}.", "--task ID")
            : new Problem("no-task", "tasks/", $"There is no task {YamlFile.Show(wanted)}: {list}.", "put task_<id>.tgz into tasks/, or --task ID"));
    }

    /// <summary>
    /// All that is wrong with the properties, with the task that was carried along and with its baseline, before anybody is asked anything and
    /// before any machine is contacted. Changes nothing. A task that is only on record in the cluster is looked at later.
    /// </summary>
    /// <param name="change">Makes another text of the task's; given its text and its path.</param>
    public static async Task<Outcome<Site>> CheckAsync(SiteFolder folder, string? id, Func<string, string, Outcome<string>>? change, CancellationToken cancellation)
    {
        var site = Session.ReadSite(folder);
        List<Problem> problems = [.. site.Problems];
        if (id is not null && !TaskReader.IsId(id))
            problems.Add(new("bad-task-id", "--task", $"The id {YamlFile.Show(id)} is not made of letters, digits and dashes.", "--task ID"));
        else if (Wanted(folder, site.Value, id) is { } wanted)
            problems.AddRange(await CheckTaskAsync(folder, site.Value, wanted, change, cancellation));
        return Outcome<Site>.From(problems, () => site.Value!);
    }

    /// <summary>Unpacks the task at its first use.</summary>
    public static async Task<IReadOnlyList<Problem>> UnpackAsync(SiteFolder folder, Site site, string? id, CancellationToken cancellation) =>
        Wanted(folder, site, id) is { } wanted && IsPacked(folder, wanted) ? (await TaskArchive.UnpackAsync(folder.TaskArchive(wanted), replace: false, cancellation)).Problems : [];

    /// <summary>The id asked for, the properties', or that of the only task that was carried along.</summary>
    public static string? Wanted(SiteFolder folder, Site? site, string? id) =>
        id ?? site?.TaskId ?? (folder.TaskIds() is [var only] ? only : null);

    private static bool IsPacked(SiteFolder folder, string id) =>
        File.Exists(folder.TaskArchive(id)) && !Directory.Exists(Path.GetDirectoryName(folder.TaskFile(id)));

    private static async Task<IReadOnlyList<Problem>> CheckTaskAsync(SiteFolder folder, Site? site, string id, Func<string, string, Outcome<string>>? change, CancellationToken cancellation)
    {
        if (await ReadCarriedAsync(folder, id, cancellation) is not (var place, var text)) return [];
        if (text.Ok && change is not null && TaskReader.Read(text.Value, place).Ok)
            text = change(text.Value, place);
        return await TaskWorld.ProblemsAsync(folder, site, id, text, place, cancellation);
    }

    /// <summary>The text of a task that was carried along, as folder or as archive, with its path as problems name it; null where it was not. Changes nothing.</summary>
    public static async Task<(string Place, Outcome<string> Text)?> ReadCarriedAsync(SiteFolder folder, string id, CancellationToken cancellation)
    {
        if (IsPacked(folder, id))
            return await TaskArchive.ReadTaskAsync(folder.TaskArchive(id), Path.GetRelativePath(folder.Root, folder.TaskArchive(id)), cancellation);
        var place = Path.GetRelativePath(folder.Root, folder.TaskFile(id));
        if (!Directory.Exists(Path.GetDirectoryName(folder.TaskFile(id)))) return null;
        return (place, File.Exists(folder.TaskFile(id))
            ? TextFile.Read(folder.TaskFile(id), place, TaskReader.Longest)
            : Outcome<string>.Fail(new Problem("no-task-file", place, "There is no such file.", $"put task_{YamlFile.Show(id).Trim('\'')}.tgz into tasks/ and take the folder away")));
    }

    /// <summary>The text of the task as carried along; null where there is none that can be read.</summary>
    public static string? ReadText(SiteFolder folder, string id) =>
        File.Exists(folder.TaskFile(id)) ? TextFile.Read(folder.TaskFile(id), folder.TaskFile(id), TaskReader.Longest).Value : null;

    /// <summary>Replaces the task's file at once.</summary>
    public static void WriteText(SiteFolder folder, string id, string text)
    {
        var file = folder.TaskFile(id);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file + ".ark-new", text);
        File.Move(file + ".ark-new", file, overwrite: true);
    }
}
