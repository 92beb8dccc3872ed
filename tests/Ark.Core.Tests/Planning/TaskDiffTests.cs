using Ark.Core.Planning;
using Xunit;

namespace Ark.Core.Tests.Planning;

public sealed class TaskDiffTests
{
    [Fact]
    public void A_site_as_the_task_says_has_no_difference()
    {
        var task = Desired.Task(Desired.Component("cache", 2));
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(task));
        Assert.Empty(TaskDiff.Of(task, cluster.Facts, cluster.Recorded));
    }

    [Fact]
    public void Every_property_that_differs_is_named_with_what_is_and_what_should_be()
    {
        var task = Desired.Task(Desired.Component("cache", 1));
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(task));
        var service = cluster.Services["cache-1"];
        cluster.Services["cache-1"] = service with
        {
            Spec = service.Spec with { Environment = new() { ["DEBUG"] = "1" }, Machine = "10.0.0.9" }, Foreign = ["Mode.Replicated.Replicas=0"], State = InstanceState.Failed, Message = "exit 1",
        };
        Assert.Equal(
            [
                new("cache-1", "environment.DEBUG", "1", ""),
                new("cache-1", "machine", "10.0.0.9", "10.0.0.1"),
                new("cache-1", "Mode.Replicated.Replicas", "0 (set by hand)", ""),
                new("cache-1", "state", "failed: exit 1", "running"),
            ],
            TaskDiff.Of(task, cluster.Facts, cluster.Recorded));
    }

    [Fact]
    public void Instances_that_come_and_go_and_a_changed_text_are_differences_too()
    {
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(Desired.Task(Desired.Component("etcd", 1), Desired.Component("cache", 2))));
        var smaller = Desired.Task(Desired.Component("store", 1), Desired.Component("cache", 1));
        var differences = TaskDiff.Of(smaller, cluster.Facts, cluster.Recorded).Where(d => d.Property is "instance" or "text").ToList();
        Assert.Equal(
            [
                new("task 527", "text", "as it was applied", "as it is here"),
                new("store-1", "instance", "", "store:1 on 10.0.0.1"),
                new("cache-2", "instance", "cache:1 on 10.0.0.2", ""),
                new("etcd-1", "instance", "etcd:1 on 10.0.0.1", ""),
            ],
            differences);
        Assert.Equal(("text", ""), TaskDiff.Of(smaller, cluster.Facts, null)[0] is var text ? (text.Property, text.Is) : default);
    }

    [Fact]
    public void What_only_Arks_own_label_says_otherwise_is_a_difference()
    {
        var task = Desired.Task(Desired.Component("cache", 1));
        var cluster = new Cluster();
        cluster.Run(cluster.Plan(task));
        cluster.Services["cache-1"] = cluster.Services["cache-1"] with { WrittenHash = "0123" };
        Assert.Equal(("labels.ark.spec", "0123"), Assert.Single(TaskDiff.Of(task, cluster.Facts, cluster.Recorded)) is var d ? (d.Property, d.Is) : default);
    }
}
