using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A site of line 3.0, with endpoints through haproxy and the metadata database in containers.</summary>
public sealed class OlderLineSite() : PlannedSite("3.0", "-older", ("use_container_metadb", "yes"), "metadb", "haproxy", "edas-registry", "mq-broker", "csb-broker", "cache");

/// <summary>Its machines are exchanged, while applications write and read. Beside the other sites: most of their time such tests wait.</summary>
[TestMethodOrderer(typeof(InOrder))]
public sealed class OlderLineTests(OlderLineSite site) : IClassFixture<OlderLineSite>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task What_was_planned_in_Panama_runs_and_is_proven()
    {
        await site.AssertProvenAsync();
        await site.ArkAsync("plan --exit-code");
    }

    [Fact]
    public async Task What_was_planned_for_physical_machines_is_accepted_by_the_console()
    {
        var plan = await site.PlanPhysicalAsync();
        Assert.Contains("10.16.9.10", plan, StringComparison.Ordinal);
        Assert.Contains("mq-broker-3", plan, StringComparison.Ordinal);
    }

    /// <summary>A fourth machine takes the third's place by order, then the third takes the place of the fourth, which is lost.</summary>
    [Fact]
    public async Task A_machine_is_drained_and_another_is_replaced()
    {
        await site.Lab.RunAsync("up", "--machines", "4");
        await site.ArkAsync("machine add 10.88.0.14");
        await site.PrepareAsync();
        await site.ArkAsync("base --yes");
        await using (var writers = await Writers.StartAsync(site, "metadb", "cache", "mq-broker", "edas-registry"))
        {
            await site.ArkAsync("machine drain 10.88.0.13 --yes --confirm 10.88.0.13");
            await site.ArkAsync("machine remove 10.88.0.13 --yes --confirm 10.88.0.13");
            await writers.AssertNothingLostAsync();
        }

        Assert.DoesNotContain((await site.StatusAsync()).Values, i => i.Machine == "10.88.0.13");
        await site.ArkAsync("base --yes");
        await site.ArkAsync("apply --yes");
        await site.AllHealthyAsync(Patience);

        await using (var writers = await Writers.StartAsync(site, "metadb", "cache", "mq-broker", "edas-registry"))
        {
            await site.Lab.RunAsync("stop", "m4");
            await site.ArkAsync("machine replace 10.88.0.14 --with 10.88.0.13 --yes --confirm 10.88.0.14");
            await site.PrepareAsync();
            await site.ArkAsync("base --yes");
            await site.ArkAsync("apply --yes");
            await site.AllHealthyAsync(Patience);
            await writers.AssertNothingLostAsync();
        }

        await site.ArkAsync("base --yes");
        await site.ArkAsync("plan --exit-code");
    }
}
