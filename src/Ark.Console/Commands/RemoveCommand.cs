using System.CommandLine;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Core.Planning;

namespace Ark.Console.Commands;

/// <summary><c>ark remove</c> and <c>ark restart</c>.</summary>
public static class RemoveCommand
{
    private static readonly Option<string?> Task = new("--task") { Description = "Id of the task; by default the properties' task_id, or the only one." };

    public static Command CreateRestart()
    {
        var targets = new Argument<string[]>("target") { Description = "Components or instances.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("restart", "Restart instances one at a time, proven after each.") { targets, GlobalOptions.DryRun, Task };
        command.SetAction((parsed, cancel) => TaskOperation.WithWorldAsync(parsed, parsed.GetValue(Task), null, null, async world =>
        {
            var plan = RestartPlanner.Plan(world.Desired, world.Facts, parsed.GetValue(targets)!);
            if (!plan.Ok) return Talk.Problems(plan.Problems, ExitCode.Usage);
            return parsed.IsDry() ? TaskOperation.Preview(parsed, plan.Value) : await TaskOperation.RunAsync(parsed, world, plan.Value, new("restart", parsed.Ask), cancel);
        }, cancel));
        return command;
    }

    public static Command CreateRemove()
    {
        var components = new Argument<string[]>("component") { Description = "Components to take off the site.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All of the task." };
        var purge = new Option<bool>("--purge") { Description = "The data too. It cannot be had back; the task's id must be typed." };
        var confirm = new Option<string?>("--confirm") { Description = "The task's id, where nobody can be asked." };
        var command = new Command("remove", "Take components off the site; their data stays unless --purge.") { components, all, purge, confirm, GlobalOptions.DryRun, Task };
        command.SetAction((parsed, cancel) =>
        {
            var names = parsed.GetValue(components) ?? [];
            if (names.Length == 0 != parsed.GetValue(all))
                return System.Threading.Tasks.Task.FromResult(Talk.Problems([new("which-components", "", "Name components, or --all.", "ark remove --help")], ExitCode.Usage));
            return TaskOperation.WithWorldAsync(parsed, parsed.GetValue(Task), null, null, world => RemoveAsync(parsed, world, names, parsed.GetValue(purge), parsed.GetValue(confirm), cancel), cancel);
        });
        return command;
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, TaskWorld world, string[] names, bool purge, string? confirm, CancellationToken cancellation)
    {
        var volumes = purge ? await world.Session.VolumesAsync(cancellation) : new Dictionary<string, IReadOnlyList<string>>();
        var order = world.Desired.Components.Select(c => c.Name).ToList();
        var plan = RemovalPlanner.Plan(new(world.Task.Id, names.Length == 0 ? null : names.ToHashSet(), purge, volumes), world.Facts, order);
        if (!plan.Ok) return Talk.Problems(plan.Problems, ExitCode.Usage);
        var forget = names.Length == 0 && purge;
        if (parsed.IsDry()) return TaskOperation.Preview(parsed, plan.Value);
        var code = await TaskOperation.RunAsync(parsed, world, plan.Value, new("remove",
            () => purge ? Terminal.ConfirmWord($"This deletes the data of {(names.Length == 0 ? "the whole task" : string.Join(", ", names))}.", world.Task.Id, confirm) : parsed.Ask())
            { Finish = forget && world.Recorded is not null ? cancel => world.Store.ForgetTaskAsync(world.Task.Id, cancel) : null }, cancellation);
        if (code != ExitCode.Done) return code;
        if (names.Length > 0) Talk.Say($"The task still names {string.Join(", ", names)}: the next ark apply brings it back unless it is taken out of {Path.GetRelativePath(world.Session.Folder.Root, world.Session.Folder.TaskFile(world.Task.Id))}.");
        return code;
    }
}
