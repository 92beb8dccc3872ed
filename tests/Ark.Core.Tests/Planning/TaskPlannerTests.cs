using Ark.Core.Catalog;
using Ark.Core.Planning;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Planning;

public sealed class TaskPlannerTests
{
    [Fact]
    public void A_new_task_is_recorded_first_then_pulled_created_and_proven()
    {
        var plan = new Cluster().Plan(Desired.Task(Desired.Component("cache", 1)));
        Assert.Equal(
            ["record-task:527", "pull-image:cache:1@10.0.0.1", "create-config:cache-1.conf-1", "create-service:cache-1", "prove:cache"],
            plan.Steps.Select(s => s.Id));
        Assert.Equal(["record-task:527"], plan.Steps[1].Needs);
    }

    [Fact]
    public void A_site_as_the_task_says_has_nothing_to_change()
    {
        var task = Desired.Task(Desired.Component("etcd", 3), Desired.Component("cache", 3, "1", "etcd"));
        var cluster = new Cluster();
        Assert.Empty(cluster.Run(cluster.Plan(task)).Plan(task).Steps);
    }

    [Fact]
    public void Wherever_a_run_is_cut_off_the_next_run_ends_in_the_same_state() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[0, 40]).Sample((before, after, cut) =>
        {
            var first = Desired.Task(Desired.Component("etcd", before), Desired.Component("cache", before, "1", "etcd"));
            var second = Desired.Task(Desired.Component("etcd", after, "2"), Desired.Component("cache", after, "1", "etcd"));
            var undisturbed = new Cluster();
            undisturbed.Run(undisturbed.Plan(first));
            undisturbed.Run(undisturbed.Plan(second));

            var cutOff = new Cluster();
            cutOff.Run(cutOff.Plan(first));
            cutOff.Run(cutOff.Plan(second), steps: cut);
            cutOff.Run(cutOff.Plan(second));

            Assert.Empty(cutOff.Plan(second).Steps);
            Assert.Equal(undisturbed.Facts.Services.Select(s => (s.Name, s.WrittenHash)), cutOff.Facts.Services.Select(s => (s.Name, s.WrittenHash)));
        });

    [Fact]
    public void Components_wait_for_the_proof_of_what_they_depend_on()
    {
        var plan = new Cluster().Plan(Desired.Task(Desired.Component("etcd", 1), Desired.Component("cache", 1, "1", "etcd")));
        Assert.Contains("prove:etcd", plan.Steps.Single(s => s.Id == "create-service:cache-1").Needs);
    }

    [Fact]
    public void Instances_are_replaced_one_at_a_time_with_a_proof_between()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 3))));
        var plan = cluster.Plan(Desired.Task(Desired.Component("etcd", 3, "2")));
        var updates = plan.Steps.Where(s => s.Work is UpdateService).ToList();
        Assert.Equal(["update-service:etcd-1", "update-service:etcd-2", "update-service:etcd-3"], updates.Select(s => s.Id));
        Assert.Contains("prove:etcd:after-etcd-1", updates[1].Needs);
        Assert.Contains("prove:etcd:after-etcd-2", updates[2].Needs);
        Assert.All(updates, s => Assert.Equal("etcd", s.Rollout));
        Assert.Equal("image=registry.ark:5000/etcd:1@sha256:00", updates[0].Before);
        Assert.Equal("image=registry.ark:5000/etcd:2@sha256:00", updates[0].After);
    }

    [Theory]
    [InlineData("2", "1 1 1", "1 12 2", "1 123 3")]
    [InlineData("1", "1 123 3", "1 123 3", "1 123 3")]
    public void Between_instances_only_those_with_the_new_image_are_asked(string image, params string[] asked)
    {
        DesiredComponent Component(string tag, string size) => Desired.Component("etcd", 3, tag) is var etcd ? etcd with
        {
            Proofs =
            [
                new("write on the first, read on each and on the last", TimeSpan.FromSeconds(1),
                    [.. new[] { ProofTarget.First, ProofTarget.Each, ProofTarget.Last }.Select(on => new DesiredProofStep(on, [.. etcd.Instances.Select(i => new ProofCall(0, i.Spec.Name, i.Spec.Machine, null, ["true"], null))]))]),
            ],
            Instances = [.. etcd.Instances.Select(i => i with { Spec = i.Spec with { Environment = new() { ["SIZE"] = size } } })],
        } : throw new InvalidOperationException();
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Component("1", "small"))));
        var proofs = cluster.Plan(Desired.Task(Component(image, "large"))).Steps.Select(s => s.Work).OfType<Prove>();
        Assert.Equal(asked, proofs.Select(p => string.Join(' ', p.Proofs.Single().Calls.GroupBy(c => c.Order, c => c.Instance![^1]).Select(step => string.Concat(step)))));
    }

    /// <summary>Machine 4 or 5 takes what is given; the others learn of it, as clusters' peers do.</summary>
    [Theory]
    [InlineData("etcd-3", "etcd-3 prove etcd-1 prove etcd-2 prove")]
    [InlineData("etcd-2 etcd-3", "etcd-2 etcd-3 prove etcd-1 prove")]
    public void What_moves_goes_first_and_is_proven_once_all_of_it_stands(string moved, string order)
    {
        var there = Desired.Component("etcd", 3);
        var wanted = there with
        {
            Instances = [.. there.Instances.Select(i => i with
            {
                Spec = i.Spec with { Environment = new() { ["PEERS"] = moved }, Machine = moved.Contains(i.Spec.Name, StringComparison.Ordinal) ? "10.0.1." + i.Spec.Name[^1] : i.Spec.Machine },
            })],
        };
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(there)));
        var plan = cluster.Plan(Desired.Task(wanted));
        Assert.Equal(order, string.Join(' ', plan.Steps.Where(s => s.Work is UpdateService or Prove).Select(s => s.Work is Prove ? "prove" : s.Target)));
        var chain = plan.Steps.Where(s => s.Work is UpdateService or Prove).ToList();
        Assert.All(chain.Skip(1).Index(), s => Assert.Contains(chain[s.Index].Id, s.Item.Needs));
    }

    [Fact]
    public void What_another_task_took_over_is_not_removed_with_the_first()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 1))));
        RemovalRequest Request(params string[] components) => new("577", components.Length == 0 ? null : components.ToHashSet(), true, new Dictionary<string, IReadOnlyList<string>> { ["10.0.0.1"] = ["etcd-1.data"] });
        Assert.Empty(RemovalPlanner.Plan(Request(), cluster.Facts, ["etcd"]).Value!.Steps);
        Assert.Equal("belongs-to-other-task", RemovalPlanner.Plan(Request("etcd"), cluster.Facts, ["etcd"]).Problems.Single().Code);
        Assert.NotEmpty(RemovalPlanner.Plan(Request() with { Task = "527" }, cluster.Facts, ["etcd"]).Value!.Steps);
    }

    [Fact]
    public void Growing_creates_the_new_instance_before_its_peers_learn_of_it()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 1))));
        var plan = cluster.Plan(Desired.Task(Desired.Component("etcd", 3)));
        Assert.Equal(["create-service:etcd-2", "create-service:etcd-3", "update-service:etcd-1"], plan.Steps.Where(s => s.Target.StartsWith("etcd-", StringComparison.Ordinal) && s.Work is CreateService or UpdateService).Select(s => s.Id));
    }

    [Fact]
    public void Shrinking_removes_the_last_instance_first_and_only_then_touches_the_others()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 3))));
        var plan = cluster.Plan(Desired.Task(Desired.Component("etcd", 1)));
        Assert.Equal(["remove-service:etcd-3", "remove-service:etcd-2", "update-service:etcd-1"], plan.Steps.Where(s => s.Work is RemoveService or UpdateService).Select(s => s.Id));
        Assert.Contains("remove-service:etcd-2", plan.Steps.Single(s => s.Id == "update-service:etcd-1").Needs);
    }

    [Fact]
    public void A_setting_changed_by_hand_is_named_and_mended()
    {
        var task = Desired.Task(Desired.Component("cache", 1));
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(task));
        var service = cluster.Services["cache-1"];
        cluster.Services["cache-1"] = service with { Spec = service.Spec with { Environment = new() { ["DEBUG"] = "1" } } };
        var step = cluster.Plan(task).Steps.Single(s => s.Work is UpdateService);
        Assert.Equal("environment.DEBUG=1", step.Before);
        Assert.Empty(cluster.Run(cluster.Plan(task)).Plan(task).Steps);
    }

    [Fact]
    public void A_setting_that_Ark_never_writes_is_named_and_mended()
    {
        var task = Desired.Task(Desired.Component("cache", 1));
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(task));
        cluster.Services["cache-1"] = cluster.Services["cache-1"] with { Foreign = ["Mode.Replicated.Replicas=0"] };
        Assert.Equal("Mode.Replicated.Replicas=0 (set by hand)", cluster.Plan(task).Steps.Single(s => s.Work is UpdateService).Before);
    }

    [Fact]
    public void Another_tasks_component_is_refused_unless_it_is_adopted()
    {
        var task = Desired.Task(Desired.Component("cache", 1));
        var cluster = new Cluster();
        var spec = task.Components[0].Instances[0].Spec;
        cluster.Services["cache-1"] = Cluster.Of(spec with { Labels = new(spec.Labels) { [ArkLabels.Task] = "100" } }, task: "100");
        var refused = TaskPlanner.Plan(task, cluster.Facts, null, PlanScope.Whole);
        Assert.Equal("belongs-to-other-task", Assert.Single(refused.Problems).Code);
        Assert.Contains(cluster.Plan(task, new() { Adopt = true }).Steps, s => s.Id == "update-service:cache-1");
    }

    [Fact]
    public void What_the_task_no_longer_names_goes_only_with_prune()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 1), Desired.Component("cache", 2))));
        var smaller = Desired.Task(Desired.Component("etcd", 1));
        Assert.DoesNotContain(cluster.Plan(smaller).Steps, s => s.Work is RemoveService);
        Assert.Equal(["remove-service:cache-2", "remove-service:cache-1"], cluster.Plan(smaller, new() { Prune = true }).Steps.Where(s => s.Work is RemoveService).Select(s => s.Id));
    }

    [Fact]
    public void A_narrow_action_touches_nothing_else()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 1), Desired.Component("cache", 1))));
        var plan = cluster.Plan(Desired.Task(Desired.Component("etcd", 1, "2"), Desired.Component("cache", 1, "2")), new() { Components = new HashSet<string> { "cache" } });
        Assert.DoesNotContain(plan.Steps, s => s.Target.StartsWith("etcd", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_rollout_is_put_back_over_all_instances_that_it_touched()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 3))));
        var plan = cluster.Plan(Desired.Task(Desired.Component("etcd", 3, "2")));
        var failed = plan.Steps.Single(s => s.Id == "update-service:etcd-2");
        var undo = Rollouts.Undo(plan, failed, new HashSet<string> { "update-service:etcd-1", "update-service:etcd-2" });
        Assert.Equal(["undo-update:etcd-2", "undo-update:etcd-1"], undo.Select(s => s.Id));
        Assert.All(undo, s => Assert.Contains("etcd:1@", ((UpdateService)s.Work).Spec.Image));
    }

    [Fact]
    public void Files_that_nothing_refers_to_are_collected_but_never_those_of_a_previous_spec()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 1))));
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 2))));
        Assert.Contains("etcd-1.conf-1", cluster.Configs);
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 3))));
        Assert.DoesNotContain("etcd-1.conf-1", cluster.Configs);
    }

    [Fact]
    public void An_instance_that_does_not_run_is_replaced_before_those_that_do()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("db", 3))));
        cluster.Services["db-3"] = cluster.Services["db-3"] with { State = InstanceState.Failed };
        var updates = cluster.Plan(Desired.Task(Desired.Component("db", 3, "2"))).Steps.Where(s => s.Work is UpdateService).Select(s => s.Target);
        Assert.Equal(["db-3", "db-1", "db-2"], updates);
    }

    [Fact]
    public void An_instance_that_is_not_back_yet_is_waited_for_before_any_other_goes()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("db", 3))));
        var changed = Desired.Component("db", 3, "2");
        changed = changed with { Instances = [.. changed.Instances.Take(2), Desired.Component("db", 3).Instances[2]] };
        cluster.Services["db-3"] = cluster.Services["db-3"] with { State = InstanceState.Starting };
        var plan = cluster.Plan(Desired.Task(changed));
        Assert.Equal(["await-healthy:db-3", "update-service:db-1", "update-service:db-2"], plan.Steps.Where(s => s.Work is UpdateService or AwaitHealthy).Select(s => s.Id));
        Assert.Contains("await-healthy:db-3", plan.Steps.Single(s => s.Id == "update-service:db-1").Needs);
    }
}
