using Ark.Core.Catalog;
using Xunit;

namespace Ark.Core.Tests.Catalog;

public sealed class ComponentPreviewTests
{
    [Fact]
    public void What_a_component_runs_is_rendered_too()
    {
        var baseline = BaselineReader.Read(Samples.Sound(), "open-3.1").Value!;
        var cache = baseline.Find("cache")!;
        var rendered = ComponentPreview.Render(baseline, cache).Value!;
        Assert.Contains(new Rendered("container.command", "ark-redis cache-1"), rendered);
        Assert.Contains(new Rendered("init \"make the account\"", "ark-init"), rendered);
        Assert.Contains(new Rendered("leave", "ark-leave"), rendered);
        Assert.Contains(new Rendered($"proof \"{cache.Proofs[0].Name}\" on first", "ark-proof set kX7token"), rendered);
        Assert.Contains(new Rendered($"proof \"{cache.Proofs[0].Name}\" on others expects", "^kX7token$"), rendered);
    }
}
