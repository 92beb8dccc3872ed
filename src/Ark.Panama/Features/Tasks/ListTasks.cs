using Ark.Panama.Data;
using Ark.Panama.Features.Customers;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Tasks;

/// <summary>The deployment list: searched, by state, by customer, newest first.</summary>
public static class ListTasks
{
    public const int PageSize = 25;

    /// <param name="State">draft, confirmed, packaged, deployed or archived.</param>
    public sealed record Query(string? Search = null, string? State = null, long? Customer = null, int Page = 1);

    public sealed record Row(long Id, string Name, long CustomerId, string Customer, string Domain, string Line, string Baseline, TaskState State, DateTimeOffset UpdatedAt, string UpdatedBy);

    public sealed record Listing(IReadOnlyList<Row> Tasks, int Total, int PageSize);

    public static async Task<Answer<Listing>> HandleAsync(ArkDb db, Actor actor, [AsParameters] Query query, CancellationToken cancellation)
    {
        var found = ShowTask.Tasks(db, actor);
        if (query.Search?.Trim().ToLowerInvariant() is { Length: > 0 } text)
        {
            var customers = db.Customers(actor).Where(c => c.Name.ToLower().Contains(text)).Select(c => c.Id);
            found = found.Where(t => t.Search.Contains(text) || customers.Contains(t.CustomerId));
        }

        if (query.State is { Length: > 0 } wanted)
        {
            if (!Enum.TryParse<TaskState>(wanted, ignoreCase: true, out var state) || !Enum.IsDefined(state))
                return Refusal.Invalid([new("bad-value", "state", "There is no such state.")]);
            found = found.Where(t => t.State == state);
        }

        if (query.Customer is { } customer)
            found = found.Where(t => t.CustomerId == customer);
        var total = await found.CountAsync(cancellation);
        // Which ones an index tells; the rest is read for those on the page only.
        var page = found.OrderByDescending(t => t.UpdatedAt).ThenByDescending(t => t.Id).Skip((Math.Max(1, query.Page) - 1) * PageSize).Take(PageSize).Select(t => t.Id);
        var rows = await (
            from id in page
            join row in ShowTask.Rows(db, actor) on id equals row.Task.Id
            orderby row.Task.UpdatedAt descending, row.Task.Id descending
            select new Row(
                row.Task.Id, row.Task.Name, row.Task.CustomerId, row.Customer, row.Task.Domain, row.Task.Line, row.Task.Baseline, row.Task.State, row.Task.UpdatedAt,
                row.Task.UpdatedBy)).ToListAsync(cancellation);
        return new Listing(rows, total, PageSize);
    }
}
