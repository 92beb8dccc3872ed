using System.Text;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.Swarm;

namespace Ark.Remote.Execution;

/// <summary>Puts a task on record in the cluster, with its generated secrets, encrypted.</summary>
public delegate Task RecordTaskAction(RecordTask work, CancellationToken cancellation);

/// <summary>Does the steps of a task's plan. Every step may be done again after a crash: what is there already is success.</summary>
public sealed class TaskSteps(ISwarm swarm, EngineOf engines, IReadOnlyDictionary<string, Secret> secrets, RecordTaskAction record, TimeProvider time)
{
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GoneDeadline = TimeSpan.FromSeconds(120);

    private readonly CommandInputs _inputs = new(secrets);
    private readonly Proofs _proofs = new(swarm, engines, secrets, time);

    public async Task<string> RunAsync(Step step, CancellationToken cancellation)
    {
        try
        {
            return await DoAsync(step.Work, cancellation);
        }
        catch (SwarmException failure)
        {
            throw new StepException(failure.Message, failure);
        }
    }

    private async Task<string> DoAsync(Work work, CancellationToken cancellation)
    {
        switch (work)
        {
            case PullImage pull:
                await (await engines(pull.Machine, cancellation)).PullAsync(pull.Image, cancellation);
                return pull.Image;
            case CreateConfig config:
                await swarm.CreateConfigAsync(config.Name, Encoding.UTF8.GetBytes(config.Text), config.Labels, cancellation);
                return config.Name;
            case CreateSecret secret:
                await swarm.CreateSecretAsync(secret.Name, secrets[secret.Name], secret.Labels, cancellation);
                return secret.Name;
            case CreateService create:
                await swarm.CreateServiceAsync(create.Spec, cancellation);
                await swarm.AwaitHealthyAsync(create.Spec.Name, create.Spec.Hash(), null, create.Deadline, cancellation);
                return "healthy";
            case UpdateService update:
                return await UpdateAsync(update, cancellation);
            case RestartService restart:
                var number = await swarm.RestartServiceAsync(restart.Name, cancellation);
                await swarm.AwaitHealthyAsync(restart.Name, restart.Hash, number, restart.Deadline, cancellation);
                return "healthy again";
            case AwaitHealthy wait:
                await swarm.AwaitHealthyAsync(wait.Name, wait.Hash, null, wait.Deadline, cancellation);
                return "healthy";
            case RemoveService remove:
                return await RemoveAsync(remove, cancellation);
            case RunInit init:
                return await InitAsync(init, cancellation);
            case Prove prove:
                return await _proofs.RunAsync(prove, cancellation);
            case RemoveVolume volume:
                await (await engines(volume.Machine, cancellation)).RemoveVolumeAsync(volume.Volume, cancellation);
                return volume.Volume;
            case RecordTask task:
                await record(task, cancellation);
                return task.Task;
            case CollectGarbage garbage:
                foreach (var name in garbage.Configs) await swarm.RemoveConfigAsync(name, cancellation);
                foreach (var name in garbage.Secrets) await swarm.RemoveSecretAsync(name, cancellation);
                return $"{garbage.Configs.Count + garbage.Secrets.Count} removed";
            default:
                throw new InvalidOperationException($"No way to do {work.GetType().Name}.");
        }
    }

    private async Task<string> UpdateAsync(UpdateService update, CancellationToken cancellation)
    {
        await swarm.UpdateServiceAsync(update.Spec, update.Previous.Hash(), cancellation);
        await swarm.AwaitHealthyAsync(update.Spec.Name, update.Spec.Hash(), null, update.Deadline, cancellation);
        return "healthy";
    }

    private async Task<string> RemoveAsync(RemoveService remove, CancellationToken cancellation)
    {
        var left = remove.Leave.Count == 0 ? "" : await LeaveAsync(remove, cancellation);
        await swarm.RemoveServiceAsync(remove.Name, cancellation);
        await swarm.AwaitGoneAsync(remove.Name, GoneDeadline, cancellation);
        return "gone" + left;
    }

    /// <summary>An instance that cannot say good-bye goes all the same: its peers see it as lost.</summary>
    private async Task<string> LeaveAsync(RemoveService remove, CancellationToken cancellation)
    {
        try
        {
            var output = await (await engines(remove.Machine, cancellation)).ExecAsync(remove.Name, remove.Leave, LeaveDeadline, cancellation);
            return output.ExitCode == 0 ? ", its peers know" : $", but {remove.Leave[0]} ended with {output.ExitCode}";
        }
        catch (SwarmException failure)
        {
            return ", but it could not tell its peers: " + failure.Message;
        }
    }

    private async Task<string> InitAsync(RunInit init, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var engine = await engines(init.Machine, cancellation);
            var output = init.Instance is { } instance
                ? await engine.ExecAsync(instance, init.Command, init.Deadline, cancellation)
                : await engine.RunOnceAsync(init.Image!, init.Command, _inputs.Of(init.Input, $"Job \"{init.Job}\" of {init.Component}"), init.Deadline, cancellation);
            if (output.ExitCode == 0) return init.Job;
            if (time.GetElapsedTime(start) > init.Deadline)
                throw new StepException($"Job \"{init.Job}\" of {init.Component} ended with {output.ExitCode}: {output.Text.Trim()}");
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
        }
    }
}
