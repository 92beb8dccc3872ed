using Ark.Core.Planning;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>What the tasks of a one-replica service say about its instance.</summary>
internal static class TaskStates
{
    /// <summary>The state of the newest task, why it does not run (empty if it does), and its container.</summary>
    public static (InstanceState State, string Message, string? Container) Of(IReadOnlyList<Engine.TaskResponse> tasks)
    {
        if (Newest(tasks) is not { } newest)
            return LastEnded(tasks) is { } last ? (InstanceState.Failed, Ending(last), null) : (InstanceState.Gone, "it has no task", null);
        var container = newest.Status?.ContainerStatus?.ContainerID is { Length: > 0 } id ? id : null;
        return newest.Status?.State switch
        {
            Engine.TaskState.Running => (InstanceState.Running, "", container),
            Engine.TaskState.New or Engine.TaskState.Allocated or Engine.TaskState.Pending => (InstanceState.Pending, Waiting(newest, tasks), container),
            _ when HasEnded(newest) => (InstanceState.Failed, Ending(newest), container),
            _ => (InstanceState.Starting, Waiting(newest, tasks), container),
        };
    }

    /// <summary>The newest task that Swarm means to run.</summary>
    public static Engine.TaskResponse? Newest(IEnumerable<Engine.TaskResponse> tasks) =>
        tasks.Where(t => t.DesiredState is null or <= Engine.TaskState.Running).MaxBy(t => t.CreatedAt);

    /// <summary>True for a task that ended by itself: failed, refused by its machine, or its program returned.</summary>
    public static bool HasEnded(Engine.TaskResponse task) =>
        task.Status?.State is Engine.TaskState.Failed or Engine.TaskState.Rejected or Engine.TaskState.Complete;

    /// <summary>How a task ended: Swarm's reason and the exit code.</summary>
    public static string Ending(Engine.TaskResponse task)
    {
        var reason = task.Status?.Err is { Length: > 0 } error ? error : task.Status?.Message ?? "it ended";
        if (task.Status?.State == Engine.TaskState.Complete)
            return "its program ended by itself with exit code 0";
        var code = task.Status?.ContainerStatus?.ExitCode ?? 0;
        return code != 0 && !reason.Contains($"({code})", StringComparison.Ordinal) ? $"{reason} (exit code {code})" : reason;
    }

    /// <summary>Why a task does not run yet.</summary>
    public static string Waiting(Engine.TaskResponse newest, IEnumerable<Engine.TaskResponse> tasks)
    {
        var state = newest.Status?.State?.ToString().ToLowerInvariant() ?? "unknown";
        if (newest.Status?.Err is { Length: > 0 } error)
            return $"{state}: {error}";
        return LastEnded(tasks) is { } last ? $"{state}; before that {Ending(last)}" : state;
    }

    public static Engine.TaskResponse? LastEnded(IEnumerable<Engine.TaskResponse> tasks) => tasks.Where(HasEnded).MaxBy(t => t.CreatedAt);
}
