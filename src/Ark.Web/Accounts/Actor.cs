using System.Globalization;
using System.Security.Claims;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ark.Web.Accounts;

/// <summary>Who asks, and what they may: read from the database for every request, so that a change of role or customers holds at once.</summary>
public sealed record Actor
{
    /// <summary>Changes that the host makes itself, such as the first account.</summary>
    public static Actor Host { get; } = new() { AccountId = 0, Name = "ark", Role = Role.Administrator, Via = "host" };

    public required long AccountId { get; init; }

    public required string Name { get; init; }

    public required Role Role { get; init; }

    /// <summary>How they came: <c>session</c>, or <c>token</c> with its name.</summary>
    public required string Via { get; init; }

    /// <summary>Null: all customers.</summary>
    public IReadOnlyList<long>? Customers { get; init; }

    /// <summary>Came with a token that may less than its account.</summary>
    public bool Limited { get; init; }

    public bool May(Role role) => Role >= role;

    public bool Sees(long customer) => Customers is null || Customers.Contains(customer);

    /// <summary>Null if the actor has the role.</summary>
    public Refusal? Lacks(Role role) => May(role) ? null : Refusal.Forbidden($"This takes the role {role.ToString().ToLowerInvariant()}.");

    /// <summary>Null if the actor may change the account's own credentials.</summary>
    public Refusal? LacksOwnership() => Limited ? Refusal.Forbidden("A token of limited scope changes no tokens and no password.") : null;

    /// <summary>Null where the account is gone, disabled, or its sessions were ended.</summary>
    public static Task<Actor?> LoadAsync(ArkDb db, ClaimsPrincipal user, CancellationToken cancellation) => LoadAsync(db, user, null, cancellation);

    /// <param name="read">The account, where this request has read it already.</param>
    private static async Task<Actor?> LoadAsync(ArkDb db, ClaimsPrincipal user, Account? read, CancellationToken cancellation)
    {
        if (!long.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return null;
        var account = read ?? await db.GetTable<Account>().FirstOrDefaultAsync(a => a.Id == id && !a.Disabled, cancellation);
        if (account is null || account.Stamp != user.FindFirstValue(Principal.Stamp))
            return null;
        var scope = Enum.TryParse<Role>(user.FindFirstValue(Principal.Scope), out var cap) && cap < account.Role ? cap : account.Role;
        var sees = account.AllCustomers || account.Role == Role.Administrator
            ? null
            : await db.GetTable<AccountCustomer>().Where(c => c.AccountId == id).Select(c => c.CustomerId).ToListAsync(cancellation);
        return new()
        {
            AccountId = id, Name = account.Name, Role = scope, Limited = scope < account.Role, Customers = sees,
            Via = user.FindFirstValue(Principal.Via) ?? "session",
        };
    }

    /// <summary>Handlers take the actor as a parameter. Endpoints are mapped behind authorization, so that there always is one.</summary>
    public static async ValueTask<Actor?> BindAsync(HttpContext context)
    {
        var db = context.RequestServices.GetRequiredService<ArkDb>();
        return await LoadAsync(db, context.User, context.Items[typeof(Account)] as Account, context.RequestAborted)
            ?? throw new BadHttpRequestException("The account is gone.", StatusCodes.Status401Unauthorized);
    }
}
