using Ark.Core;
using Ark.Panama.Data;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Customers;

/// <summary>Makes and changes a customer.</summary>
public static class SaveCustomer
{
    /// <param name="Version">The version that was read; 0 for a new customer.</param>
    public sealed record Request(string? Name, string? Contact = null, string? Notes = null, int Version = 0);

    public static async Task<Answer<Customer>> CreateAsync(ArkDb db, Actor actor, TimeProvider time, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var (customer, problems) = await CheckAsync(db, actor, time, 0, request, cancellation);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        customer = customer with { Id = await db.InsertWithInt64IdentityAsync(customer, token: cancellation) };
        if (actor.Customers is not null) // who sees only some customers sees the new one too
            await db.InsertAsync(new AccountCustomer { AccountId = actor.AccountId, CustomerId = customer.Id }, token: cancellation);
        await AuditLog.AppendAsync(db, actor, time, "customer-made", $"customer:{customer.Id}", null, customer, cancellation);
        await transaction.CommitAsync(cancellation);
        return customer;
    }

    public static async Task<Answer<Customer>> UpdateAsync(ArkDb db, Actor actor, TimeProvider time, long id, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.CustomerAsync(actor, id, cancellation) is not { } before)
            return Refusal.NotFound("customer");
        var (after, problems) = await CheckAsync(db, actor, time, id, request, cancellation);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        var written = await db.GetTable<Customer>().Where(c => c.Id == id && c.Version == request.Version)
            .Set(c => c.Name, after.Name).Set(c => c.Contact, after.Contact).Set(c => c.Notes, after.Notes)
            .Set(c => c.Version, after.Version).Set(c => c.UpdatedAt, after.UpdatedAt).Set(c => c.UpdatedBy, after.UpdatedBy)
            .UpdateAsync(cancellation);
        if (written == 0)
            return Refusal.Conflict(Differences.Between(request, (await db.CustomerAsync(actor, id, cancellation))!));
        await AuditLog.AppendAsync(db, actor, time, "customer-changed", $"customer:{id}", before, after, cancellation);
        await transaction.CommitAsync(cancellation);
        return after;
    }

    private static async Task<(Customer Customer, IReadOnlyList<Problem> Problems)> CheckAsync(
        ArkDb db, Actor actor, TimeProvider time, long id, Request request, CancellationToken cancellation)
    {
        var fields = new Fields();
        var customer = new Customer
        {
            Id = id,
            Name = fields.Line("name", request.Name, 200),
            Contact = fields.Line("contact", request.Contact, 200, needed: false),
            Notes = fields.Text("notes", request.Notes, 4000),
            Version = request.Version + 1, UpdatedAt = time.Now(), UpdatedBy = actor.Name,
        };
        if (await db.GetTable<Customer>().AnyAsync(c => c.Name == customer.Name && c.Id != id, cancellation))
            fields.Add("name", "name-taken", "There is a customer of that name.");
        return (customer, fields.Problems);
    }
}
