using Ark.Core.Planning;
using Docker.DotNet;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>
/// Waits for instances. However many wait, one loop asks the manager for their services and tasks and shows the answer to all; it
/// runs only while somebody waits. A manager that does not answer is asked again until the deadline.
/// </summary>
internal sealed class TaskWatch(IDockerClient client, IReadOnlyDictionary<string, string> networks, TimeProvider time)
{
    /// <summary>From an answer to the next question.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(400);

    /// <summary>For one answer; also for the log of a failed container.</summary>
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Beyond so many services, filters cost more than they save.</summary>
    private const int MostFiltered = 200;

    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];
    private bool _running;

    public async Task AwaitHealthyAsync(string service, string specHash, ulong? restart, TimeSpan deadline, CancellationToken cancellation)
    {
        var judge = new HealthJudge(specHash, restart, networks);
        var (verdict, sight) = await WaitAsync(service, judge.Judge, deadline, cancellation);
        if (verdict is Verdict.Holds)
            return;
        var reason = verdict switch
        {
            Verdict.Fails fails => $"{service} failed: {fails.Reason}.",
            Verdict.Waits waits => $"{service} did not become healthy within {deadline.TotalSeconds:0} s: {waits.Reason}.",
            _ => throw new InvalidOperationException(),
        };
        var log = await ReadLogAsync(sight, judge.LastFailed, cancellation);
        throw new InstanceFailedException(log.Count == 0 ? reason : $"{reason} Last lines of its log:\n  {string.Join("\n  ", log)}");
    }

    public async Task AwaitGoneAsync(string service, TimeSpan deadline, CancellationToken cancellation)
    {
        var (verdict, _) = await WaitAsync(service, JudgeGone, deadline, cancellation);
        if (verdict is Verdict.Waits waits)
            throw new SwarmException($"{service} was not gone within {deadline.TotalSeconds:0} s: {waits.Reason}.");
    }

    private static Verdict JudgeGone(ServiceSight sight)
    {
        var lost = sight.Nodes.Where(n => n.Status?.State == "down").Select(n => n.ID).ToHashSet();
        var left = sight.Tasks.Where(t => t.Status?.State <= Engine.TaskState.Running && t.NodeID is { Length: > 0 } node && !lost.Contains(node)).ToList();
        if (left.Count == 0 && sight.Service is null)
            return new Verdict.Holds();
        return new Verdict.Waits(left.Count == 0 ? "the service is still there" : $"its task is {left[0].Status?.State?.ToString().ToLowerInvariant()}, meant to be {left[0].DesiredState?.ToString().ToLowerInvariant()}");
    }

    private async Task<(Verdict Verdict, ServiceSight Sight)> WaitAsync(
        string service, Func<ServiceSight, Verdict> judge, TimeSpan deadline, CancellationToken cancellation)
    {
        var waiter = new Waiter(service, judge);
        lock (_lock)
        {
            _waiters.Add(waiter);
            if (!_running)
                _ = Task.Run(LoopAsync, CancellationToken.None);
            _running = true;
        }

        try
        {
            return await waiter.Done.Task.WaitAsync(deadline, time, cancellation);
        }
        catch (TimeoutException)
        {
            return waiter.Last;
        }
        finally
        {
            lock (_lock)
                _waiters.Remove(waiter);
        }
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            List<Waiter> waiters;
            lock (_lock)
            {
                waiters = [.. _waiters];
                _running = waiters.Count > 0;
                if (!_running)
                    return;
            }

            try
            {
                await LookAsync(waiters);
            }
            catch (SwarmException failure)
            {
                foreach (var waiter in waiters)
                    waiter.Last = (new Verdict.Waits($"the Swarm does not answer: {failure.Message.TrimEnd('.')}"), waiter.Last.Sight);
            }
            catch (Exception bug)
            {
                foreach (var waiter in waiters)
                    waiter.Done.TrySetException(bug);
            }

            await Task.Delay(Period, time);
        }
    }

    private async Task LookAsync(List<Waiter> waiters)
    {
        using var limit = new CancellationTokenSource(AnswerDeadline, time);
        var names = waiters.Select(w => w.Service).ToHashSet();
        var filter = names.Count <= MostFiltered;
        var services = EngineCalls.AskAsync(
            "Listing the services",
            () => client.Swarm.ListServicesAsync(filter ? new() { Filters = Filter("name", names) } : new(), limit.Token), CancellationToken.None);
        var tasks = filter
            ? SwarmSight.ListTasksAsync(client, "name", names.Select(n => n + "."), limit.Token)
            : EngineCalls.AskAsync("Listing the tasks", () => client.Tasks.ListAsync(limit.Token), CancellationToken.None);
        var nodes = waiters.Any(w => w.Last.Verdict is Verdict.Waits { AboutNodes: true } || w.Looks > 5)
            ? EngineCalls.AskAsync("Listing the nodes", () => client.Swarm.ListNodesAsync(limit.Token), CancellationToken.None)
            : Task.FromResult<IList<Engine.NodeListResponse>>([]);
        try
        {
            await Task.WhenAll(services, tasks, nodes);
        }
        catch (OperationCanceledException)
        {
            throw new SwarmException($"no answer within {AnswerDeadline.TotalSeconds:0} s");
        }

        var byName = services.Result.ToDictionary(s => s.Spec?.Name ?? "");
        var nameOf = services.Result.ToDictionary(s => s.ID ?? "", s => s.Spec?.Name ?? "");
        var byService = tasks.Result.ToLookup(t =>
            nameOf.GetValueOrDefault(t.ServiceID ?? "") ?? (t.Spec?.ContainerSpec?.Labels?.TryGetValue(ArkLabels.Instance, out var name) == true ? name : ""));
        foreach (var waiter in waiters)
            waiter.Show(new(byName.GetValueOrDefault(waiter.Service), [.. byService[waiter.Service]], [.. nodes.Result]));
    }

    private async Task<IReadOnlyList<string>> ReadLogAsync(ServiceSight sight, string? task, CancellationToken cancellation)
    {
        if (sight.Service?.ID is not { } id || (task ?? TaskStates.Newest(sight.Tasks)?.ID) is not { } of)
            return [];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerDeadline / 2);
        try
        {
            return await ServiceLog.TailAsync(client, id, of, limit.Token);
        }
        catch (Exception failure) when (failure is SwarmException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return [];
        }
    }

    private static Dictionary<string, IDictionary<string, bool>> Filter(string name, IEnumerable<string> values) => new() { [name] = values.ToDictionary(v => v, _ => true) };

    private sealed class Waiter(string service, Func<ServiceSight, Verdict> judge)
    {
        public string Service { get; } = service;

        public TaskCompletionSource<(Verdict, ServiceSight)> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public (Verdict Verdict, ServiceSight Sight) Last { get; set; } = (new Verdict.Waits("the Swarm has not answered yet"), new(null, [], []));

        public int Looks { get; private set; }

        public void Show(ServiceSight sight)
        {
            Looks++;
            Last = (judge(sight), sight);
            if (Last.Verdict is not Verdict.Waits)
                Done.TrySetResult(Last);
        }
    }
}

/// <summary>One service with its tasks at one moment; nodes only where they matter.</summary>
internal sealed record ServiceSight(Engine.SwarmService? Service, IReadOnlyList<Engine.TaskResponse> Tasks, IReadOnlyList<Engine.NodeListResponse> Nodes);

internal abstract record Verdict
{
    public sealed record Holds : Verdict;

    public sealed record Waits(string Reason, bool AboutNodes = false) : Verdict;

    public sealed record Fails(string Reason) : Verdict;
}
