using Ark.Core;
using Ark.Core.Checks;
using Ark.Core.Sites;
using Ark.Core.Yaml;

namespace Ark.Console.Sites;

/// <summary>What the task that was carried along will take of the machines, before there is a cluster.</summary>
/// <param name="Products">Null: no task is known.</param>
/// <param name="Needs">By machine; empty where nothing could be placed.</param>
/// <param name="Problems">Why not, as warnings: that a task is wrong does not keep machines from being checked.</param>
public sealed record CarriedNeeds(IReadOnlySet<string>? Products, IReadOnlyDictionary<string, MachineNeeds> Needs, IReadOnlyList<Problem> Problems)
{
    private static readonly Dictionary<string, MachineNeeds> None = [];

    /// <param name="task">Null: the properties' task, or the only one.</param>
    public static async Task<CarriedNeeds> ReadAsync(SiteFolder folder, Site site, string? task, IReadOnlyList<HostFacts> machines, CancellationToken cancellation)
    {
        if (TaskFiles.Wanted(folder, site, task) is not { } id)
            return new(null, None, folder.TaskIds() is { Count: > 1 } ids ? [Warning("which-task", "tasks/", $"It is not clear which task the machines are checked for: there are {string.Join(", ", ids)}.", "--task ID")] : []);
        if (await TaskFiles.ReadCarriedAsync(folder, id, cancellation) is not (_, var text))
            return new(null, None, [Warning("no-task", "tasks/", $"The task {YamlFile.Show(id)} was not carried along: what it needs of the machines is not checked.", "put task_<id>.tgz into tasks/, or --task ID")]);
        if (!text.Ok) return new(null, None, Softened(text.Problems));
        var loaded = await TaskWorld.LoadAsync(folder, site, id, text.Value, cancellation);
        if (!loaded.Ok) return new(null, None, Softened(loaded.Problems));
        var products = TaskNeeds.Products(loaded.Value.Task, loaded.Value.Baseline);
        var needs = TaskNeeds.Of(site, loaded.Value.Task, loaded.Value.Baseline, machines);
        return new(products, needs.Value ?? None, needs.Ok ? [] : Softened(needs.Problems));
    }

    private static List<Problem> Softened(IEnumerable<Problem> problems) => [.. problems.Select(p => p with { Severity = Severity.Warning })];

    private static Problem Warning(string code, string place, string message, string remedy) => new(code, place, message, remedy, Severity.Warning);
}
