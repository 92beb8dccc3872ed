using Ark.Console.Texts;
using Ark.Core.Base;

namespace Ark.Console.Menu;

/// <summary>The five steps of <c>setup.sh</c> as data: every entry equals a command, and prints it.</summary>
public static class SetupMenu
{
    /// <param name="tasks">Ids and product lines of the tasks that were carried along.</param>
    public static MenuEntry Build(IReadOnlyList<(string Id, string Line)> tasks) => MenuEntry.Submenu("", Text.SetupTitle,
    [
        MenuEntry.Command("1", Text.StepPrepare, "prepare"),
        MenuEntry.Command("2", Text.StepCheck, "check"),
        new("3", Text.StepBase, [.. Enum.GetValues<BasePart>().Select(p => (IReadOnlyList<string>)["base", "--part", p.ToString().ToLowerInvariant(), "--yes"])], AskEach: true),
        MenuEntry.Command("4", Text.StepNetwork, "machine", "reach"),
        MenuEntry.Submenu("5", Text.StepDeploy, [.. tasks.Select((t, i) => MenuEntry.Submenu($"{i + 1}", "task_" + t.Id, Deploy(t.Id, t.Line)))]),
    ]);

    /// <summary>The deploy menu of a product line.</summary>
    private static IReadOnlyList<MenuEntry> Deploy(string task, string line) =>
    [
        Apply("1", Text.DeployImages, task, "images"),
        Apply("2", line == "3.0" ? Text.DeployMetadb30 : Text.DeployMetadb31, task, "metadb"),
        Apply("3", line == "3.0" ? Text.DeployHaproxy : Text.DeployDncs, task, "names"),
        Apply("4", Text.DeployMiddleware, task, "middleware"),
        MenuEntry.Command("5", Text.DeployAll, "apply", "--task", task),
    ];

    private static MenuEntry Apply(string key, string title, string task, string stage) =>
        MenuEntry.Command(key, title, "apply", "--task", task, "--stage", stage);
}
