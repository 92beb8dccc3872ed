using System.Text.Json;
using System.Text.RegularExpressions;
using Ark.Core.Planning;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>
/// Decides whether the newest task of a service is the one that was asked for, and healthy. Swarm calls a task with a healthcheck running
/// only once it is healthy. Keeps what it has seen: endings from before the wait do not count.
/// </summary>
/// <param name="restart">Least restart number that the task must bear.</param>
/// <param name="networks">Name of each network by id.</param>
internal sealed partial class HealthJudge(string specHash, ulong? restart, IReadOnlyDictionary<string, string> networks)
{
    /// <summary>So many tasks of the same spec that ended by themselves are a failure; waiting on would not mend it.</summary>
    public const int MostEndings = 3;

    private HashSet<string>? _before;
    private (ulong Version, bool Same)? _read;

    /// <summary>The last task that ended by itself during the wait.</summary>
    public string? LastFailed { get; private set; }

    [GeneratedRegex(@"node\.labels\.ark\.machine\s*==\s*(\S+)")]
    private static partial Regex MachineConstraint { get; }

    public Verdict Judge(ServiceSight sight)
    {
        if (sight.Service is not { Spec: { } spec } service)
            return new Verdict.Fails("the service is gone from the Swarm");
        var endings = sight.Tasks.Where(TaskStates.HasEnded).ToList();
        _before ??= [.. endings.Select(t => t.ID)];
        var fresh = endings.Where(t => !_before.Contains(t.ID)).OrderBy(t => t.CreatedAt).ToList();
        LastFailed = fresh.LastOrDefault()?.ID;

        var state = service.UpdateStatus?.State ?? "";
        if (!IsWanted(service, spec) || spec.TaskTemplate?.ForceUpdate < restart)
            return JudgeOther(state, service.UpdateStatus?.Message ?? "", fresh);

        var template = Template(spec.TaskTemplate);
        if (TaskStates.Newest(sight.Tasks) is { } newest)
        {
            var same = Template(newest.Spec) == template;
            if (same && newest.Status?.State == Engine.TaskState.Running)
                return new Verdict.Holds();
            if (newest.Status?.Err?.Contains("no suitable node", StringComparison.Ordinal) == true)
                return JudgePlacement(spec, newest.Status.Err, sight.Nodes);
        }

        var alike = fresh.Where(t => Template(t.Spec) == template).ToList();
        if (alike.Count >= MostEndings)
            return new Verdict.Fails($"{alike.Count} tasks in a row ended: {TaskStates.Ending(alike[^1])}");
        if (state is "paused" or "rollback_paused")
            return new Verdict.Fails($"Swarm stopped replacing it: {service.UpdateStatus?.Message}{After(fresh)}");
        var (_, message, _) = TaskStates.Of(sight.Tasks);
        return new Verdict.Waits(message.Length > 0 ? message : "the task before it still runs");
    }

    /// <summary>Another spec stands there: Swarm's rollback, once it is through, or somebody's hand.</summary>
    private static Verdict JudgeOther(string state, string message, List<Engine.TaskResponse> fresh) => state switch
    {
        "rollback_started" => new Verdict.Waits($"Swarm is putting the previous one back: {message}{After(fresh)}"),
        "rollback_completed" => new Verdict.Fails($"Swarm put the previous one back{After(fresh)}"),
        "rollback_paused" => new Verdict.Fails($"Swarm tried to put the previous one back, and stopped: {message}{After(fresh)}"),
        _ => new Verdict.Fails("somebody else changed the service meanwhile"),
    };

    private static string After(List<Engine.TaskResponse> fresh) => fresh.Count == 0 ? "" : $", after {TaskStates.Ending(fresh[0])}";

    private static Verdict JudgePlacement(Engine.ServiceSpec spec, string error, IReadOnlyList<Engine.NodeListResponse> nodes)
    {
        var machine = (spec.TaskTemplate?.Placement?.Constraints ?? []).Select(c => MachineConstraint.Match(c)).FirstOrDefault(m => m.Success)?.Groups[1].Value;
        var node = nodes.FirstOrDefault(n => n.Spec?.Labels?.TryGetValue(ArkLabels.Machine, out var m) == true && m == machine);
        if (nodes.Count > 0 && machine is not null && node is null)
            return new Verdict.Fails($"no member of the Swarm bears the label {ArkLabels.Machine}={machine} that it is pinned to ({error})");
        var wish = string.Join(" and ", spec.TaskTemplate?.Placement?.Constraints ?? []);
        var health = node is null ? "" : $"; {node.Description?.Hostname} is {node.Status?.State}, {node.Spec?.Availability}";
        return new Verdict.Waits($"no machine takes it: it wants {wish}{health} ({error})", AboutNodes: true);
    }

    /// <summary>True where the service is as the wanted spec says; read in full only when its label says otherwise, once a version.</summary>
    private bool IsWanted(Engine.SwarmService service, Engine.ServiceSpec spec)
    {
        if (spec.Labels?.TryGetValue(ArkLabels.Spec, out var label) == true && label == specHash)
            return true;
        var version = service.Version?.Index ?? 0;
        if (_read?.Version != version)
            _read = (version, SwarmMapping.FromDocker(spec, SwarmIds.None with { Networks = networks }).Spec.Hash() == specHash);
        return _read.Value.Same;
    }

    /// <summary>What makes Swarm replace a task: all of its spec but the placement.</summary>
    private static string Template(Engine.TaskSpec? task) => task is null ? "" : JsonSerializer.Serialize(
        new Engine.TaskSpec
        {
            ContainerSpec = task.ContainerSpec, Resources = task.Resources, RestartPolicy = task.RestartPolicy,
            Networks = task.Networks, LogDriver = task.LogDriver, ForceUpdate = task.ForceUpdate,
        },
        DockerSpecJson.Default.TaskSpec);
}
