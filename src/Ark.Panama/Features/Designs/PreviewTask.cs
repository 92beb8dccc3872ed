using Ark.Core;
using Ark.Core.Addressing;
using Ark.Core.Planning;
using Ark.Core.Sites;
using Ark.Panama.Features.Baselines;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;

namespace Ark.Panama.Features.Designs;

/// <summary>Where a task's instances would stand on machines on which nothing stands yet, and who has which address of the pool.</summary>
public static class PreviewTask
{
    /// <param name="Mode"><c>physical</c> or <c>vm</c>; empty where the variables are wrong.</param>
    /// <param name="MachineType">Whose size every machine was taken to have; empty: not known, and room enough.</param>
    /// <param name="Pool">Null in VM mode.</param>
    /// <param name="Ready">No problem is an error.</param>
    public sealed record Preview(bool Ready, string Mode, string MachineType, IReadOnlyList<MachineRow> Machines, PoolRow? Pool, IReadOnlyList<FindLabels.LabelRow> Labels, IReadOnlyList<Problem> Problems);

    public sealed record MachineRow(string Address, string Room, IReadOnlyDictionary<string, string> Labels, bool Client, IReadOnlyList<InstanceRow> Instances);

    /// <param name="Address">Empty where none was allocated yet.</param>
    /// <param name="Pinned">A person chose the machine.</param>
    public sealed record InstanceRow(string Name, string Component, string Address, bool Pinned);

    /// <param name="Taken">All but the free ones, ascending.</param>
    public sealed record PoolRow(string Subnet, string First, string Last, string Gateway, int Free, int Reserved, int Used, IReadOnlyList<AddressRow> Taken);

    /// <param name="State"><c>used</c>: by this task, or by one that is deployed; <c>reserved</c> for others, or never given.</param>
    public sealed record AddressRow(string Address, string State, string Owner);

    /// <param name="machine">Name of a machine type, whose size every machine then has.</param>
    public static async Task<Answer<Preview>> HandleAsync(ArkDb db, Actor actor, BaselineStore baselines, long id, string? machine, CancellationToken cancellation)
    {
        if (await ShowTask.RowAsync(db, actor, id, cancellation) is not { } row)
            return Refusal.NotFound("task");
        if (PlannedSite.TypeOf(machine) is not { } type)
            return Refusal.Invalid([new("bad-value", "machine", "There is no such machine type.", "Q46.22, Q48, VM 8c32g or VM 16c32g")]);
        var view = ShowTask.Of(row.Task, row.Customer);
        var read = await ListComponents.OfTaskAsync(baselines, view.Baseline, cancellation);
        if (!read.Ok)
            return Refusal.Invalid(read.Problems);
        var neighbours = await PlannedSite.NeighboursAsync(db, row.Task, cancellation);
        var planned = PlannedTask.Of(view, read.Value.Baseline, neighbours, type);
        var problems = planned.Problems.Concat(planned.WithoutAddress().Select(p => p with { Severity = Severity.Warning })).ToList();
        var site = planned.Site;
        return new Preview(
            planned.Ok, site is null ? "" : site.Mode == SiteMode.Vm ? "vm" : "physical", type.Name, site is null ? [] : [.. site.Machines.Select(m => Of(m, planned))],
            site?.Pool is { } pool ? PoolOf(pool, planned, neighbours) : null, site is null ? [] : [.. Demands(planned, site)], problems);
    }

    private static MachineRow Of(Machine machine, PlannedTask planned)
    {
        var given = planned.Task.Components.SelectMany(c => c.Addresses).ToDictionary(a => a.Key, a => a.Value.ToString());
        var pins = planned.Task.Components.SelectMany(c => c.Machines.Keys).ToHashSet();
        var instances = planned.Spots.Where(s => s.Value.Machine == machine.Name).OrderBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => new InstanceRow(s.Key, PlannedTask.ComponentOf(s.Key), planned.Site!.Pool is null ? machine.Name : given.GetValueOrDefault(s.Key, ""), pins.Contains(s.Key)));
        return new(machine.Name, machine.Room, machine.Labels, machine.Address.Equals(planned.Site!.ClientAddress), [.. instances]);
    }

    private static PoolRow PoolOf(AddressPool pool, PlannedTask planned, IReadOnlyList<Neighbour> neighbours)
    {
        var own = planned.Task.Components.SelectMany(c => c.Addresses);
        var used = neighbours.Where(n => n.Stands).SelectMany(n => n.Owners).Concat(own).Where(a => pool.Subnet.Contains(a.Value)).ToDictionary();
        var reserved = neighbours.Where(n => !n.Stands).SelectMany(n => n.Owners).Where(a => pool.Subnet.Contains(a.Value)).ToDictionary();
        var view = PoolView.Of(pool, TaskPlacement.MachineAddresses(planned.Site!), used, reserved, []);
        return new(
            pool.Subnet.ToString(), pool.FirstAddress.ToString(), pool.LastAddress.ToString(), pool.Gateway.ToString(),
            view.Count(PoolState.Free), view.Count(PoolState.Reserved), view.Count(PoolState.Used),
            [.. view.Addresses.Where(a => a.State != PoolState.Free).Select(a => new AddressRow(a.Address.ToString(), a.State == PoolState.Used ? "used" : "reserved", a.Owner))]);
    }

    private static IEnumerable<FindLabels.LabelRow> Demands(PlannedTask planned, Site site) =>
        from chosen in planned.Task.Components
        let component = planned.Baseline.Find(chosen.Name)
        where component is { Placement.Labels.Count: > 0 }
        select FindLabels.Of(component, site.Machines.Select(m => (m.Name, m.Labels)));
}
