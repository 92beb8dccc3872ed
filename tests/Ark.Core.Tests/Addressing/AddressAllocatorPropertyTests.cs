using System.Net;
using Ark.Core.Addressing;
using Ark.Core.Sites;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Addressing;

/// <summary>Components grow and shrink at random over a small pool, as a site would over the years.</summary>
public sealed class AddressAllocatorPropertyTests
{
    private static readonly Gen<AddressPool> Pools =
        from prefix in Gen.Int[24, 28]
        from first in Gen.Int[0, 15]
        from length in Gen.Int[0, 15]
        from gateway in Gen.Int[1, 14]
        let subnet = IPNetwork.Parse($"10.16.9.0/{prefix}")
        select new AddressPool(subnet, first, Math.Min(15, first + length), AddressPool.AddressOf(subnet, gateway));

    [Fact]
    public void Through_any_history_addresses_are_unique_lawful_kept_and_reused_last() =>
        Gen.Select(Pools, Gen.Int[0, 6].Array[3].Array[1, 8], Gen.Int[0, 15].Array[0, 2]).Sample((pool, history, machineNumbers) =>
        {
            IPAddress[] machines = [.. machineNumbers.Select(n => AddressPool.AddressOf(pool.Subnet, n))];
            Dictionary<string, IPAddress> standing = [];
            List<IPAddress> freed = [];
            foreach (var counts in history)
            {
                var wanted = counts.SelectMany((count, c) => Enumerable.Range(1, count).Select(i => new AddressWish($"c{c}", i, IPAddress.Loopback))).ToList();
                foreach (var gone in standing.Where(s => wanted.TrueForAll(w => w.Instance != s.Key)).OrderBy(s => s.Key).ToList())
                {
                    standing.Remove(gone.Key);
                    freed.Remove(gone.Value);
                    freed.Add(gone.Value);
                }

                var outcome = AddressAllocator.Allocate(new() { Mode = SiteMode.Physical, Pool = pool, Wanted = wanted, Standing = standing, Machines = machines, Freed = freed });
                var lawful = Enumerable.Range(pool.First, pool.Last - pool.First + 1).Select(n => AddressPool.AddressOf(pool.Subnet, n)).Where(a => !pool.IsSpecial(a) && !machines.Contains(a)).ToHashSet();
                Assert.Equal(wanted.Count <= lawful.Count, outcome.Ok);
                if (!outcome.Ok)
                    continue;

                var assigned = outcome.Value.Assigned;
                Assert.Equal(wanted.Count, assigned.Select(a => a.Address).Distinct().Count());
                Assert.All(assigned, a => Assert.Contains(a.Address, lawful));
                Assert.All(standing, s => Assert.Equal(s.Value, outcome.Value.Of(s.Key)));
                var fresh = assigned.Where(a => a.IsNew).Select(a => a.Address).ToList();
                var untouched = lawful.Except(standing.Values).Except(freed).ToList();
                Assert.Equal(Math.Max(0, fresh.Count - untouched.Count), fresh.Intersect(freed).Count());
                Assert.Equal(freed.Where(f => !standing.ContainsValue(f)).Take(fresh.Intersect(freed).Count()), fresh.Intersect(freed));
                standing = assigned.ToDictionary(a => a.Instance, a => a.Address);
            }
        }, iter: 500);

    [Fact]
    public void The_order_of_the_wishes_decides_nothing() =>
        Gen.Select(Pools, Gen.Int[1, 4], Gen.Int).Sample((pool, count, seed) =>
        {
            AddressWish[] wanted = [.. Enumerable.Range(0, count * 2).Select(i => new AddressWish($"c{i % 2}", 1 + (i / 2), IPAddress.Loopback))];
            var request = new AddressRequest { Mode = SiteMode.Physical, Pool = pool, Wanted = wanted };
            var random = new Random(seed);
            var (one, other) = (AddressAllocator.Allocate(request), AddressAllocator.Allocate(request with { Wanted = [.. wanted.OrderBy(_ => random.Next())] }));
            Assert.Equal(one.Value?.Assigned, other.Value?.Assigned);
            Assert.Equal(one.Problems, other.Problems);
        }, iter: 300);
}
