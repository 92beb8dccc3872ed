using System.Net;
using Ark.Core.Sites;

namespace Ark.Core.Addressing;

/// <summary>
/// Gives each instance its address. What an instance has it keeps; what task.yaml writes is honoured; the rest comes from the pool: lowest first,
/// those that were in use once last, never gateway, network, broadcast or a machine's. In VM mode the address is the machine's.
/// Pure; equal requests give equal answers.
/// </summary>
public static class AddressAllocator
{
    /// <returns>The plan with warnings, or every conflict and every component that found too few free addresses.</returns>
    public static Outcome<AddressPlan> Allocate(AddressRequest request)
    {
        var wanted = request.Wanted.OrderBy(w => w.Component, StringComparer.Ordinal).ThenBy(w => w.Index).ToList();
        return request.Mode == SiteMode.Vm
            ? FromMachines(request, wanted)
            : new Run(request, wanted, request.Pool ?? throw new ArgumentException("Physical mode needs a pool.", nameof(request))).Allocate();
    }

    private static Outcome<AddressPlan> FromMachines(AddressRequest request, IReadOnlyList<AddressWish> wanted)
    {
        var unused = wanted.Where(w => w.Written is { } written && !written.Equals(w.Machine))
            .Select(w => new Problem("address-unused", w.Instance, $"{w.Instance} has its machine's address {w.Machine} in VM mode; {w.Written} of task.yaml is not used.", "take it out of task.yaml", Severity.Warning));
        return Outcome<AddressPlan>.Of(new([.. wanted.Select(w => new AssignedAddress(w.Instance, w.Machine, !request.Standing.ContainsKey(w.Instance)))]), [.. unused]);
    }

    private sealed class Run(AddressRequest request, IReadOnlyList<AddressWish> wanted, AddressPool pool)
    {
        private readonly List<Problem> _problems = [];
        private readonly Dictionary<string, IPAddress> _given = [];

        /// <summary>Address to whose it is.</summary>
        private readonly Dictionary<IPAddress, string> _taken = [];

        public Outcome<AddressPlan> Allocate()
        {
            Standing();
            Written();
            foreach (var (name, address) in request.Reserved.OrderBy(r => r.Key, StringComparer.Ordinal))
                _taken.TryAdd(address, name);
            FromPool();
            return Outcome<AddressPlan>.From(_problems, () =>
                new([.. wanted.Select(w => new AssignedAddress(w.Instance, _given[w.Instance], !request.Standing.ContainsKey(w.Instance)))]));
        }

        private void Standing()
        {
            foreach (var (instance, address) in request.Standing.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                if (!_taken.TryAdd(address, instance))
                    _problems.Add(new("address-twice", instance, $"{instance} and {_taken[address]} both have {address} in the cluster.", $"remove one of them: ark remove {instance}"));
            }

            foreach (var wish in wanted)
            {
                if (!request.Standing.TryGetValue(wish.Instance, out var address))
                    continue;
                _given[wish.Instance] = address;
                if (wish.Written is { } written && !written.Equals(address))
                    _problems.Add(new("address-changed", wish.Instance, $"{wish.Instance} has {address} and task.yaml gives it {written}: what runs keeps its address.", $"write {wish.Instance}: {address} in task.yaml"));
                else if (!pool.InRange(address))
                    _problems.Add(new("address-outside", wish.Instance, $"{wish.Instance} keeps {address}, which is outside the pool {pool.RangeText}.", "", Severity.Warning));
            }
        }

        private void Written()
        {
            foreach (var wish in wanted)
            {
                if (wish.Written is not { } address || _given.ContainsKey(wish.Instance))
                    continue;
                _given[wish.Instance] = address;
                var problem = Against(address);
                if (problem is not null)
                    _problems.Add(new("bad-address", wish.Instance, $"task.yaml gives {wish.Instance} {address}, which {problem}.", $"write another address of {pool.RangeText}, or none"));
                else
                    _taken[address] = wish.Instance;
            }
        }

        private string? Against(IPAddress address) =>
            Special(address) is { } special ? "is " + special
            : !pool.InRange(address) ? $"is outside the pool {pool.RangeText}"
            : _taken.TryGetValue(address, out var owner) ? $"is {owner}'s"
            : null;

        private string? Special(IPAddress address) => PoolView.Special(pool, request.Machines, address);

        private void FromPool()
        {
            var free = new Queue<IPAddress>(PoolView.FreeOf(pool, a => _taken.ContainsKey(a) || Special(a) is not null, request.Freed));
            foreach (var component in wanted.Where(w => !_given.ContainsKey(w.Instance)).GroupBy(w => w.Component).ToList())
            {
                var (needed, available) = (component.Count(), free.Count);
                if (needed > available)
                {
                    _problems.Add(new("pool-exhausted", component.Key,
                        $"Component {component.Key} wants {needed} address{(needed == 1 ? "" : "es")}, and {available} of the pool {pool.RangeText} {(available == 1 ? "is" : "are")} left.",
                        "widen the pool (ip_pool_start, ip_pool_end), or lower a count"));
                }

                foreach (var wish in component.Take(available))
                    _given[wish.Instance] = free.Dequeue();
            }
        }
    }
}
