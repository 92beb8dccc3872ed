using Ark.Core;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Accounts;

/// <summary>Name and password against an account: the sign-in page gets a cookie for it, a program a token for eight hours.</summary>
public static class SignIn
{
    public sealed record Request(string? Name, string? Password);

    public static readonly Refusal Wrong = new(401, "wrong-sign-in", "The name or the password is wrong, or the account is locked or disabled.");

    private static readonly TimeSpan ProgramsStay = TimeSpan.FromHours(8);

    public static async Task<Answer<Tokens.Made>> ForProgramAsync(ArkDb db, TimeProvider time, Request request, CancellationToken cancellation)
    {
        var answer = await CheckAsync(db, time, request, cancellation);
        if (!answer.Ok)
            return answer.Refusal;
        var account = answer.Value;
        var actor = new Actor { AccountId = account.Id, Name = account.Name, Role = account.Role, Via = "password" };
        return await Tokens.InsertAsync(db, actor, time, "sign-in", account.Role, time.Now() + ProgramsStay, cancellation);
    }

    /// <summary>
    /// The account, or one and the same refusal for every cause. Wrong passwords are counted by the database, so that many at once count
    /// as many; the lock ends by itself.
    /// </summary>
    public static async Task<Answer<Account>> CheckAsync(ArkDb db, TimeProvider time, Request request, CancellationToken cancellation)
    {
        var name = request.Name?.Trim().ToLowerInvariant() ?? "";
        var account = await db.GetTable<Account>().FirstOrDefaultAsync(a => a.Name == name, cancellation);
        var matches = request.Password is { Length: <= 200 } password && Passwords.Matches(account?.PasswordHash, new Secret(password));
        if (account is null || account.Disabled || account.LockedUntil > time.Now())
            return Wrong;
        if (!matches)
        {
            await CountAsync(db, account, time, cancellation);
            return Wrong;
        }

        await db.GetTable<Account>().Where(a => a.Id == account.Id && a.Failures > 0)
            .Set(a => a.Failures, 0).Set(a => a.LockedUntil, DateTimeOffset.UnixEpoch).UpdateAsync(cancellation);
        return account;
    }

    private static async Task CountAsync(ArkDb db, Account account, TimeProvider time, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await db.GetTable<Account>().Where(a => a.Id == account.Id).Set(a => a.Failures, a => a.Failures + 1).UpdateAsync(cancellation);
        var failures = await db.GetTable<Account>().Where(a => a.Id == account.Id).Select(a => a.Failures).FirstAsync(cancellation);
        if (failures >= Passwords.Attempts)
        {
            var until = time.Now() + Passwords.LockedFor;
            await db.GetTable<Account>().Where(a => a.Id == account.Id).Set(a => a.Failures, 0).Set(a => a.LockedUntil, until).UpdateAsync(cancellation);
            await AuditLog.AppendAsync(db, Actor.Host, time, "account-locked", $"account:{account.Id}", null, new { account.Name, until }, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }
}
