using System.Net;

namespace Ark.Core.Planning;

/// <summary>The addresses of a task as they were put on record with it.</summary>
/// <param name="Version">Counts up with every record of the task.</param>
/// <param name="Addresses">Instance to address, those that <c>task.yaml</c> writes for instances above the count too.</param>
public sealed record AddressRecord(string Task, int Version, IReadOnlyDictionary<string, IPAddress> Addresses);

/// <summary>Who has which address of the pool: what the cluster shows, and what is on record.</summary>
public sealed record AddressBook
{
    /// <summary>Instance to the address that it has in the cluster, of all tasks.</summary>
    public required IReadOnlyDictionary<string, IPAddress> Standing { get; init; }

    /// <summary>Instance that does not stand (yet) to the address that the newest record of its task gives it, by task.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, IPAddress>> Recorded { get; init; }

    /// <summary>Addresses of older records that nobody has any more, the longest free first.</summary>
    public required IReadOnlyList<IPAddress> Freed { get; init; }

    /// <param name="records">Of all tasks, in any order.</param>
    public static AddressBook Of(ClusterFacts facts, IReadOnlyList<AddressRecord> records)
    {
        var standing = new SortedDictionary<string, IPAddress>(StringComparer.Ordinal);
        foreach (var service in facts.Services)
            if (InstanceUse.Of(service.Spec).Address is { } address)
                standing[service.Name] = address;
        var newest = records.GroupBy(r => r.Task).Select(g => g.MaxBy(r => r.Version)!).OrderBy(r => r.Task, StringComparer.Ordinal).ToList();
        var recorded = newest.ToDictionary(
            r => r.Task,
            IReadOnlyDictionary<string, IPAddress> (r) => r.Addresses.Where(a => !standing.ContainsKey(a.Key)).ToDictionary(a => a.Key, a => a.Value));
        var had = standing.Values.Concat(recorded.Values.SelectMany(r => r.Values)).ToHashSet();
        return new()
        {
            Standing = standing,
            Recorded = recorded,
            Freed =
            [
                .. records.OrderBy(r => r.Version).ThenBy(r => r.Task, StringComparer.Ordinal)
                    .SelectMany(r => r.Addresses.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value))
                    .Where(a => !had.Contains(a)),
            ],
        };
    }

    /// <summary>Addresses that other tasks than <paramref name="task"/> were promised and do not use yet; what they are for to address.</summary>
    public IReadOnlyDictionary<string, IPAddress> ReservedByOthers(string task) =>
        Recorded.Where(r => r.Key != task).SelectMany(r => r.Value).GroupBy(a => a.Key).ToDictionary(a => a.Key, a => a.First().Value);
}
