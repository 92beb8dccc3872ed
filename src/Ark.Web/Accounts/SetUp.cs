using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Accounts;

/// <summary>The first run: makes the first administrator, once.</summary>
public static class SetUp
{
    public sealed record Request(string? Name, string? Display, string? Password);

    public static Task<bool> NeededAsync(ArkDb db, CancellationToken cancellation) => NoneAsync(db, cancellation);

    public static async Task<Answer<SaveAccount.View>> CreateAsync(ArkDb db, TimeProvider time, Request request, CancellationToken cancellation)
    {
        var first = new SaveAccount.Request
        {
            Name = request.Name, Display = request.Display, Password = request.Password, Role = Role.Administrator, AllCustomers = true,
        };
        await using var transaction = await db.BeginWriteAsync(cancellation); // of two who come at once the second waits here and then is refused
        if (!await NoneAsync(db, cancellation))
            return new Refusal(409, "set-up-done", "The first administrator was made already: sign in.");
        var answer = await SaveAccount.InsertAsync(db, Actor.Host, time, first, cancellation);
        if (answer.Ok)
            await transaction.CommitAsync(cancellation);
        return answer;
    }

    private static async Task<bool> NoneAsync(ArkDb db, CancellationToken cancellation) => !await db.GetTable<Account>().AnyAsync(cancellation);
}
