using Ark.Panama.Data;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using Ark.Web.Layout;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Customers;

/// <summary>The customers that the actor may see, each with the number of its tasks.</summary>
public static class ListCustomers
{
    public sealed record Row(long Id, string Name, string Contact, int Tasks, DateTimeOffset UpdatedAt);

    public sealed record Listing(IReadOnlyList<Row> Customers);

    public static async Task<Answer<Listing>> HandleAsync(ArkDb db, Actor actor, string? search, CancellationToken cancellation)
    {
        var text = search?.Trim().ToLowerInvariant() ?? "";
        var found = db.Customers(actor);
        if (text.Length > 0)
            found = found.Where(c => c.Name.ToLower().Contains(text) || c.Contact.ToLower().Contains(text));
        var rows = await found.OrderBy(c => c.Name)
            .Select(c => new Row(c.Id, c.Name, c.Contact, db.GetTable<DeploymentTask>().Count(t => t.CustomerId == c.Id), c.UpdatedAt))
            .ToListAsync(cancellation);
        return new Listing(rows);
    }

    public static async Task<Answer<Customer>> OneAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        await db.CustomerAsync(actor, id, cancellation) is { } customer ? customer : Refusal.NotFound("customer");

    public static async Task<IReadOnlyList<CustomerName>> NamesAsync(ArkDb db, Actor actor, CancellationToken cancellation) =>
        await db.Customers(actor).OrderBy(c => c.Name).Select(c => new CustomerName(c.Id, c.Name)).ToListAsync(cancellation);

    /// <summary>Only what the actor may see: every query of customers begins here.</summary>
    public static IQueryable<Customer> Customers(this ArkDb db, Actor actor)
    {
        var all = db.GetTable<Customer>();
        return actor.Customers is { } seen ? all.Where(c => seen.Contains(c.Id)) : all;
    }

    public static Task<Customer?> CustomerAsync(this ArkDb db, Actor actor, long id, CancellationToken cancellation) =>
        db.Customers(actor).FirstOrDefaultAsync(c => c.Id == id, cancellation);
}
