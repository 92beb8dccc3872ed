using System.Globalization;
using System.Net;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Panama.Data;
using Ark.Panama.Features.Tasks;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Designs;

/// <summary>A site of which only the variables exist: its machines are there, and nothing stands on them yet.</summary>
public static class PlannedSite
{
    private const long T = 1L << 40;

    /// <summary>More than any component asks for: what a machine really has, the site's own facts say later.</summary>
    private static readonly MachineType Ample = MachineTypes.Ordinary with { Name = "", Cores = 4096, MemoryBytes = 16 * T, UsableDiskBytes = 1024 * T };

    /// <summary>The site as the console will read it, or what is wrong with the variables, each at its field.</summary>
    public static Outcome<Site> Of(ShowTask.View task)
    {
        var problems = TaskVariables.Check(task.Line, task.Domain, task.Variables);
        return problems.Any(p => p.Severity == Severity.Error)
            ? Outcome<Site>.Fail(problems)
            : SiteReader.Read(TaskVariables.File(task.Id, task.Line, task.Domain, task.Variables), "ark.properties");
    }

    /// <param name="name">Of a machine type; empty: not known, and room enough.</param>
    public static MachineType? TypeOf(string? name) => string.IsNullOrEmpty(name) ? Ample : MachineTypes.All.FirstOrDefault(t => t.Name == name);

    /// <summary>The cluster as it is before the first deployment: every machine is a member, no service stands.</summary>
    public static ClusterFacts EmptyCluster(Site site, MachineType type) => new()
    {
        At = DateTimeOffset.UnixEpoch,
        Nodes =
        [
            .. site.Machines.Select(m => new NodeFacts(
                m.Name, m.Name, m.Name, m.Name, IsManager: false, IsLeader: false, IsReady: true, IsDrained: false, type.Cores, type.MemoryBytes,
                new Dictionary<string, string> { [ArkLabels.Disk] = type.UsableDiskBytes.ToString(CultureInfo.InvariantCulture) })),
        ],
        Services = [], Configs = [], Secrets = [],
    };

    /// <summary>Addresses that other tasks of the same site have: those of the same customer with the same domain, the archived apart.</summary>
    public static async Task<IReadOnlyList<Neighbour>> NeighboursAsync(ArkDb db, DeploymentTask task, CancellationToken cancellation)
    {
        var rows = await db.GetTable<DeploymentTask>()
            .Where(t => t.CustomerId == task.CustomerId && t.Domain == task.Domain && t.Id != task.Id && t.State != TaskState.Archived && t.Design != null)
            .Select(t => new { t.Id, t.State, t.Design }).OrderBy(t => t.Id).ToListAsync(cancellation);
        List<Neighbour> neighbours = [];
        foreach (var row in rows)
        {
            List<Problem> ignored = [];
            var components = TaskDesign.Read(row.Design).ToTask("1", "", ignored).Components;
            neighbours.Add(new(row.Id, row.State == TaskState.Deployed, components.SelectMany(c => c.Addresses).ToDictionary(a => a.Key, a => a.Value)));
        }

        return neighbours;
    }
}

/// <summary>Another task of the same site.</summary>
/// <param name="Stands">It is deployed: its addresses are in use, not only reserved.</param>
/// <param name="Addresses">Instance to address.</param>
public sealed record Neighbour(long Task, bool Stands, IReadOnlyDictionary<string, IPAddress> Addresses)
{
    /// <summary>Who has which address, told apart from instances of the same name in other tasks.</summary>
    public IReadOnlyDictionary<string, IPAddress> Owners => Addresses.ToDictionary(a => FormattableString.Invariant($"{a.Key} (task {Task})"), a => a.Value);

    /// <summary>As the console knows the addresses of a task that was put on record.</summary>
    public AddressRecord Record => new(Task.ToString(CultureInfo.InvariantCulture), 1, Owners);
}
