using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using Microsoft.AspNetCore.Components.Authorization;

namespace Ark.Web;

/// <summary>
/// How a page runs a handler: with a connection of its own and the actor as the database knows them now, so that a role taken away, or an account
/// disabled, holds in pages that are open.
/// </summary>
public sealed class Session(Database database, AuthenticationStateProvider state)
{
    public async Task<Answer<T>> RunAsync<T>(Func<ArkDb, Actor, Task<Answer<T>>> handler) where T : class
    {
        await using var db = database.Open();
        var user = (await state.GetAuthenticationStateAsync()).User;
        return await Actor.LoadAsync(db, user, CancellationToken.None) is { } actor
            ? await handler(db, actor)
            : new Refusal(401, "signed-out", "The session has ended: sign in again.");
    }

    public async Task<Actor?> ActorAsync()
    {
        await using var db = database.Open();
        return await Actor.LoadAsync(db, (await state.GetAuthenticationStateAsync()).User, CancellationToken.None);
    }
}
