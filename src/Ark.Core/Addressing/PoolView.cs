using System.Net;

namespace Ark.Core.Addressing;

/// <summary>What an address of the pool is doing.</summary>
public enum PoolState { Free, Reserved, Used }

/// <param name="Owner">The instance, what it is reserved for, <c>gateway</c>, <c>network</c>, <c>broadcast</c> or <c>machine</c>; empty where it is free.</param>
/// <param name="WasUsed">Free again: it is given out when nothing else is left.</param>
public sealed record PoolAddress(IPAddress Address, PoolState State, string Owner, bool WasUsed = false);

/// <summary>The pool address by address, as <c>ark addresses</c> shows it.</summary>
/// <param name="Addresses">Ascending; those in use or reserved outside the pool's range too.</param>
public sealed record PoolView(AddressPool Pool, IReadOnlyList<PoolAddress> Addresses)
{
    public int Count(PoolState state) => Addresses.Count(a => a.State == state);

    /// <param name="used">Instance to address.</param>
    /// <param name="reserved">What it is for, to address.</param>
    /// <param name="freed">The longest free first.</param>
    public static PoolView Of(
        AddressPool pool,
        IReadOnlyList<IPAddress> machines,
        IReadOnlyDictionary<string, IPAddress> used,
        IReadOnlyDictionary<string, IPAddress> reserved,
        IReadOnlyList<IPAddress> freed)
    {
        var entries = new SortedDictionary<uint, PoolAddress>();
        foreach (var address in Range(pool))
        {
            entries[Ipv4.ToNumber(address)] = Special(pool, machines, address) is { } special
                ? new(address, PoolState.Reserved, special.Split(' ')[^1])
                : new(address, PoolState.Free, "", freed.Contains(address));
        }

        foreach (var (name, address) in reserved.OrderByDescending(r => r.Key, StringComparer.Ordinal))
            entries[Ipv4.ToNumber(address)] = new(address, PoolState.Reserved, name);
        foreach (var owners in used.GroupBy(u => u.Value))
            entries[Ipv4.ToNumber(owners.Key)] = new(owners.Key, PoolState.Used, string.Join(", ", owners.Select(o => o.Key).Order(StringComparer.Ordinal)));
        return new(pool, [.. entries.Values]);
    }

    /// <summary>Free addresses in the order in which they are given: ascending, then those that were in use once, the longest free first.</summary>
    internal static IEnumerable<IPAddress> FreeOf(AddressPool pool, Func<IPAddress, bool> taken, IReadOnlyList<IPAddress> freed)
    {
        // Freed twice: the last time counts.
        var again = freed.Reverse().Distinct().Reverse().Where(a => pool.InRange(a) && !taken(a)).ToList();
        var known = again.ToHashSet();
        return Range(pool).Where(a => !known.Contains(a) && !taken(a)).Concat(again);
    }

    /// <summary>What an address is, if no container may have it.</summary>
    internal static string? Special(AddressPool pool, IReadOnlyList<IPAddress> machines, IPAddress address) =>
        address.Equals(pool.Gateway) ? "the gateway"
        : address.Equals(pool.Subnet.BaseAddress) ? "the address of the network"
        : Ipv4.ToNumber(address) == Ipv4.LastOf(pool.Subnet) ? "the address for broadcast"
        : machines.Contains(address) ? "the address of a machine"
        : null;

    private static IEnumerable<IPAddress> Range(AddressPool pool)
    {
        var last = Ipv4.ToNumber(pool.LastAddress);
        for (var number = Ipv4.ToNumber(pool.FirstAddress); number <= last; number++)
            yield return Ipv4.FromNumber(number);
    }
}
