using static Ark.Core.Sizing.SizedProducts;
using R = Ark.Core.Sizing.SizingRules;

namespace Ark.Core.Sizing;

/// <summary>The rules of §5 that give machines, applied to a demand.</summary>
internal static class MachineRules
{
    private const int MessagesPerGroup = 20_000, BrokersPerGroup = 4, CoresPerNode = 32, DrdsPerNode = 4, CoresPerDrdsVm = 16, LeastNodes = 3, LeastReplication = 2, ReplicationPerMachine = 6;

    /// <summary>Brokers of MQ: groups of 4.</summary>
    public static Sized Brokers(Demand demand)
    {
        if (demand.IsTrial)
            return Sized.Published(1, "a single-master broker", R.EditionTrial);
        var groups = Math.Max(1, Demand.Ceiling(demand.Messages, MessagesPerGroup));
        var why = demand.Messages == 0 ? (Phrase)"the least: 2 masters, 2 slaves" : $"{demand.Messages:N0} messages/s are {groups} × 20,000, 4 brokers each";
        return Sized.Computed(groups * BrokersPerGroup, why, R.MqBrokers, R.SoldCapacity);
    }

    /// <summary>Physical DRDS nodes, 32 cores each.</summary>
    public static Sized DrdsNodes(Demand demand)
    {
        var nodes = Math.Max(LeastNodes, Demand.Ceiling(demand.Cores, CoresPerNode));
        return Sized.Computed(nodes, nodes == LeastNodes ? (Phrase)"at least 3, they give 96 cores" : $"{demand.Cores:N0} cores of DRDS instances, 32 a node", R.DrdsService, R.SoldCapacity);
    }

    /// <summary>drds-servers: 4 a physical node, on VMs one of 16 cores each.</summary>
    public static Sized DrdsServers(Demand demand)
    {
        if (demand.IsTrial)
            return Sized.Computed(DrdsPerNode, "up to 32 cores, as one node gives", R.EditionTrial, R.DrdsPerNode);
        if (demand.IsPhysical)
            return Sized.Computed(DrdsNodes(demand).Value * DrdsPerNode, $"4 on each of {DrdsNodes(demand).Value} nodes", R.DrdsPerNode, R.DrdsService);
        var servers = Math.Max(6, Demand.Ceiling(demand.Cores, CoresPerDrdsVm));
        return Sized.Computed(servers, servers == 6 ? (Phrase)"6 of 16 cores give 96" : $"{demand.Cores:N0} cores of DRDS instances, 16 a server", R.SingleVm, R.DrdsService, R.DrdsPerNode);
    }

    /// <summary>jingwei: a pair for every 96 cores, and a process for every 10,000 (5,000) tps.</summary>
    public static Sized Replication(Demand demand)
    {
        var forCores = LeastReplication * Math.Max(1, Demand.Ceiling(demand.Cores, 96));
        var forTps = Demand.Ceiling(demand.Tps, 10_000) + Demand.Ceiling(demand.IndexTps, 5_000);
        var why = forTps > forCores ? (Phrase)$"{demand.Tps:N0} tps at 10,000 and {demand.IndexTps:N0} at 5,000 a process" : forCores > LeastReplication ? (Phrase)$"2 for every 96 of {demand.Cores:N0} cores" : "at least 2";
        return Sized.Computed(Math.Max(forCores, forTps), why, R.DrdsReplication);
    }

    /// <summary>Machines by what stands on them, by the rules; in VM mode the control VMs are raised until everything fits.</summary>
    public static IReadOnlyList<MachineGroup> Groups(Demand demand)
    {
        if (demand.IsTrial)
            return [new("all", GroupRole.Shared, MachineTypes.Ordinary.Name, Sized.Published(5, "the trial edition's machines, shared by all", R.EditionTrial), [])];
        List<MachineGroup> groups = [.. demand.IsPhysical ? PhysicalService(demand) : VmService(demand)];
        groups.Add(new("control", GroupRole.Control, demand.IsPhysical ? MachineTypes.Ordinary.Name : MachineTypes.Vm.Name, demand.IsPhysical ? PhysicalControl() : VmControl(demand), []));
        return groups;
    }

    private static IEnumerable<MachineGroup> PhysicalService(Demand demand)
    {
        var type = MachineTypes.Ordinary.Name;
        if (demand.Has(Mq))
            yield return new("mq", GroupRole.Service, type, Brokers(demand), ["mq-broker"]);
        if (demand.Has(Drds))
        {
            yield return new("drds", GroupRole.Service, type, DrdsNodes(demand), ["drds-server"]);
            if (Replication(demand).Value - LeastReplication is > 0 and var more)
            {
                var count = Sized.Computed(Demand.Ceiling(more, ReplicationPerMachine), $"{more} jingwei beyond the first 2, 6 to a machine", R.ReplicationRoom, R.DrdsReplication);
                yield return new("replication", GroupRole.Service, type, count, ["jingwei"]);
            }
        }

        if (demand.Request.FastLogs)
            yield return Logs(type);
        if (demand.Has(Arms))
        {
            var arms = Demand.ArmsType(demand.Request.ArmsMachine ?? "") ?? MachineTypes.Arms;
            yield return new("arms", GroupRole.Service, arms.Name, Sized.Computed(arms == MachineTypes.Arms ? 5 : 4, "exclusive: 4 of Q46, or 5 of Q48", R.SinglePhysical, R.MachineArms), ["arms-hbase", "arms-elasticsearch"]);
        }
    }

    private static IEnumerable<MachineGroup> VmService(Demand demand)
    {
        var type = MachineTypes.Vm.Name;
        if (demand.Has(Mq))
            yield return new("mq", GroupRole.Service, type, Brokers(demand), ["mq-broker"]);
        if (demand.Has(Drds))
        {
            yield return new("drds", GroupRole.Service, MachineTypes.DrdsVm.Name, DrdsServers(demand), ["drds-server"]);
            yield return new("replication", GroupRole.Service, type, Replication(demand) with { Rules = [R.DrdsReplication.Id, R.SingleVm.Id, R.VmHostNetwork.Id] }, ["jingwei", "yugong"]);
        }

        if (demand.Request.FastLogs)
            yield return Logs(type);
        if (demand.Has(Arms))
            yield return new("arms", GroupRole.Service, type, Sized.Computed(4, "4 × HBase", R.SingleVm), ["arms-hbase"]);
        if (demand.Has(Gts))
            yield return new("gts", GroupRole.Service, type, Sized.Computed(1, "1 × txc-server", R.SingleVm), ["txc-server"]);
    }

    private static MachineGroup Logs(string type) => new("logs", GroupRole.Service, type, Sized.Computed(3, "high performance: 3 more machines for HBase", R.EdasLogs), ["edas-hbase"]);

    private static Sized PhysicalControl() => Sized.Computed(4, "shared by all products", R.ControlNodes, R.ServiceApart, R.StandardMachine);

    /// <summary>The sum of the products' control nodes, more where the totals of §5.2 would not fit on the smallest arrangement.</summary>
    private static Sized VmControl(Demand demand)
    {
        var parts = demand.Products.Select(p => (Product: p, Shared: PublishedTables.Single(demand.Mode, p)?.Shared ?? 0)).Where(p => p.Shared > 0).ToList();
        var sum = parts.Sum(p => p.Shared);
        var words = Phrase.Join(" + ", parts.Select(p => (Phrase)$"{p.Shared} {p.Product}"));
        var need = Need.Of(demand);
        var service = VmService(demand with { Messages = 0, Cores = 0, Tps = 0, IndexTps = 0 }).ToList();
        var more = Math.Max(0, need.Vms(service) - sum);
        if (more == 0)
            return Sized.Computed(sum, words, R.SumOfControl, R.SingleVm, R.VmApart, R.VmFit);
        Phrase fit = $"{more} more so that {need.MemoryGb:N0} GB of memory, {need.DiskGb:N0} GB of disk and {need.Cores:N0} cores fit";
        return Sized.Computed(sum + more, parts.Count == 0 ? fit : $"{words}, and {fit}", R.VmFit, R.SumOfControl, R.SingleVm, R.VmApart, R.Oversubscription);
    }
}

/// <summary>What all containers take together, where §5.2 prints a product's total.</summary>
internal sealed record Need(int Containers, int Cores, int MemoryGb, int DiskGb, IReadOnlyList<string> Products, IReadOnlyList<string> Unknown)
{
    public static Need Of(Demand demand)
    {
        List<PublishedTotal> totals = [];
        List<string> unknown = [];
        foreach (var product in demand.Products)
        {
            if (PublishedTables.Total(product, product == DbPaas && demand.Request.DisasterRecovery) is { } total)
                totals.Add(total);
            else
                unknown.Add(product);
        }

        var need = new Need(totals.Sum(t => t.Containers), totals.Sum(t => t.Cores), totals.Sum(t => t.MemoryGb), totals.Sum(t => t.DiskGb), [.. totals.Select(t => t.Product)], unknown);
        return demand is { Request.DisasterRecovery: true } && demand.Has(Drds) ? need.WithRecovery() : need;
    }

    /// <summary>DRDS holds DBPaaS without disaster recovery: the difference of the two rows comes on top.</summary>
    private Need WithRecovery()
    {
        var (without, with) = (PublishedTables.Total(DbPaas, false)!, PublishedTables.Total(DbPaas, true)!);
        return this with
        {
            Containers = Containers + with.Containers - without.Containers,
            Cores = Cores + with.Cores - without.Cores,
            MemoryGb = MemoryGb + with.MemoryGb - without.MemoryGb,
            DiskGb = DiskGb + with.DiskGb - without.DiskGb,
        };
    }

    /// <summary>Standard VMs that must stand beside the service VMs so that memory, disk and (at 1.25 on one) cores fit.</summary>
    public long Vms(IReadOnlyList<MachineGroup> service)
    {
        long Has(Func<MachineType, long> of) => service.Sum(g => g.Count.Value * of(MachineTypes.All.First(t => t.Name == g.Type)));
        var memory = Demand.Ceiling(Math.Max(0, MemoryGb - Has(t => t.MemoryBytes / MachineTypes.G)), 32);
        var disk = Demand.Ceiling(Math.Max(0, DiskGb - Has(t => t.UsableDiskBytes / MachineTypes.G)), 300);
        var cores = Demand.Ceiling(Math.Max(0, Cores - (Has(t => t.Cores) * 5 / 4)), 10);
        return Math.Max(memory, Math.Max(disk, cores));
    }
}
