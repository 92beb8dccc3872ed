using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A site of line 3.0, with endpoints through haproxy and the metadata database in containers.</summary>
public sealed class OlderLineSite() : PlannedSite("3.0", "-older", ("use_container_metadb", "yes"), "metadb", "haproxy", "edas-registry", "mq-broker", "csb-broker", "cache");

public sealed class OlderLineTests(OlderLineSite site) : IClassFixture<OlderLineSite>
{
    [Fact]
    public async Task What_was_planned_in_Panama_runs_and_is_proven()
    {
        await site.AssertProvenAsync();
        await site.ArkAsync("plan --exit-code");
    }
}
