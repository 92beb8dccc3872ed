using Ark.Core;
using Ark.Panama.Data;
using Ark.Panama.Features.Customers;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Tasks;

/// <summary>One task, what is wrong with it, and the environment that a domain has already.</summary>
public static class ShowTask
{
    public sealed record View
    {
        public required long Id { get; init; }
        public required long CustomerId { get; init; }
        public required string Customer { get; init; }
        public required string Name { get; init; }
        public required string Domain { get; init; }
        public required string Line { get; init; }
        public required string Baseline { get; init; }
        public required TaskState State { get; init; }
        public required Dictionary<string, string> Variables { get; init; }
        public required TaskDesign Design { get; init; }
        public required int Version { get; init; }
        public required DateTimeOffset UpdatedAt { get; init; }
        public required string UpdatedBy { get; init; }
    }

    public sealed record CheckRequest(string? Line, string? Domain, Dictionary<string, string>? Variables);

    /// <param name="Ready">No problem is an error: the task can be confirmed.</param>
    public sealed record CheckResult(bool Ready, IReadOnlyList<Problem> Problems);

    public sealed record Row(DeploymentTask Task, string Customer);

    public static async Task<Answer<View>> HandleAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        await ViewAsync(db, actor, id, cancellation) is { } view ? view : Refusal.NotFound("task");

    /// <summary>Nothing is kept: the form asks while somebody types.</summary>
    public static Answer<CheckResult> Check(Actor actor, CheckRequest request)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var problems = TaskVariables.Check(request.Line ?? "", request.Domain ?? "", request.Variables ?? []);
        return new CheckResult(problems.All(p => p.Severity != Severity.Error), problems);
    }

    /// <summary>The latest task with that domain, whose environment a new one can take over.</summary>
    public static async Task<Answer<View>> EnvironmentAsync(ArkDb db, Actor actor, string domain, CancellationToken cancellation) =>
        await LatestOfDomainAsync(db, actor, domain, 0, cancellation) is { } view ? view : Refusal.NotFound("environment");

    public static async Task<View?> LatestOfDomainAsync(ArkDb db, Actor actor, string? domain, long except, CancellationToken cancellation)
    {
        var wanted = domain?.Trim().ToLowerInvariant().TrimEnd('.') ?? "";
        var row = await Rows(db, actor).Where(r => r.Task.Domain == wanted && r.Task.Id != except).OrderByDescending(r => r.Task.UpdatedAt).ThenByDescending(r => r.Task.Id)
            .FirstOrDefaultAsync(cancellation);
        return row is null ? null : Of(row.Task, row.Customer);
    }

    public static async Task<View?> ViewAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        await RowAsync(db, actor, id, cancellation) is { } row ? Of(row.Task, row.Customer) : null;

    public static Task<Row?> RowAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        Rows(db, actor).FirstOrDefaultAsync(r => r.Task.Id == id, cancellation);

    /// <summary>Only tasks of customers that the actor may see: every query of tasks begins here.</summary>
    public static IQueryable<DeploymentTask> Tasks(ArkDb db, Actor actor)
    {
        var all = db.GetTable<DeploymentTask>();
        return actor.Customers is { } seen ? all.Where(t => seen.Contains(t.CustomerId)) : all;
    }

    public static IQueryable<Row> Rows(ArkDb db, Actor actor) =>
        from task in Tasks(db, actor)
        join customer in db.Customers(actor) on task.CustomerId equals customer.Id
        select new Row(task, customer.Name);

    public static View Of(DeploymentTask task, string customer) => new()
    {
        Id = task.Id, CustomerId = task.CustomerId, Customer = customer, Name = task.Name, Domain = task.Domain, Line = task.Line, Baseline = task.Baseline,
        State = task.State, Variables = TaskVariables.Read(task.Variables), Design = TaskDesign.Read(task.Design), Version = task.Version, UpdatedAt = task.UpdatedAt, UpdatedBy = task.UpdatedBy,
    };
}
