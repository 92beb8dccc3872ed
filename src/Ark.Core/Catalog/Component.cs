namespace Ark.Core.Catalog;

/// <summary>One piece of software, one image, deployed as instances; the content of <c>component.yaml</c>.</summary>
public sealed record Component
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>Which step of the deploy menu brings it.</summary>
    public required Stage Stage { get; init; }

    public required CountRule Count { get; init; }

    public required ResourceNeeds Resources { get; init; }

    public IReadOnlyList<Port> Ports { get; init; } = [];

    public PlacementRule Placement { get; init; } = new();

    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>Components of the same task that must be healthy and proven first.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    public required ContainerPart Container { get; init; }

    /// <summary>Configuration files, rendered for each instance.</summary>
    public IReadOnlyList<FileTemplate> Files { get; init; } = [];

    public IReadOnlyList<InitJob> Init { get; init; } = [];

    /// <summary>Run in an instance before it goes for good (scale in, machine removed), so that its peers forget it.</summary>
    public IReadOnlyList<string> Leave { get; init; } = [];

    public IReadOnlyList<Proof> Proofs { get; init; } = [];

    /// <summary>The port that clients of the component use: what HAProxy fronts in line 3.0 and what names lead to in line 3.1.</summary>
    public Endpoint? Endpoint { get; init; }

    /// <summary>Further names under the task's domain that lead to all instances, beside the component's own name.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    public required UpdatePolicy Update { get; init; }

    public Metrics? Metrics { get; init; }

    /// <summary>How a service outside the site that takes its place is initialised and proven (the customer's database); null: none may.</summary>
    public ExternalService? External { get; init; }
}

/// <summary>The steps of the deploy menu, in order.</summary>
public enum Stage { Metadb, Names, Middleware }

/// <summary>How many instances: limits, what is taken if the task says nothing, and the default for a proof of concept where it differs.</summary>
public sealed record CountRule(int Min, int Default, int Max, bool Odd = false, int? Poc = null);

/// <summary>What the planner sets aside for one instance. Also Swarm's reservation, disk apart.</summary>
/// <param name="Cpus">Cores; fractions allowed.</param>
/// <param name="MemoryBytes">Bytes.</param>
/// <param name="DiskBytes">Bytes under Docker's data path.</param>
public sealed record ResourceNeeds(double Cpus, long MemoryBytes, long DiskBytes);

/// <summary>A TCP or UDP port that an instance listens on. In VM mode it is the machine's.</summary>
public sealed record Port(string Name, int Number, string Protocol = "tcp");

/// <summary>Where instances may stand.</summary>
public sealed record PlacementRule
{
    /// <summary>Labels that a machine must bear, all of them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>True where a machine with these labels bears all that are asked for.</summary>
    public bool IsMetBy(IReadOnlyDictionary<string, string> labels) => Labels.All(l => labels.TryGetValue(l.Key, out var value) && value == l.Value);

    /// <summary>Two instances of the component never share a machine. (Rooms are always preferred apart.)</summary>
    public bool Spread { get; init; } = true;

    /// <summary>Nothing else stands on its machines.</summary>
    public bool Exclusive { get; init; }

    /// <summary>Components whose instances must not stand on the same machine.</summary>
    public IReadOnlyList<string> Apart { get; init; } = [];
}

public enum ParameterType { String, Integer, Number, Boolean, Choice, Size, Duration, Secret }

/// <summary>One setting of a component that a task may change.</summary>
public sealed record Parameter
{
    public required string Name { get; init; }

    public required ParameterType Type { get; init; }

    /// <summary>As written; null where the task must say, and for secrets, which are generated unless the task brings one.</summary>
    public string? Default { get; init; }

    public string Help { get; init; } = "";

    /// <summary>Limits of integers, numbers, sizes (bytes) and durations (seconds).</summary>
    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>For strings: what the whole value must match.</summary>
    public string? Pattern { get; init; }

    /// <summary>For choices.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>For secrets: characters generated.</summary>
    public int Length { get; init; } = 24;

    public bool IsSecret => Type == ParameterType.Secret;
}

/// <summary>A file rendered for each instance from a Liquid template that stands beside <c>component.yaml</c>.</summary>
/// <param name="Source">Path relative to the component's folder.</param>
/// <param name="Template">Its text.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="Mode">Octal permissions, e.g. 0444.</param>
/// <param name="Owner">Numeric user and group in the container.</param>
/// <param name="Secret">It may use secret parameters and becomes a Swarm secret instead of a config.</param>
public sealed record FileTemplate(string Source, string Template, string Target, int Mode, FileOwner Owner, bool Secret);

/// <summary>Numeric ids, as in the image.</summary>
public sealed record FileOwner(int User, int Group);

/// <summary>A job that must have run before the component counts as deployed. It runs in the first instance, and must be idempotent.</summary>
/// <param name="Input">Of an external service's: template of what the command reads on stdin, secrets too; null: nothing.</param>
public sealed record InitJob(string Name, IReadOnlyList<string> Run, TimeSpan Deadline, string? Input = null);

/// <summary>
/// What is done where a service outside the site takes a component's place. Commands run in throw-away containers of the component's image
/// on the site's machines; secrets come on their stdin.
/// </summary>
public sealed record ExternalService(IReadOnlyList<InitJob> Init, IReadOnlyList<Proof> Proofs);

/// <summary>A functional test: what is run where, and what must come back.</summary>
/// <param name="Rolling">
/// It holds while only some instances have been replaced, so it is also run after each. False for what only the whole can show: a name server
/// that was not replaced yet does not know the new names.
/// </param>
public sealed record Proof(string Name, TimeSpan Within, IReadOnlyList<ProofStep> Steps, bool Rolling = true);

/// <summary>Where a proof's step runs.</summary>
public enum ProofTarget
{
    /// <summary>In the first instance.</summary>
    First,

    /// <summary>In the last instance.</summary>
    Last,

    /// <summary>In all instances but the first.</summary>
    Others,

    /// <summary>In every instance.</summary>
    Each,

    /// <summary>In a throw-away container of the component's image with the host's network, on every machine of the site.</summary>
    Machines,
}

/// <summary>One step of a proof; it is tried again until it holds or the proof's time is over.</summary>
/// <param name="Run">Command and arguments, Liquid templates; <c>{{ token }}</c> is one random word a run of the proof.</param>
/// <param name="Expect">Liquid template of a regular expression that must occur in the output; null: exit code 0 is enough.</param>
/// <param name="Input">As <see cref="InitJob.Input"/>.</param>
public sealed record ProofStep(ProofTarget On, IReadOnlyList<string> Run, string? Expect, string? Input = null);

/// <summary>The port by name that clients use, the port that HAProxy offers it on (line 3.0), and how its health is asked.</summary>
/// <param name="Balance">HAProxy's algorithm, or <c>first</c> for one writer at a time.</param>
/// <param name="HttpCheck">Path that must answer 2xx or 3xx; null: a TCP connection is enough.</param>
public sealed record Endpoint(string Port, int FrontPort, string Balance = "roundrobin", string? HttpCheck = null);

/// <summary>How instances are replaced: always one at a time.</summary>
/// <param name="Deadline">Longest time for one instance until it is healthy and the component proven.</param>
/// <param name="WriteGap">Longest time in which no write is acknowledged while one instance is replaced or lost.</param>
public sealed record UpdatePolicy(TimeSpan Deadline, TimeSpan WriteGap);

/// <summary>Where Prometheus finds metrics.</summary>
public sealed record Metrics(string Port, string Path);
