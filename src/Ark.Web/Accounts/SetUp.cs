using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Accounts;

/// <summary>The first run: makes the first administrator, once.</summary>
public static class SetUp
{
    /// <param name="Code">What the host wrote to its log.</param>
    public sealed record Request(string? Name, string? Display, string? Password, string? Code);

    private static readonly Refusal SetUpDone = new(409, "set-up-done", "The first administrator was made already: sign in.");

    private static readonly Refusal WrongCode = Refusal.Invalid([new("wrong-code", "code", "That is not the set-up code.", "take the one that the host wrote to its log when it started")]);

    public static async Task<bool> NeededAsync(ArkDb db, CancellationToken cancellation) => !await Administrators(db).AnyAsync(cancellation);

    public static bool Needed(ArkDb db) => !Administrators(db).Any();

    public static async Task<Answer<SaveAccount.View>> CreateAsync(ArkDb db, SetUpCode code, TimeProvider time, Request request, CancellationToken cancellation)
    {
        var first = new SaveAccount.Request
        {
            Name = request.Name, Display = request.Display, Password = request.Password, Role = Role.Administrator, AllCustomers = true,
        };
        if (!code.Is(request.Code))
            return await NeededAsync(db, cancellation) ? WrongCode : SetUpDone;
        await using var transaction = await db.BeginWriteAsync(cancellation); // of two who come at once the second waits here and then is refused
        if (!await NeededAsync(db, cancellation))
            return SetUpDone;
        var answer = await SaveAccount.InsertAsync(db, Actor.Host, time, first, cancellation);
        if (answer.Ok)
            await transaction.CommitAsync(cancellation);
        return answer;
    }

    /// <summary>Who came by an identity provider meanwhile is a viewer, and none of these.</summary>
    private static IQueryable<Account> Administrators(ArkDb db) => db.GetTable<Account>().Where(a => a.Role == Role.Administrator);
}
