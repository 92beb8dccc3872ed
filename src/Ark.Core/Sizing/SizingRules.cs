namespace Ark.Core.Sizing;

/// <summary>One rule that numbers come from.</summary>
/// <param name="Id">Stable, kebab-case.</param>
/// <param name="Section">Section of the spec: <c>§5.1</c>.</param>
/// <param name="Text">The rule, in a sentence or two.</param>
/// <param name="Ours">The spec does not print it: we read it out of the published tables, or chose it. The text says which.</param>
public sealed record SizingRule(string Id, string Section, string Text, bool Ours = false);

/// <summary>All rules of resource planning.</summary>
public static class SizingRules
{
    public static readonly SizingRule MachineOrdinary = new("machine-ordinary", "§5.1", "Ordinary machine Q46.22: 56 cores, 192 GB, 4 × 600 GB SAS in RAID 10 (1.2 TB usable).");
    public static readonly SizingRule MachineArms = new("machine-arms", "§5.1", "ARMS machine Q48: 56 cores, 384 GB, 3 × 480 GB SSD and 9 × 2 TB SATA, 10 GbE.");
    public static readonly SizingRule EditionTrial = new("edition-trial", "§5.1", "Trial: 5 machines, business databases apart; control services share machines; up to 50 EDAS service nodes, brought by the customer; DRDS instances up to 32 cores; 10,000 messages/s with a single-master broker; CSB and TXC included. For development, test and functional PoC.");
    public static readonly SizingRule EditionStandard = new("edition-standard", "§5.1", "Standard: 16 machines; control and service apart; EDAS service nodes can grow; 96-core DRDS; 10,000 tps per process; 20,000 messages/s with 2 masters and 2 slaves; CSB and GTS included. For production.");
    public static readonly SizingRule SoldCapacity = new("sold-capacity", "§5.1", "Standard edition, rule 1: sizes follow the sold capacity.");
    public static readonly SizingRule StandardMachine = new("standard-machine", "§5.1", "Standard edition, rule 2: sizes rest on the standard machine's computing power, with high availability.");
    public static readonly SizingRule ServiceApart = new("service-apart", "§5.1", "Standard edition, rule 3: service and control nodes stand apart.");
    public static readonly SizingRule MqBrokers = new("mq-brokers", "§5.1", "MQ: every 4 machines (2 masters, 2 slaves) carry 20,000 TPS.");
    public static readonly SizingRule DrdsService = new("drds-service", "§5.1", "DRDS service nodes: at least 3, grows by adding; 3 together can create 96 cores of DRDS instances; one core carries 2,000 QPS.");
    public static readonly SizingRule DrdsReplication = new("drds-replication", "§5.1", "DRDS replication (jingwei): at least 2, grows by adding; matches up to 96 cores; 10,000 tps per process for expansion and import, 5,000 for heterogeneous index and small-table broadcast.");
    public static readonly SizingRule EdasLogs = new("edas-logs", "§5.1", "EDAS log processing: standard: HBase shares the control nodes; high performance: 3 more machines for HBase.");
    public static readonly SizingRule SinglePhysical = new("single-physical", "§5.1", "Single product, physical: machines = exclusive service nodes + shared control nodes + test machines + business databases. The published row stands as it is.");
    public static readonly SizingRule MixPhysical = new("mix-physical", "§5.1", "Product mixes, physical: the published row stands as it is.");
    public static readonly SizingRule MixDisagrees = new("mix-disagrees", "§5.1", "The row EDAS+MQ+DRDS(DBPaaS)+CSB+ARMS prints 11 machines, yet 9 × Q46.22 and 5 × Q48: the source disagrees with itself, both are shown.");
    public static readonly SizingRule TestsPhysical = new("tests-physical", "§5.1", "Mixes: PoC 3 × 2c4g80G and 3 business databases 8c16g500G; production 3 × 2c4g80G, business databases sized with the DBA.");
    public static readonly SizingRule MachineVm = new("machine-vm", "§5.2", "Standard VM: 8 cores, 32 GB, 300 GB free. drds-server takes 16 cores and 32 GB.");
    public static readonly SizingRule VmHostNetwork = new("vm-host-network", "§5.2", "Host network: each VM runs one container or one group, each container one component.");
    public static readonly SizingRule VmTotals = new("vm-totals", "§5.2", "Totals by product: nodes (containers), cores, memory, disk.");
    public static readonly SizingRule VmFit = new("vm-fit", "§5.2", "On the 8c/32G VM, highly available: total memory and disk must fit, CPU may be moderately oversubscribed.");
    public static readonly SizingRule VmApart = new("vm-apart", "§5.2", "Service and control nodes stand apart.");
    public static readonly SizingRule VmDatabases = new("vm-databases", "§5.2", "PoC business databases 3 × 8c16g500G, production sized with the customer.");
    public static readonly SizingRule SingleVm = new("single-vm", "§5.2", "Single product, VMs: exclusive service nodes and shared control nodes.");
    public static readonly SizingRule VmMetadata = new("vm-metadata", "§5.2", "Metadata: 1 MySQL; in production an FTP server for backups.");
    public static readonly SizingRule MixVm = new("mix-vm", "§5.2", "Product mixes, VMs: the published row stands as it is.");
    public static readonly SizingRule People = new("people", "§5.3", "A delivery plans its people: name, role, work, effort.");

    public static readonly SizingRule Acceptance = new("acceptance", "§2", "Both modes need 5 test machines (2 cores, 4 GB, 100 GB) for acceptance.");
    public static readonly SizingRule Ftp = new("ftp", "§2", "In production an FTP server receives the backups of the metadata database.");
    public static readonly SizingRule BusinessDatabases = new("business-databases", "§2", "With DRDS the customer brings the business databases: 3 × 8c/16G/500G for PoC; in production sized with the customer's DBA.");
    public static readonly SizingRule ContainerAddresses = new("container-addresses", "§2", "Physical mode: every container has its own address in the VLAN's pool. VM mode: a container's address is its VM's.");
    public static readonly SizingRule Brought = new("brought", "§4", "Every product brings DNCS, TLog, MetaDB, Butler and DauthProduct; DRDS brings DBPaaS too, and histore if wanted.");

    public static readonly SizingRule ControlNodes = new("control-nodes", "§5.1", "4 shared control machines for all products of a mix: EDAS+MQ is 8 = 4 + 4, EDAS+DRDS 7 = 4 + 3, EDAS+MQ+DRDS 11 = 4 + 4 + 3. Read out of the published rows.", Ours: true);
    public static readonly SizingRule DrdsPerNode = new("drds-per-node", "§5.1", "A physical DRDS node gives 32 cores as 4 drds-servers: the published 12 stand on 3 nodes of 96 cores together. On VMs a drds-server gives its 16 cores: 6 give 96. Read out of the published rows.", Ours: true);
    public static readonly SizingRule ReplicationRoom = new("replication-room", "§5.1", "The first 2 jingwei share the control machines; more stand 6 to a machine: each takes what its VM has in §5.2, 8 cores and 32 GB, of 56 cores and 192 GB. Computed by us.", Ours: true);
    public static readonly SizingRule Oversubscription = new("oversubscription", "§5.2", "Moderately oversubscribed means at most 1.25 cores on one: the published MQ row has 143 cores on 15 VMs of 8, that is 1.19. Chosen by us.", Ours: true);
    public static readonly SizingRule SumOfControl = new("sum-of-control", "§5.2", "The control nodes of a mix are the sum of its products': EDAS+MQ is 24 = 9 + 11 + 4. Larger published mixes have fewer; how they share is not printed. Read out of the published rows.", Ours: true);
    public static readonly SizingRule CatalogueCount = new("catalogue-count", "§4", "The spec prints no count: the reference catalogue's default is taken. Chosen by us.", Ours: true);
    public static readonly SizingRule PeopleTemplate = new("people-template", "§5.3", "The spec prints no roles and no efforts: roles, work and days are a template of ours to begin with, to be corrected.", Ours: true);

    /// <summary>Every rule, once.</summary>
    public static readonly IReadOnlyList<SizingRule> All =
    [
        MachineOrdinary, MachineArms, EditionTrial, EditionStandard, SoldCapacity, StandardMachine, ServiceApart, MqBrokers, DrdsService, DrdsReplication,
        EdasLogs, SinglePhysical, MixPhysical, MixDisagrees, TestsPhysical, MachineVm, VmHostNetwork, VmTotals, VmFit, VmApart, VmDatabases, SingleVm,
        VmMetadata, MixVm, People, Acceptance, Ftp, BusinessDatabases, ContainerAddresses, Brought, ControlNodes, DrdsPerNode, ReplicationRoom,
        Oversubscription, SumOfControl, CatalogueCount, PeopleTemplate,
    ];
}
