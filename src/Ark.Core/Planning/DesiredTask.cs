using System.Security.Cryptography;
using System.Text;
using Ark.Core.Catalog;

namespace Ark.Core.Planning;

/// <summary>What a task wants of the cluster, with everything placed, addressed and rendered.</summary>
public sealed record DesiredTask
{
    public required string Id { get; init; }

    /// <summary>The task's text as it is put on record.</summary>
    public required string Text { get; init; }

    /// <summary>Those that others depend on first.</summary>
    public required IReadOnlyList<DesiredComponent> Components { get; init; }

    /// <summary>Contents of the secrets by name; in memory only.</summary>
    public required IReadOnlyDictionary<string, Secret> Secrets { get; init; }
}

/// <summary>One component with its instances, in the order of their numbers.</summary>
public sealed record DesiredComponent
{
    public required string Name { get; init; }

    public required Stage Stage { get; init; }

    public required IReadOnlyList<string> DependsOn { get; init; }

    public required IReadOnlyList<DesiredInstance> Instances { get; init; }

    public required IReadOnlyList<RunInit> Init { get; init; }

    public required IReadOnlyList<DesiredProof> Proofs { get; init; }

    /// <summary>What is run in each instance that stands and is not wanted any more, before it goes; of components that have such a command.</summary>
    public IReadOnlyList<LeaveRun> Leave { get; init; } = [];

    /// <summary>For one instance to be healthy.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>The service outside the site that takes its place, as <c>host:port</c>; null for a component with instances.</summary>
    public string? External { get; init; }

    /// <summary>What was proven: changes whenever an instance, a job or a proof does.</summary>
    public string Fingerprint()
    {
        var text = string.Join('\n', [.. Instances.Select(i => i.Spec.Hash()), .. Init.Select(j => j.ToJson()), .. Proofs.Select(p => p.Run().ToJson())]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}

/// <summary>A proof with its steps rendered for every instance that they could ask.</summary>
/// <param name="Rolling">It is also run between the instances of a rollout.</param>
public sealed record DesiredProof(string Name, TimeSpan Within, IReadOnlyList<DesiredProofStep> Steps, bool Rolling = true)
{
    /// <summary>What is run where all instances are asked, or only some: the first and the last are then the first and the last of those.</summary>
    /// <param name="asked">By name; null: all.</param>
    public ProofRun Run(Func<string, bool>? asked = null) =>
        new(Name, Within, [.. Steps.SelectMany((step, order) => step.Calls(asked).Select(call => call with { Order = order }))]);
}

/// <param name="All">A call an instance in the order of their numbers, or a machine.</param>
public sealed record DesiredProofStep(ProofTarget On, IReadOnlyList<ProofCall> All)
{
    public IEnumerable<ProofCall> Calls(Func<string, bool>? asked)
    {
        var calls = All.Where(c => asked is null || c.Instance is null || asked(c.Instance));
        return On switch
        {
            ProofTarget.First => calls.Take(1),
            ProofTarget.Last => calls.TakeLast(1),
            ProofTarget.Others => calls.Skip(1),
            _ => calls,
        };
    }
}

/// <summary>The command by which an instance takes leave of its peers.</summary>
public sealed record LeaveRun(string Instance, IReadOnlyList<string> Command);

/// <summary>One instance and the files that its spec refers to.</summary>
public sealed record DesiredInstance(ServiceSpec Spec, IReadOnlyList<DesiredConfig> Configs);

/// <summary>A config by its content-addressed name.</summary>
public sealed record DesiredConfig(string Name, string Text);
