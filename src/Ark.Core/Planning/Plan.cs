using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ark.Core.Planning;

/// <summary>The ordered, immutable list of steps that takes a site from what is to what is wanted. What a dry run prints is the plan.</summary>
/// <param name="Subject">What it is for: <c>task 527</c>, <c>base</c>.</param>
/// <param name="Steps">In an order in which they could run one by one; each runs as soon as what it needs is done.</param>
public sealed record Plan(string Subject, IReadOnlyList<Step> Steps)
{
    /// <summary>What it was made for, where a file is to be written of it.</summary>
    public PlanOptions? Options { get; init; }

    [JsonIgnore]
    public bool IsEmpty => Steps.Count == 0;
}

/// <summary>One step of a plan.</summary>
public sealed record Step
{
    /// <summary>Unique in the plan, stable between plans: <c>update-service:metadb-2</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about: an instance, a machine, a component.</summary>
    public required string Target { get; init; }

    /// <summary>What is, in words; empty where there is nothing.</summary>
    public string Before { get; init; } = "";

    /// <summary>What will be, in words; empty where it goes away.</summary>
    public string After { get; init; } = "";

    /// <summary>Ids of the steps that must have succeeded.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    public required Work Work { get; init; }

    /// <summary>The component that is being replaced instance by instance: if this step fails, what was replaced is put back.</summary>
    public string? Rollout { get; init; }

    /// <summary>The kind of step: <c>update-service</c>.</summary>
    public string Action => Id[..(Id.IndexOf(':') is var i and >= 0 ? i : Id.Length)];
}

/// <summary>What a step does, with all that it needs to be done; secrets stand in it by name only.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PullImage), "pull-image")]
[JsonDerivedType(typeof(CreateConfig), "create-config")]
[JsonDerivedType(typeof(CreateSecret), "create-secret")]
[JsonDerivedType(typeof(CreateService), "create-service")]
[JsonDerivedType(typeof(UpdateService), "update-service")]
[JsonDerivedType(typeof(RemoveService), "remove-service")]
[JsonDerivedType(typeof(RestartService), "restart-service")]
[JsonDerivedType(typeof(AwaitHealthy), "await-healthy")]
[JsonDerivedType(typeof(RunInit), "run-init")]
[JsonDerivedType(typeof(Prove), "prove")]
[JsonDerivedType(typeof(RemoveVolume), "remove-volume")]
[JsonDerivedType(typeof(RecordTask), "record-task")]
[JsonDerivedType(typeof(CollectGarbage), "collect-garbage")]
[JsonDerivedType(typeof(InstallDocker), "install-docker")]
[JsonDerivedType(typeof(WriteFile), "write-file")]
[JsonDerivedType(typeof(WriteBlock), "write-block")]
[JsonDerivedType(typeof(RestoreFile), "restore-file")]
[JsonDerivedType(typeof(InitSwarm), "init-swarm")]
[JsonDerivedType(typeof(JoinSwarm), "join-swarm")]
[JsonDerivedType(typeof(ChangeRole), "change-role")]
[JsonDerivedType(typeof(LabelNode), "label-node")]
[JsonDerivedType(typeof(CreateSiteState), "create-site-state")]
[JsonDerivedType(typeof(IssueCertificate), "issue-certificate")]
[JsonDerivedType(typeof(TrustAuthority), "trust-authority")]
[JsonDerivedType(typeof(ImportImages), "import-images")]
[JsonDerivedType(typeof(MirrorImages), "mirror-images")]
[JsonDerivedType(typeof(RunRegistry), "run-registry")]
[JsonDerivedType(typeof(RemoveContainer), "remove-container")]
[JsonDerivedType(typeof(ApplyFix), "apply-fix")]
[JsonDerivedType(typeof(UndoFix), "undo-fix")]
public abstract record Work;

/// <summary>Brings an image to a machine before anything there is replaced.</summary>
public sealed record PullImage(string Machine, string Image) : Work;

/// <param name="Text">The file's content.</param>
public sealed record CreateConfig(string Name, string Text, SortedDictionary<string, string> Labels) : Work;

/// <summary>The content is found by <paramref name="Name"/> in what was rendered in memory; it is never in a plan.</summary>
public sealed record CreateSecret(string Name, SortedDictionary<string, string> Labels) : Work;

/// <summary>Creates the service and waits until its instance is healthy.</summary>
public sealed record CreateService(ServiceSpec Spec, TimeSpan Deadline) : Work;

/// <summary>
/// Replaces the instance and waits until it is healthy. If a later instance of the same rollout fails, <paramref name="Previous"/> is
/// applied again to those already done.
/// </summary>
public sealed record UpdateService(ServiceSpec Spec, ServiceSpec Previous, TimeSpan Deadline) : Work;

/// <param name="Leave">Run in the instance first, so that its peers forget it; may be empty.</param>
public sealed record RemoveService(string Name, string Machine, IReadOnlyList<string> Leave) : Work;

/// <summary>Restarts the instance as it is.</summary>
/// <param name="Hash">Of the spec that it has.</param>
public sealed record RestartService(string Name, string Hash, TimeSpan Deadline) : Work;

/// <summary>Nothing to change, yet the instance is not healthy: waits for it.</summary>
public sealed record AwaitHealthy(string Name, string Hash, TimeSpan Deadline) : Work;

/// <param name="Instance">Runs in its container; null: in a throw-away container of <paramref name="Image"/>.</param>
/// <param name="Input">Name of what the command reads on stdin, found in what was rendered in memory; null: nothing.</param>
public sealed record RunInit(
    string Component, string? Instance, string Machine, string Job, IReadOnlyList<string> Command, TimeSpan Deadline, string? Image = null, string? Input = null) : Work
{
    public string ToJson() => JsonSerializer.Serialize(this, PlanJson.Default.RunInit);
}

/// <summary>Runs the component's proofs.</summary>
/// <param name="Fingerprint">Of what is proven; remembered with the result. Empty in the middle of a rollout: that proves nothing about the whole.</param>
public sealed record Prove(string Component, string Fingerprint, IReadOnlyList<ProofRun> Proofs) : Work;

/// <summary>A proof with everything rendered but its token: <c>{{ token }}</c> became <see cref="Token"/>.</summary>
public sealed record ProofRun(string Name, TimeSpan Within, IReadOnlyList<ProofCall> Calls)
{
    /// <summary>Stands in commands and expectations for one random word a run.</summary>
    public const string Token = "@ark-token@";

    public string ToJson() => JsonSerializer.Serialize(this, PlanJson.Default.ProofRun);
}

/// <summary>One command of a proof in one place: in the container of <paramref name="Instance"/>, or, where that is null, in a throw-away container of <paramref name="Image"/>.</summary>
/// <param name="Input">As <see cref="RunInit.Input"/>.</param>
public sealed record ProofCall(int Order, string? Instance, string Machine, string? Image, IReadOnlyList<string> Command, string? Expect, string? Input = null);

public sealed record RemoveVolume(string Machine, string Volume) : Work;

/// <summary>Writes the task as applied into the cluster.</summary>
public sealed record RecordTask(string Task, string Text) : Work;

/// <summary>Removes configs and secrets that nothing refers to any more.</summary>
public sealed record CollectGarbage(IReadOnlyList<string> Configs, IReadOnlyList<string> Secrets) : Work;
