using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using Ark.Core.Addressing;
using Ark.Core.Sites;

namespace Ark.Core.Planning;

/// <summary>What <c>ark addresses</c> shows; its JSON is part of the surface.</summary>
/// <param name="Mode"><c>physical</c> or <c>vm</c>.</param>
/// <param name="Pool">Null in VM mode: containers have their machines' addresses.</param>
/// <param name="Addresses">The pool's, ascending; empty in VM mode.</param>
/// <param name="Ports">In VM mode, who uses which ports of which machine's address; empty in physical mode.</param>
public sealed record AddressReport(string Site, string Mode, PoolFigures? Pool, IReadOnlyList<AddressLine> Addresses, IReadOnlyList<PortLine> Ports)
{
    /// <param name="records">Addresses on record, of all tasks.</param>
    /// <param name="written">Instance to the address that a <c>task.yaml</c> which was carried along gives it.</param>
    public static AddressReport Of(Site site, ClusterFacts facts, IReadOnlyList<AddressRecord> records, IReadOnlyDictionary<string, IPAddress> written)
    {
        if (site.Pool is not { } pool || site.Mode == SiteMode.Vm)
            return new(site.Domain, "vm", null, [], [.. site.Machines.SelectMany(m => MachinePorts(m, site, facts))]);

        var book = AddressBook.Of(facts, records);
        var reserved = book.Recorded.Values.SelectMany(r => r).GroupBy(a => a.Key).ToDictionary(a => a.Key, a => a.First().Value);
        foreach (var (instance, address) in written.Where(w => !book.Standing.ContainsKey(w.Key))) reserved.TryAdd(instance, address);
        var view = PoolView.Of(pool, TaskPlacement.MachineAddresses(site), book.Standing, reserved, book.Freed);
        return new(
            site.Domain, "physical",
            new(pool.Subnet.ToString(), pool.FirstAddress.ToString(), pool.LastAddress.ToString(), pool.Gateway.ToString(), view.Count(PoolState.Free), view.Count(PoolState.Reserved), view.Count(PoolState.Used)),
            [.. view.Addresses.Select(a => new AddressLine(a.Address.ToString(), a.State.ToString().ToLowerInvariant(), a.Owner, facts.Find(a.Owner)?.Task ?? "", a.WasUsed))],
            []);
    }

    /// <summary>The addresses as people read them: neighbours that are free alike in one line, <c>10.16.9.12–10.16.9.100</c>.</summary>
    public IReadOnlyList<AddressLine> Grouped()
    {
        List<(AddressLine First, AddressLine Last)> groups = [];
        foreach (var line in Addresses)
        {
            if (line.Owner.Length == 0 && groups is [.., var last] && last.Last with { Address = "" } == line with { Address = "" } && Next(last.Last.Address) == line.Address)
                groups[^1] = (last.First, line);
            else
                groups.Add((line, line));
        }

        return [.. groups.Select(g => g.First == g.Last ? g.First : g.First with { Address = $"{g.First.Address}–{g.Last.Address}" })];
    }

    private static string Next(string address) => Ipv4.FromNumber(Ipv4.ToNumber(IPAddress.Parse(address)) + 1).ToString();

    private static IEnumerable<PortLine> MachinePorts(Machine machine, Site site, ClusterFacts facts)
    {
        yield return new(machine.Name, "base", "", [.. TaskPlacement.PortsOfBase(machine, site).Select(Text)]);
        foreach (var service in facts.Services.Where(s => s.Spec.Machine == machine.Name))
            yield return new(machine.Name, service.Name, service.Task, [.. InstanceUse.Of(service.Spec).Ports.Select(Text)]);
    }

    private static string Text(Placement.PortUse port) => $"{port.Protocol}/{port.Number.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>The pool and how many of its addresses are free, reserved and used.</summary>
public sealed record PoolFigures(string Subnet, string First, string Last, string Gateway, int Free, int Reserved, int Used);

/// <param name="State"><c>free</c>, <c>reserved</c>, <c>used</c>.</param>
/// <param name="Owner">The instance, or <c>gateway</c>, <c>machine</c>…; empty where it is free.</param>
/// <param name="Task">Of the instance that uses it.</param>
/// <param name="WasUsed">Free again: given out when nothing else is left.</param>
public sealed record AddressLine(string Address, string State, string Owner, string Task, bool WasUsed);

/// <param name="Address">The machine's.</param>
/// <param name="User">An instance, or <c>base</c>.</param>
/// <param name="Ports"><c>tcp/5672</c>.</param>
public sealed record PortLine(string Address, string User, string Task, IReadOnlyList<string> Ports);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AddressReport))]
public sealed partial class AddressJson : JsonSerializerContext;
