using Ark.Core.Sites;
using Ark.Core.Sizing;
using Xunit;

namespace Ark.Core.Tests.Sizing;

/// <summary>Every row of every table of spec §5, written out once more.</summary>
public sealed class PublishedRowsTests
{
    private const long G = 1L << 30;

    [Theory]
    [InlineData("Q46.22", 56, 192, 1200, "4 × 600 GB SAS, RAID 10 (1.2 TB usable)", "")]
    [InlineData("Q48", 56, 384, 19440, "3 × 480 GB SSD, 9 × 2 TB SATA 7,200 rpm", "10 GbE")]
    [InlineData("VM 8c32g", 8, 32, 300, "300 GB free under / or on a separate /data", "")]
    [InlineData("VM 16c32g", 16, 32, 300, "300 GB free under / or on a separate /data", "")]
    public void Machines_are_the_printed_ones(string name, int cores, long memory, long disk, string storage, string nic)
    {
        var type = MachineTypes.All.Single(t => t.Name == name);
        Assert.Equal((cores, memory * G, disk * G, storage, nic), (type.Cores, type.MemoryBytes, type.UsableDiskBytes, type.Storage, type.Nic));
        Assert.Equal("CentOS/RHEL 7.2 or later, 64 bit, \"WebServer\" install (not minimal), kernel ≥ 3.10", type.Os);
        Assert.Equal(("≥ 1333 MHz", "Docker 1.11.1, OVS 2.3.2-dev, VLAN 1.1.3-dev"), (MachineTypes.MemorySpeed, MachineTypes.VersionsThen));
    }

    [Fact]
    public void The_trial_edition_has_5_machines_and_its_limits()
    {
        var plan = Sizes.Plan(Sizes.Trial("EDAS+MQ+DRDS+CSB+TXC", new() { Messages = 10_000, DrdsCores = 32, EdasNodes = 50 }));
        Assert.Equal((5, SizeOrigin.Published), (plan.Machines.Value, plan.Machines.Origin));
        Assert.Equal("5 Q46.22", plan.Types());
        Assert.Equal((10_000, 32, 50), (plan.Carries.Amount("messages"), plan.Carries.Amount("drdsCores"), plan.Carries.Amount("edasNodes")));
        Assert.Equal(("1", "2", "1"), (plan.Instance("mq-broker"), plan.Instance("csb-broker"), plan.Instance("txc-server")));
        Assert.Contains("mq-broker", plan.Groups.Single().Components);
        Assert.Contains("butler", plan.Groups.Single().Components);
    }

    [Fact]
    public void The_standard_edition_has_16_machines_when_all_products_are_there()
    {
        var all = Sizes.Plan(Sizes.Physical("EDAS+MQ+DRDS+GTS+CSB+ARMS"));
        Assert.Equal((16, SizeOrigin.Computed), (all.Machines.Value, all.Machines.Origin));
        Assert.Contains(all.Notes, n => n.Rules.Contains("edition-standard") && n.Text.Contains("16 machines", StringComparison.Ordinal));
        Assert.Equal((96, 20_000, 20_000), (all.Carries.Amount("drdsCores"), all.Carries.Amount("messages"), all.Carries.Amount("tps")));
        var standard = PublishedTables.Editions.Single(e => e.Edition == Edition.Standard);
        Assert.Equal((16, 96, 20_000, 4), (standard.Machines, standard.DrdsCores, standard.Messages, standard.Brokers));
    }

    [Theory]
    [InlineData("EDAS", "4/5", "none", "none", "4/5 Q46.22", "5 × 2c4g80G")]
    [InlineData("CSB", "4/5", "none", "none", "4/5 Q46.22", "1 × 2c4g80G")]
    [InlineData("ARMS", "5/4", "arms", "5 Q48", "none", "1 × the customer's application")]
    [InlineData("DRDS", "7", "drds", "2 Q46.22", "5 Q46.22", "3 × 8c16g500G")]
    [InlineData("MQ", "8", "mq", "4 Q46.22", "4 Q46.22", "1 × 2c4g80G")]
    public void Single_products_on_physical_machines(string product, string machines, string group, string exclusive, string control, string tests)
    {
        var plan = Sizes.Plan(Sizes.Physical(product, purpose: Purpose.Poc));
        Assert.Equal((machines, SizeOrigin.Published, product), (plan.Machines.ToString(), plan.Machines.Origin, plan.Row));
        Assert.Equal((exclusive, control), (plan.Group(group), plan.Group("control")));
        Assert.Equal(tests, plan.Outside("test"));
        Assert.Null(plan.Nearest);
    }

    [Fact]
    public void ARMS_takes_4_machines_of_Q46_or_5_of_Q48()
    {
        Assert.Equal(("4/5", "4 Q46.22"), (Sizes.Plan(Sizes.Physical("ARMS") with { ArmsMachine = "Q46" }) is var p ? (p.Machines.ToString(), p.Types()) : default));
        Assert.Equal(("5/4", "5 Q48"), (Sizes.Plan(Sizes.Physical("ARMS") with { ArmsMachine = "q48" }) is var q ? (q.Machines.ToString(), q.Types()) : default));
    }

    [Fact]
    public void DRDS_alone_is_tried_simply_or_normally_and_in_production_sized_with_the_customer()
    {
        Assert.Equal("1 × 2c4g80G", Sizes.Plan(Sizes.Physical("DRDS", purpose: Purpose.Poc) with { DrdsTest = DrdsTest.Simple }).Outside("test"));
        Assert.Equal("3 × 8c16g500G", Sizes.Plan(Sizes.Vm("DRDS", purpose: Purpose.Poc)).Outside("test"));
        Assert.Equal("production: sized with the customer", Sizes.Plan(Sizes.Vm("DRDS")).Outside("test"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GTS_is_not_delivered_alone_and_takes_no_physical_machine(bool vm)
    {
        var problem = Assert.Single(Sizer.Plan(vm ? Sizes.Vm("GTS") : Sizes.Physical("TXC")).Problems);
        Assert.Equal("not-alone", problem.Code);
        Assert.Equal(Sizes.Plan(Sizes.Physical("EDAS+MQ+CSB")).Machines.Value, Sizes.Plan(Sizes.Physical("EDAS+MQ+CSB+GTS")).Machines.Value);
        Assert.Equal("1 VM 8c32g", Sizes.Plan(Sizes.Vm("EDAS+GTS")).Group("gts"));
        Assert.Equal((0, 4), (PublishedTables.Single(SiteMode.Vm, "GTS")!.Shared, PublishedTables.Single(SiteMode.Physical, "GTS")!.Shared));
    }

    [Theory]
    [InlineData("EDAS+MQ", "8", "4", "none", "none", "none", "none")]
    [InlineData("EDAS+DRDS(DBPaaS)", "7", "none", "12", "2", null, "none")]
    [InlineData("EDAS+MQ+DRDS(DBPaaS)", "11", "4", "12", "2", null, "none")]
    [InlineData("EDAS+MQ+DRDS(DBPaaS)+GTS", "11", "4", "6", "2", "2", "none")]
    [InlineData("EDAS+MQ+DRDS(DBPaaS)+GTS+CSB", "11", "4", "12", "2", null, "2")]
    [InlineData("EDAS+MQ+DRDS(DBPaaS)+CSB+ARMS", "11/14", "4", "12", "2", null, "2")]
    public void Mixes_on_physical_machines(string mix, string machines, string brokers, string drds, string jingwei, string? yugong, string csb)
    {
        var plan = Sizes.Plan(Sizes.Physical(mix));
        Check(plan, mix, machines, brokers, drds, jingwei, yugong, csb);
        Assert.Equal(mix.Contains("ARMS", StringComparison.Ordinal) ? "9 Q46.22, 5 Q48" : $"{machines} Q46.22", plan.Types());
        Assert.Equal(mix.Contains("DRDS", StringComparison.Ordinal) ? "sized with the customer's DBA" : "", plan.Outside("businessDatabase"));
        Assert.Equal(("3 × 2c4g80G", "5 × 2c4g100G"), (plan.Outside("test"), plan.Outside("acceptance")));
        Assert.Equal(mix.Contains("DRDS", StringComparison.Ordinal) ? "3 × 8c16g500G" : "", Sizes.Plan(Sizes.Physical(mix, purpose: Purpose.Poc)).Outside("businessDatabase"));
    }

    [Fact]
    public void The_row_that_disagrees_with_itself_shows_both_numbers()
    {
        var plan = Sizes.Plan(Sizes.Physical("EDAS+MQ+DRDS+CSB+ARMS"));
        Assert.Equal((11, 14L, SizeOrigin.Published), (plan.Machines.Value, plan.Machines.Or, plan.Machines.Origin));
        Assert.Contains("mix-disagrees", plan.Machines.Rules);
        Assert.Contains(plan.Notes, n => n.Text.Contains("11 machines in the row, 14 by its machine types", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("EDAS", 49, 64, 396, 2_350)]
    [InlineData("DRDS", 46, 190, 270, 2_100)]
    [InlineData("MQ", 48, 143, 383, 2_100)]
    [InlineData("DBPaaS", 12, 64, 128, 3_600)]
    [InlineData("DBPaaS+", 21, 108, 216, 6_000)]
    public void Totals_of_products_on_VMs(string product, int containers, int cores, long memory, long disk)
    {
        var needs = Sizes.Plan(Sizes.Vm(product.TrimEnd('+')) with { DisasterRecovery = product.EndsWith('+') }).Needs;
        Assert.Equal((containers, cores, memory * G, disk * G), (needs.Amount("containers"), needs.Amount("cores"), needs.Amount("memory"), needs.Amount("disk")));
        Assert.All(needs, n => Assert.Equal(SizeOrigin.Published, n.Amount.Origin));
    }

    [Theory]
    [InlineData("ARMS")]
    [InlineData("CSB")]
    public void Totals_that_are_not_printed_are_not_made_up(string product)
    {
        var plan = Sizes.Plan(Sizes.Vm(product));
        Assert.Empty(plan.Needs);
        Assert.Contains(plan.Notes, n => n.Text.Contains($"no totals for {product}", StringComparison.Ordinal));
        Assert.Contains(Sizes.Plan(Sizes.Vm("EDAS+GTS")).Notes, n => n.Text.Contains("no totals for GTS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("EDAS", 9, "", "9 VM 8c32g", "5 × 2c4g80G")]
    [InlineData("CSB", 3, "", "3 VM 8c32g", "1 × 2c4g80G")]
    [InlineData("ARMS", 7, "arms 4 VM 8c32g", "3 VM 8c32g", "1 × the customer's application")]
    [InlineData("MQ", 15, "mq 4 VM 8c32g", "11 VM 8c32g", "1 × 2c4g80G")]
    [InlineData("DRDS", 22, "drds 6 VM 16c32g, replication 2 VM 8c32g", "14 VM 8c32g", "production: sized with the customer")]
    public void Single_products_on_VMs(string product, int machines, string exclusive, string control, string tests)
    {
        var plan = Sizes.Plan(Sizes.Vm(product));
        Assert.Equal((machines, SizeOrigin.Published), (plan.Machines.Value, plan.Machines.Origin));
        Assert.Equal(exclusive, string.Join(", ", plan.Groups.Where(g => g.Role == GroupRole.Service).Select(g => $"{g.Id} {g.Count} {g.Type}")));
        Assert.All(plan.Groups, g => Assert.Equal(SizeOrigin.Published, g.Count.Origin));
        Assert.Equal((control, tests), (plan.Group("control"), plan.Outside("test")));
        Assert.Equal(("1", "1 × receives the backups of the metadata database"), (plan.Instance("minidbpaas-metadb"), plan.Outside("ftp")));
        Assert.Equal("", Sizes.Plan(Sizes.Vm(product, purpose: Purpose.Poc)).Outside("ftp"));
    }

    [Theory]
    [InlineData("EDAS+MQ", "24", "4", "none", "none", "none", "none")]
    [InlineData("EDAS+DRDS(DBPaaS)", "29", "none", "6", "2", "2", "none")]
    [InlineData("EDAS+MQ+DRDS(DBPaaS)", "40", "4", "6", "2", null, "none")]
    [InlineData("EDAS+MQ+DRDS(DBPaaS)+GTS", "43", "4", "6", "2", null, "none")]
    [InlineData("EDAS+MQ+DRDS(DBPaaS)+GTS+CSB", "46", "4", "6", "2", null, "2")]
    [InlineData("EDAS+MQ+DRDS(DBPaaS)+GTS+CSB+ARMS", "49", "4", "12", "2", null, "2")]
    public void Mixes_on_VMs(string mix, string machines, string brokers, string drds, string jingwei, string? yugong, string csb)
    {
        var plan = Sizes.Plan(Sizes.Vm(mix, purpose: Purpose.Poc));
        Check(plan, mix, machines, brokers, drds, jingwei, yugong, csb);
        Assert.Equal($"{machines} VM 8c32g", plan.Types());
        Assert.Equal(mix.Contains("DRDS", StringComparison.Ordinal) ? "3 × 8c16g500G" : "", plan.Outside("businessDatabase"));
        Assert.Equal("3 × 2c4g80G", plan.Outside("test"));
    }

    /// <param name="yugong">Null: the row does not print it.</param>
    private static void Check(SizingPlan plan, string mix, string machines, string brokers, string drds, string jingwei, string? yugong, string csb)
    {
        Assert.Equal((machines, SizeOrigin.Published, SizeOrigin.Published, mix), (plan.Machines.ToString(), plan.Machines.Origin, plan.Origin, plan.Row));
        Assert.Equal((brokers, drds, jingwei, csb), (plan.Instance("mq-broker"), plan.Instance("drds-server"), plan.Instance("jingwei"), plan.Instance("csb-broker")));
        foreach (var component in new[] { "mq-broker", "drds-server", "jingwei", "csb-broker" }.Where(c => plan.Instance(c) != "none"))
            Assert.Equal(SizeOrigin.Published, plan.CountOf(component).Origin);
        if (yugong is not null) Assert.Equal(yugong, plan.Instance("yugong"));
        else Assert.Equal(SizeOrigin.Computed, plan.CountOf("yugong").Origin);
        Assert.Null(plan.Nearest);
    }
}
