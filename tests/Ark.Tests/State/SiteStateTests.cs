using System.Security.Cryptography;
using System.Text;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Core.Secrets;
using Ark.Remote.State;
using Ark.Remote.Swarm;
using Ark.Testing.Swarm;
using Xunit;

namespace Ark.Tests.State;

public sealed class SiteStateTests
{
    private static readonly KeyRing Keys = new(new Secret("correct horse battery"));

    private readonly FakeSwarm _swarm = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_is_read_on_another_console_with_the_passphrase_only()
    {
        var clear = "name: example\npassword: s3cr3t"u8.ToArray();
        await (await OpenAsync()).WriteAsync(SiteState.Task("527"), clear, "527", Cancellation);
        var there = await OpenAsync(new KeyRing(new Secret("correct horse battery")));
        Assert.Equal(clear, (await there.ReadAsync(SiteState.Task("527"), Cancellation)).Value!.Bytes);
        Assert.Null((await there.ReadAsync("other", Cancellation)).Value!.Bytes);

        var config = (await _swarm.GatherAsync(Cancellation)).Configs.Single(c => c.Name == "ark.state.task-527.000001");
        Assert.Equal(("state", "527", "1"), (config.Labels[ArkLabels.Kind], config.Labels[ArkLabels.Task], config.Labels["ark.version"]));
        Assert.DoesNotContain("s3cr3t", Encoding.Latin1.GetString((await _swarm.ReadConfigAsync(config.Name, Cancellation))!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_passphrase_is_a_problem()
    {
        await OpenAsync();
        var facts = _swarm.GatherAsync(Cancellation);
        var wrong = await SiteState.OpenAsync(_swarm, new KeyRing(new Secret("another one")), facts, TimeProvider.System, Cancellation);
        Assert.Equal("wrong-passphrase", Assert.Single(wrong.Problems).Code);
        Assert.False(wrong.Ok);
    }

    [Fact]
    public async Task A_cluster_without_a_site_is_told()
    {
        var facts = _swarm.GatherAsync(Cancellation);
        Assert.Equal("no-state", Assert.Single((await SiteState.OpenAsync(_swarm, Keys, facts, TimeProvider.System, Cancellation)).Problems).Code);
    }

    [Fact]
    public async Task Five_versions_are_kept_and_the_same_content_makes_none()
    {
        var state = await OpenAsync();
        for (var i = 1; i <= 8; i++)
        {
            await state.WriteAsync("task-1", [(byte)i], "1", Cancellation);
            await state.WriteAsync("task-1", [(byte)i], "1", Cancellation);
        }

        await state.WriteAsync("task-10", [9], "10", Cancellation);
        var there = await OpenAsync();
        Assert.Equal([8, 7, 6, 5, 4], there.Versions("task-1").Select(v => v.Number));
        Assert.Equal(["task-1", "task-10"], there.Names);
        Assert.Equal([8], (await there.ReadAsync("task-1", Cancellation)).Value!.Bytes!);
        Assert.Equal([5], (await there.ReadAsync("task-1", Cancellation, version: 5)).Value!.Bytes!);
        await there.ForgetAsync("task-1", Cancellation);
        Assert.Equal(["task-10"], (await OpenAsync()).Names);
    }

    [Fact]
    public async Task What_is_longer_than_a_config_may_be_is_kept_in_parts()
    {
        var clear = RandomNumberGenerator.GetBytes(1_200_000);
        await (await OpenAsync()).WriteAsync("long", clear, null, Cancellation);
        var there = await OpenAsync();
        Assert.Equal(clear, (await there.ReadAsync("long", Cancellation)).Value!.Bytes);
        Assert.Single(there.Versions("long"));
        var parts = (await _swarm.GatherAsync(Cancellation)).Configs.Where(c => c.Name.StartsWith("ark.state.long", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, parts.Count);
        await there.ForgetAsync("long", Cancellation);
        Assert.DoesNotContain((await _swarm.GatherAsync(Cancellation)).Configs, c => c.Name.StartsWith("ark.state.long", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_whose_writing_was_cut_off_is_not_there_and_not_in_the_way()
    {
        var state = await OpenAsync();
        await state.WriteAsync("long", [1], null, Cancellation);
        _swarm.FailNext("create-config ark.state.long.000002", new SwarmException("killed"));
        await Assert.ThrowsAsync<SwarmException>(() => state.WriteAsync("long", RandomNumberGenerator.GetBytes(900_000), null, Cancellation));

        var next = await OpenAsync();
        Assert.Equal([1], (await next.ReadAsync("long", Cancellation)).Value!.Bytes!);
        var clear = RandomNumberGenerator.GetBytes(900_000);
        await next.WriteAsync("long", clear, null, Cancellation);
        Assert.Equal(clear, (await (await OpenAsync()).ReadAsync("long", Cancellation)).Value!.Bytes);
    }

    [Fact]
    public async Task Two_consoles_that_make_a_site_at_once_make_one()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SiteState.CreateAsync(_swarm, Keys, TimeProvider.System, Cancellation))));
        Assert.Single(made.Select(m => Convert.ToHexString(m.Value!.Key.Salt)).Distinct());
    }

    [Fact]
    public async Task A_console_that_saw_older_facts_writes_after_the_newest()
    {
        var one = await OpenAsync();
        var two = await OpenAsync();
        await one.WriteAsync("x", [1], null, Cancellation);
        await two.WriteAsync("x", [2], null, Cancellation);
        Assert.Equal([2], (await (await OpenAsync()).ReadAsync("x", Cancellation)).Value!.Bytes!);
    }

    private async Task<SiteState> OpenAsync(KeyRing? keys = null)
    {
        return (await SiteState.CreateAsync(_swarm, keys ?? Keys, TimeProvider.System, Cancellation)).Value!;
    }
}
