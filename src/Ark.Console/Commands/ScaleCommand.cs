using System.CommandLine;
using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Planning;
using Ark.Core.Tasks;

namespace Ark.Console.Commands;

/// <summary><c>ark scale</c>, <c>upgrade</c>, <c>rollback</c>: each changes the task's text, then applies just that.</summary>
public static class ScaleCommand
{
    private static readonly Option<string?> Task = new("--task") { Description = "Id of the task; by default the properties' task_id, or the only one." };

    public static Command CreateScale()
    {
        var component = new Argument<string>("component") { Description = "The component." };
        var count = new Argument<int>("count") { Description = "How many instances." };
        var command = new Command("scale", "Change the number of a component's instances, in the task and on the site.") { component, count, GlobalOptions.DryRun, Task };
        command.SetAction((parsed, cancel) => parsed.GetValue(count) is var wanted && wanted is < 0 or > TaskReader.MostInstances
            ? System.Threading.Tasks.Task.FromResult(Talk.Problems([new("bad-count", "count", $"{wanted} is no number of instances.", $"a number from 1 to {TaskReader.MostInstances}, as the component allows")], ExitCode.Usage))
            : ChangeAsync(parsed, "scale", [parsed.GetValue(component)!],
            (text, path) => TaskWriter.SetCount(text, path, parsed.GetValue(component)!, parsed.GetValue(count)), cancel));
        return command;
    }

    public static Command CreateUpgrade()
    {
        var component = new Argument<string>("component") { Description = "The component." };
        var image = new Option<string?>("--image") { Description = "Tag of an imported image; without it, what the baseline that was carried along says." };
        var command = new Command("upgrade", "Replace a component's instances one at a time, proven after each; a failure puts all of them back.") { component, image, GlobalOptions.DryRun, Task };
        command.SetAction((parsed, cancel) => ChangeAsync(parsed, "upgrade", [parsed.GetValue(component)!],
            (text, path) => parsed.GetValue(image) is { } tag ? TaskWriter.SetImage(text, path, parsed.GetValue(component)!, tag) : Outcome<string>.Of(text), cancel));
        return command;
    }

    public static Command CreateRollback()
    {
        var to = new Option<int?>("--to") { Description = "Number of the record to go back to; by default the one before the newest. ark rollback --list shows them." };
        var list = new Option<bool>("--list") { Description = "Only list the records." };
        var command = new Command("rollback", "Bring the site back to what the task said before.") { to, list, GlobalOptions.DryRun, Task };
        command.SetAction((parsed, cancel) => TaskOperation.WithWorldAsync(parsed, parsed.GetValue(Task), null, null, async world =>
        {
            var versions = world.Store.Versions(world.Task.Id);
            if (parsed.GetValue(list))
            {
                foreach (var version in versions) System.Console.Out.WriteLine(version);
                return ExitCode.Done;
            }

            if ((parsed.GetValue(to) ?? versions.Skip(1).Cast<int?>().FirstOrDefault()) is not { } number || await world.Store.ReadTaskAsync(world.Task.Id, number, cancel) is not { } record)
                return Talk.Problems([new("no-record", $"task {world.Task.Id}", $"There is no such record; there are {string.Join(", ", versions)}.", "ark rollback --list")], ExitCode.Usage);
            return await ChangeAsync(parsed, "rollback", null, (_, _) => Outcome<string>.Of(record.Text), cancel);
        }, cancel));
        return command;
    }

    /// <summary>What knows every instance by its address follows when instances come and go.</summary>
    private static IEnumerable<string> NameServices(TaskWorld world) =>
        world.Desired.Components.Where(c => c.Stage == Stage.Names && world.Facts.Services.Any(s => s.Component == c.Name)).Select(c => c.Name);

    /// <summary>Plans the changed task, asks, writes the text to the task's file, runs the plan.</summary>
    private static Task<int> ChangeAsync(ParseResult parsed, string verb, string[]? components, Func<string, string, Outcome<string>> change, CancellationToken cancellation)
    {
        return TaskOperation.WithWorldAsync(parsed, parsed.GetValue(Task), change, null, async world =>
        {
            var scope = new PlanScope { Components = components?.Concat(NameServices(world)).ToHashSet() };
            var plan = TaskPlanner.Plan(world.Desired, world.Facts, world.Recorded?.Text, scope);
            if (!plan.Ok) return Talk.Problems(plan.Problems, ExitCode.Usage);
            if (parsed.IsDry()) return TaskOperation.Preview(parsed, plan.Value);
            var code = await TaskOperation.RunAsync(parsed, world, plan.Value, new(verb, parsed.Ask)
            {
                Begin = () => TaskFiles.WriteText(world.Session.Folder, world.Task.Id, world.Text),
            }, cancellation);
            return code == ExitCode.Done && !plan.Value.IsEmpty ? await TaskOperation.ShowStatusAsync(parsed, world, cancellation) : code;
        }, cancellation);
    }
}
