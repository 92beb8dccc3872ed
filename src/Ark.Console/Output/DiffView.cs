using System.Text.Json;
using Ark.Core.Planning;
using Spectre.Console;

namespace Ark.Console.Output;

/// <summary>A task against the site as people read it: under each instance its properties, what is and what should be.</summary>
public static class DiffView
{
    public static void Show(TaskDifferences diff, bool json)
    {
        if (json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(diff, DiffJson.Default.TaskDifferences));
            return;
        }

        if (diff.Differences.Count == 0) Terminal.Out.MarkupLineInterpolated($"[green]no difference[/]: task {diff.Task}");
        foreach (var target in diff.Differences.GroupBy(d => d.Target))
        {
            Terminal.Out.MarkupLineInterpolated($"{target.Key}");
            foreach (var d in target)
                Terminal.Out.MarkupLineInterpolated($"  {d.Property}: [red]{Words(d.Is)}[/] → [green]{Words(d.Wanted)}[/]");
        }
    }

    private static string Words(string value) => value.Length == 0 ? "none" : value;
}
