using System.Net;
using Ark.Core.Addressing;
using Ark.Core.Sites;
using Xunit;

namespace Ark.Core.Tests.Addressing;

public sealed class AddressAllocatorTests
{
    private static readonly AddressPool Pool = new(IPNetwork.Parse("10.16.9.0/24"), 10, 14, A("10.16.9.12"));

    private static IPAddress A(string text) => IPAddress.Parse(text);

    private static AddressWish Wish(string component, int index, string? written = null) =>
        new(component, index, A("10.0.0.1"), written is null ? null : A(written));

    private static AddressRequest Request(params AddressWish[] wanted) => new() { Mode = SiteMode.Physical, Pool = Pool, Wanted = wanted };

    private static string[] Given(Outcome<AddressPlan> outcome) => [.. outcome.Value!.Assigned.Select(a => $"{a.Instance} {a.Address.ToString().Split('.')[3]}")];

    [Fact]
    public void Addresses_come_from_the_pool_lowest_first_without_the_gateway() =>
        Assert.Equal(["a-1 10", "a-2 11", "b-1 13"], Given(AddressAllocator.Allocate(Request(Wish("b", 1), Wish("a", 2), Wish("a", 1)))));

    [Fact]
    public void What_an_instance_has_it_keeps()
    {
        var plan = AddressAllocator.Allocate(Request(Wish("a", 1), Wish("a", 2)) with { Standing = new Dictionary<string, IPAddress> { ["a-2"] = A("10.16.9.10"), ["other-1"] = A("10.16.9.11") } });
        Assert.Equal(["a-1 13", "a-2 10"], Given(plan));
        Assert.Equal([true, false], plan.Value!.Assigned.Select(a => a.IsNew));
        Assert.Equal(A("10.16.9.10"), plan.Value.Of("a-2"));
    }

    [Fact]
    public void What_the_task_writes_is_honoured_and_what_is_reserved_left_alone() =>
        Assert.Equal(["a-1 13", "a-2 10", "a-3 14"], Given(AddressAllocator.Allocate(
            Request(Wish("a", 1), Wish("a", 2, "10.16.9.10"), Wish("a", 3)) with { Reserved = new Dictionary<string, IPAddress> { ["a-4"] = A("10.16.9.11") } })));

    [Fact]
    public void Freed_addresses_are_given_last_the_longest_free_first() =>
        Assert.Equal(["a-1 14", "a-2 13", "a-3 10", "a-4 11"], Given(AddressAllocator.Allocate(
            Request(Wish("a", 1), Wish("a", 2), Wish("a", 3), Wish("a", 4)) with { Freed = [A("10.16.9.10"), A("10.16.9.13"), A("10.16.9.10"), A("10.16.9.11"), A("10.16.9.99")] })));

    [Fact]
    public void A_pool_that_is_exhausted_is_named_with_component_and_figures()
    {
        var problems = AddressAllocator.Allocate(Request(Wish("a", 1), Wish("a", 2), Wish("a", 3), Wish("b", 1), Wish("b", 2), Wish("c", 1))).Problems;
        Assert.Equal([("pool-exhausted", "b"), ("pool-exhausted", "c")], problems.Select(p => (p.Code, p.Place)));
        Assert.Equal("Component b wants 2 addresses, and 1 of the pool 10.16.9.10–10.16.9.14 is left.", problems[0].Message);
        Assert.Equal("Component c wants 1 address, and 0 of the pool 10.16.9.10–10.16.9.14 are left.", problems[1].Message);
    }

    [Theory]
    [InlineData("10.16.9.12", "the gateway")]
    [InlineData("10.16.9.0", "the network")]
    [InlineData("10.16.9.255", "for broadcast")]
    [InlineData("10.16.9.9", "outside the pool")]
    [InlineData("10.16.9.13", "a machine")]
    [InlineData("10.16.9.11", "other-1's")]
    public void An_address_of_the_task_that_cannot_be_is_refused(string written, string why)
    {
        var outcome = AddressAllocator.Allocate(Request(Wish("a", 1, written)) with { Machines = [A("10.16.9.13")], Standing = new Dictionary<string, IPAddress> { ["other-1"] = A("10.16.9.11") } });
        var problem = Assert.Single(outcome.Problems);
        Assert.Equal(("bad-address", "a-1"), (problem.Code, problem.Place));
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_address_for_two_instances_is_a_conflict()
    {
        Assert.Contains("is a-1's", Assert.Single(AddressAllocator.Allocate(Request(Wish("a", 1, "10.16.9.10"), Wish("b", 1, "10.16.9.10"))).Problems).Message, StringComparison.Ordinal);
        var standing = new Dictionary<string, IPAddress> { ["a-1"] = A("10.16.9.10"), ["b-1"] = A("10.16.9.10") };
        Assert.Equal("address-twice", Assert.Single(AddressAllocator.Allocate(Request(Wish("a", 1), Wish("b", 1)) with { Standing = standing }).Problems).Code);
    }

    [Fact]
    public void A_running_instance_does_not_change_its_address()
    {
        var standing = new Dictionary<string, IPAddress> { ["a-1"] = A("10.16.9.10") };
        Assert.Equal("address-changed", Assert.Single(AddressAllocator.Allocate(Request(Wish("a", 1, "10.16.9.11")) with { Standing = standing }).Problems).Code);
        var outside = AddressAllocator.Allocate(Request(Wish("a", 1)) with { Standing = new Dictionary<string, IPAddress> { ["a-1"] = A("10.16.9.50") } });
        Assert.Equal(["a-1 50"], Given(outside));
        Assert.Equal(("address-outside", Severity.Warning), Assert.Single(outside.Problems.Select(p => (p.Code, p.Severity))));
    }

    [Fact]
    public void In_VM_mode_the_address_is_the_machines()
    {
        var plan = AddressAllocator.Allocate(new() { Mode = SiteMode.Vm, Wanted = [Wish("a", 1, "10.16.9.11"), Wish("b", 1)] });
        Assert.Equal(["10.0.0.1", "10.0.0.1"], plan.Value!.Assigned.Select(a => a.Address.ToString()));
        Assert.Equal(("address-unused", "a-1"), Assert.Single(plan.Problems.Select(p => (p.Code, p.Place))));
    }

    [Fact]
    public void The_view_shows_each_address_with_its_owner()
    {
        var view = PoolView.Of(
            Pool,
            [A("10.16.9.13")],
            new Dictionary<string, IPAddress> { ["a-1"] = A("10.16.9.10"), ["old-1"] = A("10.16.9.77") },
            new Dictionary<string, IPAddress> { ["a-2"] = A("10.16.9.11"), ["a-1"] = A("10.16.9.10") },
            [A("10.16.9.14")]);
        Assert.Equal(
            ["10 Used a-1", "11 Reserved a-2", "12 Reserved gateway", "13 Reserved machine", "14 Free  again", "77 Used old-1"],
            view.Addresses.Select(a => $"{a.Address.ToString().Split('.')[3]} {a.State} {a.Owner}{(a.WasUsed ? " again" : "")}"));
        Assert.Equal((1, 3, 2), (view.Count(PoolState.Free), view.Count(PoolState.Reserved), view.Count(PoolState.Used)));
    }
}
