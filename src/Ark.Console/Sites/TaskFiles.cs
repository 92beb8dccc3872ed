using Ark.Core;
using Ark.Core.Sites;
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
            : new Problem("no-task", "tasks/", $"There is no task {wanted}: {list}.", "put task_<id>.tgz into tasks/, or --task ID"));
    }

    /// <summary>
    /// What is wrong with the task that was carried along and with its baseline, before any machine is asked; an archive is unpacked at its first use.
    /// A task that is only on record in the cluster is looked at later.
    /// </summary>
    public static async Task<IReadOnlyList<Problem>> CheckAsync(SiteFolder folder, Site site, string? id, CancellationToken cancellation)
    {
        var known = folder.TaskIds();
        if ((id ?? site.TaskId ?? (known.Count == 1 ? known[0] : null)) is not { } wanted) return [];
        var archive = Path.Combine(folder.Tasks, $"task_{wanted}.tgz");
        if (File.Exists(archive) && !Directory.Exists(Path.GetDirectoryName(folder.TaskFile(wanted))))
        {
            var unpacked = await TaskArchive.UnpackAsync(archive, replace: false, cancellation);
            if (!unpacked.Ok) return unpacked.Problems;
        }

        return ReadText(folder, wanted) is { } text ? (await TaskWorld.LoadAsync(folder, site, wanted, text, cancellation)).Problems : [];
    }

    /// <summary>The text of the task as carried along; null where there is none.</summary>
    public static string? ReadText(SiteFolder folder, string id) => File.Exists(folder.TaskFile(id)) ? File.ReadAllText(folder.TaskFile(id)) : null;

    /// <summary>Replaces the task's file at once.</summary>
    public static void WriteText(SiteFolder folder, string id, string text)
    {
        var file = folder.TaskFile(id);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file + ".ark-new", text);
        File.Move(file + ".ark-new", file, overwrite: true);
    }
}
