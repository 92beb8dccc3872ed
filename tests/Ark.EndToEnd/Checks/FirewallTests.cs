using Ark.EndToEnd.Sites;
using Xunit;

namespace Ark.EndToEnd.Checks;

/// <summary>The firewalls that people run, on real machines: named, opened or switched off, so after a reboot too, and as they were once it is undone.</summary>
[TestMethodOrderer(typeof(InOrder))]
public sealed class FirewallTests(FirewallSite site) : IClassFixture<FirewallSite>
{
    private const string Checks = "--only firewall ways-free firewall-at-boot";

    private IEnumerable<(string, string)> Passing => from machine in site.Machines from check in (string[])["firewall", "ways-free", "firewall-at-boot"] select (machine, check);

    [Fact]
    public async Task Each_is_named_and_lets_in_exactly_what_is_needed_until_that_is_undone()
    {
        var before = await site.ListAsync();
        var found = await site.CheckAsync(Checks);
        Assert.Empty(found.Missing(FirewallSite.Firewalls));
        Assert.All(site.Machines, m => Assert.Equal("pass", found.Of("firewall-at-boot", m)?.Verdict));

        Assert.Empty((await site.CheckAsync($"--apply --yes {Checks}")).StillThere(Passing));
        await site.Lab.RunAsync("reboot", "--all");
        Assert.Empty((await site.CheckAsync(Checks)).StillThere(Passing));
        Assert.Empty(await site.OtherwiseAsync([.. from firewall in FirewallSite.Firewalls from closed in firewall.Found where closed.Mended is not null select (firewall.Machine, closed.Mended)]));

        await site.UndoAsync();
        await site.AssertAsBeforeAsync(before, "--undo");
    }

    [Fact]
    public async Task Each_is_switched_off_on_request_until_that_is_undone()
    {
        var before = await site.ListAsync();

        Assert.Empty((await site.CheckAsync($"--apply --yes --stop-firewall {Checks}")).StillThere(Passing));
        Assert.Empty(await site.OtherwiseAsync(FirewallSite.Off));
        await site.Lab.RunAsync("reboot", "--all");
        Assert.Empty((await site.CheckAsync(Checks)).StillThere(Passing));
        Assert.Empty(await site.OtherwiseAsync(FirewallSite.Off));

        await site.UndoAsync();
        await site.AssertAsBeforeAsync(before, "--undo");
    }
}
