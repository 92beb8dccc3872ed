using Ark.Core.Planning;
using Xunit;

namespace Ark.Core.Tests.Planning;

/// <summary>A plan that was written to a file is carried out only as long as it is what would be planned now.</summary>
public sealed class PlanFileTests
{
    private static readonly DesiredTask Wanted = Resolving.Resolve(Resolving.Vm, Resolving.Task(3), Resolving.Facts());

    private static Plan Plan(DesiredTask desired, ClusterFacts facts, PlanScope? scope = null, string? recorded = "text") => TaskPlanner.Plan(desired, facts, recorded, scope ?? PlanScope.Whole).Value!;

    private static Plan Saved(Plan plan) => PlanFile.Read(PlanFile.Write(plan), "plan.json").Value!;

    private static ClusterFacts Running => Resolving.Facts(Resolving.Specs(Wanted));

    private static ClusterFacts With(ClusterFacts facts, string instance, Func<ServiceFacts, ServiceFacts> change) =>
        facts with { Services = [.. facts.Services.Select(s => s.Name == instance ? change(s) : s)] };

    [Fact]
    public void A_plan_comes_out_of_its_file_as_it_went_in()
    {
        var plan = Plan(Wanted, Resolving.Facts()) with { Options = new("527", ["cache"], "names", true, false) };
        Assert.Equal(PlanFile.Write(plan), PlanFile.Write(Saved(plan)));
        var options = Saved(plan).Options!;
        Assert.Equal(("527", "cache", "names", true, false), (options.Task, Assert.Single(options.Components), options.Stage, options.Adopt, options.Prune));
        Assert.Empty(PlanFile.Differences(Saved(plan), plan));
    }

    [Fact]
    public void Nothing_moved_although_new_secrets_are_made_anew_by_every_plan()
    {
        var other = Resolving.Resolve(Resolving.Vm, Resolving.Task(3), Resolving.Facts(), password: "an0ther");
        var (first, second) = (Plan(Wanted, Resolving.Facts()), Plan(other, Resolving.Facts()));
        Assert.NotEqual(PlanFile.Write(first), PlanFile.Write(second));
        Assert.Empty(PlanFile.Differences(Saved(first), second));
    }

    [Fact]
    public void A_secret_on_record_that_changed_is_seen()
    {
        var other = Resolving.Resolve(Resolving.Vm, Resolving.Task(3), Resolving.Facts(), password: "an0ther");
        var saved = Saved(Plan(Wanted, With(Running, "cache-1", s => s with { WrittenHash = "" })));
        Assert.NotEmpty(PlanFile.Differences(saved, Plan(other, With(Running, "cache-1", s => s with { WrittenHash = "" }))));
    }

    [Fact]
    public void A_service_that_was_changed_by_hand_since_is_seen()
    {
        var saved = Saved(Plan(Wanted, Running));
        var now = Plan(Wanted, With(Running, "cache-2", s => s with { Spec = s.Spec with { Environment = new() { ["DEBUG"] = "1" } } }));
        Assert.Contains("update-service:cache-2 would be done too", PlanFile.Differences(saved, now));
    }

    [Fact]
    public void A_service_that_was_changed_otherwise_than_when_the_plan_was_made_is_seen()
    {
        Plan Changed(string value) => Plan(Wanted, With(Running, "cache-2", s => s with { Spec = s.Spec with { Environment = new() { ["DEBUG"] = value } } }));
        Assert.Empty(PlanFile.Differences(Saved(Changed("1")), Changed("1")));
        Assert.Equal(["update-service:cache-2 would be done otherwise"], PlanFile.Differences(Saved(Changed("1")), Changed("2")));
    }

    [Fact]
    public void What_somebody_else_did_meanwhile_is_seen()
    {
        var saved = Saved(Plan(Wanted, Resolving.Facts()));
        var one = Plan(Wanted, Resolving.Facts(Resolving.Specs(Wanted).Where(s => s.Name == "cache-1")));
        Assert.Contains("create-service:cache-1 would not be done any more", PlanFile.Differences(saved, one));
    }

    [Fact]
    public void Another_task_text_another_task_and_another_order_are_seen()
    {
        var plan = Plan(Wanted, Resolving.Facts(), recorded: null);
        Assert.Equal(["record-task:527 would be done otherwise"], PlanFile.Differences(Saved(plan), Plan(Wanted with { Text = "another" }, Resolving.Facts(), recorded: null)).Where(d => d.Contains("record", StringComparison.Ordinal)));
        Assert.Equal(["it is for task 577, not for task 527"], PlanFile.Differences(Saved(plan) with { Subject = "task 577" }, plan));
        Assert.Equal(["the order of the steps is another"], PlanFile.Differences(Saved(plan) with { Steps = [.. plan.Steps.Reverse()] }, plan));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"subject\":\"task 527\"}")]
    [InlineData("{\"subject\":\"x\",\"steps\":[null]}")]
    [InlineData("{\"subject\":\"x\",\"steps\":[{\"id\":\"a\",\"target\":\"b\",\"work\":{\"kind\":\"format-disk\"}}]}")]
    public void A_file_that_is_no_plan_is_refused(string text) => Assert.Equal("bad-plan", Assert.Single(PlanFile.Read(text, "p").Problems).Code);
}
