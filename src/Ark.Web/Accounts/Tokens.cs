using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Accounts;

/// <summary>API tokens of one's own: list, make, take back. The token's text is shown once and kept as a hash.</summary>
public static class Tokens
{
    /// <summary>How a token begins, so that it is recognised where it leaked.</summary>
    public const string Prefix = "ark_";

    public const int MaxDays = 366;

    public sealed record Request(string? Name, Role Scope, int Days);

    public sealed record View(long Id, string Name, Role Scope, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

    public sealed record Listing(IReadOnlyList<View> Tokens);

    /// <param name="Token">The only time that the text is seen.</param>
    public sealed record Made(string Token, View Is);

    public static async Task<Answer<Listing>> ListAsync(ArkDb db, Actor actor, CancellationToken cancellation)
    {
        var tokens = await db.GetTable<ApiToken>().Where(t => t.AccountId == actor.AccountId).OrderBy(t => t.Id).ToListAsync(cancellation);
        return new Listing([.. tokens.Select(Show)]);
    }

    public static async Task<Answer<Made>> CreateAsync(ArkDb db, Actor actor, TimeProvider time, Request request, CancellationToken cancellation)
    {
        if (actor.LacksOwnership() is { } refusal)
            return refusal;
        var fields = new Fields();
        var name = fields.Line("name", request.Name, 100);
        if (request.Days is < 1 or > MaxDays)
            fields.Add("days", "bad-value", $"A token lives from 1 to {MaxDays} days.");
        if (!Enum.IsDefined(request.Scope) || request.Scope > actor.Role)
            fields.Add("scope", "bad-value", "A token cannot do more than the one who makes it.");
        if (fields.Problems.Count > 0)
            return Refusal.Invalid(fields.Problems);
        return await InsertAsync(db, actor, time, name, request.Scope, time.Now().AddDays(request.Days), cancellation);
    }

    public static async Task<Answer<Done>> DeleteAsync(ArkDb db, Actor actor, TimeProvider time, long id, CancellationToken cancellation)
    {
        if (actor.LacksOwnership() is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var token = await db.GetTable<ApiToken>().FirstOrDefaultAsync(t => t.Id == id && t.AccountId == actor.AccountId, cancellation);
        if (token is null)
            return Refusal.NotFound("token");
        await db.GetTable<ApiToken>().DeleteAsync(t => t.Id == id, cancellation);
        await AuditLog.AppendAsync(db, actor, time, "token-removed", $"token:{id}", Show(token), null, cancellation);
        await transaction.CommitAsync(cancellation);
        return Done.Yes;
    }

    internal static async Task<Answer<Made>> InsertAsync(
        ArkDb db, Actor actor, TimeProvider time, string name, Role scope, DateTimeOffset expires, CancellationToken cancellation)
    {
        var text = Prefix + Passwords.Random(32);
        var token = new ApiToken
        {
            AccountId = actor.AccountId, Name = name, Hash = Passwords.HashOfToken(text), Scope = scope, CreatedAt = time.Now(), ExpiresAt = expires,
        };
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await db.GetTable<ApiToken>().DeleteAsync(t => t.AccountId == actor.AccountId && t.ExpiresAt <= token.CreatedAt, cancellation);
        token = token with { Id = await db.InsertWithInt64IdentityAsync(token, token: cancellation) };
        await AuditLog.AppendAsync(db, actor, time, "token-made", $"token:{token.Id}", null, Show(token), cancellation);
        await transaction.CommitAsync(cancellation);
        return new Made(text, Show(token));
    }

    private static View Show(ApiToken token) => new(token.Id, token.Name, token.Scope, token.CreatedAt, token.ExpiresAt);
}
