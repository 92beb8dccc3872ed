using Ark.EndToEnd.Lab;
using Xunit;

[assembly: Xunit.v3.Parallelization(MaxThreads = 4)] // Labs wait more than they compute.

namespace Ark.EndToEnd.Sites;

/// <summary>A site as <c>./demo</c> makes it, in a lab of its own: the very command that people type.</summary>
/// <remarks>
/// With <c>ARK_TEST_SITE=NAME</c> the lab of that name is used and stays: quicker while one works on the tests. Otherwise it is taken down, and
/// nothing may be left of it: no process, namespace, mount, link, file.
/// </remarks>
/// <param name="purpose">Stands after the name of a lab that is kept.</param>
public abstract class DemoSite(string line, string purpose = "") : CarriedSite, IAsyncLifetime
{
    private static readonly string? Kept = Environment.GetEnvironmentVariable("ARK_TEST_SITE");

    public override LabProgram Lab { get; } = Kept is { Length: > 0 } name ? new(name + purpose) : LabProgram.New();

    /// <summary>The baseline that its components are of.</summary>
    public string Baseline => "open-" + line;

    private IReadOnlyList<string> _links = [];

    /// <summary>What the demo said, for tests that look at it.</summary>
    public string Said { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _links = await LabProgram.LinksAsync();
        var demo = await DemoAsync("--line", line);
        Said = demo.Output + demo.Error;
        Assert.True(demo.ExitCode == 0, "./demo failed:\n" + Said);
    }

    public async ValueTask DisposeAsync()
    {
        if (Kept is { Length: > 0 }) return;
        var networks = await Lab.NetworksAsync();
        Assert.NotEmpty(await LabProgram.InhabitantsAsync(networks));
        var down = await DemoAsync("--down");
        Assert.True(down.ExitCode == 0, LabProgram.Of(down));
        Assert.Empty(await Lab.TracesAsync());
        Assert.Empty(await LabProgram.InhabitantsAsync(networks));
        Assert.Empty((await LabProgram.LinksAsync()).Except(_links));
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs <c>./demo</c> with this site's name.</summary>
    public Task<LabAnswer> DemoAsync(params string[] arguments) => RunAsync(Path.Combine(LabProgram.Root, "demo"), ["--name", Lab.Name, .. arguments]);
}

/// <summary>A site of line 3.1 that its operators work on.</summary>
public sealed class OperatedSite() : DemoSite("3.1");

/// <summary>A site of line 3.1 that meets with accidents.</summary>
public sealed class AccidentSite() : DemoSite("3.1", "-accidents");

/// <summary>Tests on one site, one after the other: they share it.</summary>
[CollectionDefinition("operations")]
public sealed class Operations : ICollectionFixture<OperatedSite>;

/// <summary>Beside <see cref="Operations"/>: most of their time such tests wait.</summary>
[CollectionDefinition("accidents")]
public sealed class Accidents : ICollectionFixture<AccidentSite>;
