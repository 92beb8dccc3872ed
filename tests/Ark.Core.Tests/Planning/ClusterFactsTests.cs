using Ark.Core.Planning;
using Xunit;

namespace Ark.Core.Tests.Planning;

public sealed class ClusterFactsTests
{
    private static readonly ClusterFacts Then = Resolving.Facts(Resolving.Specs(Resolving.Resolve(Resolving.Vm, Resolving.Task(2), Resolving.Facts())));

    private static ClusterFacts With(Func<ServiceFacts, ServiceFacts> change) => Then with { Services = [change(Then.Services[0]), .. Then.Services.Skip(1)] };

    private static ConfigFacts Config(string name, string kind) => new(name, name, 1, new Dictionary<string, string> { [ArkLabels.Kind] = kind }, "");

    [Fact]
    public void How_instances_fare_and_what_was_proven_or_locked_is_no_change() => Assert.All(
        [
            Then,
            Then with { At = DateTimeOffset.UnixEpoch.AddHours(1), Nodes = [] },
            With(s => s with { State = InstanceState.Failed, Message = "exit 1", Container = null, Version = 99 }),
            Then with { Configs = [Config("ark.proof.cache", "proof"), Config("ark.lock", "lock")] },
        ],
        now => Assert.False(now.HasMovedSince(Then)));

    [Fact]
    public void What_somebody_did_is_a_change() => Assert.All(
        [
            Then with { Services = [.. Then.Services.Skip(1)] },
            With(s => s with { Spec = s.Spec with { Environment = new() { ["DEBUG"] = "1" } } }),
            With(s => s with { WrittenHash = "0123" }),
            With(s => s with { Foreign = ["Mode.Replicated.Replicas=0"] }),
            Then with { Configs = [Config("ark.state.task-527.000002", "state")] },
        ],
        now => Assert.True(now.HasMovedSince(Then)));
}
