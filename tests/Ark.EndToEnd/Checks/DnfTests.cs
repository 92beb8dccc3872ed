using Ark.EndToEnd.Lab;
using Ark.EndToEnd.Sites;
using Xunit;

namespace Ark.EndToEnd.Checks;

/// <summary>Packages of the RHEL family: the real dnf, on a machine where nothing else of that family can be had.</summary>
[TestMethodOrderer(typeof(InOrder))]
[Trait("campaign", "dnf")]
public sealed class DnfTests(DnfSite site) : IClassFixture<DnfSite>
{
    [Fact]
    public async Task A_missing_tool_comes_by_dnf_and_is_taken_away_when_that_is_undone()
    {
        const string tools = "--only common-tools package-source";
        var before = await site.ListAsync();
        var found = await site.CheckAsync(tools + " --all");
        Assert.Equal(("warning", "no telnet", true), found.Of("common-tools", "m1"));
        Assert.Contains(found.Report.GetProperty("results").EnumerateArray(), r => r.GetProperty("remedy").GetString() == "dnf install -y telnet");
        Assert.Equal("pass", found.Of("package-source", "m1")?.Verdict);

        Assert.Empty((await site.CheckAsync($"--apply --yes {tools}")).StillThere([("m1", "common-tools")]));
        Assert.Equal("a tool\ntelnet-1-1.noarch", await site.Lab.InsideAsync("m1", "telnet; rpm -qa"));

        await site.UndoAsync();
        await site.AssertAsBeforeAsync(before, "--undo");
    }

    [Fact]
    public async Task An_install_that_dnf_refuses_leaves_nothing_behind_and_says_why()
    {
        var before = await site.ListAsync();
        await site.Lab.InsideAsync("m1", "mv /opt/repository /opt/elsewhere");
        var failed = await site.TryArkAsync("check --apply --yes --only common-tools");
        Assert.True(failed.ExitCode == 1, LabProgram.Of(failed));
        Assert.True(failed.Error.Contains("telnet-1-1.noarch.rpm", StringComparison.Ordinal), LabProgram.Of(failed));
        Assert.Empty(await site.RunsAsync());
        await site.Lab.InsideAsync("m1", "mv /opt/elsewhere /opt/repository");
        await site.AssertAsBeforeAsync(before, "a refusal");
    }
}
