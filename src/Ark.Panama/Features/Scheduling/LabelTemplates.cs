using System.Text.Json;
using Ark.Core;
using Ark.Core.Sites;
using Ark.Panama.Data;
using Ark.Panama.Features.Customers;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Scheduling;

/// <summary>Label templates: what a machine of some kind bears, kept once and offered wherever machines get labels.</summary>
public static class LabelTemplates
{
    private const int MaxLabels = 30;

    /// <param name="CustomerId">Null: for all customers.</param>
    public sealed record View(
        long Id, string Name, long? CustomerId, string Customer, Dictionary<string, string> Labels, string Notes, int Version, DateTimeOffset UpdatedAt, string UpdatedBy);

    public sealed record Listing(IReadOnlyList<View> Templates);

    public sealed record Request
    {
        public string? Name { get; init; }

        /// <summary>Null: for all customers, which takes somebody who sees all.</summary>
        public long? CustomerId { get; init; }

        public Dictionary<string, string> Labels { get; init; } = [];

        public string? Notes { get; init; }

        /// <summary>The version that was read; 0 for a new template.</summary>
        public int Version { get; init; }
    }

    private sealed record Row(LabelTemplate Template, string? Customer);

    /// <param name="customer">Those that a task of this customer can take: its own and those for all.</param>
    public static async Task<Answer<Listing>> HandleAsync(ArkDb db, Actor actor, long? customer, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var rows = await Rows(db, actor).ToListAsync(cancellation);
        return new Listing([.. rows.Where(r => customer is null || r.Template.CustomerId is null || r.Template.CustomerId == customer)
            .OrderBy(r => r.Template.Name, StringComparer.Ordinal).ThenBy(r => r.Template.Id).Select(Of)]);
    }

    public static async Task<Answer<View>> CreateAsync(ArkDb db, Actor actor, TimeProvider time, Request request, CancellationToken cancellation)
    {
        if ((actor.Lacks(Role.Engineer) ?? actor.LacksAll(request.CustomerId)) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var (template, problems) = await CheckAsync(db, actor, time, 0, request, cancellation);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        var id = await db.InsertWithInt64IdentityAsync(template, token: cancellation);
        var view = Of((await RowAsync(db, actor, id, cancellation))!);
        await AuditLog.AppendAsync(db, actor, time, "labels-made", $"labels:{id}", null, view, cancellation);
        await transaction.CommitAsync(cancellation);
        return view;
    }

    public static async Task<Answer<View>> UpdateAsync(ArkDb db, Actor actor, TimeProvider time, long id, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await RowAsync(db, actor, id, cancellation) is not { } before)
            return Refusal.NotFound("template");
        if ((actor.LacksAll(before.Template.CustomerId) ?? actor.LacksAll(request.CustomerId)) is { } forbidden)
            return forbidden;
        var (after, problems) = await CheckAsync(db, actor, time, id, request, cancellation);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        if (before.Template.Version != request.Version)
            return Refusal.Conflict(Differences.Between(request, Of(before)));
        await db.UpdateAsync(after, token: cancellation);
        var view = Of((await RowAsync(db, actor, id, cancellation))!);
        await AuditLog.AppendAsync(db, actor, time, "labels-changed", $"labels:{id}", Of(before), view, cancellation);
        await transaction.CommitAsync(cancellation);
        return view;
    }

    public static async Task<Answer<Done>> DeleteAsync(ArkDb db, Actor actor, TimeProvider time, long id, int version, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await RowAsync(db, actor, id, cancellation) is not { } row)
            return Refusal.NotFound("template");
        if (actor.LacksAll(row.Template.CustomerId) is { } forbidden)
            return forbidden;
        if (row.Template.Version != version)
            return Refusal.Conflict([]);
        await db.GetTable<LabelTemplate>().DeleteAsync(t => t.Id == id, cancellation);
        await AuditLog.AppendAsync(db, actor, time, "labels-removed", $"labels:{id}", Of(row), null, cancellation);
        await transaction.CommitAsync(cancellation);
        return Done.Yes;
    }

    private static async Task<(LabelTemplate Template, IReadOnlyList<Problem> Problems)> CheckAsync(
        ArkDb db, Actor actor, TimeProvider time, long id, Request request, CancellationToken cancellation)
    {
        var fields = new Fields();
        var labels = request.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).ToDictionary(l => l.Key, l => l.Value);
        var template = new LabelTemplate
        {
            Id = id, Name = fields.Line("name", request.Name, 200), CustomerId = request.CustomerId, Labels = JsonSerializer.Serialize(labels, Differences.Json),
            Notes = fields.Text("notes", request.Notes, 1000), Version = request.Version + 1, UpdatedAt = time.Now(), UpdatedBy = actor.Name,
        };
        if (labels.Count is 0 or > MaxLabels)
            fields.Add("labels", labels.Count == 0 ? "missing-value" : "too-long", labels.Count == 0 ? "labels has no value." : $"There are more than {MaxLabels} labels.");
        foreach (var problem in labels.Select(l => MachineLabels.Check("labels", l.Key, l.Value)).OfType<Problem>())
            fields.Add("labels", problem.Code, problem.Message, problem.Remedy);
        if (request.CustomerId is { } customer && await db.CustomerAsync(actor, customer, cancellation) is null)
            fields.Add("customerId", "not-found", "There is no such customer, or it is not yours to see.");
        if (await db.GetTable<LabelTemplate>().AnyAsync(t => t.Id != id && t.Name == template.Name && (t.CustomerId == template.CustomerId || (t.CustomerId == null && template.CustomerId == null)), cancellation))
            fields.Add("name", "name-taken", "There is a template of that name for the same customer.");
        return (template, fields.Problems);
    }

    private static View Of(Row row) => new(
        row.Template.Id, row.Template.Name, row.Template.CustomerId, row.Customer ?? "", JsonSerializer.Deserialize<Dictionary<string, string>>(row.Template.Labels, Differences.Json)!,
        row.Template.Notes, row.Template.Version, row.Template.UpdatedAt, row.Template.UpdatedBy);

    private static Task<Row?> RowAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        Rows(db, actor).FirstOrDefaultAsync(r => r.Template.Id == id, cancellation);

    /// <summary>Only those for all and those of customers that the actor may see: every query of templates begins here.</summary>
    private static IQueryable<Row> Rows(ArkDb db, Actor actor)
    {
        var templates = db.GetTable<LabelTemplate>().AsQueryable();
        if (actor.Customers is { } seen)
            templates = templates.Where(t => t.CustomerId == null || seen.Contains(t.CustomerId.Value));
        return from template in templates
               from customer in db.Customers(actor).LeftJoin(c => c.Id == template.CustomerId)
               select new Row(template, customer.Name);
    }
}
