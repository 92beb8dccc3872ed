using Ark.Core.Catalog;
using Ark.Core.Planning;
using Xunit;

namespace Ark.Core.Tests.Planning;

/// <summary>A cluster in memory that does what a plan says, so that a test can ask what is left to plan afterwards.</summary>
internal sealed class Cluster
{
    public Dictionary<string, ServiceFacts> Services { get; } = [];

    public HashSet<string> Configs { get; } = [];

    public HashSet<string> Secrets { get; } = [];

    public Dictionary<string, ProofFacts> Proven { get; } = [];

    public string? Recorded { get; set; }

    public ClusterFacts Facts => new()
    {
        At = DateTimeOffset.UnixEpoch,
        Nodes = [],
        Services = [.. Services.Values.OrderBy(s => s.Name)],
        Configs = [.. Configs.Select(n => new ConfigFacts(n, n, 1, File, "")), .. Proven.Select(p => new ConfigFacts(p.Key, ProofFacts.ConfigName(p.Key), 1, p.Value.ToLabels(), ""))],
        Secrets = [.. Secrets.Select(n => new SecretFacts(n, n, File))],
    };

    private static Dictionary<string, string> File => new() { [ArkLabels.Kind] = "file", [ArkLabels.Task] = "527" };

    public Plan Plan(DesiredTask desired, PlanScope? scope = null)
    {
        var plan = TaskPlanner.Plan(desired, Facts, Recorded, scope ?? PlanScope.Whole);
        Assert.True(plan.Ok, string.Join('\n', plan.Problems));
        return plan.Value!;
    }

    public Cluster Run(Plan plan, int steps = int.MaxValue)
    {
        foreach (var step in plan.Steps.Take(steps)) Do(step.Work);
        return this;
    }

    private void Do(Work work)
    {
        switch (work)
        {
            case CreateConfig config: Configs.Add(config.Name); break;
            case CreateSecret secret: Secrets.Add(secret.Name); break;
            case CreateService create: Services.Add(create.Spec.Name, Of(create.Spec)); break;
            case UpdateService update: Services[update.Spec.Name] = Of(update.Spec) with { PreviousFiles = Services[update.Spec.Name].Spec.Configs.Select(c => c.Name).ToList() }; break;
            case RemoveService remove: Services.Remove(remove.Name); break;
            case AwaitHealthy wait: Services[wait.Name] = Services[wait.Name] with { State = InstanceState.Running }; break;
            case Prove prove: Proven[prove.Component] = new(prove.Component, true, DateTimeOffset.UnixEpoch, "", prove.Fingerprint); break;
            case RecordTask record: Recorded = record.Text; break;
            case CollectGarbage garbage: Configs.ExceptWith(garbage.Configs); Secrets.ExceptWith(garbage.Secrets); break;
        }
    }

    public static ServiceFacts Of(ServiceSpec spec, string task = "527") => new()
    {
        Id = "id-" + spec.Name,
        Name = spec.Name,
        Version = 1,
        Task = task,
        Component = spec.Labels[ArkLabels.Component],
        Spec = spec,
        WrittenHash = spec.Hash(),
        State = InstanceState.Running,
    };
}

/// <summary>Tasks for tests: components named with their instance counts.</summary>
internal static class Desired
{
    public static DesiredTask Task(params DesiredComponent[] components) => new()
    {
        Id = "527",
        Text = "task " + string.Join(' ', components.Select(c => $"{c.Name}={c.Instances.Count}")),
        Components = components,
        Secrets = new Dictionary<string, Secret>(),
    };

    public static DesiredComponent Component(string name, int count, string image = "1", params string[] dependsOn) => new()
    {
        Name = name,
        Stage = Stage.Middleware,
        DependsOn = dependsOn,
        Instances = [.. Enumerable.Range(1, count).Select(i => Instance(name, i, count, image))],
        Init = [],
        Proofs = [new("works", TimeSpan.FromSeconds(10), [new(ProofTarget.First, [new(0, name + "-1", "10.0.0.1", null, ["true"], null)])])],
        Leave = [],
        Deadline = TimeSpan.FromMinutes(1),
    };

    /// <summary>Its one config names all peers, as a cluster's does.</summary>
    private static DesiredInstance Instance(string component, int index, int count, string image)
    {
        var config = $"{component}-{index}.conf-{count}";
        return new(
            new()
            {
                Name = $"{component}-{index}",
                Image = $"registry.ark:5000/{component}:{image}@sha256:00",
                Labels = new() { [ArkLabels.Component] = component, [ArkLabels.Task] = "527" },
                Configs = [new(config, "/etc/app.conf", 0b100_100_100, 0, 0)],
                CpuReservation = 0.1,
                MemoryReservation = 1 << 20,
                Machine = $"10.0.0.{index}",
                Network = "host",
                Monitor = TimeSpan.FromSeconds(30),
            },
            [new(config, $"peers={count}")]);
    }
}
