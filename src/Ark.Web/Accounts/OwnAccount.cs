using Ark.Core;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Accounts;

/// <summary>One's own account: what one may, and one's password.</summary>
public static class OwnAccount
{
    /// <param name="Customers">Null: all.</param>
    public sealed record View(string Name, string Display, Role Role, IReadOnlyList<long>? Customers, bool HasPassword);

    public sealed record PasswordRequest(string? Old, string? New);

    public static async Task<Answer<View>> ReadAsync(ArkDb db, Actor actor, CancellationToken cancellation)
    {
        var account = await db.GetTable<Account>().FirstAsync(a => a.Id == actor.AccountId, cancellation);
        return new View(account.Name, account.Display, actor.Role, actor.Customers, account.PasswordHash is not null);
    }

    /// <summary>Ends all sessions and takes back all tokens of the account: whoever knew the old password is out.</summary>
    public static async Task<Answer<Done>> ChangePasswordAsync(ArkDb db, Actor actor, TimeProvider time, PasswordRequest request, CancellationToken cancellation)
    {
        if (actor.LacksOwnership() is { } refusal)
            return refusal;
        var fields = new Fields();
        Passwords.Check(fields, "new", request.New, actor.Name);
        if (fields.Problems.Count > 0)
            return Refusal.Invalid(fields.Problems);
        var check = await SignIn.CheckAsync(db, time, new(actor.Name, request.Old), cancellation);
        if (!check.Ok)
            return Refusal.Invalid([new("wrong-password", "old", "The present password is another, or the account is locked.")]);

        var hash = Passwords.Hash(new Secret(request.New!)); // takes a moment, in which others can write
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await db.GetTable<Account>().Where(a => a.Id == actor.AccountId)
            .Set(a => a.PasswordHash, hash).Set(a => a.Stamp, Passwords.Random(16)).UpdateAsync(cancellation);
        await db.GetTable<ApiToken>().DeleteAsync(t => t.AccountId == actor.AccountId, cancellation);
        await AuditLog.AppendAsync(db, actor, time, "password-changed", $"account:{actor.AccountId}", null, null, cancellation);
        await transaction.CommitAsync(cancellation);
        return Done.Yes;
    }
}
