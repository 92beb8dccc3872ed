using System.Text.Json;
using Ark.Panama.Data;
using Ark.Panama.Features.Customers;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Configurations;

/// <summary>Sets of parameter values: the list, one with its history, what differs between two revisions, and what one gives to a task.</summary>
public static class ShowConfiguration
{
    /// <param name="CustomerId">Null: for all customers.</param>
    public sealed record View(long Id, string Name, long? CustomerId, string Customer, string Component, RevisionView Now, int Version);

    public sealed record RevisionView(int Number, string Baseline, Dictionary<string, string> Values, string Reason, DateTimeOffset At, string By);

    public sealed record Listing(IReadOnlyList<View> Configurations);

    /// <param name="Revisions">The newest first.</param>
    public sealed record History(IReadOnlyList<RevisionView> Revisions);

    /// <param name="Differences">By parameter; <c>yours</c> is the first revision's, <c>theirs</c> the second's.</param>
    public sealed record Comparison(IReadOnlyList<Difference> Differences);

    /// <param name="Baseline">Whose parameters they are.</param>
    /// <param name="Components">Component to parameter to value, as <c>task.yaml</c> writes it.</param>
    public sealed record Values(string Baseline, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Components);

    public sealed record Row(ConfigurationSet Set, string? Customer, ConfigurationRevision Now);

    /// <param name="Search">Words of a set's, component's, baseline's or customer's name.</param>
    /// <param name="Customer">Those that a task of this customer can take: its own and those for all.</param>
    public sealed record Query(string? Search = null, long? Customer = null, string? Component = null);

    public static async Task<Answer<Listing>> HandleAsync(ArkDb db, Actor actor, [AsParameters] Query query, CancellationToken cancellation)
    {
        var rows = await Rows(db, actor).ToListAsync(cancellation);
        return new Listing([.. rows
            .Where(r => (query.Customer is not { } customer || r.Set.CustomerId is null || r.Set.CustomerId == customer) && (query.Component is not { Length: > 0 } component || r.Set.Component == component))
            .Where(r => Baselines.BaselineStore.HasWords(query.Search, r.Set.Name, r.Set.Component, r.Now.Baseline, r.Customer ?? ""))
            .OrderBy(r => r.Set.Name, StringComparer.Ordinal).ThenBy(r => r.Set.Id).Select(Of)]);
    }

    public static async Task<Answer<View>> OneAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        await RowAsync(db, actor, id, cancellation) is { } row ? Of(row) : Refusal.NotFound("configuration");

    public static async Task<Answer<History>> RevisionsAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation)
    {
        if (await RowAsync(db, actor, id, cancellation) is null)
            return Refusal.NotFound("configuration");
        var revisions = await db.GetTable<ConfigurationRevision>().Where(r => r.ConfigurationId == id).OrderByDescending(r => r.Number).ToListAsync(cancellation);
        return new History([.. revisions.Select(Of)]);
    }

    public static async Task<Answer<Comparison>> CompareAsync(ArkDb db, Actor actor, long id, int from, int to, CancellationToken cancellation)
    {
        if (await RowAsync(db, actor, id, cancellation) is null)
            return Refusal.NotFound("configuration");
        var two = await db.GetTable<ConfigurationRevision>().Where(r => r.ConfigurationId == id && (r.Number == from || r.Number == to)).ToListAsync(cancellation);
        if (two.Find(r => r.Number == from) is not { } first || two.Find(r => r.Number == to) is not { } second)
            return Refusal.NotFound("revision");
        var (before, after) = (Of(first), Of(second));
        return new Comparison(Differences.Between(new { before.Baseline, before.Values }, new { after.Baseline, after.Values }));
    }

    /// <summary>What a task's design takes over when the set is applied to it.</summary>
    public static async Task<Answer<Values>> ValuesAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation)
    {
        if (await RowAsync(db, actor, id, cancellation) is not { } row)
            return Refusal.NotFound("configuration");
        return new Values(row.Now.Baseline, new Dictionary<string, IReadOnlyDictionary<string, string>> { [row.Set.Component] = Read(row.Now.Values) });
    }

    public static Task<Row?> RowAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        Rows(db, actor).FirstOrDefaultAsync(r => r.Set.Id == id, cancellation);

    public static View Of(Row row) =>
        new(row.Set.Id, row.Set.Name, row.Set.CustomerId, row.Customer ?? "", row.Set.Component, Of(row.Now), row.Set.Version);

    public static string Write(IReadOnlyDictionary<string, string> values) => JsonSerializer.Serialize(values, Differences.Json);

    public static Dictionary<string, string> Read(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json, Differences.Json)!;

    private static RevisionView Of(ConfigurationRevision revision) => new(revision.Number, revision.Baseline, Read(revision.Values), revision.Reason, revision.At, revision.By);

    /// <summary>Only those for all and those of customers that the actor may see: every query of sets begins here.</summary>
    private static IQueryable<Row> Rows(ArkDb db, Actor actor)
    {
        var sets = db.GetTable<ConfigurationSet>().AsQueryable();
        if (actor.Customers is { } seen)
            sets = sets.Where(s => s.CustomerId == null || seen.Contains(s.CustomerId.Value));
        return from set in sets
               join revision in db.GetTable<ConfigurationRevision>() on new { set.Id, Number = set.Version } equals new { Id = revision.ConfigurationId, revision.Number }
               from customer in db.Customers(actor).LeftJoin(c => c.Id == set.CustomerId)
               select new Row(set, customer.Name, revision);
    }
}
