using Ark.Core.Base;
using Ark.Core.Planning;
using Ark.Core.Tests.Planning;
using Xunit;

namespace Ark.Core.Tests.Base;

public sealed class BasePlannerTests
{
    private static readonly string[] Machines = ["10.0.0.11", "10.0.0.12", "10.0.0.13"];

    private static MachineFacts Fresh(string machine) => new() { Machine = machine, Hostname = "m", Distribution = "debian-12" };

    private static MachineFacts Member(string machine, string node) => Fresh(machine) with { DockerVersion = "20.10.24", SwarmState = "active", NodeId = node, IsManager = true };

    private static BaseRequest Request(ClusterFacts? cluster, params MachineFacts[] machines) => new()
    {
        Site = Resolving.Vm, Machines = machines.ToDictionary(m => m.Machine), Cluster = cluster, Now = DateTimeOffset.UnixEpoch,
        Images = new Dictionary<string, string> { ["registry:1"] = "sha256:11" }, Distributions = new HashSet<string> { "debian-12" },
    };

    private static Plan Plan(BaseRequest request)
    {
        var plan = BasePlanner.Plan(request);
        Assert.True(plan.Ok, string.Join('\n', plan.Problems));
        return plan.Value;
    }

    [Fact]
    public void Fresh_machines_get_docker_before_anything_that_needs_it()
    {
        var plan = Plan(Request(null, [.. Machines.Select(Fresh)]));
        Assert.Equal(3, plan.Steps.Count(s => s.Work is InstallDocker));
        Assert.Single(plan.Steps, s => s.Work is InitSwarm);
        Assert.Equal(2, plan.Steps.Count(s => s.Work is JoinSwarm { LeaveFirst: false, AsManager: true }));
        foreach (var step in plan.Steps.Where(s => s.Work is InitSwarm or JoinSwarm))
            Assert.Contains("install-docker:" + step.Target, step.Needs);
        Assert.All(plan.Steps.Select((s, i) => (s, i)), step => Assert.All(step.s.Needs, need => Assert.Contains(need, plan.Steps.Take(step.i).Select(s => s.Id))));
    }

    [Fact]
    public void A_machine_without_packages_for_its_distribution_is_named()
    {
        var refused = BasePlanner.Plan(Request(null, Fresh(Machines[0]), Fresh(Machines[1]) with { Distribution = "rocky-9" }, Fresh(Machines[2]) with { Distribution = "kylin-10" }));
        Assert.Equal([Machines[1], Machines[2]], refused.Problems.Select(p => p.Place));
    }

    [Fact]
    public void Members_are_left_alone_and_one_whom_the_Swarm_does_not_know_joins_anew()
    {
        var facts = Resolving.Facts();
        Assert.DoesNotContain(Plan(Request(facts, [.. Machines.Select((m, i) => Member(m, $"n{i}"))])).Steps, s => s.Work is JoinSwarm or InitSwarm or ChangeRole);
        var joins = Plan(Request(facts, Member(Machines[0], "n0"), Member(Machines[1], "n1"), Member(Machines[2], "of another Swarm"))).Steps.Select(s => s.Work).OfType<JoinSwarm>();
        var join = Assert.Single(joins);
        Assert.True(join is { Machine: "10.0.0.13", LeaveFirst: true });
        Assert.Equal([Machines[0], Machines[1]], join.Managers);
    }

    [Fact]
    public void A_machine_asks_the_name_server_of_its_own_room_first()
    {
        ServiceSpec Server(string name, string machine) => Resolving.Specs(Resolving.Resolve(Resolving.Vm, Resolving.Task(1), Resolving.Facts()))[0] with
        {
            Name = name,
            Machine = machine,
            Labels = new(StringComparer.Ordinal) { [ArkLabels.Task] = "527", [ArkLabels.Component] = "dncs" },
        };
        var facts = Resolving.Facts(Server("dncs-1", Machines[0]), Server("dncs-2", Machines[2]));
        var request = Request(facts, [.. Machines.Select((m, i) => Member(m, $"n{i}"))]);
        var written = Plan(request with { Site = request.Site with { MachinesUseDncs = true } }).Steps.Select(s => s.Work).OfType<WriteFile>().Where(w => w.Path == BaseNames.ResolverFile).ToDictionary(w => w.Machine, w => w.Text);
        string[] Order(string machine) => [.. written[machine].Split('\n').Where(l => l.StartsWith("nameserver ", StringComparison.Ordinal)).Select(l => l[11..])];
        Assert.Equal([Machines[0], Machines[2]], Order(Machines[1]));
        Assert.Equal([Machines[2], Machines[0]], Order(Machines[2])); // In room b.
    }

    [Fact]
    public void A_machine_that_does_not_answer_is_left_out()
    {
        var plan = Plan(Request(Resolving.Facts(), Member(Machines[0], "n0"), Member(Machines[1], "n1")));
        Assert.DoesNotContain(plan.Steps, s => s.Target == Machines[2]);
    }
}
