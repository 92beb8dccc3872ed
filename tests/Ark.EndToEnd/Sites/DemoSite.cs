using Ark.EndToEnd.Lab;
using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A site as <c>./demo</c> makes it: the very command that people type.</summary>
public sealed class DemoSite() : LabSite("3.1")
{
    protected override Task MakeAsync() => DemoAsync("--line", Line);

    protected override Task TakeDownAsync() => DemoAsync("--down");

    private async Task DemoAsync(params string[] arguments)
    {
        var demo = await RunAsync(Path.Combine(LabProgram.Root, "demo"), ["--name", Lab.Name, .. arguments]);
        Assert.True(demo.ExitCode == 0, LabProgram.Of(demo));
    }
}

/// <summary>Tests on one site, one after the other: they share it.</summary>
[CollectionDefinition("operations")]
public sealed class Operations : ICollectionFixture<DemoSite>;
