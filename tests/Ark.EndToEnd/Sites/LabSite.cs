using Ark.EndToEnd.Lab;
using Xunit;

[assembly: Xunit.v3.Parallelization(MaxThreads = 3)] // Labs wait more than they compute.
[assembly: TestCollectionOrderer(typeof(Ark.EndToEnd.Sites.SitesFirst))]

namespace Ark.EndToEnd.Sites;

/// <summary>A whole site in a lab of its own, there before the tests that share it.</summary>
/// <remarks>
/// With <c>ARK_TEST_SITE=NAME</c> the lab of that name is used and stays: quicker while one works on the tests. Otherwise it is taken down, and
/// nothing may be left of it: no process, namespace, mount, link, file.
/// </remarks>
/// <param name="line">The product line, 3.1 or 3.0.</param>
/// <param name="purpose">Stands after the name of a lab that is kept.</param>
public abstract class LabSite(string line, string purpose = "") : CarriedSite, IAsyncLifetime
{
    private static readonly string? Kept = Environment.GetEnvironmentVariable("ARK_TEST_SITE");

    public override LabProgram Lab { get; } = Kept is { Length: > 0 } name ? new(name + purpose) : LabProgram.New();

    protected string Line => line;

    /// <summary>The baseline that its components are of.</summary>
    public string Baseline => "open-" + line;

    private IReadOnlyList<string> _links = [];

    public async ValueTask InitializeAsync()
    {
        _links = await LabProgram.LinksAsync();
        await MakeAsync();
    }

    /// <summary>From nothing to a site with every component deployed; what is there already stays.</summary>
    protected abstract Task MakeAsync();

    public async ValueTask DisposeAsync()
    {
        if (Kept is { Length: > 0 }) return;
        var networks = await Lab.NetworksAsync();
        Assert.NotEmpty(await LabProgram.InhabitantsAsync(networks));
        await TakeDownAsync();
        Assert.Empty(await Lab.TracesAsync());
        var left = await LabProgram.InhabitantsAsync(networks);
        var others = await LabProgram.AllNetworksAsync(); // the kernel gives the number of a network that is gone to the next
        Assert.DoesNotContain(left, l => !others.Contains(l.Split(' ')[0]));
        Assert.Empty((await LabProgram.LinksAsync()).Except(_links));
        GC.SuppressFinalize(this);
    }

    protected virtual async Task TakeDownAsync() => await Lab.RunAsync("down");
}
