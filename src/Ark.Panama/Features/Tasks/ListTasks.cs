using Ark.Panama.Data;
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
        var found = ShowTask.Rows(db, actor);
        if (query.Search?.Trim().ToLowerInvariant() is { Length: > 0 } text)
            found = found.Where(r => r.Task.Search.Contains(text) || r.Customer.ToLower().Contains(text));
        if (query.State is { Length: > 0 } wanted)
        {
            if (!Enum.TryParse<TaskState>(wanted, ignoreCase: true, out var state) || !Enum.IsDefined(state))
                return Refusal.Invalid([new("bad-value", "state", "There is no such state.")]);
            found = found.Where(r => r.Task.State == state);
        }

        if (query.Customer is { } customer)
            found = found.Where(r => r.Task.CustomerId == customer);
        var total = await found.CountAsync(cancellation);
        var rows = await found.OrderByDescending(r => r.Task.UpdatedAt).ThenByDescending(r => r.Task.Id)
            .Skip((Math.Max(1, query.Page) - 1) * PageSize).Take(PageSize)
            .Select(r => new Row(r.Task.Id, r.Task.Name, r.Task.CustomerId, r.Customer, r.Task.Domain, r.Task.Line, r.Task.Baseline, r.Task.State, r.Task.UpdatedAt, r.Task.UpdatedBy))
            .ToListAsync(cancellation);
        return new Listing(rows, total, PageSize);
    }
}
