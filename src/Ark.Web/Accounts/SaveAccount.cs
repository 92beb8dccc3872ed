using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Accounts;

/// <summary>Accounts: list, make, change, disable, unlock. For administrators.</summary>
public static partial class SaveAccount
{
    public sealed record Request
    {
        public string? Name { get; init; }

        public string? Display { get; init; }

        public string? Department { get; init; }

        public Role Role { get; init; }

        public bool AllCustomers { get; init; }

        /// <summary>Ignored where the account sees all.</summary>
        public IReadOnlyList<long> Customers { get; init; } = [];

        public bool Disabled { get; init; }

        /// <summary>A new password; null leaves it, and for a new account means sign-in by the identity provider only.</summary>
        public string? Password { get; init; }

        /// <summary>The version that was read; 0 for a new account.</summary>
        public int Version { get; init; }
    }

    /// <summary>An account as it is shown.</summary>
    public sealed record View
    {
        public required long Id { get; init; }
        public required string Name { get; init; }
        public required string Display { get; init; }
        public required string Department { get; init; }
        public required Role Role { get; init; }
        public required bool AllCustomers { get; init; }
        public required IReadOnlyList<long> Customers { get; init; }
        public required bool Disabled { get; init; }
        public required bool Locked { get; init; }
        public required int Version { get; init; }
    }

    /// <param name="Departments">Those that any account has, whatever was asked for.</param>
    public sealed record Listing(IReadOnlyList<View> Accounts, IReadOnlyList<string> Departments);

    /// <param name="department">Only accounts of that department; null or empty: all.</param>
    public static async Task<Answer<Listing>> ListAsync(ArkDb db, Actor actor, TimeProvider time, string? department, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Administrator) is { } refusal)
            return refusal;
        var all = await db.GetTable<Account>().OrderBy(a => a.Name).ToListAsync(cancellation);
        var accounts = string.IsNullOrEmpty(department) ? all : [.. all.Where(a => a.Department == department)];
        var customers = (await db.GetTable<AccountCustomer>().ToListAsync(cancellation)).ToLookup(c => c.AccountId, c => c.CustomerId);
        var departments = all.Select(a => a.Department).Where(d => d.Length > 0).Distinct().Order(StringComparer.Ordinal);
        return new Listing([.. accounts.Select(a => Show(a, [.. customers[a.Id]], time))], [.. departments]);
    }

    public static async Task<Answer<View>> CreateAsync(ArkDb db, Actor actor, TimeProvider time, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Administrator) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var answer = await InsertAsync(db, actor, time, request, cancellation);
        if (answer.Ok)
            await transaction.CommitAsync(cancellation);
        return answer;
    }

    public static async Task<Answer<View>> UpdateAsync(ArkDb db, Actor actor, TimeProvider time, long id, Request request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Administrator) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await ReadAsync(db, id, time, cancellation) is not { } before)
            return Refusal.NotFound("account");
        var problems = Check(request, isNew: false);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        if (id == actor.AccountId && (request.Disabled || request.Role < Role.Administrator))
            return new Refusal(409, "own-account", "Nobody takes their own administration away: another administrator does.");

        var after = await WriteAsync(db, before, request, time, cancellation);
        if (after is null)
            return Refusal.Conflict(Differences.Between(request, (await ReadAsync(db, id, time, cancellation))!));
        await AuditLog.AppendAsync(db, actor, time, "account-changed", $"account:{id}", before, after, cancellation);
        await transaction.CommitAsync(cancellation);
        return after;
    }

    /// <summary>Within the caller's transaction.</summary>
    internal static async Task<Answer<View>> InsertAsync(ArkDb db, Actor actor, TimeProvider time, Request request, CancellationToken cancellation)
    {
        var problems = Check(request, isNew: true);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        var account = Apply(new() { Name = request.Name!.Trim().ToLowerInvariant(), Display = "", Role = request.Role, Stamp = "", CreatedAt = time.Now() }, request);
        if (await db.GetTable<Account>().AnyAsync(a => a.Name == account.Name, cancellation))
            return Refusal.Invalid([new("name-taken", "name", "There is an account of that name.")]);
        account = account with { Id = await db.InsertWithInt64IdentityAsync(account, token: cancellation) };
        await CustomersAsync(db, account.Id, request.Customers, cancellation);
        var view = Show(account, [.. request.Customers], time);
        await AuditLog.AppendAsync(db, actor, time, "account-made", $"account:{account.Id}", null, view, cancellation);
        return view;
    }

    /// <summary>Null where another version stands there by now.</summary>
    private static async Task<View?> WriteAsync(ArkDb db, View before, Request request, TimeProvider time, CancellationToken cancellation)
    {
        var stands = await db.GetTable<Account>().FirstAsync(a => a.Id == before.Id, cancellation);
        var account = Apply(stands, request) with { Version = request.Version + 1, Failures = 0 };
        var written = await db.GetTable<Account>().Where(a => a.Id == before.Id && a.Version == request.Version)
            .Set(a => a.Display, account.Display).Set(a => a.Department, account.Department).Set(a => a.Role, account.Role)
            .Set(a => a.AllCustomers, account.AllCustomers).Set(a => a.Disabled, account.Disabled).Set(a => a.PasswordHash, account.PasswordHash)
            .Set(a => a.Stamp, account.Stamp).Set(a => a.Failures, 0).Set(a => a.LockedUntil, DateTimeOffset.UnixEpoch).Set(a => a.Version, account.Version)
            .UpdateAsync(cancellation);
        if (written == 0)
            return null;
        if (request.Password is not null || request.Disabled)
            await db.GetTable<ApiToken>().DeleteAsync(t => t.AccountId == account.Id, cancellation);
        await CustomersAsync(db, account.Id, request.Customers, cancellation);
        return Show(account, [.. request.Customers], time);
    }

    /// <summary>A new password or a disabled account ends the sessions that are open; <see cref="WriteAsync"/> takes the tokens back.</summary>
    private static Account Apply(Account account, Request request) => account with
    {
        Display = request.Display?.Trim() is { Length: > 0 } display ? display : account.Name,
        Department = request.Department?.Trim() ?? "",
        Role = request.Role,
        AllCustomers = request.AllCustomers,
        Disabled = request.Disabled,
        PasswordHash = request.Password is { } password ? Passwords.Hash(new(password)) : account.PasswordHash,
        Stamp = account.Stamp.Length == 0 || request.Password is not null || request.Disabled ? Passwords.Random(16) : account.Stamp,
    };

    private static async Task CustomersAsync(ArkDb db, long account, IReadOnlyList<long> customers, CancellationToken cancellation)
    {
        await db.GetTable<AccountCustomer>().DeleteAsync(c => c.AccountId == account, cancellation);
        foreach (var customer in customers.Distinct())
            await db.InsertAsync(new AccountCustomer { AccountId = account, CustomerId = customer }, token: cancellation);
    }

    internal static async Task<View?> ReadAsync(ArkDb db, long id, TimeProvider time, CancellationToken cancellation)
    {
        if (await db.GetTable<Account>().FirstOrDefaultAsync(a => a.Id == id, cancellation) is not { } account)
            return null;
        var customers = await db.GetTable<AccountCustomer>().Where(c => c.AccountId == id).Select(c => c.CustomerId).OrderBy(c => c).ToListAsync(cancellation);
        return Show(account, customers, time);
    }

    private static View Show(Account account, IReadOnlyList<long> customers, TimeProvider time) => new()
    {
        Id = account.Id, Name = account.Name, Display = account.Display, Department = account.Department, Role = account.Role, Customers = customers,
        AllCustomers = account.AllCustomers, Disabled = account.Disabled, Locked = account.LockedUntil > time.Now(), Version = account.Version,
    };

    private static IReadOnlyList<Problem> Check(Request request, bool isNew)
    {
        var fields = new Fields();
        if (isNew && !Name().IsMatch(request.Name?.Trim() ?? ""))
            fields.Add("name", "bad-value", "A name is 2 to 60 letters, digits and - _ . @");
        fields.Line("display", request.Display, 100, needed: false);
        fields.Line("department", request.Department, 100, needed: false);
        if (!Enum.IsDefined(request.Role))
            fields.Add("role", "bad-value", "There is no such role.");
        if (request.Password is not null)
            Passwords.Check(fields, "password", request.Password, request.Name ?? "");
        else if (isNew)
            fields.Add("password", "missing-value", "A new account needs a password.");
        return fields.Problems;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._@-]{1,59}\z")]
    private static partial Regex Name();
}
