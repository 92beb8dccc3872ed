using System.Net;
using Ark.Core;
using Ark.Core.Secrets;
using Ark.Remote.State;
using Ark.Remote.Swarm;
using Ark.Testing.Swarm;
using Xunit;

namespace Ark.Tests.State;

public sealed class SiteStoreTests
{
    private static readonly KeyRing Keys = new(new Secret("correct horse battery"));

    private static readonly Dictionary<string, IReadOnlyDictionary<string, Secret>> Secrets = new()
    {
        ["cache"] = new Dictionary<string, Secret> { ["password"] = new("s3cr3t") },
    };

    private readonly FakeSwarm _swarm = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_cluster_has_no_authority_and_no_tasks()
    {
        var store = await OpenAsync();
        Assert.Null(store.Authority);
        Assert.Null(store.Key);
        Assert.Empty(store.Tasks);
        Assert.Null(await store.ReadTaskAsync("527", null, Cancellation));
        await Assert.ThrowsAsync<SwarmException>(() => store.ReadAuthorityAsync(Cancellation));
        await Assert.ThrowsAsync<SwarmException>(() => store.WriteTaskAsync("527", "text", Secrets, null, Cancellation));
    }

    [Fact]
    public async Task The_authority_is_made_once()
    {
        var store = await OpenAsync();
        await store.CreateAsync(Cancellation);
        var authority = store.Authority!;
        await (await OpenAsync()).CreateAsync(Cancellation);
        var there = await OpenAsync();
        Assert.Equal(authority.CertificatePem, there.Authority!.CertificatePem);
        Assert.Equal(authority.KeyPem, (await there.ReadAuthorityAsync(Cancellation)).KeyPem);
    }

    [Fact]
    public async Task A_site_whose_making_was_cut_off_before_its_authority_is_completed()
    {
        _swarm.FailNext("create-config ark.state.authority.000001", new SwarmException("killed"));
        await Assert.ThrowsAsync<SwarmException>(async () => await (await OpenAsync()).CreateAsync(Cancellation));
        var again = await OpenAsync();
        Assert.Null(again.Authority);
        await again.CreateAsync(Cancellation);
        Assert.NotNull((await OpenAsync()).Authority);
    }

    [Fact]
    public async Task A_task_comes_back_with_its_secrets_in_each_version_kept()
    {
        var store = await OpenAsync();
        await store.CreateAsync(Cancellation);
        await store.WriteTaskAsync("527", "count: 3", Secrets, null, Cancellation);
        await store.WriteTaskAsync("527", "count: 5", Secrets, null, Cancellation);
        await store.WriteTaskAsync("527", "count: 5", Secrets, null, Cancellation);

        var there = await OpenAsync(new KeyRing(new Secret("correct horse battery")));
        Assert.Equal(["527"], there.Tasks);
        Assert.Equal([2, 1], there.Versions("527"));
        var record = (await there.ReadTaskAsync("527", null, Cancellation))!;
        Assert.Equal(("count: 5", 2), (record.Text, record.Version));
        Assert.Equal(new Secret("s3cr3t"), record.Secrets["cache"]["password"]);
        Assert.Equal("count: 3", (await there.ReadTaskAsync("527", 1, Cancellation))!.Text);
        Assert.Null(await there.ReadTaskAsync("527", 9, Cancellation));

        await there.ForgetTaskAsync("527", Cancellation);
        Assert.Empty((await OpenAsync()).Tasks);
    }

    [Fact]
    public async Task The_addresses_of_every_record_come_back_with_their_task_and_version()
    {
        var store = await OpenAsync();
        await store.CreateAsync(Cancellation);
        await store.WriteTaskAsync("527", "count: 2", Secrets, Addresses(("cache-1", 10), ("cache-2", 11)), Cancellation);
        await store.WriteTaskAsync("527", "count: 1", Secrets, Addresses(("cache-1", 10)), Cancellation);
        await store.WriteTaskAsync("577", "count: 1", Secrets, null, Cancellation);
        var records = await (await OpenAsync()).ReadAddressesAsync(Cancellation);
        Assert.Equal(
            ["527.1 cache-1=10.16.9.10 cache-2=10.16.9.11", "527.2 cache-1=10.16.9.10", "577.1 "],
            records.Select(r => $"{r.Task}.{r.Version} {string.Join(' ', r.Addresses.Select(a => $"{a.Key}={a.Value}"))}").Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, IPAddress> Addresses(params (string Instance, int Last)[] addresses) =>
        addresses.ToDictionary(a => a.Instance, a => IPAddress.Parse($"10.16.9.{a.Last}"));

    [Fact]
    public async Task A_wrong_passphrase_opens_nothing()
    {
        await (await OpenAsync()).CreateAsync(Cancellation);
        var wrong = await SiteStore.OpenAsync(_swarm, new KeyRing(new Secret("another one")), TimeProvider.System, Cancellation);
        Assert.Equal("wrong-passphrase", Assert.Single(wrong.Problems).Code);
    }

    private async Task<SiteStore> OpenAsync(KeyRing? keys = null) =>
        (await SiteStore.OpenAsync(_swarm, keys ?? Keys, TimeProvider.System, Cancellation)).Value!;
}
